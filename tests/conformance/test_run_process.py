"""`jobc run` as a process: how it ends when it is interrupted, and whose frames it shows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import jobc

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
READY = "the op is running"
PATIENCE_S = 60

SPEC = """\
jobc: 1
resources:
  outer: {python: work:outer}
  inner: {python: work:inner}
ops:
  waits: {python: work:waits}
  waits_async: {python: work:waits_async}
  fails: {python: work:fails}
  logs_in: {python: work:logs_in, config: {token: secret}}
  later: {python: work:later}
graphs:
  waiting: {wiring: later(waits())}
  waiting_async: {wiring: later(waits_async())}
  failing: {wiring: fails()}
  secret: {wiring: logs_in()}
jobs:
  waiting: {graph: waiting}
  waiting_async: {graph: waiting_async}
  failing: {graph: failing}
  secret: {graph: secret}
"""

MODULE = f"""\
import asyncio
import threading


def say(*words):
    print(*words, flush=True)


def outer():
    say("open outer")
    yield "outer"
    say("close outer")


def inner(outer):
    say("open inner")
    yield "inner"
    say("close inner")


def waits(inner):
    say("{READY}")
    threading.Event().wait()
    return 1


async def waits_async(inner):
    try:
        say("{READY}")
        await asyncio.Event().wait()
    finally:
        say("cleaned up")
    return 1


def later(value):
    say("later")


def parse(text):
    return int(text)


def fails():
    try:
        parse("x")
    except ValueError as error:
        raise LookupError("no number") from error


def logs_in(token):
    text = token.get_secret_value()
    raise ConnectionError(f"refused {{text}} and {{text!r}}")
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended: its exit code, the lines of stdout, the text of stderr."""

    code: int
    out: list[str]
    err: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work.yaml").write_text(SPEC)
    (tmp_path / "work.py").write_text(MODULE)
    return tmp_path


def started(folder: Path, words: Sequence[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "jobc", "run", f"{folder / 'work.yaml'}#{words[0]}", *words[1:]]
    env = {**os.environ, "JOBC_HOME": str(folder / "home")}
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )


def statuses(folder: Path) -> list[jobc.RunStatus]:
    """Return how the runs stand that the processes recorded."""
    with jobc.Instance.open(folder / "home") as instance:
        return [run.status for run in instance.get_runs()]


def ended(process: subprocess.Popen[str], so_far: Sequence[str] = ()) -> Ended:
    out, err = process.communicate(timeout=PATIENCE_S)
    return Ended(process.returncode, [*so_far, *map(untagged, out.splitlines())], err)


def untagged(line: str) -> str:
    """Return what a step printed, without the name of the step that an executor put before it."""
    return line.rstrip("\n").removeprefix("waits | ").removeprefix("waits_async | ")


def interrupted(folder: Path, job: str, number: signal.Signals, executor: str) -> Ended:
    """Run a job, send it a signal when its op says that it runs, and wait for the end."""
    process = started(folder, [job, "--executor", executor])
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(untagged(line))
        if lines[-1] == READY:
            process.send_signal(number)
            break
    return ended(process, lines)


EXECUTORS = ["in_process", "multiprocess"]
SIGNALS = [(signal.SIGTERM, 143), (signal.SIGINT, 130)]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(("number", "code"), SIGNALS, ids=["SIGTERM", "SIGINT"])
def test_an_interrupted_run_closes_its_resources_and_is_canceled(
    folder: Path, number: signal.Signals, code: int, executor: str
) -> None:
    end = interrupted(folder, "waiting", number, executor)
    assert end.out == [
        "open outer",
        "open inner",
        READY,
        "close inner",
        "close outer",
    ]
    assert end.code == code
    assert "Traceback" not in end.err
    assert statuses(folder) == [jobc.RunStatus.CANCELED]


@pytest.mark.parametrize("executor", EXECUTORS)
@pytest.mark.parametrize(("number", "code"), SIGNALS, ids=["SIGTERM", "SIGINT"])
def test_an_interrupted_async_op_cleans_up_first(
    folder: Path, number: signal.Signals, code: int, executor: str
) -> None:
    end = interrupted(folder, "waiting_async", number, executor)
    assert end.out[2:] == [READY, "cleaned up", "close inner", "close outer"]
    assert end.code == code
    assert statuses(folder) == [jobc.RunStatus.CANCELED]


@pytest.mark.parametrize("words", [[], ["--raise-on-error"]], ids=["recorded", "raised"])
def test_a_failure_shows_the_users_own_frames(folder: Path, words: list[str]) -> None:
    end = ended(started(folder, ["failing", *words]))
    assert end.code == 3
    line = MODULE.splitlines().index('        parse("x")') + 1
    assert f'work.py", line {line}, in fails' in end.err
    assert '    parse("x")\n' in end.err
    assert "in parse" in end.err
    assert end.err.index("ValueError: invalid literal") < end.err.index("\nLookupError: no number")
    assert "jobc/runtime" not in end.err


@pytest.mark.parametrize("words", [[], ["--raise-on-error"]], ids=["recorded", "raised"])
def test_all_frames_are_shown_on_demand(folder: Path, words: list[str]) -> None:
    end = ended(started(folder, ["failing", "--traceback", *words]))
    assert end.code == 3
    assert "in parse" in end.err
    assert "runtime/execute/" in end.err


@pytest.mark.parametrize(
    "words", [[], ["--traceback"], ["--raise-on-error"], ["--raise-on-error", "--traceback"]], ids=" ".join
)
@pytest.mark.parametrize("form", ["human", "json"])
def test_a_secret_is_not_shown(folder: Path, words: list[str], form: str) -> None:
    setting = "ops.logs_in.config.token=c4n4ry-t0ken"
    end = ended(started(folder, ["secret", "--set", setting, "--format", form, *words]))
    assert end.code == 3
    assert "ConnectionError: refused **********" in end.err
    assert "c4n4ry" not in end.err + "".join(end.out)
    assert statuses(folder) == [jobc.RunStatus.FAILURE]
    kept = b"".join(path.read_bytes() for path in (folder / "home").rglob("*") if path.is_file())
    assert b"ConnectionError" in kept
    assert b"c4n4ry" not in kept
