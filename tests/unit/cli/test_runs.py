"""`jobc run` leaves a record; `jobc runs` and `jobc logs` show it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import jobc
from jobc.cli import MISTAKES, OK, RUN_FAILED, USAGE, main

OPS = """\
def one() -> int:
    return 1


def fail(x: int) -> int:
    raise ValueError("too small")
"""
SPEC = """\
jobc: 1
ops:
  one: {python: "MODULE:one", outputs: {n: int}}
  fail: {python: "MODULE:fail"}
graphs:
  good: {wiring: one()}
  bad: {wiring: fail(one())}
jobs:
  good: {graph: good}
  bad: {graph: bad}
"""
MODULES = count()


@pytest.fixture(autouse=True)
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a spec to a folder of its own and go there; nobody names an instance."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JOBC_HOME", raising=False)
    module = f"recorded_ops_{next(MODULES)}"
    Path(f"{module}.py").write_text(OPS)
    path = tmp_path / "shop.yaml"
    path.write_text(SPEC.replace("MODULE", module))
    return path


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["runs", "--format", "json", *words]) == OK
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, list)
    return found


def test_runs_are_listed_the_newest_first(capsys: pytest.CaptureFixture[str]) -> None:
    before = datetime.now(UTC)
    assert main(["run", "shop.yaml#good"]) == OK
    assert main(["run", "shop.yaml#bad"]) == RUN_FAILED
    second, first = listed(capsys)
    assert (first["job"], first["status"]) == ("good", "SUCCESS")
    assert (second["job"], second["status"]) == ("bad", "FAILURE")
    assert set(first) == {"run_id", "job", "status", "started", "ended", "parent_run_id"}
    started, ended = (datetime.fromisoformat(first[name]) for name in ("started", "ended"))
    assert before <= started <= ended <= datetime.fromisoformat(second["started"])
    assert first["parent_run_id"] is None


def test_the_id_that_a_run_tells_is_the_recorded_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "shop.yaml#good", "--format", "json"]) == OK
    told = json.loads(capsys.readouterr().out)
    assert [run["run_id"] for run in listed(capsys)] == [told["run_id"]]


def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "shop.yaml#bad"])
    capsys.readouterr()
    assert main(["runs"]) == OK
    titles, row = lines(capsys)
    assert titles.split() == ["RUN", "JOB", "STATUS", "STARTED", "TOOK", "PARTITION"]
    assert row.split()[1:3] == ["bad", "FAILURE"]


def test_where_nothing_was_run_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(capsys) == []
    assert main(["runs"]) == OK
    assert capsys.readouterr() == ("", "no runs were recorded yet\n")
    assert not (tmp_path / ".jobc").exists()


def test_the_instance_is_here_unless_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["run", "shop.yaml#good"])
    assert (tmp_path / ".jobc" / ".gitignore").read_text() == "*\n"
    monkeypatch.setenv("JOBC_HOME", "home")
    assert listed(capsys) == []
    main(["run", "shop.yaml#good"])
    main(["run", "shop.yaml#bad"])
    assert len(listed(capsys)) == 2
    main(["run", "shop.yaml#good", "--instance", "named"])
    assert len(listed(capsys, "--instance", "named")) == 1
    monkeypatch.setenv("JOBC_HOME", "")
    assert len(listed(capsys)) == 1


def test_the_instance_is_where_the_command_is_given_not_beside_the_spec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["run", "../shop.yaml#good"]) == OK
    assert Path(".jobc/instance.sqlite").exists()
    assert not (tmp_path / ".jobc").exists()


def test_a_named_instance_that_is_not_there_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runs", "--instance", "nowhere"]) == MISTAKES
    assert f"error: there is no instance in `{tmp_path / 'nowhere'}`" in capsys.readouterr().err
    assert not Path("nowhere").exists()


@pytest.mark.parametrize(
    "words",
    [["run", "shop.yaml#good"], ["runs"], ["logs", "x"], ["backfill", "shop.yaml#good", "--resume", "x"]],
)
def test_a_damaged_instance_is_a_mistake_with_advice(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("broken").mkdir()
    Path("broken/instance.sqlite").write_text("no database at all")
    assert main([*words, "--instance", "broken"]) == MISTAKES
    out, err = capsys.readouterr()
    assert out == ""
    assert "broken/instance.sqlite` is no SQLite database" in err
    assert "name another folder with `--instance`" in err


def test_the_log_tells_what_happened(capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "shop.yaml#bad"])
    (run,) = listed(capsys)
    assert main(["logs", run["run_id"]]) == OK
    told = lines(capsys)
    kinds = [line.split()[2] for line in told if line[:2] == "20"]
    assert kinds[0] == "RUN_START"
    assert kinds[-1] == "RUN_FAILURE"
    assert any(line.endswith("`fail` failed: ValueError: too small") for line in told)
    assert '        raise ValueError("too small")' in [line[:37] for line in told]


def test_the_log_begins_of_an_id_are_enough(capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "shop.yaml#good"])
    (run,) = listed(capsys)
    assert main(["logs", run["run_id"][:8]]) == OK
    assert lines(capsys)[-1].endswith("the run of `good` succeeded")


def test_the_log_as_json_has_a_line_for_each_event(capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "shop.yaml#bad"])
    (run,) = listed(capsys)
    assert main(["logs", run["run_id"], "--format", "json"]) == OK
    events = [json.loads(line) for line in lines(capsys)]
    assert {event["run_id"] for event in events} == {run["run_id"]}
    failure = next(event for event in events if event["kind"] == "STEP_FAILURE")
    assert failure["step_key"] == "fail"
    assert failure["data"]["error"]["cause"]["message"] == "too small"
    assert datetime.fromisoformat(failure["time"]).utcoffset() is not None


def test_an_unknown_run_is_a_mistake_with_near_ids(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["logs", "abc"]) == MISTAKES
    assert capsys.readouterr().err == "error: there is no run `abc`; nothing was ever run\n"
    main(["run", "shop.yaml#good"])
    (run,) = listed(capsys)
    near = "0000" + run["run_id"][4:] if run["run_id"][:4] != "0000" else "1111" + run["run_id"][4:]
    assert main(["logs", near]) == MISTAKES
    assert f"there is no run `{near}`; did you mean `{run['run_id']}`?" in capsys.readouterr().err
    assert main(["logs", "zzz"]) == MISTAKES
    assert f"the newest is `{run['run_id']}`" in capsys.readouterr().err


def test_a_beginning_of_several_ids_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    job = jobc.load("shop.yaml#good")
    with jobc.Instance.open(".jobc") as instance:
        for run_id in ("abc-1", "abc-2"):
            job.execute_in_process(instance=instance, run_id=run_id)
    assert main(["logs", "abc"]) == MISTAKES
    assert "several runs have an id that begins with `abc`: `abc-2` and `abc-1`" in capsys.readouterr().err


def test_a_run_that_was_killed_is_shown_as_failed(capsys: pytest.CaptureFixture[str]) -> None:
    script = (
        "import os, jobc\n"
        "@jobc.op\ndef die(): os.kill(os.getpid(), 9)\n"
        "@jobc.job\ndef dying(): die()\n"
        "dying.execute_in_process(instance=jobc.Instance.open('.jobc'))\n"
    )
    Path("dying.py").write_text(script)
    assert subprocess.run([sys.executable, "dying.py"], check=False).returncode == -9
    assert main(["runs"]) == OK
    assert "FAILURE (its process ended)" in lines(capsys)[1]
    (run,) = listed(capsys)
    assert run["status"] == "FAILURE"
    main(["logs", run["run_id"]])
    *_, start, end = lines(capsys)
    assert start.endswith("`die` started")
    assert end.endswith("the run of `dying` failed: its process ended")


REGIONAL = """\
jobc: 1
ops: {tell: {python: "MODULE:tell"}}
partitions: {regions: {static: [eu, us, ap]}}
jobs: {regional: {wiring: tell(), partitions: regions}}
"""


@pytest.fixture
def partitioned() -> None:
    """Write the spec of a job with partitions."""
    module = f"regional_ops_{next(MODULES)}"
    Path(f"{module}.py").write_text("def tell(context):\n    return str(context.partition_key)\n")
    Path("x.yaml").write_text(REGIONAL.replace("MODULE", module))


@pytest.mark.usefixtures("partitioned")
def test_a_job_runs_for_a_partition(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "x.yaml", "--partition", "us"]) == OK
    assert lines(capsys) == ["tell.result = 'us'"]
    main(["runs"])
    assert lines(capsys)[1].split()[-1] == "us"


@pytest.mark.usefixtures("partitioned")
def test_a_bad_key_is_a_mistake_and_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "x.yaml", "--partition", "usa"]) == MISTAKES
    error = capsys.readouterr().err
    assert "error: Could not find a partition with key `usa`" in error
    assert "keys from `eu` to `ap`; did you mean `us`?" in error
    assert listed(capsys) == []


def test_a_key_for_a_job_without_partitions_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "shop.yaml#good", "--partition", "us"]) == MISTAKES
    assert capsys.readouterr().err == "error: job `good` has no partitions: leave out `--partition`\n"
    assert not Path(".jobc").exists()


def test_an_empty_key_is_a_usage_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "shop.yaml#good", "--partition", ""]) == USAGE
    assert "--partition" in capsys.readouterr().err
