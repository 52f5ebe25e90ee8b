"""The start of a run: its state, with every slot filled that is known before the first step."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jobc.runtime.errors import InvalidInvocationError
from jobc.runtime.execute.awaiting import Awaiter
from jobc.runtime.execute.events import EventLog, Observer
from jobc.runtime.execute.logs import CONSOLE, LoggerContext, RunLogger, console_logger
from jobc.runtime.execute.resources import ResourceSurroundings, opening_order
from jobc.runtime.execute.secrets import Mask
from jobc.runtime.execute.state import RunState, StepStatus
from jobc.runtime.plan.plan import build_plan
from jobc.runtime.plan.steps import MISSING, ConfigSlot, ExecutionPlan, InputSlot
from jobc.runtime.storage.runs import Run, RunStatus

if TYPE_CHECKING:
    import logging
    from collections.abc import Mapping

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.run_config import ResolvedConfig
    from jobc.runtime.execute.clock import Clock
    from jobc.runtime.execute.request import RunRequest
    from jobc.runtime.storage.events import Event
    from jobc.runtime.storage.instance import Instance


def start_run(
    request: RunRequest, instance: Instance, raise_on_error: bool, clock: Clock, on_event: Observer | None
) -> RunState:
    """Return the state of a run that the instance knows and whose first step could be taken.

    Errors: `InvalidInvocationError` for an input without a value; `InvalidDefinitionError` for a missing
    resource; `RunAlreadyExists`.
    """
    job, config = request.job, request.config
    plan = build_plan(job)
    values = _filled_slots(plan, config, job)
    mask = Mask(_config_values(config))
    events = EventLog(plan, request.run_id, clock, mask, on_event)
    log = RunLogger(lambda: _loggers(request), mask)
    run = Run(
        request.run_id, job.name, RunStatus.STARTED, request.run_config, request.tags, started_at=clock.now()
    )
    state = RunState(
        job=job,
        plan=plan,
        run=run,
        instance=instance,
        config=config,
        values=values,
        events=events,
        log=log,
        mask=mask,
        clock=clock,
        raise_on_error=raise_on_error,
        awaiter=Awaiter(),
        keeps_in_memory=job.has_default_io_manager and job.version_strategy is None,
        statuses=[StepStatus.PENDING] * len(plan.steps),
    )
    state.needed_resources = _needed_resources(state)
    record = instance.begin_run(run, events)
    if record is not None:
        events.observer = _both(record, on_event)
    return state


def _both(record: Observer, on_event: Observer | None) -> Observer:
    """Let each event be recorded before anybody else hears of it."""
    if on_event is None:
        return record

    def observe(event: Event) -> None:
        record(event)
        on_event(event)

    return observe


def surroundings(state: RunState) -> ResourceSurroundings:
    """Return what the resources of a run are opened with."""
    return ResourceSurroundings(
        state.job.resource_defs, state.config.resources, state.run, state.instance, state.log
    )


def provide(state: RunState, opened: Mapping[str, object]) -> None:
    """Put open resources where steps find them."""
    state.resources = opened
    state.managers = {key: opened[key] for key in state.plan.manager_keys if key in opened}
    if state.keeps_in_memory:
        state.managers.pop("io_manager", None)
    for slot in state.plan.resource_slots:
        state.values[slot.slot] = opened[slot.key]


def _needed_resources(state: RunState) -> tuple[str, ...]:
    """Return the keys of all resources the run opens, in the order of opening."""
    keys = state.plan.resource_keys | state.plan.manager_keys
    if state.keeps_in_memory and "io_manager" not in state.plan.resource_keys:
        keys -= {"io_manager"}
    return opening_order(keys, state.job.resource_defs)


def _filled_slots(plan: ExecutionPlan, config: ResolvedConfig, job: JobDefinition) -> list[object]:
    values = list(plan.template)
    for slot in plan.input_slots:
        value = _given_input(config, slot)
        if value is not MISSING:
            values[slot.slot] = value
        elif values[slot.slot] is MISSING:
            _refuse_missing(plan, slot, job)
    for config_slot in plan.config_slots:
        values[config_slot.slot] = _config_value(plan, config, config_slot)
    return values


def _given_input(config: ResolvedConfig, slot: InputSlot) -> object:
    if not slot.path:
        return config.inputs.get(slot.name, MISSING)
    entry = config.ops.get(slot.path)
    return MISSING if entry is None else entry.inputs.get(slot.name, MISSING)


def _refuse_missing(plan: ExecutionPlan, slot: InputSlot, job: JobDefinition) -> None:
    step = plan.steps[slot.step]
    port = step.inputs[slot.position]
    if port.manager_key is not None:
        return
    if slot.path:
        raise InvalidInvocationError(
            f"the input `{port.name}` of `{step.key}` has no value: nothing is connected to it, and "
            "the run config "
            f"has nothing at `ops.{'.ops.'.join(slot.path)}.inputs.{slot.name}`"
        )
    raise InvalidInvocationError(
        f"job `{job.name}` needs a value for its input `{slot.name}`, which feeds the input `{port.name}` of "
        f"`{step.key}`: give it in `input_values`, or in the run config at `inputs.{slot.name}`"
    )


def _config_value(plan: ExecutionPlan, config: ResolvedConfig, slot: ConfigSlot) -> object:
    entry = config.ops.get(plan.steps[slot.step].path)
    whole = None if entry is None else entry.config
    if slot.key is None:
        return whole
    return cast("Mapping[str, object]", whole or {}).get(slot.key)


def _config_values(config: ResolvedConfig) -> list[object]:
    """Return all places where a run's config may hold a secret; values of inputs are looked at, not into."""
    found: list[object] = [config.resources, config.loggers, config.execution]
    found.extend(entry.config for entry in config.ops.values())
    inputs = [
        *config.inputs.values(),
        *(value for entry in config.ops.values() for value in entry.inputs.values()),
    ]
    found.extend(value for value in inputs if hasattr(value, "get_secret_value"))
    return found


def _loggers(request: RunRequest) -> list[logging.Logger]:
    """Make the loggers named in the run config; with none named, the console (SEMANTICS 15)."""
    job, named = request.job, request.config.loggers
    made: list[logging.Logger] = []
    for key, config in named.items():
        definition = None if job.logger_defs is None else job.logger_defs.get(key)
        if definition is not None:
            context = LoggerContext(config, job.name, request.run_id)
            made.append(cast("logging.Logger", definition.logger_fn(context)))
        else:
            made.append(_console(config))
    return made or [console_logger()]


def _console(config: object) -> logging.Logger:
    given = cast("Mapping[str, str]", config or {})
    return console_logger(given.get("name", CONSOLE), given.get("log_level", "INFO"))
