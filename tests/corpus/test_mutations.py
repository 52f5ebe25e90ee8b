"""Every typo of a word of the gallery's specs is one diagnostic, at the word, that offers the original first.

By default a share of them is tried, another one for each kind of word; `HYPOTHESIS_PROFILE=deep` tries all.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from jobc.compiler.validation import validate
from tests.corpus.mutations import Mutation, mutations

SPECS = Path(__file__).resolve().parents[2] / "specs"
GALLERY = sorted(path for path in SPECS.rglob("*.yaml") if path.name != "region.yaml")
SHARE = 1 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 12
OFFERED = 0.95


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of a spec's folder, without data, in which the process is."""
    copy = tmp_path / "gallery"
    ignored = shutil.ignore_patterns("out", "data", "__pycache__", ".jobc")
    shutil.copytree(request.node.callspec.params["path"].parent, copy, ignore=ignored)
    monkeypatch.chdir(copy)
    return copy


def is_told_once(mutation: Mutation, folder: Path) -> tuple[bool, bool]:
    """Tell whether a typo gives one diagnostic at its place, and whether that offers the original first."""
    (folder / mutation.file).write_text(mutation.text, encoding="utf-8")
    found = validate([mutation.file]).diagnostics
    is_one = [tuple(each.location.start) for each in found] == [(mutation.line, mutation.column)]
    return is_one, bool(found) and found[0].suggestions[:1] == (mutation.original,)


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.name)
def test_a_typo_is_told_once_where_it_is(path: Path, folder: Path) -> None:
    tried = list(mutations(path))[::SHARE]
    assert len(tried) * SHARE > 90, "a spec of the gallery has hundreds of typos"
    told = [is_told_once(mutation, folder) for mutation in tried]
    missed = [
        f"{mutation.file}:{mutation.line}:{mutation.column}: {mutation.original} -> {mutation.typo}"
        for mutation, (is_one, _) in zip(tried, told, strict=True)
        if not is_one
    ]
    assert missed == []
    assert sum(is_offered for _, is_offered in told) >= OFFERED * len(told)
