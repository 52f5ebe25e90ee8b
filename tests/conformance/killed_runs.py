"""A run in a process of its own that is killed at a given moment, and what is left of it.

`kill_a_run` starts a run of `counted_job`, waits until so many steps have begun, waits `delay_s` more, and
kills the process that decides or the worker of the latest step. `check_resumed` goes on with what is left
and checks that nothing was lost and nothing done twice.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jobc import Instance, ReexecutionOptions, execute_job, job, op, reconstructable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc import JobExecutionResult

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
LENGTH = 4
WIDTH = 3
STEPS = LENGTH * WIDTH + 1
CONFIG: dict[str, Any] = {"execution": {"config": {"multiprocess": {"max_concurrent": 2}}}}
Victim = Literal["parent", "worker"]


@op
def counted(context: Any, values: list[int]) -> int:
    """Note that the step began, with the process it is in; return one more than the sum."""
    with (Path(os.environ["RAN"]) / context.step_key).open("a") as marks:
        marks.write(f"{os.getpid()}\n")
    return sum(values) + 1


@job
def counted_job() -> None:
    """Some chains of steps side by side, and one step that takes them all."""
    ends = []
    for line in range(WIDTH):
        value = counted.alias(f"s{line}_0")([])
        for place in range(1, LENGTH):
            value = counted.alias(f"s{line}_{place}")([value])
        ends.append(value)
    counted.alias("total")(ends)


@dataclass(frozen=True, slots=True)
class Killed:
    """What a killed run has left: how often each step began, and the steps whose success was recorded."""

    run_id: str
    begun: dict[str, int]
    finished: frozenset[str]


def kill_a_run(folder: Path, victim: Victim, after: int, delay_s: float = 0.0) -> Killed:
    """Kill the process that decides, or a worker, once `after` steps have begun; return what is left.

    A worker that is killed leaves a run that goes on as far as it can. If all is over before the kill, it is
    as if nothing had happened.
    """
    ran = folder / "ran"
    ran.mkdir(parents=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.conformance.killed_runs", str(folder / "instance")],
        cwd=ROOT,
        env={**os.environ, "RAN": str(ran)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    workers = _workers_after(ran, after, process)
    time.sleep(delay_s)
    _kill(process.pid if victim == "parent" else workers[-1])
    process.wait(PATIENCE_S)
    _wait_until_gone(workers)
    with Instance.open(folder / "instance") as instance:
        runs = instance.get_runs()
        events = instance.all_events(runs[0].run_id) if runs else []
    finished = frozenset(event.step_key or "" for event in events if event.is_step_success)
    return Killed(runs[0].run_id if runs else "", begun(folder), finished)


def check_resumed(folder: Path, killed: Killed) -> JobExecutionResult | None:
    """Go on with a killed run, if it did not succeed, and check that all finished steps were kept."""
    with Instance.open(folder / "instance") as instance:
        run = instance.get_run_by_id(killed.run_id)
        if run is None or run.status.value == "SUCCESS":
            return None
        options = ReexecutionOptions.from_failure(killed.run_id, instance)
        os.environ["RAN"] = str(folder / "ran")
        with execute_job(reconstructable(counted_job), instance, reexecution_options=options) as result:
            assert result.success
            assert result.output_for_node("total") == STEPS
    now = begun(folder)
    again = {key for key in now if now[key] > killed.begun.get(key, 0)}
    assert not again & killed.finished, "a finished step ran again"
    assert again | killed.finished == set(now), "a step that was not finished did not run"
    assert len(now) == STEPS
    return result


def begun(folder: Path) -> dict[str, int]:
    """Return how often each step began, by its key."""
    return {path.name: len(path.read_text().splitlines()) for path in (folder / "ran").iterdir()}


def _workers_after(ran: Path, after: int, process: subprocess.Popen[bytes]) -> Sequence[int]:
    """Wait until so many steps have begun; return their processes, the latest last."""
    ends_at = time.monotonic() + PATIENCE_S
    while True:
        marks = sorted(ran.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        pids = [int(line) for path in marks for line in path.read_text().splitlines()]
        if len(pids) >= after or process.poll() is not None:
            return pids
        assert time.monotonic() < ends_at, "it took too long"


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait_until_gone(pids: Sequence[int]) -> None:
    """Check that no worker outlives the process it worked for."""
    ends_at = time.monotonic() + PATIENCE_S
    while any(Path(f"/proc/{pid}").exists() and not _is_zombie(pid) for pid in pids):
        assert time.monotonic() < ends_at, "a worker is an orphan"
        time.sleep(0.005)


def _is_zombie(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def main() -> None:
    """Run the job once, on the instance in the folder that is named."""
    from tests.conformance.killed_runs import counted_job as known

    with Instance.open(sys.argv[1]) as instance:
        execute_job(reconstructable(known), instance, CONFIG)


if __name__ == "__main__":
    main()
