from __future__ import annotations

import json
import os
import shutil
import stat
from typing import TYPE_CHECKING

import pytest

from jobc.cli import MISTAKES, OK, USAGE, fixing, main
from jobc.schemas.diagnostics import Diagnostic, Edit, Location, Position

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = """\
jobc: 1
ops:
  read_orders: {python: "shop:read_orders", inputs: {}, outputs: {orders: any}}
graphs:
  daily:
    wiring: |
      rows = read_orders()  # the rows
jobs:
  etl: {graph: daily}
"""
TYPO = CLEAN.replace("= read_orders()", "= raed_orders()")
TYPOS = TYPO.replace("ops:", "opps:").replace("graph: daily", "grpah: daily")
UNSURE = CLEAN.replace("= read_orders()", "= nothing_like_it()")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text("def read_orders(): ...\n")
    return tmp_path


def test_a_misspelt_name_is_put_right(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(TYPO)
    assert main(["validate", "--fix"]) == OK
    assert capsys.readouterr() == (
        "fixed 1 of 1 mistake in 1 file\n1 file, 1 job: no mistakes found\n",
        "",
    )
    assert (folder / "a.yaml").read_text() == CLEAN


def test_a_fix_that_lays_bare_another_mistake(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(TYPOS)
    assert main(["validate", "--fix", "a.yaml"]) == OK
    assert capsys.readouterr().out.startswith("fixed 3 of 3 mistakes in 1 file\n")
    assert (folder / "a.yaml").read_text() == CLEAN


def test_what_is_not_sure_is_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(TYPO)
    (folder / "b.yaml").write_text(UNSURE)
    assert main(["validate", "--fix"]) == MISTAKES
    out, err = capsys.readouterr()
    assert out == "fixed 1 of 2 mistakes in 1 file\n"
    assert "unknown op `nothing_like_it`" in err
    assert err.endswith("\n1 error in 1 of 2 files\n")
    assert (folder / "b.yaml").read_text() == UNSURE


def test_nothing_to_fix(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(CLEAN)
    assert main(["validate", "--fix"]) == OK
    assert capsys.readouterr() == ("1 file, 1 job: no mistakes found\n", "")
    (folder / "a.yaml").write_text(UNSURE)
    assert main(["validate", "--fix"]) == MISTAKES
    assert capsys.readouterr().out == "fixed 0 of 1 mistake\n"


def test_all_else_in_the_file_stays(folder: Path) -> None:
    path = folder / "a.yaml"
    before = ("\ufeff" + TYPO.replace("\n", "\r\n") + "# \té  ").encode()
    path.write_bytes(before)
    path.chmod(0o604)
    assert main(["validate", "--fix"]) == OK
    assert path.read_bytes() == before.replace(b"= raed", b"= read")
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    assert list(folder.glob(".*")) == []


def test_toml_is_fixed_too(folder: Path) -> None:
    text = (
        "jobc = 1\n[ops.load]\npython = 'shop:raed_orders'  # x\n"
        "[graphs.g]\nwiring = '''\n  laod()\n'''\n[jobs.j]\n\"graph\"=\"g\"\n"
    )
    (folder / "a.toml").write_text(text)
    assert main(["validate", "--fix"]) == OK
    expected = text.replace("raed_", "read_").replace("laod", "load")
    assert (folder / "a.toml").read_text() == expected


def test_diff_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(TYPO)
    for words in (["--fix", "--diff"], ["--diff"]):
        assert main(["validate", *words]) == MISTAKES
        out, err = capsys.readouterr()
        assert out == (
            "--- a.yaml\n+++ a.yaml\n@@ -4,6 +4,6 @@\n graphs:\n   daily:\n     wiring: |\n"
            "-      rows = raed_orders()  # the rows\n+      rows = read_orders()  # the rows\n"
            " jobs:\n   etl: {graph: daily}\n"
        )
        assert err == "would fix 1 of 1 mistake in 1 file\n"
    assert (folder / "a.yaml").read_text() == TYPO


def test_programs_read_stdout_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(TYPO)
    assert main(["validate", "--format", "json"]) == MISTAKES
    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert found["edits"] == [{"location": found["location"], "text": "read_orders"}]
    assert main(["validate", "--fix", "--format", "json"]) == OK
    out, err = capsys.readouterr()
    assert json.loads(out)["diagnostics"] == []
    assert err == "fixed 1 of 1 mistake in 1 file\n"


def test_a_file_that_changed_meanwhile_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "a.yaml"
    path.write_text(TYPO)
    monkeypatch.setattr(shutil, "copymode", lambda path, _: path.write_text(f"{TYPO}# mine"))
    assert main(["validate", "--fix"]) == MISTAKES
    assert "`a.yaml` was changed by somebody else meanwhile and is left as it is\n" in capsys.readouterr().err
    assert path.read_text() == f"{TYPO}# mine"


def test_a_file_that_may_not_be_written(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.yaml").write_text(TYPO)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert main(["validate", "--fix"]) == MISTAKES
    assert "cannot write `a.yaml`: the file may not be written\n" in capsys.readouterr().err
    assert (folder / "a.yaml").read_text() == TYPO


@pytest.mark.parametrize(
    "words", [["--fix", "--watch"], ["--diff", "--write-baseline"], ["--diff", "--format", "json"]]
)
def test_options_that_exclude_each_other(words: list[str]) -> None:
    assert main(["validate", *words]) == USAGE


def offer(line: int, columns: tuple[int, int], text: str, message: str = "m") -> Diagnostic:
    location = Location("a.yaml", Position(line, columns[0]), Position(line, columns[1]))
    return Diagnostic("JC0311", message, location, edits=(Edit(location, text),))


def test_fixes_that_go_together() -> None:
    first, second = offer(1, (1, 4), "x"), offer(2, (1, 4), "y")
    assert fixing.choose([first, second]).diagnostics == (first, second)
    same = offer(1, (1, 4), "x", "n")
    assert fixing.choose([first, first, second]).edits == {"a.yaml": [*first.edits, *second.edits]}
    assert fixing.choose([first, same]).diagnostics == (first,)


def test_fixes_that_do_not_go_together() -> None:
    first = offer(1, (1, 4), "x")
    assert fixing.choose([first, offer(1, (1, 4), "y")]).diagnostics == ()
    assert fixing.choose([first, offer(1, (3, 6), "y")]).diagnostics == (first,)
    assert fixing.choose([offer(1, (1, 1), "x"), offer(1, (1, 2), "y")]).edits["a.yaml"] == [
        *offer(1, (1, 1), "x").edits
    ]
    assert fixing.choose([first, offer(1, (4, 6), "y")]).diagnostics == (first, offer(1, (4, 6), "y"))
