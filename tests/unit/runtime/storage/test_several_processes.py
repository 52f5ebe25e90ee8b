"""Several processes at one instance: all at once, and some that die."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from jobc import EventKind, Instance, RunStatus
from jobc.runtime.storage.processes import has_ended, this_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPT = """\
import sys
import jobc

@jobc.op
def begin():
    return 1

@jobc.op
def go_on(x):
    if sys.argv[2] == "wait":
        print("waiting", flush=True)
        sys.stdin.read()
    return x

@jobc.job
def chain():
    go_on(go_on(begin()))

instance = jobc.Instance.open(sys.argv[1])
for n in range(1 if sys.argv[2] == "wait" else int(sys.argv[2])):
    chain.execute_in_process(instance=instance, tags={"n": str(n)})
    instance.add_dynamic_partitions("numbers", [str(n)])
instance.close()
"""
WRITERS, RUNS = 4, 15


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "writer.py"
    path.write_text(SCRIPT)
    return path


@pytest.fixture
def waiting(script: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Return a process in the midst of a run, in its second step."""
    process = subprocess.Popen(
        [sys.executable, script, tmp_path / "i", "wait"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        yield process
        process.kill()


def is_sound(folder: Path) -> bool:
    connection = sqlite3.connect(folder / "instance.sqlite")
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


def test_all_write_at_once_from_the_first_moment(script: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(script), str(tmp_path / "i"), str(RUNS)]
    writers = [subprocess.Popen(command) for _ in range(WRITERS)]
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    with Instance.open(tmp_path / "i") as instance:
        runs = instance.get_runs()
        assert [run.status for run in runs] == [RunStatus.SUCCESS] * (WRITERS * RUNS)
        kinds = {tuple(event.kind for event in instance.all_events(run.run_id)) for run in runs}
        assert len(kinds) == 1
        assert len(instance.get_runs(tags={"n": "3"})) == WRITERS
        assert sorted(map(int, instance.get_dynamic_partitions("numbers"))) == list(range(RUNS))
    assert is_sound(tmp_path / "i")


def test_a_run_of_a_living_process_goes_on(waiting: subprocess.Popen[str], tmp_path: Path) -> None:
    with Instance.open(tmp_path / "i") as instance:
        (run,) = instance.get_runs()
        assert run.status is RunStatus.STARTED
        last = instance.all_events(run.run_id)[-1]
        assert (last.kind, last.step_key) == (EventKind.STEP_START, "go_on")
        waiting.communicate("")
        (run,) = instance.get_runs()
        assert run.status is RunStatus.SUCCESS


def test_a_run_of_a_killed_process_failed(waiting: subprocess.Popen[str], tmp_path: Path) -> None:
    waiting.kill()
    waiting.wait()
    with Instance.open(tmp_path / "i") as instance:
        (run,) = instance.get_runs()
        assert (run.status, run.reason) == (RunStatus.FAILURE, "its process ended")
        events = instance.all_events(run.run_id)
        assert [event.step_key for event in events if event.is_step_success] == ["begin"]
        assert events[-2].kind is EventKind.STEP_START
        assert events[-1].message == "the run of `chain` failed: its process ended"
        assert run.ended_at == events[-1].time == events[-2].time
        assert instance.get_runs() == [run]
    assert is_sound(tmp_path / "i")


def test_a_run_of_an_unreaped_process_failed(waiting: subprocess.Popen[str], tmp_path: Path) -> None:
    waiting.kill()
    os.waitid(os.P_PID, waiting.pid, os.WEXITED | os.WNOWAIT)  # it is dead, and still listed
    with Instance.open(tmp_path / "i") as instance:
        assert [run.status for run in instance.get_runs()] == [RunStatus.FAILURE]


def test_a_forked_process_uses_a_connection_of_its_own(script: Path, tmp_path: Path) -> None:
    with Instance.open(tmp_path / "i") as instance:
        child = os.fork()
        if child == 0:  # pragma: no cover - another process
            instance.add_dynamic_partitions("tenants", ["child"])
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        instance.add_dynamic_partitions("tenants", ["parent"])
        assert list(instance.get_dynamic_partitions("tenants")) == ["child", "parent"]


def test_a_process_is_known_by_more_than_its_id() -> None:
    mark = this_process()
    assert not has_ended(mark)
    assert has_ended(mark._replace(began="another time"))
    assert has_ended(mark._replace(pid=2**22 + 1))
    assert not has_ended(mark._replace(host="another machine", pid=2**22 + 1))
