"""Running one step in full: its tries, what it takes in, the call, what it gives out, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jobc.runtime.execute.arguments import call_arguments
from jobc.runtime.execute.emission import forget
from jobc.runtime.execute.failures import add_place, error_info, failure_data
from jobc.runtime.execute.hooks import run_hooks
from jobc.runtime.execute.loading import load_inputs
from jobc.runtime.execute.outputs import complete_outputs, take_returned, take_yielded
from jobc.runtime.execute.retries import Retry, exhausted, recorded_error, retry_for
from jobc.runtime.execute.state import Attempt, Phase, RunState, StepStatus
from jobc.runtime.storage.events import EventKind, RetryData

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Generator

    from jobc.runtime.plan.steps import Step


class StepRunner:
    """Runs steps of one run."""

    def __init__(self, state: RunState) -> None:
        self._state = state
        self._emit = state.events.emit
        self._now = state.clock.now

    def run(self, step: Step, key: str | None) -> None:
        """Run a step, or its instance for a mapping key, from its start to its end."""
        attempt = Attempt(self._state, step, key, self._now())
        self._emit(EventKind.STEP_START, step.index, key)
        self._finish(attempt, error_of(attempt, perform))

    def resume_raised(self, attempt: Attempt, error: BaseException) -> None:
        """Go on with a step of the short path whose body raised."""
        attempt.spell_out()
        attempt.phase = Phase.BODY
        self._finish(attempt, error)

    def resume_returned(self, attempt: Attempt, value: object) -> None:
        """Go on with a step of the short path whose body returned more than a plain value."""
        attempt.spell_out()

        def take(resumed: Attempt) -> None:
            take_returned(resumed, value)
            complete_outputs(resumed)

        self._finish(attempt, error_of(attempt, take))

    def settle(self, attempt: Attempt, error: BaseException | None) -> Retry | None:
        """End a step by how its try went; if it is to be tried again, announce that and return when.

        Errors: with `raise_on_error` the failure's own exception; always `KeyboardInterrupt`.
        """
        if error is None:
            self._succeed(attempt)
            return None
        retry = self._retry(attempt, error)
        if retry is None:
            self._fail(attempt, error)
        return retry

    def restart(self, attempt: Attempt) -> None:
        """Begin the next try of a step."""
        forget(attempt)
        attempt.restart()
        self._emit(EventKind.STEP_RESTARTED, attempt.step.index, attempt.key, attempt.retry_number)

    def _finish(self, attempt: Attempt, error: BaseException | None) -> None:
        while (retry := self.settle(attempt, error)) is not None:
            if retry.seconds_to_wait > 0:
                self._state.clock.wait(retry.seconds_to_wait)
            self.restart(attempt)
            error = error_of(attempt, perform)

    def _retry(self, attempt: Attempt, error: BaseException) -> Retry | None:
        """Announce a retry and return it; None if there is none."""
        retry = retry_for(attempt, error) if self._state.retries else None
        if retry is None or attempt.retry_number >= retry.max_retries:
            return None
        add_place(error, attempt.step.op, attempt.step_key)
        info = error_info(recorded_error(attempt, error), self._state.mask)
        data = RetryData(info, attempt.retry_number + 1, retry.seconds_to_wait)
        self._emit(EventKind.STEP_UP_FOR_RETRY, attempt.step.index, attempt.key, data)
        return retry

    def _succeed(self, attempt: Attempt) -> None:
        step, key = attempt.step, attempt.key
        self._emit(EventKind.STEP_SUCCESS, step.index, key, attempt.started)
        self._state.set_status(step, key, StepStatus.SUCCESS)
        if len(attempt.emitted) < len(step.outputs):
            self._state.is_clean = False
        if step.hooks:
            run_hooks(attempt, None)

    def _fail(self, attempt: Attempt, error: BaseException) -> None:
        step, state = attempt.step, self._state
        ending = exhausted(attempt, error) if state.retries else error
        add_place(error, step.op, attempt.step_key)
        data = failure_data(recorded_error(attempt, ending), state.mask)
        self._emit(EventKind.STEP_FAILURE, step.index, attempt.key, data)
        state.set_status(step, attempt.key, StepStatus.FAILED)
        state.failure = state.failure or data
        if state.raise_on_error or isinstance(error, KeyboardInterrupt):
            raise ending
        state.log.report(f"`{attempt.step_key}` raised", data.error)
        if step.hooks:
            run_hooks(attempt, error)


def error_of(attempt: Attempt, action: Callable[[Attempt], None]) -> BaseException | None:
    """Do something for an attempt and return what it raised, None if it went well."""
    try:
        action(attempt)
    except BaseException as error:  # noqa: BLE001 - returned, and raised again where the step fails
        return error
    return None


def perform(attempt: Attempt) -> None:
    """Run the op once: load its inputs, call it, emit its outputs."""
    function = attempt.step.op.function
    inputs = load_inputs(attempt)
    attempt.phase = Phase.BODY
    positional, named = call_arguments(attempt, inputs)
    result = function.function(*positional, **named)
    if function.style == "function":
        take_returned(attempt, result)
    elif function.style == "generator":
        _take_all(attempt, cast("Generator[object, None, object]", result))
    elif function.style == "async":
        awaitable = cast("Coroutine[object, object, object]", result)
        take_returned(attempt, attempt.state.awaiter.wait_for(awaitable, attempt.step.op.timeout_s))
    else:
        _take_all_async(attempt, cast("AsyncGenerator[object, None]", result))
    complete_outputs(attempt)


def _take_all(attempt: Attempt, generator: Generator[object, None, object]) -> None:
    try:
        for item in generator:
            take_yielded(attempt, item)
            attempt.phase = Phase.BODY
    finally:
        generator.close()


def _take_all_async(attempt: Attempt, generator: AsyncGenerator[object, None]) -> None:
    awaiter = attempt.state.awaiter
    try:
        for item in awaiter.iterate(generator, attempt.step.op.timeout_s):
            take_yielded(attempt, item)
            attempt.phase = Phase.BODY
    finally:
        awaiter.close_generator(generator)
