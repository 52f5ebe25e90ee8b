"""The start of a run: its state, with every slot filled that is known before the first step."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jobc.runtime.errors import InvalidInvocationError
from jobc.runtime.execute.awaiting import Awaiter
from jobc.runtime.execute.events import EventLog, Observer
from jobc.runtime.execute.logs import CONSOLE, LoggerContext, RunLogger, console_logger
from jobc.runtime.execute.needs import needed_resources
from jobc.runtime.execute.resources import ResourceSurroundings
from jobc.runtime.execute.secrets import Mask
from jobc.runtime.execute.state import RunState, StepStatus
from jobc.runtime.plan.plan import build_plan
from jobc.runtime.plan.steps import MISSING, ConfigSlot, ExecutionPlan, InputSlot
from jobc.runtime.storage.runs import Run, RunStatus
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Mapping, Sequence

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.run_config import ResolvedConfig
    from jobc.runtime.execute.clock import Clock
    from jobc.runtime.execute.request import EarlierRun, RunRequest
    from jobc.runtime.storage.events import Event
    from jobc.runtime.storage.instance import Instance


@dataclass(frozen=True, slots=True)
class RunPlace:
    """Where a run, or a step of it, is carried out, and how.

    With `keeps_in_memory` the default IO manager is replaced by the slots of the state.
    """

    instance: Instance
    clock: Clock
    open_loggers: Callable[[], Sequence[logging.Logger]]
    raise_on_error: bool
    keeps_in_memory: bool


def start_run(
    request: RunRequest, instance: Instance, raise_on_error: bool, clock: Clock, on_event: Observer | None
) -> RunState:
    """Return the state of a run that the instance knows and whose first step could be taken.

    Errors: as `planned_state`; `InvariantViolationError` for a memoised job on an ephemeral instance;
    `RunAlreadyExists`.
    """
    if request.job.is_memoised:
        from jobc.runtime.execute.memoisation import check_can_memoise

        check_can_memoise(request.job, instance)
    state = planned_state(request, instance, raise_on_error, clock)
    record = instance.begin_run(state.run, state.events)
    if record is not None and state.memo is not None:
        from jobc.runtime.execute.memoisation import MemoRecorder

        record = _both(record, MemoRecorder(state).observe)
    state.events.observer = on_event if record is None else _both(record, on_event)
    return state


def planned_state(request: RunRequest, instance: Instance, raise_on_error: bool, clock: Clock) -> RunState:
    """Return the state of a run with all decided that can be before the first step; nothing is recorded.

    Errors: `InvalidInvocationError` for an input without a value; `InvalidDefinitionError` for a missing
    resource; those of memoisation.
    """
    job, earlier = request.job, request.earlier
    run = Run(
        request.run_id,
        job.name,
        RunStatus.STARTED,
        request.run_config,
        request.tags,
        None if earlier is None else earlier.parent_run_id,
        None if earlier is None else earlier.root_run_id,
        started_at=clock.now(),
        command=request.command,
    )
    forgets = job.version_strategy is None and not job.is_memoised
    in_memory = forgets and job.has_default_io_manager and not request.stores_values
    place = RunPlace(instance, clock, lambda: _loggers(request), raise_on_error, in_memory)
    state = run_state(job, request.config, run, place)
    if earlier is not None:
        take_over(state, earlier)
    if job.is_memoised:
        from jobc.runtime.execute.memoisation import memoise

        memoise(state)
    state.needed_resources = needed_resources(state)
    return state


def run_state(job: JobDefinition, config: ResolvedConfig, run: Run, place: RunPlace) -> RunState:
    """Return the state of a run before its first step, wherever it is carried out; nothing is recorded.

    Errors: `InvalidInvocationError` for an input without a value.
    """
    plan = build_plan(job)
    mask = Mask(_config_values(config))
    return RunState(
        job=job,
        plan=plan,
        run=run,
        instance=place.instance,
        config=config,
        values=_filled_slots(plan, config, job),
        events=EventLog(plan, run.run_id, place.clock, mask, None),
        log=RunLogger(place.open_loggers, mask),
        mask=mask,
        clock=place.clock,
        raise_on_error=place.raise_on_error,
        awaiter=Awaiter(),
        keeps_in_memory=place.keeps_in_memory,
        statuses=[StepStatus.PENDING] * len(plan.steps),
    )


def take_over(state: RunState, earlier: EarlierRun) -> None:
    """Let a run begin where an earlier one stands: what is not selected keeps its status and its outputs."""
    state.is_clean = False
    state.selected = set(earlier.selected)
    state.origins = earlier.origins
    for slot, value in earlier.presence.items():
        state.values[slot] = dict(value) if isinstance(value, dict) else value
    for (index, key), status in earlier.statuses.items():
        state.set_status(state.plan.steps[index], key, status)


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
        state.values[slot.slot] = opened.get(slot.key, MISSING)


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
