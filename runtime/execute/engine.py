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
from jobc.runtime.execute.presence import is_absent
from jobc.runtime.execute.state import Attempt, RunState, StepStatus
from jobc.runtime.execute.step import StepRunner
from jobc.runtime.plan.steps import MISSING, PlainCall, Step
from jobc.runtime.storage.events import EventKind

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
            elif state.is_clean or self._is_ready(step, None):
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
        state = self._state
        assert step.axis is not None
        keyed = state.values[step.axis]
        if keyed is MISSING:
            if self._is_cut_off(step, None):
                state.set_status(step, None, StepStatus.ABANDONED)
            else:
                self._skip(step, "?", "nothing was emitted to map it over")
                state.set_status(step, None, StepStatus.SKIPPED)
            return
        assert isinstance(keyed, dict)
        for output in step.outputs:
            state.values[output.slot] = {}
        for key in list(keyed):
            if state.is_clean or self._is_ready(step, key):
                self._runner.run(step, key)
        state.set_status(step, None, _summary([state.status_of(step.index, key) for key in keyed]))

    def _is_ready(self, step: Step, key: str | None) -> bool:
        if self._is_cut_off(step, key):
            self._state.set_status(step, key, StepStatus.ABANDONED)
            return False
        reason = self._reason_to_skip(step, key)
        if reason is None:
            return True
        self._skip(step, key, reason)
        return False

    def _skip(self, step: Step, key: str | None, reason: str) -> None:
        self._state.events.emit(EventKind.STEP_SKIPPED, step.index, key, reason)
        self._state.set_status(step, key, StepStatus.SKIPPED)

    def _is_cut_off(self, step: Step, key: str | None) -> bool:
        """Tell whether something the step waits for failed or was abandoned."""
        failed = [
            self._state.plan.steps[index].key
            for index in step.upstream
            if self._status_seen_by(step, key, index).ends_the_branch
        ]
        if failed:
            names = ", ".join(f"`{name}`" for name in failed)
            self._state.log.debug(f"`{step.key_of(key)}` does not run: {names} did not succeed")
        return bool(failed)

    def _status_seen_by(self, step: Step, key: str | None, upstream: int) -> StepStatus:
        same_axis = step.axis is not None and self._state.plan.steps[upstream].axis == step.axis
        return self._state.status_of(upstream, key if same_axis else None)

    def _reason_to_skip(self, step: Step, key: str | None) -> str | None:
        for port in step.inputs:
            if is_absent(self._values, port.source, key):
                return f"nothing was emitted for its input `{port.name}`"
        for group in step.after:
            if group and all(self._status_seen_by(step, key, index) is StepStatus.SKIPPED for index in group):
                return f"it comes after `{self._state.plan.steps[group[0]].key}`, which was skipped"
        return None


def _summary(statuses: Sequence[StepStatus]) -> StepStatus:
    if any(status is StepStatus.FAILED for status in statuses):
        return StepStatus.FAILED
    if any(status is StepStatus.ABANDONED for status in statuses):
        return StepStatus.ABANDONED
    if statuses and all(status is StepStatus.SKIPPED for status in statuses):
        return StepStatus.SKIPPED
    return StepStatus.SUCCESS


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
