"""Faults at moments that a number decides: one process of a run is killed, and what is left is gone on with.

`inject` starts a run of `killed_job` in a process of its own and kills that process, or one below it, a while
after it was started or after so many steps have begun. `go_on` resumes what is left, if it did not succeed,
and checks all that a user relies on: the right outputs, no finished step twice, no process and no temporary
file left behind, a database without a flaw.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from shutil import rmtree
from typing import TYPE_CHECKING, Any, Literal

from jobc import (
    DynamicOut,
    DynamicOutput,
    Instance,
    ReexecutionOptions,
    RunStatus,
    dask_executor,
    execute_job,
    job,
    multiprocess_executor,
    op,
    reconstructable,
)
from jobc.runtime.executors.job_run import JobOrder, run_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc import JobExecutionResult
    from tests.unit.runtime.executors.dask_processes import ClusterProcesses

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
KEYS = 4
EXPECTED = {"total": 3 + sum(2 * number + 2 for number in range(KEYS))}
BESIDE = {".gitignore", "instance.lock", "instance.sqlite", "instance.sqlite-wal", "instance.sqlite-shm"}
"""What an instance holds besides outputs; warm workers keep the database open, so its log may be there."""
STEPS = frozenset(
    ["first", "called", "last", "keys", "total"]
    + [f"{name}[k{number}]" for name in ("doubled", "more") for number in range(KEYS)]
)
PADDING = bytes(1 << 20)
CONFIG: dict[str, Any] = {"execution": {"config": {"multiprocess": {"max_concurrent": 2}}}}
Victim = Literal[
    "the process that decides",
    "a worker",
    "the process that starts workers",
    "a dask worker",
    "the dask scheduler",
]
LOCAL: tuple[Victim, ...] = ("the process that decides", "a worker", "the process that starts workers")
ON_CLUSTER: tuple[Victim, ...] = ("the process that decides", "a dask worker", "the dask scheduler")
Value = tuple[int, bytes]
"""A number, and enough beside it that storing it takes a while."""


def note(context: Any) -> None:
    """Note that a step began."""
    with (Path(os.environ["RAN"]) / context.step_key).open("a") as marks:
        marks.write(f"{os.getpid()}\n")


@op
def first(context: Any) -> Value:
    note(context)
    return 1, PADDING


@op
def called(context: Any, value: Value) -> Value:
    """Run a program in a session of its own, which nothing but the run's end can stop."""
    note(context)
    program = ["/bin/sh", "-c", f"echo $$ >> '{os.environ['RAN']}.pids'; sleep 0.05"]
    subprocess.run(program, check=True, start_new_session=True)
    return value[0] + 1, PADDING


@op
def last(context: Any, value: Value) -> Value:
    note(context)
    return value[0] + 1, PADDING


@op(out=DynamicOut())
def keys(context: Any) -> list[DynamicOutput[Value]]:
    note(context)
    return [DynamicOutput((number, PADDING), f"k{number}") for number in range(KEYS)]


@op
def doubled(context: Any, value: Value) -> Value:
    note(context)
    return 2 * value[0], PADDING


@op
def more(context: Any, value: Value) -> Value:
    note(context)
    return value[0] + 2, PADDING


@op
def total(context: Any, values: list[Value], other: Value) -> int:
    note(context)
    return sum(value for value, _ in values) + other[0]


@job
def killed_job() -> None:
    """A chain, steps for each key, and one that takes them all."""
    found = keys().map(lambda value: more(doubled(value)))
    total(found.collect(), last(called(first())))


@dataclass(frozen=True, slots=True)
class Fault:
    """Who is killed, once so many steps have begun, so long after that."""

    victim: Victim
    after: int
    delay_s: float

    @classmethod
    def several(cls, seed: int) -> list[Fault]:
        """Return the faults of a number: that of a run, and mostly those of the runs that go on with it."""
        return [cls.of(1000 * place + seed) for place in range(1 + seed % 3)]

    @classmethod
    def of(cls, seed: int, victims: Sequence[Victim] = LOCAL) -> Fault:
        """Return the fault of a number; of the victims the first two are twice as likely."""
        chance = Random(seed)
        victim = chance.choice((*victims[:2], *victims))
        after = chance.choice([0, chance.randint(1, len(STEPS))])
        return cls(victim, after, chance.uniform(0.0, 0.03 if after else 1.0))


@dataclass(frozen=True, slots=True)
class Left:
    """What killed runs have left.

    `run_id` and `status` are those of the last run, which has no id if it was not recorded. `begun` says how
    often each step began in all of them, `finished` which have succeeded.
    """

    run_id: str
    status: RunStatus | None
    begun: dict[str, int]
    finished: frozenset[str]


NOTHING = Left("", None, {}, frozenset())
"""What is left before the first run."""


def inject(folder: Path, fault: Fault, cluster: ClusterProcesses | None = None) -> Left:
    """Start a run, kill one of its processes, wait for the end of it and return what is left.

    A run that goes on with the last one is started where that did not succeed. It runs on a dask cluster if
    there is one, which was started in `environment(folder)`.
    """
    address = [] if cluster is None else [cluster.address]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.property.injected_faults", str(folder / "instance"), *address],
        cwd=ROOT,
        env={**os.environ, **environment(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for_moment(folder, fault, process)
    below = descendants(process.pid)
    _kill(_victim(fault, process.pid, below, cluster))
    process.wait(PATIENCE_S)
    _wait_until_gone(folder, below)
    with Instance.open(folder / "instance") as instance:
        runs = instance.get_runs()
        events = [event for run in runs for event in instance.all_events(run.run_id)]
    finished = frozenset(event.step_key or "" for event in events if event.is_step_success)
    return Left(runs[0].run_id if runs else "", runs[0].status if runs else None, begun(folder), finished)


def go_on(folder: Path, left: Left) -> None:
    """Resume what was killed, or run it where nothing was recorded; check outputs, steps, files, database.

    The environment has to be `environment(folder)`.
    """
    with Instance.open(folder / "instance") as instance:
        if left.status is not RunStatus.SUCCESS:
            with _resumed(instance, left) as result:
                assert result.success
                assert {name: result.output_for_node(name) for name in EXPECTED} == EXPECTED
    check_steps(left, begun(folder))
    check_files(folder)
    rmtree(folder / "instance")  # it is large


def begun_again(left: Left, now: dict[str, int]) -> set[str]:
    """Return the steps that began after something was left; check that none of them had finished."""
    again = {key for key in now if now[key] > left.begun.get(key, 0)}
    assert not again & left.finished, "a finished step ran again"
    return again


def check_steps(left: Left, now: dict[str, int]) -> None:
    """Check that each step began, and none began again that had finished."""
    again = begun_again(left, now)
    assert again | left.finished == STEPS, "a step that was not finished did not run"
    assert now.keys() == STEPS


def check_files(folder: Path) -> None:
    """Check that nothing but outputs and the database is left, and the database has no flaw."""
    assert {path.name for path in (folder / "tmp").iterdir()} <= {"dask-scratch-space"}
    with closing(sqlite3.connect(folder / "instance" / "instance.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    files = [path for path in (folder / "instance").rglob("*") if path.is_file()]
    for path in (path.relative_to(folder / "instance") for path in files):
        if path.parts[0] == "storage":
            _, _, step_key, *output = path.parts
            assert step_key in STEPS, path
            assert "." not in "".join(output), path
        else:
            assert path.name in BESIDE, path


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a run: where it notes what began, and where temporary files go."""
    for name in ("ran", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    return {"RAN": str(folder / "ran"), "TMPDIR": str(folder / "tmp")}


def begun(folder: Path) -> dict[str, int]:
    """Return how often each step began, by its key."""
    return {path.name: len(path.read_text().splitlines()) for path in (folder / "ran").iterdir()}


def descendants(pid: int) -> list[int]:
    """Return the processes below one, those it started first."""
    parents = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit() and (fields := _stat(int(path.name))):
            parents[int(path.name)] = int(fields[1])
    found = [pid]
    for each in found:
        found += sorted(child for child, parent in parents.items() if parent == each)
    return found[1:]


def _resumed(instance: Instance, left: Left) -> JobExecutionResult:
    options = ReexecutionOptions.from_failure(left.run_id, instance) if left.run_id else None
    return execute_job(reconstructable(killed_job), instance, CONFIG, reexecution_options=options)


def _wait_for_moment(folder: Path, fault: Fault, process: subprocess.Popen[bytes]) -> None:
    """Wait until so many steps have begun, and a while; a run that is over earlier is left alone."""
    ends_at = time.monotonic() + PATIENCE_S
    while sum(begun(folder).values()) < fault.after and process.poll() is None:
        assert time.monotonic() < ends_at, "it took too long"
    time.sleep(fault.delay_s)


def _victim(fault: Fault, pid: int, below: Sequence[int], cluster: ClusterProcesses | None) -> int | None:
    """Return the process to kill, None where it is not there at this moment."""
    if cluster is not None and fault.victim == "the dask scheduler":
        return cluster.scheduler.pid
    if cluster is not None and fault.victim == "a dask worker":
        return Random(fault.delay_s).choice(cluster.workers).pid
    if fault.victim == "the process that decides":
        return pid
    if fault.victim == "the process that starts workers":
        return below[0] if below else None
    return Random(fault.delay_s).choice(below[1:]) if below[1:] else None


def _kill(pid: int | None) -> None:
    try:
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _wait_until_gone(folder: Path, below: Sequence[int]) -> None:
    """Check that nothing outlives the run: neither what was seen below it nor a program that a step began."""
    noted = folder / "ran.pids"
    programs = [int(line) for line in noted.read_text().split()] if noted.exists() else []
    ends_at = time.monotonic() + PATIENCE_S
    while any((fields := _stat(pid)) and fields[0] != "Z" for pid in (*below, *programs)):
        assert time.monotonic() < ends_at, "a process outlives its run"
        time.sleep(0.005)


def _stat(pid: int) -> list[str]:
    """Return the fields of a process after its name: state, parent and so on; none if it is gone."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def main() -> None:
    """Run the job, or what is left of it, on the instance in a folder; on a cluster if there is one."""
    from tests.property.injected_faults import killed_job as known

    folder, *address = sys.argv[1:]
    executor = dask_executor if address else multiprocess_executor
    config = {"address": address[0]} if address else {"max_concurrent": 2}
    with Instance.open(folder) as instance:
        order = JobOrder(reconstructable(known), instance, executor=executor.configured(config))
        for run in instance.get_runs()[:1]:
            order = replace(order, reexecution=ReexecutionOptions.from_failure(run.run_id, instance))
        run_order(order)


if __name__ == "__main__":
    main()
