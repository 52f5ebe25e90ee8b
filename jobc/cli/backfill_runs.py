"""The runs of a backfill: one partition after another, in this process."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, chdir
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol
from uuid import uuid4

from jobc.cli.partition_choice import refusal
from jobc.cli.run_failures import failure_of
from jobc.runtime.errors import InstanceError
from jobc.runtime.execute.run import execute_in_process
from jobc.runtime.storage.backfills import BACKFILL_TAG
from jobc.runtime.storage.runs import PARTITION_TAG, RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import Self

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run


@dataclass(frozen=True, slots=True)
class JobSource:
    """A job, as any process can get it: a function that can be pickled, and the folder to run the job in.

    `pointer` names the job on a command line.
    """

    pointer: str
    load: Callable[[], JobDefinition]
    folder: Path


class Task(NamedTuple):
    """One partition of a backfill to run, with the id that its run will have."""

    key: str
    run_id: str
    backfill_id: str


class Outcome(NamedTuple):
    """What came of a partition; `run_id` is None if no run could begin. `error` is one line."""

    key: str
    status: RunStatus
    run_id: str | None
    duration_s: float
    error: str | None = None


class Runner(AbstractContextManager["Runner"], Protocol):
    """Runs partitions; entered before the first and left after the last, or when it is to stop."""

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Yield what came of each task, in the order they end."""
        ...


class InThisProcess(Runner):
    """Runs one partition after another, in the folder of the job."""

    def __init__(self, job: JobDefinition, instance: Instance, folder: Path) -> None:
        self._job = job
        self._instance = instance
        self._place = chdir(folder)

    def __enter__(self) -> Self:
        self._place.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._place.__exit__(None, None, None)

    def outcomes(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Yield what came of each task, in order."""
        for task in tasks:
            yield run_partition(self._job, self._instance, task)


def task_for(key: str, backfill_id: str) -> Task:
    """Return the task to run a partition."""
    return Task(key, str(uuid4()), backfill_id)


def run_partition(job: JobDefinition, instance: Instance, task: Task) -> Outcome:
    """Run a job for one partition; whatever goes wrong is the outcome.

    Errors: `KeyboardInterrupt`, after the run was recorded as canceled; `InstanceError`; our own mistakes.
    """
    started = time.monotonic()
    try:
        execute_in_process(
            job,
            instance=instance,
            partition_key=task.key,
            raise_on_error=False,
            run_id=task.run_id,
            tags={BACKFILL_TAG: task.backfill_id},
        )
    except InstanceError:
        raise
    except (Exception, SystemExit) as error:
        if not instance.has_run(task.run_id):
            told = str(error) if isinstance(error, SystemExit) else refusal(error)
            if told is None:
                raise
            return Outcome(task.key, RunStatus.FAILURE, None, time.monotonic() - started, last_line(told))
    return recorded_outcome(instance, task)


def recorded_outcome(instance: Instance, task: Task) -> Outcome:
    """Return what is recorded of the run of a task."""
    run = instance.get_run_by_id(task.run_id)
    assert run is not None
    return outcome_of(instance, run)


def outcome_of(instance: Instance, run: Run) -> Outcome:
    """Return a recorded run of a partition as an outcome."""
    key, duration = run.tags[PARTITION_TAG], (run.ended_at or run.started_at) - run.started_at
    if run.status is not RunStatus.FAILURE:
        return Outcome(key, run.status, run.run_id, duration)
    errors = filter(None, map(failure_of, instance.all_events(run.run_id)))
    error = next((each.raised for each in errors), None)
    told = run.reason or (f"{error.class_name}: {error.message}" if error else None)
    return Outcome(key, run.status, run.run_id, duration, told and told.partition("\n")[0])


def last_line(text: str) -> str:
    """Return the last line of a text, which of a traceback is what was raised."""
    return text.rstrip().rpartition("\n")[2]
