"""A run as it would be: its steps in order, what feeds each, what is left out, which resources are opened.

Where an input comes from is said in the notation of `nodes:` in specs, with a few forms of its own for what
no spec writes down: `{"config": PLACE}`, `{"default": VALUE}`, `{"manager": KEY}`, and None for an input
that only waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from jobc.cli.plain_values import PlainValues
from jobc.runtime.execute.clock import SystemClock
from jobc.runtime.execute.request import prepared_request
from jobc.runtime.execute.start import start_run
from jobc.runtime.plan.plan import build_plan
from jobc.runtime.plan.steps import (
    MISSING,
    Collected,
    FromConfig,
    FromConstant,
    FromManager,
    FromRunInput,
    FromStep,
    FromSteps,
    Ordering,
)
from jobc.runtime.storage.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.cli.plain_values import Plain
    from jobc.cli.requested_run import RequestedRun
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.plan.steps import InputSource, Step, StepInput

    Origin: TypeAlias = str | list[Plain] | dict[str, Plain] | None

NOT_SELECTED = "not selected"


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that would run; the key of one that is mapped ends with `[?]`.

    `inputs` says by name where each comes from. `resources` are those it uses, in the order of opening.
    `after` are the keys of the steps it only waits for.
    """

    key: str
    op: str
    config: Plain
    inputs: Mapping[str, Origin]
    resources: tuple[str, ...]
    after: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the form for programs, which leaves out `after`: the steps are in order already."""
        return {
            "key": self.key,
            "op": self.op,
            "config": self.config,
            "inputs": dict(self.inputs),
            "resources": list(self.resources),
        }


@dataclass(frozen=True, slots=True)
class SkippedStep:
    """A step of the job that would not run, and why."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """What a run would do; `steps` and `resources` (the config of each by its key) are in their order."""

    job: str
    steps: tuple[PlannedStep, ...]
    skipped: tuple[SkippedStep, ...]
    resources: Mapping[str, Plain]

    def as_json(self) -> dict[str, object]:
        """Return the form for programs; of resources it holds the keys alone."""
        return {
            "job": self.job,
            "steps": [step.as_json() for step in self.steps],
            "skipped": [{"key": step.key, "why": step.why} for step in self.skipped],
            "resources": list(self.resources),
        }


def planned_run(requested: RequestedRun) -> PlannedRun:
    """Return what a run would do; nothing is opened and no op is called.

    Errors: all that keep a run from beginning, as `execute_in_process` raises them.
    """
    request = prepared_request(
        requested.job, run_config=requested.config.value() or None, input_values=requested.inputs
    )
    # A run that is started and left alone: its slots are filled, and what it needs is known.
    state = start_run(request, Instance.ephemeral(), True, SystemClock(), None)
    plain = PlainValues(state.mask)
    configs = state.config.resources
    kept = state.plan.index
    return PlannedRun(
        requested.job.name,
        tuple(_step(step, state, plain) for step in state.plan.steps),
        tuple(
            SkippedStep(_key(step), NOT_SELECTED)
            for step in build_plan(requested.whole).steps
            if step.key not in kept
        ),
        {key: plain.of(configs.get(key)) for key in state.needed_resources},
    )


def _key(step: Step) -> str:
    return step.key_of(None if step.axis is None else "?")


def _step(step: Step, state: RunState, plain: PlainValues) -> PlannedStep:
    config = state.config.ops.get(step.path)
    used = _used_resources(step)
    return PlannedStep(
        _key(step),
        step.op.name,
        None if config is None else plain.of(config.config),
        {port.name: _origin(port.source, port, state, plain) for port in step.inputs},
        tuple(key for key in state.needed_resources if key in used),
        tuple(_key(state.plan.steps[earlier]) for node in step.after for earlier in node),
    )


def _used_resources(step: Step) -> set[str]:
    """Return the keys of what the op and its hooks read, and of what stores and loads the step's values."""
    hooks = {key for hook in step.hooks for key in hook.required_resource_keys}
    stores = {output.manager_key for output in step.outputs if not output.type.is_nothing}
    loads = {port.manager_key for port in step.inputs if port.manager_key is not None}
    return {*step.required_resources, *hooks, *stores, *loads}


def _origin(source: InputSource, port: StepInput, state: RunState, plain: PlainValues) -> Origin:
    match source:
        case FromStep(per_key=True):
            return {"map": _output(source, state)}
        case FromStep():
            return _output(source, state)
        case Collected():
            return {"collect": _output(source, state)}
        case FromSteps(members):
            return [_origin(member, port, state, plain) for member in members]
        case FromConstant(slot):
            return {"value": plain.of(state.values[slot])}
        case FromManager():
            return {"manager": port.manager_key}
        case Ordering():
            return None
        case FromRunInput() | FromConfig():
            return _from_outside(source, port, state, plain)


def _output(source: FromStep | Collected, state: RunState) -> str:
    step = state.plan.steps[source.step]
    return f"{step.key}.{step.outputs[source.output].name}"


def _from_outside(
    source: FromRunInput | FromConfig, port: StepInput, state: RunState, plain: PlainValues
) -> Origin:
    if isinstance(source, FromRunInput):
        place: Origin = f"inputs.{source.name}"
        is_given = source.name in state.config.inputs
    else:
        place = {"config": f"ops.{'.ops.'.join(source.path)}.inputs.{source.name}"}
        entry = state.config.ops.get(source.path)
        is_given = entry is not None and source.name in entry.inputs
    if is_given:
        return place
    default = state.values[source.slot]
    return {"manager": port.manager_key} if default is MISSING else {"default": plain.of(default)}
