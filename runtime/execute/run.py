"""Running a job in this process, from the request to the result (SEMANTICS 19)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobc.runtime.definitions.checks import check_optional
from jobc.runtime.execute.clock import Clock, SystemClock
from jobc.runtime.execute.engine import Engine
from jobc.runtime.execute.failures import failure_data, text_of
from jobc.runtime.execute.needs import DEFAULT_MANAGER
from jobc.runtime.execute.request import RunRequest, prepared_request
from jobc.runtime.execute.resources import OpenResources
from jobc.runtime.execute.result import ExecuteInProcessResult
from jobc.runtime.execute.signals import termination_as_interrupt
from jobc.runtime.execute.start import provide, start_run, surroundings
from jobc.runtime.storage.events import EventKind, ResourceData
from jobc.runtime.storage.instance import Instance
from jobc.runtime.storage.runs import RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jobc.runtime.config import RunConfig
    from jobc.runtime.definitions.assets import AssetKey
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.events import Observer
    from jobc.runtime.execute.state import RunState


def execute_in_process(
    job: JobDefinition,
    run_config: Mapping[str, object] | RunConfig | None = None,
    instance: Instance | None = None,
    partition_key: str | None = None,
    raise_on_error: bool = True,
    op_selection: Sequence[str] | None = None,
    asset_selection: Sequence[AssetKey] | None = None,
    run_id: str | None = None,
    input_values: Mapping[str, object] | None = None,
    resources: Mapping[str, object] | None = None,
    tags: Mapping[str, object] | None = None,
    on_event: Observer | None = None,
) -> ExecuteInProcessResult:
    """Run a job here and now, whatever executor it names, and return what came of it.

    `on_event` is called with every event as it happens, in this thread.
    Errors: those of config, selection and definition always; those of ops and resources if `raise_on_error`;
    `KeyboardInterrupt` when the run is interrupted, after its resources were closed.
    """
    instance = check_optional(instance, Instance, "`instance`", "an Instance") or Instance.ephemeral()
    request = prepared_request(
        job,
        run_config=run_config,
        partition_key=partition_key,
        op_selection=op_selection,
        asset_selection=asset_selection,
        run_id=run_id,
        input_values=input_values,
        resources=resources,
        tags=tags,
        instance=instance,
    )
    return run_request(request, instance, raise_on_error, SystemClock(), on_event)


def run_request(
    request: RunRequest, instance: Instance, raise_on_error: bool, clock: Clock, on_event: Observer | None
) -> ExecuteInProcessResult:
    """Carry out a request: start the run, walk its plan, end it.

    Errors: as `execute_in_process`.
    """
    state = start_run(request, instance, raise_on_error, clock, on_event)
    with termination_as_interrupt():
        error = run_between_events(state, lambda: run_steps_here(state))
    if error is not None and (raise_on_error or isinstance(error, KeyboardInterrupt)):
        raise error
    return ExecuteInProcessResult(state)


def run_between_events(state: RunState, carry_out: Callable[[], None]) -> BaseException | None:
    """Carry out the steps of a run between its first event and its last; return what ended it early."""
    state.events.emit(EventKind.RUN_START)
    error: BaseException | None = None
    try:
        carry_out()
    except BaseException as raised:  # noqa: BLE001 - returned, and raised once the end is recorded
        error = raised
    return _end(state, error)


def run_steps_here(state: RunState) -> None:
    """Open what the steps need, run them in this process and close it again.

    Errors: with `raise_on_error` those of ops and resources; `KeyboardInterrupt`.
    """
    _warn_of_limits(state)
    opened = OpenResources(surroundings(state))
    error: BaseException | None = None
    try:
        if _open_resources(state, opened):
            Engine(state).run_steps()
    except BaseException as raised:  # noqa: BLE001 - raised below, once everything is closed
        error = raised
    error = close_all(state, opened) or error
    if error is not None:
        raise error


def _warn_of_limits(state: RunState) -> None:
    """Say which limits of time cannot be kept: nothing in this process can stop a plain function."""
    for step in state.plan.unstoppable:
        op = state.plan.steps[step].op
        message = (
            f"the limit of {op.timeout_s:g} s for op `{op.name}` is not enforced: its function is not async, "
            "and only a process of its own could be stopped; run the job with the `multiprocess` executor"
        )
        state.events.emit(EventKind.ENGINE_EVENT, detail=(message, None))
        state.log.warning(message)


def _open_resources(state: RunState, opened: OpenResources) -> bool:
    """Open what the steps need; False if that failed and the failure is to be recorded, not raised."""
    try:
        open_all(state, state.needed_resources, opened)
    except Exception as error:
        state.failure = failure_data(error, state.mask)
        if state.raise_on_error:
            raise
        return False
    return True


def open_all(state: RunState, keys: Sequence[str], opened: OpenResources) -> None:
    """Open resources and record it, but for the IO manager that every job has.

    Errors: `ResourceFunctionError` of the first that failed; those before it stay open.
    """
    told = tuple(key for key in keys if key != DEFAULT_MANAGER or not state.job.has_default_io_manager)
    if told:
        state.events.emit(EventKind.RESOURCE_INIT_STARTED, detail=ResourceData(told))
    for key in keys:
        try:
            opened.open(key)
        except Exception as error:
            data = failure_data(error, state.mask)
            state.events.emit(EventKind.RESOURCE_INIT_FAILURE, detail=ResourceData((key,), data.error))
            raise
    if told:
        state.events.emit(EventKind.RESOURCE_INIT_SUCCESS, detail=ResourceData(told))
    provide(state, opened.values)


def close_all(state: RunState, opened: OpenResources) -> BaseException | None:
    """Close resources and the loop of async ops; return an interruption that came meanwhile."""
    interruption: BaseException | None = None
    for key, error in opened.close():
        message = f"closing the resource `{key}` raised {type(error).__name__}: {text_of(error)}"
        state.events.emit(EventKind.ENGINE_EVENT, detail=(message, failure_data(error, state.mask)))
        state.log.error(message)
        if isinstance(error, KeyboardInterrupt):
            interruption = error
    state.awaiter.close()
    return interruption


def _end(state: RunState, error: BaseException | None) -> BaseException | None:
    """Record how the run ended."""
    if isinstance(error, KeyboardInterrupt):
        kind, status = EventKind.RUN_CANCELED, RunStatus.CANCELED
    elif error is not None or state.failure is not None:
        kind, status = EventKind.RUN_FAILURE, RunStatus.FAILURE
    else:
        kind, status = EventKind.RUN_SUCCESS, RunStatus.SUCCESS
    data = state.failure if error is None or state.failure else failure_data(error, state.mask)
    state.events.emit(kind, detail=data)
    state.run = replace(state.run, status=status, ended_at=state.clock.now())
    state.instance.update_run(state.run)
    return error
