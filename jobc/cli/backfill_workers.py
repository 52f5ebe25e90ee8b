"""The runs of a backfill in several processes: each loads the job once, then takes a partition at a time.

A worker that dies fails the partition it was at, and another takes its place. Workers do not outlive the
process they work for, even one that was killed: each has a thread that waits for that process to end. While
they live they hold a lock, for which the next one to go on with the backfill waits.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import chdir, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, cast

from jobc.cli.backfill_runs import (
    JobSource,
    Outcome,
    Runner,
    Task,
    recorded_outcome,
    run_partition,
)
from jobc.runtime.storage.instance import Instance
from jobc.runtime.storage.locks import shared
from jobc.runtime.storage.runs import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path
    from typing import Self

_SPAWN = get_context("spawn")


@dataclass(frozen=True, slots=True)
class WorkPlace:
    """What a worker needs: the job, the folder of the instance, the lock that says workers are alive."""

    source: JobSource
    instance: Path
    lock: Path


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    connection: Connection
    task: Task | None = None


class InWorkers(Runner):
    """Runs up to `count` partitions at a time, each in a process of its own."""

    def __init__(self, place: WorkPlace, instance: Instance, count: int) -> None:
        self._place = place
        self._instance = instance
        self._count = count
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End all workers: idle ones go, and a run that is left is canceled as by Ctrl-C."""
        for worker in self._workers:
            worker.connection.close()
            if worker.task is not None:
                worker.process.terminate()
        try:
            for worker in self._workers:
                worker.process.join()
        except KeyboardInterrupt:
            for worker in self._workers:
                worker.process.kill()
            raise

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Yield what came of each task, in the order they end."""
        waiting = iter(tasks)
        while busy := self._busy_with(waiting):
            for connection in wait(list(busy)):
                yield self._outcome_of(busy[cast("Connection", connection)])

    def _busy_with(self, waiting: Iterator[Task]) -> dict[Connection, _Worker]:
        """Give tasks to as many workers as may be at work, and return all that are, by their connections."""
        idle = [worker for worker in self._workers if worker.task is None]
        for _ in range(self._count - (len(self._workers) - len(idle))):
            task = next(waiting, None)
            if task is None:
                break
            worker = idle.pop() if idle else self._new_worker()
            worker.task = task
            # One that died while it was idle cannot take the task: it is noticed as if it died of it.
            with suppress(OSError):
                worker.connection.send(task)
        return {worker.connection: worker for worker in self._workers if worker.task is not None}

    def _new_worker(self) -> _Worker:
        pipe: tuple[Any, Any] = _SPAWN.Pipe()  # each platform has a class of its own for the ends
        ours, theirs = pipe
        process = _SPAWN.Process(target=work, args=(theirs, self._place))
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _outcome_of(self, worker: _Worker) -> Outcome:
        """Return what a worker tells of its task; for one that died, what is known of it."""
        task = worker.task
        assert task is not None
        try:
            outcome = cast("Outcome", worker.connection.recv())
        except (EOFError, OSError):
            return self._outcome_of_dead(worker, task)
        worker.task = None
        return outcome

    def _outcome_of_dead(self, worker: _Worker, task: Task) -> Outcome:
        worker.process.join()
        worker.connection.close()
        self._workers.remove(worker)
        reason = f"its worker process {_ending(worker.process.exitcode)}"
        self._instance.fail_run(task.run_id, reason)
        if self._instance.has_run(task.run_id):
            return recorded_outcome(self._instance, task)
        return Outcome(task.key, RunStatus.FAILURE, None, 0.0, reason)


def _ending(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"was ended by {signal.Signals(-exit_code).name}"
    return f"ended with exit code {exit_code}"


def work(connection: Connection, place: WorkPlace) -> None:
    """Be a worker: run each partition that is sent and send back what came of it, until nobody sends more."""
    # Ctrl-C on a terminal reaches the workers as well, but who has to stop is told by the parent, by SIGTERM.
    # A handler, unlike SIG_IGN, is not passed on to the programs that ops start.
    signal.signal(signal.SIGINT, lambda *_: None)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with shared(place.lock):
        job = place.source.load()
        with (
            Instance.open(place.instance) as instance,
            chdir(place.source.folder),
            suppress(KeyboardInterrupt),
        ):
            for task in _tasks(connection):
                connection.send(run_partition(job, instance, task))


def _tasks(connection: Connection) -> Iterator[Task]:
    while not wait([_parent_sentinel()], timeout=0):
        try:
            yield connection.recv()
        except EOFError:
            return


def _end_with_parent() -> None:
    wait([_parent_sentinel()])
    os._exit(1)


def _parent_sentinel() -> int:
    parent = parent_process()
    assert parent is not None
    return parent.sentinel
