"""`jobc resume`, `jobc run --executor` and `jobc logs --follow`."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jobc import Instance, RunStatus
from jobc.cli import MISTAKES, OK, RUN_FAILED, USAGE, main

if TYPE_CHECKING:
    from collections.abc import Callable

OPS = """\
import os, time
from pathlib import Path


def read(path: str) -> list[int]:
    with open("reads", "a") as reads:
        reads.write("x")
    return [1, 2, 3]


def check(rows: list[int], token=None) -> int:
    if not Path("mended").exists():
        raise ValueError("not mended yet")
    return len(rows)


def report(count: int, day: str) -> str:
    return f"{day}: {count}"


def wait(rows: list[int]) -> int:
    Path("waiting").touch()
    while not Path("go").exists():
        time.sleep(0.01)
    return sum(rows)
"""
SPEC = """\
jobc: 1
ops:
  read: {python: "resumed_ops:read", config: {path: str}, outputs: {rows: "list[int]"}}
  check:
    python: "resumed_ops:check"
    config: {token: {type: secret, required: false}}
    outputs: {count: int}
  report: {python: "resumed_ops:report", outputs: {text: str}}
  wait: {python: "resumed_ops:wait", outputs: {total: int}}
graphs:
  daily:
    inputs: {day: str}
    wiring: |
      rows = read()
      count = check(rows)
      report(count, day)
jobs:
  etl:
    graph: daily
    config: {ops: {read: {config: {path: rows.csv}}}}
  held:
    wiring: |
      rows = read()
      wait(rows)
    config: {ops: {read: {config: {path: rows.csv}}}}
"""
TOKEN = "ops.check.config.token"
PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JOBC_HOME", raising=False)
    (tmp_path / "resumed_ops.py").write_text(OPS)
    (tmp_path / "shop.yaml").write_text(SPEC)
    return tmp_path


def wait_until(is_true: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < ends_at, "it took too long"
        time.sleep(0.01)


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return result


def failed_run(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Let a run fail and return its id, by what is printed on how to resume it."""
    assert main(["run", "shop.yaml#etl", "--input", "day=monday", *options]) == RUN_FAILED
    error = capsys.readouterr().err
    found = re.search(r"^resume with: (jobc resume \S+)$", error, re.MULTILINE)
    assert found is not None
    return found[1].split()[-1]


@pytest.mark.parametrize("executor", ["in_process", "multiprocess"])
def test_a_resumed_run_does_what_is_missing_and_nothing_else(
    executor: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_id = failed_run(capsys, "--executor", executor)
    (folder / "mended").touch()
    assert main(["resume", run_id, "--format", "json"]) == OK
    result = told(capsys)
    assert result["outputs"]["report"] == {"text": "monday: 3"}
    assert (folder / "reads").read_text() == "x"
    with Instance.open(".jobc") as instance:
        run = instance.get_run_by_id(result["run_id"])
        assert run is not None
        assert run.parent_run_id == run_id


def test_a_resumed_run_can_begin_anywhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_id = failed_run(capsys)
    (folder / "mended").touch()
    assert main(["resume", run_id[:8], "--from", "read+*"]) == OK
    assert (folder / "reads").read_text() == "xx"


def test_secrets_are_not_recorded_and_have_to_be_given_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_id = failed_run(capsys, "--set", f"{TOKEN}=sesame")
    (folder / "mended").touch()
    assert main(["resume", run_id]) == USAGE
    error = capsys.readouterr().err
    assert f"was given a secret at `{TOKEN}`" in error
    assert "give it again with `--set` or `--config`" in error
    assert main(["resume", run_id, "--set", f"{TOKEN}=sesame"]) == OK


def test_there_is_nothing_to_resume_of_a_run_that_succeeded(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mended").touch()
    words = ["run", "shop.yaml#etl", "--input", "day=monday"]
    assert main([*words, "--format", "json"]) == OK
    run_id = told(capsys)["run_id"]
    assert main(["resume", run_id]) == MISTAKES
    assert f"the run `{run_id}` succeeded: there is nothing left" in capsys.readouterr().err
    assert main(["resume", "nowhere"]) == MISTAKES


def held_process(folder: Path) -> subprocess.Popen[str]:
    root = str(Path(__file__).parents[3])
    process = subprocess.Popen(
        [sys.executable, "-m", "jobc", "run", "shop.yaml#held"],
        env={**os.environ, "PYTHONPATH": root},
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_until((folder / "waiting").exists)
    return process


def test_a_killed_run_is_resumed_after_its_last_finished_step(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = held_process(folder)
    process.kill()
    process.communicate()
    (folder / "go").touch()
    with Instance.open(".jobc") as instance:
        (run,) = instance.get_runs()
        assert (run.status, run.reason) == (RunStatus.FAILURE, "its process ended")
    assert main(["resume", run.run_id, "--format", "json"]) == OK
    assert told(capsys)["outputs"] == {"read": {"rows": [1, 2, 3]}, "wait": {"total": 6}}
    assert (folder / "reads").read_text() == "x"


@pytest.mark.parametrize("words", [["resume", "anything"], ["logs", "anything"], ["runs"]])
def test_a_damaged_instance_is_told_and_left_as_it_is(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Instance.open(".jobc").close()
    file = Path(".jobc", "instance.sqlite")
    damaged = file.read_bytes()[:4096] + b"\xff" * (file.stat().st_size - 4096)
    file.write_bytes(damaged)
    assert main(words) == MISTAKES
    assert re.match(r"error: the database `.*instance\.sqlite` is damaged: .*\n$", capsys.readouterr().err)
    assert file.read_bytes() == damaged


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_is_canceled_and_can_be_resumed(
    number: int, code: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = held_process(folder)
    process.send_signal(number)
    _, error = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == code
    (folder / "go").touch()
    with Instance.open(".jobc") as instance:
        (run,) = instance.get_runs()
        assert run.status is RunStatus.CANCELED
    assert main(["logs", run.run_id]) == OK
    log = capsys.readouterr().out
    assert "`wait` failed: " in log
    assert "the run of `held` was canceled" in log
    assert "Traceback" not in log
    assert ": \n" not in log
    found = re.search(r"^resume with: jobc (.*)$", error, re.MULTILINE)
    assert found is not None
    assert main(shlex.split(found[1])) == OK


def test_a_log_can_be_followed_to_the_end_of_the_run(folder: Path) -> None:
    process = held_process(folder)
    with Instance.open(".jobc") as instance:
        (run,) = instance.get_runs()
    follower = subprocess.Popen(
        [sys.executable, "-m", "jobc", "logs", run.run_id, "--follow"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        text=True,
        stdout=subprocess.PIPE,
    )
    assert follower.stdout is not None
    assert "RUN_START" in follower.stdout.readline()
    (folder / "go").touch()
    process.communicate(timeout=PATIENCE_S)
    rest, _ = follower.communicate(timeout=PATIENCE_S)
    assert follower.returncode == OK
    assert "RUN_SUCCESS" in rest.splitlines()[-1]
