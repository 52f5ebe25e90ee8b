"""The conductor: runs a plan whose steps are carried out elsewhere, and decides everything about them.

It is one loop in one thread. Each round it starts what may start, waits for messages, and draws the
consequences: records go into the log of the run, which writes them to the instance, before anything that
depends on them begins.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobc.runtime.errors import SubprocessError
from jobc.runtime.execute.failures import failure_data
from jobc.runtime.execute.state import Attempt, Phase, StepStatus
from jobc.runtime.execute.step import StepRunner
from jobc.runtime.executors.drift import plan_digest
from jobc.runtime.executors.limits import TagCounts, TagLimit
from jobc.runtime.executors.marks import marks_for, put_marks
from jobc.runtime.executors.schedule import Schedule
from jobc.runtime.executors.site import loss
from jobc.runtime.executors.tasks import (
    Ending,
    JobRefused,
    LostStep,
    RunTerms,
    StepBegan,
    StepEnded,
    StepLog,
    StepLost,
    StepMessage,
    StepRecords,
    StepTask,
)
from jobc.runtime.plan.order import PRIORITY_TAG, priority_of
from jobc.runtime.storage.events import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.runtime.execute.retries import Retry
    from jobc.runtime.execute.state import RunState, StepInstance
    from jobc.runtime.executors.protocol import StepCarrier
    from jobc.runtime.executors.tasks import JobAddress
    from jobc.runtime.plan.steps import Step

GRACE_S = 2.0
"""How much longer an async op may take than its limit: it is first stopped from within, where it waits."""


@dataclass(frozen=True, slots=True)
class ConductorOptions:
    """What the config of an executor says: whether steps are tried again, and the limits by tag."""

    retries: bool = True
    tag_limits: tuple[TagLimit, ...] = ()


@dataclass(slots=True, eq=False)
class _Flight:
    """A task that has not ended. `deadline` is on the monotonic clock, None until its time is counted."""

    unit: StepInstance
    step: Step
    started: float
    retry_number: int
    deadline: float | None = None
    is_over_time: bool = False
    has_succeeded: bool = False
    only_hooks: bool = False

    @property
    def step_key(self) -> str:
        """Return the key of the instance of the step."""
        return self.step.key_of(self.unit[1])


@dataclass(frozen=True, slots=True)
class _Try:
    """The next try of a unit: which it is, and when the first began (None if it is the first).

    With `lost` there is no other try: what is left to do is to run the hooks of a step that failed so.
    """

    unit: StepInstance
    retry_number: int = 0
    started: float | None = None
    lost: LostStep | None = None


class Conductor:
    """Runs the steps of one run with a carrier; used once."""

    def __init__(self, state: RunState, carrier: StepCarrier, options: ConductorOptions) -> None:
        self._state = state
        self._carrier = carrier
        self._schedule = Schedule(state)
        self._runner = StepRunner(state)
        self._counts = TagCounts(options.tag_limits)
        self._flights: dict[int, _Flight] = {}
        self._ready: list[tuple[int, int, int, _Try]] = []
        self._waiting: list[tuple[float, int, _Try]] = []
        self._numbers = iter(range(1 << 62))
        state.retries = options.retries
        state.raise_on_error = False

    def run_steps(self, address: JobAddress) -> None:
        """Run every step of the plan that is to run; failures of steps stand in the state.

        Errors: `KeyboardInterrupt`; `SubprocessError` where the job cannot be built elsewhere.
        """
        with self._carrier:
            try:
                self._carrier.open(self._terms(address))
                self._queue(self._schedule.begin())
                while self._ready or self._flights or self._waiting:
                    self._round()
            except KeyboardInterrupt as interruption:
                self._note_interrupted(interruption)
                raise

    def _terms(self, address: JobAddress) -> RunTerms:
        state = self._state
        return RunTerms(
            address=address,
            run=state.run,
            config=state.config,
            instance=str(state.instance.folder),
            plan_digest=plan_digest(state.job),
            retries=state.retries,
            origins=state.origins,
            memo=state.memo,
        )

    def _round(self) -> None:
        """Start what can start, wait for messages and draw the consequences.

        A worker that has become free gets the next step that is ready before the records of its last one are
        written: a step that waits for that one is not among them before they are.
        """
        self._start_ready()
        if self._flights or self._waiting:
            told = [
                (self._landed(ticket, message), message)
                for ticket, message in self._carrier.messages(self._patience_s())
            ]
            self._start_ready()
            # What ends the run comes last, so that nothing that was told beside it is lost.
            for flight, message in sorted(told, key=lambda each: _ends_the_run(each[1])):
                if flight is not None:
                    self._take(flight, message)
        self._stop_overdue()
        self._end_waits()

    def _queue(self, units: Iterable[StepInstance]) -> None:
        for unit in units:
            self._queue_try(_Try(unit))

    def _queue_try(self, each: _Try) -> None:
        step = self._state.plan.steps[each.unit[0]]
        priority = priority_of(step.tags, step.key) if PRIORITY_TAG in step.tags else 0
        heapq.heappush(self._ready, (-priority, step.index, next(self._numbers), each))

    def _start_ready(self) -> None:
        """Start what is ready, by priority, as far as the carrier and the limits by tag admit it."""
        held_back: list[tuple[int, int, int, _Try]] = []
        while self._ready and len(self._flights) < self._carrier.capacity:
            entry = heapq.heappop(self._ready)
            tags = self._state.plan.steps[entry[3].unit[0]].tags
            if self._counts.admits(tags):
                self._counts.add(tags)
                self._start(entry[3])
            else:
                held_back.append(entry)
        for entry in held_back:
            heapq.heappush(self._ready, entry)

    def _start(self, each: _Try) -> None:
        state, (index, key) = self._state, each.unit
        step = state.plan.steps[index]
        started = state.clock.now() if each.started is None else each.started
        if each.lost is not None:
            self._send(_Flight(each.unit, step, started, each.retry_number, only_hooks=True), each.lost)
        elif each.retry_number:
            attempt = Attempt(state, step, key, started, retry_number=each.retry_number - 1)
            self._runner.restart(attempt)
            self._send(_Flight(each.unit, step, started, each.retry_number), None)
        else:
            self._send(_Flight(each.unit, step, started, 0), None)
            state.events.emit(EventKind.STEP_START, index, key)

    def _send(self, flight: _Flight, lost: LostStep | None) -> None:
        ticket = next(self._numbers)
        self._flights[ticket] = flight
        (index, key), values = flight.unit, self._state.values
        task = StepTask(
            ticket=ticket,
            step=index,
            key=key,
            retry_number=flight.retry_number,
            started=flight.started,
            presence=marks_for(flight.step, key, values),
            history=self._history(flight) if flight.retry_number or lost else (),
            lost=lost,
        )
        self._carrier.start(task, flight.step_key)

    def _history(
        self, flight: _Flight
    ) -> tuple[tuple[EventKind | None, int | None, str | None, object, float], ...]:
        """Return the records of earlier tries, for hooks that look at events."""
        if not any(hook.kind == "event_list" for hook in flight.step.hooks):
            return ()
        return tuple(record for record in self._state.events.raw if record[1:3] == flight.unit)

    def _patience_s(self) -> float | None:
        """Return how long to wait for messages: until the next limit of time or the next retry."""
        due = [
            flight.deadline
            for flight in self._flights.values()
            if flight.deadline and not flight.is_over_time
        ]
        if self._waiting:
            due.append(self._waiting[0][0])
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _end_waits(self) -> None:
        now = time.monotonic()
        while self._waiting and self._waiting[0][0] <= now:
            self._queue_try(heapq.heappop(self._waiting)[2])

    def _stop_overdue(self) -> None:
        now = time.monotonic()
        for ticket, flight in self._flights.items():
            if flight.deadline is not None and flight.deadline <= now and not flight.is_over_time:
                flight.is_over_time = True
                self._carrier.stop(ticket, "its time was over")

    def _landed(self, ticket: int, message: StepMessage) -> _Flight | None:
        """Return the flight that a message is about, which is none any more if it is the last of it."""
        if not isinstance(message, StepEnded | StepLost):
            return self._flights.get(ticket)
        flight = self._flights.pop(ticket, None)
        if flight is not None:
            self._counts.remove(flight.step.tags)
        return flight

    def _take(self, flight: _Flight, message: StepMessage) -> None:
        if isinstance(message, StepEnded):
            self._take_end(flight, message)
        elif isinstance(message, StepLog):
            self._state.log.log(message.level, message.text)
        elif isinstance(message, StepBegan):
            flight.deadline = time.monotonic() + _limit_s(flight.step)
        elif isinstance(message, StepRecords):
            self._take_success(flight, message)
        elif isinstance(message, StepLost):
            self._take_loss(flight, message)
        else:
            raise _refusal(message)

    def _take_success(self, flight: _Flight, message: StepRecords | StepEnded) -> None:
        put_marks(self._state.values, flight.unit[1], message.emitted)
        self._state.events.take(message.records)
        if not flight.only_hooks and not flight.has_succeeded:
            flight.has_succeeded = True
            self._state.set_status(flight.step, flight.unit[1], StepStatus.SUCCESS)

    def _take_end(self, flight: _Flight, message: StepEnded) -> None:
        if message.ending is Ending.SUCCEEDED:
            self._take_success(flight, message)
        else:
            put_marks(self._state.values, flight.unit[1], message.emitted)
            self._state.events.take(message.records)
        if message.ending is Ending.INTERRUPTED:
            raise KeyboardInterrupt(f"`{flight.step_key}` was interrupted")
        if message.ending is Ending.UP_FOR_RETRY:
            self._wait_to_retry(flight, message.seconds_to_wait)
            return
        if message.ending is Ending.FAILED and not flight.only_hooks:
            self._state.failure = self._state.failure or message.failure
            self._state.set_status(flight.step, flight.unit[1], StepStatus.FAILED)
        self._queue(self._schedule.end(flight.unit))

    def _take_loss(self, flight: _Flight, message: StepLost) -> None:
        """Let a step fail whose process ended, or only its hooks where it had ended before."""
        lost = _lost_step(flight, message)
        if flight.has_succeeded or flight.only_hooks:
            told = f"the hooks of `{flight.step_key}` did not end: {lost.message}"
            self._state.events.emit(EventKind.ENGINE_EVENT, detail=(told, None))
            self._state.log.error(told)
            self._queue(self._schedule.end(flight.unit))
            return
        retry = self._settle_loss(flight, lost)
        if retry is not None:
            self._wait_to_retry(flight, retry.seconds_to_wait)
        elif flight.step.hooks:
            self._queue_try(_Try(flight.unit, flight.retry_number, flight.started, lost))
        else:
            self._queue(self._schedule.end(flight.unit))

    def _settle_loss(self, flight: _Flight, lost: LostStep) -> Retry | None:
        """Record that a step failed or is to be tried again; hooks are run elsewhere, where resources are."""
        alone = replace(flight.step, hooks=())
        attempt = Attempt(
            self._state,
            alone,
            flight.unit[1],
            flight.started,
            retry_number=flight.retry_number,
            phase=Phase.BODY,
        )
        return self._runner.settle(attempt, loss(lost))

    def _wait_to_retry(self, flight: _Flight, seconds: float) -> None:
        each = _Try(flight.unit, flight.retry_number + 1, flight.started)
        if seconds > 0:
            heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._numbers), each))
        else:
            self._queue_try(each)

    def _note_interrupted(self, interruption: KeyboardInterrupt) -> None:
        """Record the steps that were under way when the run was interrupted as failed.

        Where this process was interrupted says nothing about them.
        """
        data = failure_data(type(interruption)(*interruption.args), self._state.mask)
        for flight in self._flights.values():
            if not flight.has_succeeded and not flight.only_hooks:
                self._state.events.emit(EventKind.STEP_FAILURE, *flight.unit, data)
                self._state.set_status(flight.step, flight.unit[1], StepStatus.FAILED)


def _ends_the_run(message: StepMessage) -> bool:
    is_interrupted = isinstance(message, StepEnded) and message.ending is Ending.INTERRUPTED
    return is_interrupted or isinstance(message, JobRefused)


def _limit_s(step: Step) -> float:
    assert step.op.timeout_s is not None
    return step.op.timeout_s + (GRACE_S if step.op.function.style.startswith("async") else 0.0)


def _lost_step(flight: _Flight, message: StepLost) -> LostStep:
    if flight.is_over_time:
        limit = f"its `timeout_s` of {flight.step.op.timeout_s:g} s"
        return LostStep(f"`{flight.step_key}` took longer than {limit} and was ended", True)
    said = "".join(f"\n    {line}" for line in message.last_lines)
    tail = f"; the last it wrote to stderr:{said}" if said else ""
    return LostStep(f"the worker process of `{flight.step_key}` {message.reason}{tail}", False)


def _refusal(message: JobRefused) -> SubprocessError:
    return SubprocessError(
        f"a worker process cannot carry out the run: {message.error.class_name}: {message.error.message}"
    )
