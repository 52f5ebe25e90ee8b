"""Readiness: whether a step whose turn has come runs, is skipped or is abandoned (SEMANTICS 9, 10).

Every executor asks here, so that a job takes the same course wherever its steps are carried out. Only the
presence of values matters, never the values: a run whose values lie elsewhere has marks in its slots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.execute.presence import is_absent
from jobc.runtime.execute.state import RunState, StepStatus
from jobc.runtime.plan.steps import MISSING, Step
from jobc.runtime.storage.events import EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence


class Readiness:
    """Decides about the steps of one run; what it decides against a step is recorded."""

    def __init__(self, state: RunState) -> None:
        self._state = state

    def is_ready(self, step: Step, key: str | None) -> bool:
        """Tell whether a step, or its instance for a mapping key, is to run now."""
        state = self._state
        if state.selected is not None and (step.index, key) not in state.selected:
            return False
        if self._is_cut_off(step, key):
            state.set_status(step, key, StepStatus.ABANDONED)
            return False
        reason = self._reason_to_skip(step, key)
        if reason is None:
            return True
        self._skip(step, key, reason)
        return False

    def begin_mapped(self, step: Step) -> Sequence[str] | None:
        """Return the mapping keys that a step runs for; None if it is skipped or abandoned whole."""
        state = self._state
        assert step.axis is not None
        keyed = state.values[step.axis]
        if keyed is MISSING:
            self._end_whole(step)
            return None
        assert isinstance(keyed, dict)
        for output in step.outputs:
            if not isinstance(state.values[output.slot], dict):
                state.values[output.slot] = {}
        keys = list(keyed)
        if state.selected is None:
            return keys
        if (step.index, None) in state.selected:  # the step itself was selected, whatever its keys are
            state.selected.update((step.index, key) for key in keys)
        return [key for key in keys if (step.index, key) in state.selected]

    def end_mapped(self, step: Step) -> None:
        """Note how a mapped step went as a whole, once all its instances have ended."""
        state = self._state
        assert step.axis is not None
        keyed = state.values[step.axis]
        assert isinstance(keyed, dict)
        for output in step.outputs:  # instances may have ended in another order than that of their keys
            found = state.values[output.slot]
            assert isinstance(found, dict)
            state.values[output.slot] = {key: found[key] for key in keyed if key in found}
        state.set_status(step, None, _summary([state.status_of(step.index, key) for key in keyed]))

    def _end_whole(self, step: Step) -> None:
        selected = self._state.selected
        if selected is not None and (step.index, None) not in selected:
            self._state.set_status(step, None, StepStatus.SKIPPED)
        elif self._is_cut_off(step, None):
            self._state.set_status(step, None, StepStatus.ABANDONED)
        else:
            self._skip(step, "?", "nothing was emitted to map it over")
            self._state.set_status(step, None, StepStatus.SKIPPED)

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
            if is_absent(self._state.values, port.source, key):
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
