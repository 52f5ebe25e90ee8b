"""Memoisation: which steps of a run have anything to do, decided before the first one (SEMANTICS 18).

Every output has a version. A step runs if one of its outputs is not stored at its version; the others are
no part of the run, and what reads from them loads what an earlier run stored. IO managers are asked, so they
are opened for that, and closed again. Outputs that no IO manager stores (those of type Nothing) and steps
without outputs are looked up in the instance, which notes what steps of memoised runs made.
"""

from __future__ import annotations

from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING

from jobc.runtime.definitions.io_manager import MemoizableIOManager
from jobc.runtime.errors import InstanceBusyError, InvariantViolationError
from jobc.runtime.execute.io_contexts import OutputContext
from jobc.runtime.execute.resources import OpenResources, ResourceSurroundings, opening_order
from jobc.runtime.execute.state import Memo, StepStatus
from jobc.runtime.plan.steps import STORED
from jobc.runtime.plan.versions import output_versions
from jobc.runtime.storage.events import EventKind, OutputData
from jobc.runtime.storage.versions import MemoisedOutput
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.plan.steps import Step
    from jobc.runtime.storage.events import Event
    from jobc.runtime.storage.instance import Instance

WHOLE_STEP = ""
"""Stands for a step as a whole in the place of an output's name."""


class Why(Enum):
    """Why a step runs or does not; the texts are those that people read."""

    NOT_SELECTED = "not selected"
    MEMOISED = "memoised"
    NOT_STORED = "no stored output at this version"
    NO_VERSION = "its version is not known: it depends on a value that has none"


@dataclass(frozen=True, slots=True)
class StepReason:
    """Why a step runs or does not.

    `output` is the first output that is missing (empty for a step without outputs), None where that is not
    the reason. `run_id` is the run that stored what a memoised step would make, None where nobody knows.
    """

    step_key: str
    runs: bool
    why: Why
    output: str | None = None
    run_id: str | None = None

    @property
    def text(self) -> str:
        """Return the reason in words."""
        if self.why is Why.NOT_STORED and self.output:
            return f"no stored output `{self.output}` at this version"
        if self.why is Why.MEMOISED and self.run_id is not None:
            return f"{self.why.value}, stored by run {self.run_id}"
        return self.why.value


def memoise(state: RunState) -> None:
    """Take out of a run, before its first step, all steps that have nothing to do.

    Errors: `InvariantViolationError` for a job that cannot be memoised: no version of an op, a dynamic graph,
    an IO manager that cannot tell what it has stored; what opening and asking IO managers raises.
    """
    plan = state.plan
    versions = output_versions(plan, state.job, state.config, state.values)
    state.memo = Memo(versions.steps, versions.outputs)
    reasons = _reasons(state)
    state.memo = Memo(
        versions.steps,
        versions.outputs,
        frozenset(index for index, reason in reasons.items() if reason.why is Why.MEMOISED),
        {plan.steps[index].key: reason for index, reason in reasons.items()},
    )
    state.selected = {(index, None) for index, reason in reasons.items() if reason.runs}
    state.is_clean = False
    for index in state.memo.unchanged:
        state.set_status(plan.steps[index], None, StepStatus.SUCCESS)
        for output in plan.steps[index].outputs:
            state.values[output.slot] = STORED


def check_can_memoise(job: JobDefinition, instance: Instance) -> None:
    """Refuse to run a memoised job on an instance that forgets it.

    Errors: `InvariantViolationError`.
    """
    if instance.folder is None:
        raise InvariantViolationError(
            f"job `{job.name}` is memoised, and its instance is ephemeral, so that nothing stored would be "
            "found again: run it with `instance=Instance.open(FOLDER)`"
        )


def _reasons(state: RunState) -> Mapping[int, StepReason]:
    """Return by index why each step runs or does not."""
    opened = OpenResources(
        ResourceSurroundings(
            state.job.resource_defs, state.config.resources, state.run, state.instance, state.log
        )
    )
    try:
        for key in opening_order(_manager_keys(state), state.job.resource_defs):
            opened.open(key)
        state.resources = opened.values
        _check_managers(state)
        return {step.index: _reason_or_not_selected(state, step) for step in state.plan.steps}
    finally:
        state.resources = {}
        for key, error in opened.close():
            state.log.error(f"closing the resource `{key}` raised {type(error).__name__}: {error}")


def _manager_keys(state: RunState) -> set[str]:
    return {
        output.manager_key
        for step in state.plan.steps
        for output in step.outputs
        if not output.type.is_nothing
    }


def _check_managers(state: RunState) -> None:
    for key in sorted(_manager_keys(state)):
        if not isinstance(state.resources[key], MemoizableIOManager):
            raise InvariantViolationError(
                f"job `{state.job.name}` is memoised, and its IO manager `{key}` cannot tell which outputs "
                "it has stored: it must be a MemoizableIOManager, with a method `has_output`"
            )


def _reason_or_not_selected(state: RunState, step: Step) -> StepReason:
    """Return the reason of a step; one that is not selected may be stored all the same, and be read."""
    reason = _reason(state, step)
    if reason.runs and state.selected is not None and (step.index, None) not in state.selected:
        return StepReason(step.key, False, Why.NOT_SELECTED)
    return reason


def _reason(state: RunState, step: Step) -> StepReason:
    memo = state.memo
    assert memo is not None
    version = memo.steps.get(step.index)
    if version is None:
        return StepReason(step.key, True, Why.NO_VERSION)
    for position, output in enumerate(step.outputs):
        if not _is_stored(state, step, position):
            return StepReason(step.key, True, Why.NOT_STORED, output.name)
    made = state.instance.find_memoised(state.job.name, step.key, WHOLE_STEP, version)
    if made is None and not step.outputs:
        return StepReason(step.key, True, Why.NOT_STORED, WHOLE_STEP)
    return StepReason(step.key, False, Why.MEMOISED, run_id=None if made is None else made.run_id)


def _is_stored(state: RunState, step: Step, position: int) -> bool:
    output, memo = step.outputs[position], state.memo
    assert memo is not None
    if output.type.is_nothing:
        version = memo.outputs[step.index, position]
        return state.instance.find_memoised(state.job.name, step.key, output.name, version) is not None
    manager = state.resources[output.manager_key]
    assert isinstance(manager, MemoizableIOManager)
    return manager.has_output(OutputContext(state, step, position, None, None, {}))


class MemoRecorder:
    """Notes in the instance what steps make, once they succeed."""

    def __init__(self, state: RunState) -> None:
        self._state = state
        self._emitted: dict[str, list[str]] = {}

    def observe(self, event: Event) -> None:
        """Take an event of the run."""
        key = event.step_key
        if key is None:
            return
        if event.kind is EventKind.STEP_START or event.kind is EventKind.STEP_RESTARTED:
            self._emitted[key] = []
        elif event.kind is EventKind.STEP_OUTPUT and isinstance(event.data, OutputData):
            self._emitted[key].append(event.data.output_name)
        elif event.kind is EventKind.STEP_SUCCESS:
            # What is not remembered is made once more, which is no reason to end a run.
            with suppress(InstanceBusyError):
                self._state.instance.keep_memoised(list(self._made(key, event.time)))

    def _made(self, key: str, time: float) -> Iterator[MemoisedOutput]:
        state, step, memo = self._state, self._state.plan.find(key), self._state.memo
        assert step is not None
        assert memo is not None
        versions = {output.name: memo.outputs.get((step.index, at)) for at, output in enumerate(step.outputs)}
        versions = {name: versions[name] for name in self._emitted.pop(key)}
        for name, version in {**versions, WHOLE_STEP: memo.steps.get(step.index)}.items():
            if version is not None:
                yield MemoisedOutput(state.job.name, key, name, version, state.run.run_id, time)
