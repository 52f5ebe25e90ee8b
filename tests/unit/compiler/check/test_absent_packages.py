"""What cannot be known is no mistake: good specs stay good where none of their Python code is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jobc.compiler.validation import validate

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("folder", ["specs", "tests/corpus/ok"])
def test_specs_without_their_code_have_no_mistakes(folder: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / folder, tmp_path / "specs", ignore=shutil.ignore_patterns("*.py", "*.pyi"))
    found = validate([tmp_path / "specs"], allow_outside=True)
    assert found.jobs > 0
    assert [(each.code, each.location.file, each.message) for each in found.diagnostics] == []
