from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jobc.cli import MISTAKES, OK, main

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
jobc: 1
ops:
  read_orders: {python: "shop.ops:read_orders", inputs: {}, outputs: {orders: any}}
graphs:
  daily:
    wiring: |
      rows = read_orders()
jobs:
  etl: {graph: daily}
"""
TYPO = SPEC.replace("= read_orders()", "= raed_orders()")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_clean_specs_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(SPEC)
    (folder / "sub").mkdir()
    (folder / "sub" / "b.yml").write_text(SPEC)
    (folder / "other.yaml").write_text("unrelated: true\n")
    assert main(["validate"]) == OK
    assert capsys.readouterr() == ("2 files, 2 jobs: no mistakes found\n", "")
    assert main(["validate", "a.yaml"]) == OK
    assert capsys.readouterr() == ("1 file, 1 job: no mistakes found\n", "")


def test_a_mistake_is_shown_where_it_stands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "shop.yaml").write_text(TYPO)
    assert main(["validate", "shop.yaml"]) == MISTAKES
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(
        "error[JC0311]: unknown op `raed_orders`\n"
        " --> shop.yaml:7:14\n"
        "  |\n"
        "7 |       rows = raed_orders()\n"
        "  |              ^^^^^^^^^^^ "
    )
    assert "did you mean `read_orders`? (defined at shop.yaml:3:3)\n" in captured.err
    assert captured.err.endswith("\n1 error in 1 file\n")


def test_one_broken_file_hides_no_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text("jobc: 1\nops: [\n")
    (folder / "b.yaml").write_text(TYPO)
    (folder / "c.yaml").write_text(SPEC)
    assert main(["validate", "."]) == MISTAKES
    err = capsys.readouterr().err
    assert " --> a.yaml:" in err
    assert " --> b.yaml:7:14\n" in err
    assert err.endswith("\n2 errors in 2 of 3 files\n")


def test_text_that_is_no_yaml_is_quoted_all_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.yaml").write_text("jobc: 1\nops: {a: [1, 2}\n")
    assert main(["validate", "a.yaml"]) == MISTAKES
    assert "2 | ops: {a: [1, 2}\n" in capsys.readouterr().err


def test_programs_get_json_on_stdout(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "shop.yaml").write_text(TYPO)
    (folder / "good.yaml").write_text(SPEC)
    assert main(["validate", "--format", "json", "shop.yaml", "good.yaml"]) == MISTAKES
    captured = capsys.readouterr()
    assert captured.err == ""
    document = json.loads(captured.out)
    (diagnostic,) = document["diagnostics"]
    assert (document["version"], document["files"], document["jobs"]) == (1, 2, 2)
    assert diagnostic["code"] == "JC0311"
    assert diagnostic["suggestions"] == ["read_orders"]
    assert diagnostic["location"] == {
        "file": "shop.yaml",
        "start": {"line": 7, "column": 14},
        "end": {"line": 7, "column": 25},
    }


def test_json_of_clean_specs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "good.yaml").write_text(SPEC)
    assert main(["validate", "--format=json"]) == OK
    assert json.loads(capsys.readouterr().out) == {"version": 1, "files": 1, "jobs": 1, "diagnostics": []}


def test_only_strict_minds_what_cannot_be_known(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "good.yaml").write_text(SPEC)
    assert main(["validate", "good.yaml"]) == OK
    assert capsys.readouterr().err == ""
    assert main(["validate", "good.yaml", "--strict"]) == MISTAKES
    assert capsys.readouterr().err.startswith("note[JC03")


@pytest.mark.parametrize("name", ["gone.yaml", "gone"])
def test_a_path_that_is_not_there_is_a_mistake(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", name]) == MISTAKES
    err = capsys.readouterr().err
    assert err.startswith("error[JC0101]: there is no file")
    assert f" --> {name}:1:1" in err


def test_a_folder_without_specs_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "."]) == OK
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("no spec found")


def test_a_terminal_gets_colour_unless_it_is_not_wanted(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "shop.yaml").write_text(TYPO)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    main(["validate", "shop.yaml"])
    assert "\x1b[1;31merror[JC0311]\x1b[0m" in capsys.readouterr().err
    monkeypatch.setenv("NO_COLOR", "1")
    main(["validate", "shop.yaml"])
    assert "\x1b" not in capsys.readouterr().err
