"""The other side: a job built from its address, and one step of it carried out at a time.

What a step needs is opened for it and closed after it, as in a process of its own (SEMANTICS 20), however
long the real process lives.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.runtime.errors import StepTimeoutError, SubprocessError
from jobc.runtime.execute.clock import SystemClock
from jobc.runtime.execute.events import EventLog
from jobc.runtime.execute.hooks import run_hooks
from jobc.runtime.execute.needs import resources_of_step
from jobc.runtime.execute.resources import OpenResources
from jobc.runtime.execute.run import close_all, open_all
from jobc.runtime.execute.start import RunPlace, run_state, surroundings
from jobc.runtime.execute.state import Attempt
from jobc.runtime.execute.step import StepRunner, error_of, perform
from jobc.runtime.executors.drift import check_same_plan
from jobc.runtime.executors.marks import marks_of
from jobc.runtime.executors.tasks import (
    BUILDING,
    Ending,
    JobAddress,
    LostStep,
    StepBegan,
    StepEnded,
    StepLog,
    StepRecords,
)
from jobc.runtime.plan.steps import MISSING
from jobc.runtime.storage.events import EventKind
from jobc.runtime.storage.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.events import RawEvent
    from jobc.runtime.execute.retries import Retry
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.executors.tasks import RunTerms, StepMessage, StepTask

    Tell = Callable[[StepMessage], None]


class RunSite:
    """The steps of one run, away from the process that decides about them.

    Errors: what following the pointer raises; `InvariantViolationError` where the job is another one here.
    """

    def __init__(self, terms: RunTerms) -> None:
        job = built_job(_as_key(terms.address))
        self._tell: Tell = _to_nobody
        place = RunPlace(
            opened_instance(terms.instance),
            SystemClock(),
            lambda: [_ToTheRun(self._tell)],
            raise_on_error=False,
            keeps_in_memory=False,
        )
        self._state = run_state(job, terms.config, terms.run, place)
        self._state.retries = terms.retries
        self._state.origins = terms.origins
        self._state.memo = terms.memo
        self._base = list(self._state.values)
        check_same_plan(job, terms.plan_digest)

    def carry_out(self, task: StepTask, tell: Tell) -> Ending:
        """Carry out a task and tell all of it, in the end with a `StepEnded`; return its ending."""
        self._tell = tell
        state, step = self._state, self._state.plan.steps[task.step]
        if step.op.timeout_s is not None:
            tell(StepBegan())
        attempt = Attempt(state, step, task.key, task.started, retry_number=task.retry_number)
        log = _TaskLog(attempt, task, tell)
        state.events, state.failure = log, None
        self._set_up(task)
        opened = OpenResources(surroundings(state))
        try:
            ended = self._ended(attempt, task, opened)
        except KeyboardInterrupt:
            ended = StepEnded(Ending.INTERRUPTED, ())
        interruption = close_all(state, opened)
        self._tear_down(task)
        ending = Ending.INTERRUPTED if interruption else ended.ending
        tell(ended._replace(ending=ending, records=log.unsent()))
        return ending

    def _ended(self, attempt: Attempt, task: StepTask, opened: OpenResources) -> StepEnded:
        runner = StepRunner(self._state)
        error = error_of(attempt, lambda _: self._open(attempt, opened))
        if task.lost is not None:
            if error is None:
                run_hooks(attempt, loss(task.lost))
            return StepEnded(Ending.FAILED, ())
        retry = runner.settle(attempt, error or error_of(attempt, perform))
        return _ended(self._state, attempt, retry)

    def _open(self, attempt: Attempt, opened: OpenResources) -> None:
        open_all(self._state, resources_of_step(self._state, attempt.step), opened)

    def _set_up(self, task: StepTask) -> None:
        values = self._state.values
        for slot, mark in task.presence:
            values[slot] = mark
        for output in self._state.plan.steps[task.step].outputs:
            values[output.slot] = MISSING if task.key is None else {}

    def _tear_down(self, task: StepTask) -> None:
        step = self._state.plan.steps[task.step]
        for slot in (*(slot for slot, _ in task.presence), *(output.slot for output in step.outputs)):
            self._state.values[slot] = self._base[slot]


def loss(lost: LostStep) -> SubprocessError:
    """Return the error of a step whose process was lost."""
    return (StepTimeoutError if lost.is_over_time else SubprocessError)(lost.message)


def _ended(state: RunState, attempt: Attempt, retry: Retry | None) -> StepEnded:
    if retry is not None:
        return StepEnded(Ending.UP_FOR_RETRY, (), seconds_to_wait=retry.seconds_to_wait)
    ending = Ending.SUCCEEDED if state.failure is None else Ending.FAILED
    return StepEnded(ending, (), marks_of(attempt), failure=state.failure)


class _TaskLog(EventLog):
    """The records of one task; before hooks run, all there is so far is told.

    The start of the step, or of its try, is recorded where the task comes from: here it only completes what
    hooks may look at.
    """

    def __init__(self, attempt: Attempt, task: StepTask, tell: Tell) -> None:
        state = attempt.state
        super().__init__(state.plan, state.run.run_id, state.clock, state.mask, None)
        self._attempt = attempt
        self._tell = tell
        started = (EventKind.STEP_START, task.step, task.key, None, task.started)
        self.raw.extend(task.history or (started,))
        self._sent = len(self.raw)

    def emit(
        self, kind: EventKind, step: int | None = None, key: str | None = None, detail: object = None
    ) -> None:
        """Record that something happened, now."""
        super().emit(kind, step, key, detail)
        if kind is EventKind.STEP_SUCCESS and self._attempt.step.hooks:
            self._tell(StepRecords(self.unsent(), marks_of(self._attempt)))

    def unsent(self) -> tuple[RawEvent, ...]:
        """Return the records that were not returned before; secrets are masked."""
        # What carries them may keep them on a disk, or in another process that logs.
        records = tuple((*record[:3], self.masked(record[3]), record[4]) for record in self.raw[self._sent :])
        self._sent = len(self.raw)
        return records


class _ToTheRun(logging.Logger):
    """Sends messages to the loggers of the run, which are where it was started; they choose by level."""

    def __init__(self, tell: Tell) -> None:
        super().__init__("jobc.site")
        self._tell = tell

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - the name that `logging` gave it
        """Let everything pass."""
        return level >= 0

    def log(self, level: int, msg: object, *args: object, **_: object) -> None:
        """Send a message."""
        self._tell(StepLog(level, str(msg) % args))


def _to_nobody(_: StepMessage) -> None:
    pass


def _as_key(address: JobAddress) -> str:
    from jobc.runtime.storage.stored_values import to_text

    return to_text(address)


@lru_cache(maxsize=16)
def built_job(address: str) -> JobDefinition:
    """Build a job from its address, as text; it stays for the next run of it.

    Errors: what following the pointer raises; `InvalidSubsetError`.
    """
    from jobc.runtime.reconstruct import ReconstructableJob
    from jobc.runtime.storage.stored_values import from_text

    found = from_text(address)
    assert isinstance(found, JobAddress)
    token = BUILDING.set(True)
    try:
        job = ReconstructableJob.from_dict(dict(found.pointer)).get_definition()
    finally:
        BUILDING.reset(token)
    if found.op_selection is None and found.asset_selection is None:
        return job
    from jobc.runtime.selection import selected_job

    return selected_job(job, found.op_selection, found.asset_selection)


@lru_cache(maxsize=4)
def opened_instance(folder: str) -> Instance:
    """Open an instance once per process."""
    return Instance.open(folder)
