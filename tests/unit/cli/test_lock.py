"""`jobc compile --lock` and `--locked`: what was locked holds until a job means something else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jobc.cli import main

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
jobc: 1
vars: {greeting: hello}
profiles: {loud: {vars: {greeting: HELLO}}}
ops:
  count: {command: [wc, -l, orders.csv]}
  greet: {command: [echo, "${vars.greeting}"]}
jobs:
  nightly: {wiring: count()}
  morning: {wiring: greet()}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(SPEC)
    assert main(["compile", "--lock"]) == 0
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    spec = folder / "shop.yaml"
    assert old in spec.read_text()
    spec.write_text(spec.read_text().replace(old, new))


def test_the_lock_file_holds_every_job_plain_and_with_each_profile(folder: Path) -> None:
    jobs = json.loads((folder / "jobc.lock").read_text())["jobs"]
    assert sorted(jobs) == [
        "shop.yaml#morning",
        "shop.yaml#morning@loud",
        "shop.yaml#nightly",
        "shop.yaml#nightly@loud",
    ]


@pytest.mark.parametrize("command", [["compile", "--locked"], ["validate", "--locked"]])
def test_what_was_locked_holds(folder: Path, command: list[str]) -> None:
    change(folder, "jobc: 1\n", "# a comment\njobc: 1\n")
    assert main(command) == 0


@pytest.mark.parametrize("command", [["compile", "--locked"], ["validate", "--locked"]])
def test_drift_is_named_where_it_was_locked(
    folder: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "orders.csv", "returns.csv")
    assert main(command) == 1
    shown = capsys.readouterr().err
    assert "job `shop.yaml#nightly` is not as it was locked: op `count` changed" in shown
    assert "jobc.lock:" in shown
    assert "morning" not in shown


def test_a_profile_drifts_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder, "HELLO", "HEY")
    assert main(["validate", "--locked"]) == 1
    shown = capsys.readouterr().err
    assert "shop.yaml#morning@loud" in shown
    assert "1 error" in shown


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  morning: {wiring: greet()}\n", "", "job `shop.yaml#morning` is not as it was locked: it is gone"),
        (
            "jobs:\n",
            "jobs:\n  noon: {wiring: greet()}\n",
            "`shop.yaml#noon` is not as it was locked: it is not in",
        ),
    ],
)
def test_jobs_that_come_and_go(
    folder: Path, old: str, new: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, old, new)
    assert main(["validate", "--locked", "shop.yaml"]) == 1
    assert message in capsys.readouterr().err


def test_a_file_that_is_gone_is_missed_and_one_not_asked_for_is_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "other.yaml").write_text("jobc: 1\n")
    change(folder, "orders.csv", "returns.csv")
    assert main(["validate", "--locked", "other.yaml"]) == 0
    (folder / "shop.yaml").unlink()
    assert main(["validate", "--locked", "other.yaml"]) == 1
    assert "it is gone" in capsys.readouterr().err


def test_a_spec_with_mistakes_is_not_locked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "jobc.lock").read_text()
    change(folder, "count()", "cuont()")
    assert main(["compile", "--lock"]) == 1
    assert "did you mean `count`" in capsys.readouterr().err
    assert (folder / "jobc.lock").read_text() == before


def test_a_spec_with_mistakes_has_not_drifted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(folder, "count()", "cuont()")
    assert main(["validate", "--locked"]) == 1
    shown = capsys.readouterr().err
    assert "JC0311" in shown
    assert "JC1005" not in shown


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "jobs": {}}', '{"version": 1}'])
def test_a_lock_file_that_is_none_is_told(
    folder: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "jobc.lock").write_text(text)
    assert main(["validate", "--locked"]) == 1
    assert "the lock file `jobc.lock` cannot be read" in capsys.readouterr().err


def test_a_missing_lock_file_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "jobc.lock").unlink()
    assert main(["compile", "--locked"]) == 1
    assert "jobc compile --lock" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--profile", "loud"], ["--var", "greeting=hi"]])
@pytest.mark.parametrize("option", ["--lock", "--locked"])
def test_a_lock_file_is_for_all_profiles_and_no_given_vars(
    folder: Path, option: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", option, *words]) == 2
    assert "leave out `--profile` and `--var`" in capsys.readouterr().err


def test_imports_may_leave_the_project_where_that_is_allowed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").touch()
    (inner / "job.yaml").write_text(
        "jobc: 1\nimports: {shop: ../shop.yaml}\njobs: {j: {wiring: shop.count()}}\n"
    )
    assert main(["compile", "inner/job.yaml", "--lock"]) == 1
    assert main(["compile", "inner/job.yaml", "--lock", "--allow-outside"]) == 0
    assert main(["compile", "inner/job.yaml", "--locked", "--allow-outside"]) == 0


def test_a_spec_that_cannot_be_compiled_does_not_hold(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "wiring: count()", "wiring: cuont()")
    assert main(["compile", "--locked"]) == 1
    shown = capsys.readouterr().err
    assert "cuont" in shown
    assert "JC1005" not in shown


def test_a_mistake_in_a_profile_is_no_drift_of_the_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(folder, "greeting: HELLO", "greting: HELLO")
    assert main(["compile", "--locked"]) == 1
    shown = capsys.readouterr().err
    assert "JC0335" in shown
    assert "JC1005" not in shown


def test_a_file_that_is_made_to_be_imported_has_nothing_to_lock(folder: Path) -> None:
    (folder / "region.yaml").write_text(
        "jobc: 1\nvars: {region: {type: str}}\nops: {mark: {command: [echo, '${vars.region}']}}\n"
    )
    assert main(["compile", "--lock"]) == 1
    (folder / "world.yaml").write_text(
        "jobc: 1\nimports: {eu: {path: region.yaml, vars: {region: eu}}}\njobs: {all: {wiring: eu.mark()}}\n"
    )
    assert main(["compile", "--lock"]) == 0
    assert main(["compile", "--locked"]) == 0


def test_no_lock_file_takes_the_place_of_a_spec(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "--lock", "--lock-file", "shop.yaml"]) == 2
    assert "`shop.yaml` is a spec: name another file" in capsys.readouterr().err
    assert (folder / "shop.yaml").read_text() == SPEC
