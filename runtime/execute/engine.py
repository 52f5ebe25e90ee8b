"""The engine: walks the steps of a plan in their order and decides for each whether it runs.

The order is the plan's. A step whose turn has come is ready, unless something before it failed (it is
abandoned), was skipped or left an output out (it is skipped). As long as nothing of the kind happened no
step is even asked.

Most steps are a call and nothing else; those take a short path here: arguments from slots, a call, the
result to a slot, one record for all their events. Whatever is not perfectly ordinary (a value refused by
its type, an exception, an `Output` object) is handed to the full path at the point that was reached, which
tells the same story in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.definitions.values import (
    AssetMaterialization,
    AssetObservation,
    DynamicOutput,
    ExpectationResult,
    Output,
    Skip,
)
from jobc.runtime.execute.contexts import op_context
from jobc.runtime.execute.readiness import Readiness
from jobc.runtime.execute.state import Attempt, RunState, StepStatus
from jobc.runtime.execute.step import StepRunner
from jobc.runtime.plan.steps import MISSING, PlainCall, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    Accepts: TypeAlias = Callable[[object], bool]

_MORE_THAN_VALUES = (Output, DynamicOutput, Skip, AssetMaterialization, AssetObservation, ExpectationResult)


class Engine:
    """Runs the steps of one run."""

    def __init__(self, state: RunState) -> None:
        self._state = state
        self._runner = StepRunner(state)
        self._readiness = Readiness(state)
        self._values = state.values
        self._record = state.events.raw.append
        self._now = state.clock.now
        self._statuses = state.statuses

    def run_steps(self) -> None:
        """Run every step of the plan that is to run.

        Errors: with `raise_on_error` the first failure's own exception; always `KeyboardInterrupt`.
        """
        state = self._state
        short_path = state.events.observer is None and "io_manager" not in state.managers
        for step in state.plan.steps:
            if step.axis is not None:
                self._run_mapped(step)
            elif state.is_clean or self._readiness.is_ready(step, None):
                if short_path and step.plain is not None:
                    self._call(step, step.plain)
                else:
                    self._runner.run(step, None)

    def _call(self, step: Step, plain: PlainCall) -> None:
        values = self._values
        started = self._now()
        arguments = [values[slot] for slot in plain.reads]
        if plain.checks and not _all_accepted(plain.checks, arguments):
            self._runner.run(step, None)
            return
        attempt = self._brief(step, started) if plain.takes_context else None
        if attempt is not None:
            arguments.insert(0, op_context(attempt))
        value: object = MISSING
        raised: BaseException | None = None
        try:
            value = plain.function(*arguments)
        except BaseException as error:  # noqa: BLE001 - the full path tells one kind from another
            raised = error
        if raised is not None:
            self._runner.resume_raised(attempt or self._brief(step, started), raised)
        elif _is_more(plain, value) or (attempt is not None and _has_more_to_tell(attempt)):
            self._runner.resume_returned(attempt or self._brief(step, started), value)
        else:
            values[plain.slot] = value
            self._record((None, step.index, None, started, self._now()))
            self._statuses[step.index] = StepStatus.SUCCESS

    def _brief(self, step: Step, started: float) -> Attempt:
        return Attempt(self._state, step, None, started, is_spelled_out=False)

    def _run_mapped(self, step: Step) -> None:
        """Run a step once per mapping key of its axis; if none can come it is skipped or abandoned whole."""
        keys = self._readiness.begin_mapped(step)
        if keys is None:
            return
        for key in keys:
            if self._state.is_clean or self._readiness.is_ready(step, key):
                self._runner.run(step, key)
        self._readiness.end_mapped(step)


def _is_more(plain: PlainCall, value: object) -> bool:
    """Tell whether a returned value is not simply the output: wrapped, an event, of another type."""
    accepts = plain.accepts
    return isinstance(value, _MORE_THAN_VALUES) or (accepts is not None and not _is_accepted(accepts, value))


def _has_more_to_tell(attempt: Attempt) -> bool:
    """Tell whether an op used its context to record something."""
    return attempt.is_spelled_out or bool(attempt.output_metadata)


def _all_accepted(checks: Sequence[tuple[int, Accepts]], arguments: Sequence[object]) -> bool:
    """Ask the types of all arguments; one that raises does not accept (see `_is_accepted`)."""
    try:
        for position, accepts in checks:
            if not accepts(arguments[position]):
                return False
    except Exception:  # noqa: BLE001 - as said above
        return False
    return True


def _is_accepted(accepts: Accepts, value: object) -> bool:
    """Ask a type; one that raises does not accept, and the full path will meet its exception again."""
    try:
        return accepts(value)
    except Exception:  # noqa: BLE001 - as said above
        return False
