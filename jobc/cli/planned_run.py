"""A run as it would be: its steps in order, what feeds each, what is left out, which resources are opened.

Where an input comes from is said in the notation of `nodes:` in specs, with a few forms of its own for what
no spec writes down: `{"config": PLACE}`, `{"default": VALUE}`, `{"manager": KEY}`, and None for an input
that only waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from jobc.cli.plain_values import PlainValues
from jobc.cli.planned_work import planned_program, planned_retry
from jobc.runtime.execute.clock import SystemClock
from jobc.runtime.execute.memoisation import StepReason, Why
from jobc.runtime.execute.request import prepared_request
from jobc.runtime.execute.start import planned_state
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

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jobc.cli.plain_values import Plain
    from jobc.cli.requested_run import RequestedRun
    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.plan.steps import InputSource, Step, StepInput
    from jobc.runtime.storage.instance import Instance

    Origin: TypeAlias = str | list[Plain] | dict[str, Plain] | None


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that would run; the key of one that is mapped ends with `[?]`.

    `inputs` says by name where each comes from. `resources` are those it uses, in the order of opening.
    `after` are the keys of the steps it only waits for. `reason` is why it is not left out of a memoised run,
    None in any other. `program` is the `command` or `shell` it runs, if any. `hooks` are the names of all
    that hold for it; `retry` is how it is tried again, empty if it is not.
    """

    key: str
    op: str
    config: Plain
    inputs: Mapping[str, Origin]
    resources: tuple[str, ...]
    after: tuple[str, ...]
    reason: StepReason | None = None
    program: Mapping[str, Plain] = field(default_factory=dict[str, "Plain"])
    hooks: tuple[str, ...] = ()
    retry: Mapping[str, Plain] = field(default_factory=dict[str, "Plain"])

    def as_json(self) -> dict[str, object]:
        """Return the form for programs, which leaves out `after`: the steps are in order already."""
        why = {} if self.reason is None else {"why": self.reason.why.value}
        hooks = {"hooks": list(self.hooks)} if self.hooks else {}
        retry = {"retry": dict(self.retry)} if self.retry else {}
        return {
            "key": self.key,
            "op": self.op,
            **self.program,
            "config": self.config,
            "inputs": dict(self.inputs),
            "resources": list(self.resources),
            **hooks,
            **retry,
            **why,
        }


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """What a run would do; `steps` and `resources` (the config of each by its key) are in their order.

    `settings` holds what the job says of its runs as a whole, as far as it does: `executor`, `loggers`,
    `hooks`, `retry`, the `partition` that was asked for, and `selects`, the queries that cut the job down in
    turn, a list of clauses each.
    """

    job: str
    steps: tuple[PlannedStep, ...]
    skipped: tuple[StepReason, ...]
    resources: Mapping[str, Plain]
    settings: Mapping[str, Plain] = field(default_factory=dict[str, "Plain"])

    def as_json(self) -> dict[str, object]:
        """Return the form for programs; of resources it holds the keys alone."""
        return {
            "job": self.job,
            **self.settings,
            "steps": [step.as_json() for step in self.steps],
            "skipped": [{"key": reason.step_key, "why": reason.why.value} for reason in self.skipped],
            "resources": list(self.resources),
        }


def planned_run(requested: RequestedRun, instance: Instance, partition: str | None = None) -> PlannedRun:
    """Return what a run would do; no op is called, and nothing is written to the instance.

    `partition` is the key of the one to run for, if any.

    No resource is opened, but for the IO managers of a memoised job: they tell what is stored already.
    Errors: all that keep a run from beginning, as `execute_in_process` raises them.
    """
    request = prepared_request(
        requested.job,
        run_config=requested.config.value() or None,
        partition_key=partition,
        input_values=requested.inputs,
        instance=instance,
    )
    # A run that is started and left alone: its slots are filled, and what it needs is known.
    state = planned_state(request, instance, True, SystemClock())
    plain = PlainValues(state.mask)
    configs = state.config.resources
    unchanged = frozenset[int]() if state.memo is None else state.memo.unchanged
    return PlannedRun(
        requested.job.name,
        tuple(_step(step, state, plain) for step in state.plan.steps if step.index not in unchanged),
        tuple(_left_out(requested.whole, state)),
        {key: plain.of(configs.get(key)) for key in state.needed_resources},
        _settings(requested, partition),
    )


def _settings(requested: RequestedRun, partition: str | None) -> dict[str, Plain]:
    """Return what is set for the run as a whole, and nothing that is not."""
    job = requested.whole
    settings: dict[str, Plain] = {
        "partition": partition,
        "selects": [list(clauses) for clauses in requested.selects],
        "executor": None if job.executor_def is None else job.executor_def.name,
        "loggers": list(job.logger_defs or ()),
        "hooks": [*_names(job.hook_defs)],
        "retry": None if job.op_retry_policy is None else planned_retry(job.op_retry_policy),
    }
    return {name: value for name, value in settings.items() if value not in (None, [])}


def _names(hooks: Iterable[HookDefinition]) -> tuple[str, ...]:
    return tuple(sorted({hook.name for hook in hooks}))


def _left_out(whole: JobDefinition, state: RunState) -> Iterator[StepReason]:
    reasons = {} if state.memo is None else state.memo.reasons
    for step in build_plan(whole).steps:
        if step.key not in state.plan.index:
            yield StepReason(_key(step), False, Why.NOT_SELECTED)
        elif step.key in reasons and not reasons[step.key].runs:
            yield reasons[step.key]


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
        None if state.memo is None else state.memo.reasons.get(step.key),
        planned_program(step.op, None if config is None else config.config, state.mask),
        _names(step.hooks),
        {} if step.retry_policy is None else planned_retry(step.retry_policy),
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
