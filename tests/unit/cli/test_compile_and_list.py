from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import jobc
from jobc.cli import MISTAKES, OK, USAGE, main

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
jobc: 1
ops:
  read_orders: {python: "shop.ops:read_orders", inputs: {}}
graphs:
  daily: {wiring: "read_orders()"}
jobs:
  etl: {graph: daily, description: "Orders to report\\nin detail"}
  backup: {graph: daily}
"""
BROKEN = SPEC.replace("graph: daily}", "graph: dialy}")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(SPEC)
    return tmp_path


def test_the_canonical_form_is_printed_and_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "shop.yaml"]) == OK
    printed = capsys.readouterr().out
    assert sorted(json.loads(printed)["jobs"]) == ["backup", "etl"]
    assert main(["compile", "shop.yaml", "-o", "ir.json"]) == OK
    assert capsys.readouterr() == ("", "")
    assert (folder / "ir.json").read_text() == printed
    assert sorted(path.name for path in folder.iterdir()) == ["ir.json", "shop.yaml"]


def test_digests_are_a_line_for_each_job(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "shop.yaml", "--digest"]) == OK
    digests = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert digests == {name: job.digest for name, job in jobc.compile("shop.yaml").jobs.items()}
    assert all(len(digest) == 64 for digest in digests.values())


@pytest.mark.parametrize("options", [[], ["--digest"], ["-o", "ir.json"]])
def test_a_spec_with_mistakes_is_not_compiled(
    options: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "shop.yaml").write_text(BROKEN)
    assert main(["compile", "shop.yaml", *options]) == MISTAKES
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "did you mean `daily`?" in captured.err
    assert not (folder / "ir.json").exists()


def test_a_target_that_cannot_be_written_is_no_crash(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "shop.yaml", "-o", "nowhere/ir.json"]) == USAGE
    assert capsys.readouterr().err == "Error: cannot write `nowhere/ir.json`: No such file or directory\n"


def test_a_spec_is_not_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "shop.yaml").read_text()
    assert main(["compile", "shop.yaml", "-o", "./shop.yaml"]) == USAGE
    assert "is the spec itself: name another file" in capsys.readouterr().err
    assert (folder / "shop.yaml").read_text() == before


def test_jobs_are_listed_as_pointers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "one.toml").write_text(
        'jobc = 1\n[ops.a]\npython = "m:a"\ninputs = {}\n[graphs.g]\nwiring = "a()"\n[jobs.j]\ngraph = "g"\n'
    )
    assert main(["list"]) == OK
    assert capsys.readouterr().out.splitlines() == [
        "shop.yaml#backup",
        "shop.yaml#etl     Orders to report",
        "sub/one.toml#j",
    ]


def test_a_broken_file_hides_no_job_of_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.yaml").write_text(BROKEN)
    assert main(["list", "bad.yaml", "shop.yaml", "gone"]) == MISTAKES
    captured = capsys.readouterr()
    assert "shop.yaml#etl" in captured.out
    assert " --> bad.yaml:" in captured.err
    assert " --> gone:1:1" in captured.err


def test_files_that_are_made_to_be_imported_are_no_mistake_of_a_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "region.yaml").write_text(
        "jobc: 1\nvars: {region: {type: str}}\nops: {mark: {command: [echo, '${vars.region}']}}\n"
    )
    assert main(["list"]) == MISTAKES
    assert "JC0506" in capsys.readouterr().err
    (folder / "world.yaml").write_text(
        "jobc: 1\nimports: {eu: {path: region.yaml, vars: {region: eu}}}\njobs: {all: {wiring: eu.mark()}}\n"
    )
    assert main(["list"]) == OK
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "world.yaml#all" in captured.out
    assert main(["list", "region.yaml", "world.yaml"]) == MISTAKES
