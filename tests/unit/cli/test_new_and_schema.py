"""`jobc new` makes a project that runs; `jobc schema` prints what editors need."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from jobc.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_project_is_clean_and_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "shop"]) == 0
    assert main(["validate", "--strict", "shop"]) == 0
    assert main(["run", "shop/shop.yaml#shop", "--executor", "in_process"]) == 0
    assert "Hello, Ada!" in capsys.readouterr().out


def test_a_new_spec_names_the_schema_beside_it(folder: Path) -> None:
    main(["new", "shop"])
    first = (folder / "shop" / "shop.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=./jobc.schema.json"
    Draft202012Validator.check_schema(json.loads((folder / "shop" / "jobc.schema.json").read_text()))


@pytest.mark.parametrize("name", ["a-b", "class", "1st", "names.d", "é"])
def test_a_name_that_is_none_is_refused(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", name]) == 2
    assert f"`{name}` cannot be a name" in capsys.readouterr().err
    assert not (folder / name).exists()


def test_what_is_there_is_not_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "shop").mkdir()
    (folder / "shop" / "mine.txt").write_text("mine")
    assert main(["new", "shop"]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in (folder / "shop").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("kind", ["spec", "ir", "diagnostics", "lock"])
def test_the_schema_of_each_kind_of_document(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--kind", kind]) == 0
    Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_the_schema_of_a_jobs_run_config_takes_what_the_job_takes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["new", "shop"])
    capsys.readouterr()
    assert main(["schema", "shop/shop.yaml#shop"]) == 0
    validator = Draft202012Validator(json.loads(capsys.readouterr().out))
    assert validator.is_valid({"ops": {"greet": {"config": {"greeting": "Hi"}}}})
    assert not validator.is_valid({"ops": {"greet": {"config": {"greeting": ""}}}})
    assert not validator.is_valid({"ops": {"great": {}}})


def test_the_output_of_validate_fits_its_schema(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["schema", "--kind", "diagnostics"])
    validator = Draft202012Validator(json.loads(capsys.readouterr().out))
    (folder / "shop.yaml").write_text("jobc: 1\nops: {a: {pyhton: b}}\njobs: {c: {}}\n")
    assert main(["validate", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["diagnostics"]
    assert [error.message for error in validator.iter_errors(document)] == []


def test_a_job_that_is_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["new", "shop"])
    assert main(["schema", "shop/shop.yaml#shp"]) == 1
    assert "did you mean `shop`" in capsys.readouterr().err
