"""`jobc validate --import`: what only the author's code can tell."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from jobc.cli import MISTAKES, OK, main

SPEC = """\
jobc: 1
ops: {{read: {{python: "{module}:read"}}}}
jobs:
  one: {{wiring: read()}}
  two: {{wiring: read()}}
"""
MODULES = count()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(code: str, spec: str = SPEC, suffix: str = "") -> None:
    """Write a spec and its module, which no other test knows."""
    module = f"linked_by_validate_test_{next(MODULES)}"
    Path(f"{module}.py").write_text(code)
    Path(f"shop{suffix}.yaml").write_text(spec.format(module=module))


def found(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    main(["validate", *words, "--format", "json"])
    diagnostics: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["diagnostics"]
    return diagnostics


def test_what_an_import_raises_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    written("print('imported')\nraise ValueError('no luck')\n\ndef read():\n    pass\n")
    assert main(["validate"]) == OK
    assert main(["validate", "--import"]) == MISTAKES
    assert "no luck" in capsys.readouterr().err
    (diagnostic,) = found(capsys, "--import")
    assert diagnostic["code"] == "JC1001"
    assert diagnostic["location"]["start"]["line"] == 2


def test_what_fits_is_clean_and_prints_nothing_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    written("print('imported')\n\n\ndef read():\n    return 1\n")
    assert main(["validate", "--import"]) == OK
    assert capsys.readouterr().out == "1 file, 2 jobs: no mistakes found\n"


def test_files_with_mistakes_hide_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    written("def read():\n    pass\n", SPEC.replace("wiring: read()", "wiring: raed()", 1))
    written("raise ValueError\n\ndef read():\n    pass\n", suffix="_2")
    assert [each["code"] for each in found(capsys, "--import")] == ["JC0311", "JC1001"]


def test_profiles_are_linked_too(capsys: pytest.CaptureFixture[str]) -> None:
    written("def read():\n    pass\n")
    written("raise ValueError\n\ndef other():\n    pass\n", "{module}", suffix="_2")
    other = Path("shop_2.yaml").read_text()
    Path("shop_2.yaml").unlink()
    with Path("shop.yaml").open("a") as spec:
        spec.write(f"profiles: {{dev: {{ops: {{read: {{python: '{other}:other'}}}}}}}}\n")
    assert [each["code"] for each in found(capsys, "--import")] == ["JC1001"]


def test_suppressions_and_the_choice_of_codes_hold(capsys: pytest.CaptureFixture[str]) -> None:
    written("raise ValueError\n\ndef read():\n    pass\n")
    assert found(capsys, "--import", "--ignore", "JC10") == []
    text = Path("shop.yaml").read_text()
    Path("shop.yaml").write_text(text.replace('read"}}', 'read"}} # jobc: ignore[JC1001] not here'))
    assert found(capsys, "--import") == []


def test_answers_are_not_remembered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(
        "from pathlib import Path\n\nif Path('broken').exists():\n    raise ValueError\n\n"
        "def read():\n    pass\n"
    )
    Path("broken").touch()
    assert len(found(capsys, "--import")) == 1
    Path("broken").unlink()
    assert found(capsys, "--import") == []


def test_compiled_jobs_find_their_code_from_another_folder() -> None:
    written("def read():\n    return 1\n")
    Path("out").mkdir()
    assert main(["compile", "shop.yaml", "-o", "out/shop.json"]) == OK
    assert main(["validate", "--import", "out/shop.json"]) == OK
