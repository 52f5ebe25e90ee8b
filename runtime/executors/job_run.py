"""Running a job with the executor it names, from the order to the result (SEMANTICS 20)."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, cast

from jobc.runtime.config import Field, Shape
from jobc.runtime.definitions.checks import check_is, check_optional, describe
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.run_config import executor_config
from jobc.runtime.definitions.run_config_schema import ANYTHING
from jobc.runtime.errors import InvariantViolationError, ParameterCheckError, UnmetExecutorRequirementsError
from jobc.runtime.execute.clock import SystemClock
from jobc.runtime.execute.request import prepared_request
from jobc.runtime.execute.run import run_between_events
from jobc.runtime.execute.signals import termination_as_interrupt
from jobc.runtime.execute.start import start_run
from jobc.runtime.executors.builtin import multi_or_in_process_executor
from jobc.runtime.executors.dask_receipts import Receipts
from jobc.runtime.executors.protocol import InitExecutorContext
from jobc.runtime.executors.reexecution import (
    ReexecutionOptions,
    earlier_run,
    inherited_config,
    inherited_tags,
)
from jobc.runtime.executors.result import JobExecutionResult
from jobc.runtime.executors.tasks import BUILDING, JobAddress
from jobc.runtime.storage.instance import Instance
from jobc.runtime.storage.runs import RunStatus
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.runtime.config import RunConfig
    from jobc.runtime.definitions.assets import AssetKey
    from jobc.runtime.definitions.executor import ExecutorDefinition
    from jobc.runtime.execute.events import Observer
    from jobc.runtime.execute.request import RunRequest
    from jobc.runtime.executors.protocol import Executor, Reconstructable


def execute_job(
    job: Reconstructable,
    instance: Instance,
    run_config: Mapping[str, object] | RunConfig | None = None,
    tags: Mapping[str, object] | None = None,
    raise_on_error: bool = False,
    op_selection: Sequence[str] | None = None,
    reexecution_options: ReexecutionOptions | None = None,
    asset_selection: Sequence[AssetKey] | None = None,
) -> JobExecutionResult:
    """Run a job with the executor it names, `multiprocess` by default, and return what came of it.

    `job` is made by `jobc.reconstructable`, for other processes have to build it. Outputs are read inside
    `with execute_job(...) as result:`. With `raise_on_error` the `in_process` executor raises what a step
    raised; others never do.
    Errors: `ParameterCheckError` for a plain job; `UnmetExecutorRequirementsError` for an ephemeral instance
    or outputs kept in memory, where the executor needs more; those of config, selection and definition;
    `KeyboardInterrupt`, after the run was recorded as canceled.
    """
    if BUILDING.get():
        raise InvariantViolationError(
            "a run was started while a process of another run builds its job, which would start runs without "
            'end: put what starts the run below `if __name__ == "__main__":`'
        )
    if reexecution_options is not None and op_selection is not None:
        raise InvariantViolationError(
            "`op_selection` and `reexecution_options` say both what to run: give one of them; steps of an "
            "earlier run are selected by `step_selection`"
        )
    order = JobOrder(
        job=job,
        instance=instance,
        run_config=run_config,
        tags=tags,
        raise_on_error=raise_on_error,
        op_selection=op_selection,
        reexecution=reexecution_options,
        asset_selection=asset_selection,
    )
    return run_order(order)


@dataclass(frozen=True, slots=True)
class JobOrder:
    """A run that is asked for; what is None is not said.

    `executor` takes the place of the one that the job names. `command` goes into the record of the run.
    `on_event` is called with every event as it happens, in this thread.
    """

    job: Reconstructable
    instance: Instance
    run_config: Mapping[str, object] | RunConfig | None = None
    tags: Mapping[str, object] | None = None
    raise_on_error: bool = False
    op_selection: Sequence[str] | None = None
    asset_selection: Sequence[AssetKey] | None = None
    reexecution: ReexecutionOptions | None = None
    partition_key: str | None = None
    run_id: str | None = None
    input_values: Mapping[str, object] = field(default_factory=dict)
    executor: ExecutorDefinition | None = None
    on_event: Observer | None = None
    command: str | None = None


def run_order(order: JobOrder) -> JobExecutionResult:
    """Run a job as ordered.

    Errors: as `execute_job`.
    """
    instance, job = _checked(order)
    definition = order.executor or job.executor_def or multi_or_in_process_executor
    request = _request(order, job, definition)
    executor = _made(definition, request, instance)
    executor.check(request.job, instance)
    state = start_run(request, instance, order.raise_on_error, SystemClock(), order.on_event)
    if request.earlier is not None:
        _clear_up_after(request.earlier.parent_run_id, instance)
    address = _address(order)
    with termination_as_interrupt():
        error = run_between_events(state, lambda: executor.carry_out(state, address))
    if error is not None and (order.raise_on_error or isinstance(error, KeyboardInterrupt)):
        raise error
    return JobExecutionResult(state)


def _checked(order: JobOrder) -> tuple[Instance, JobDefinition]:
    instance = check_is(order.instance, Instance, "`instance`", "an Instance")
    check_optional(order.reexecution, ReexecutionOptions, "`reexecution_options`", "ReexecutionOptions")
    if isinstance(order.job, JobDefinition) or not hasattr(order.job, "get_definition"):
        raise ParameterCheckError(
            f"`execute_job` takes a job that other processes can build, made by `jobc.reconstructable`, not "
            f"{describe(order.job)}; to run a plain job use its `execute_in_process`"
        )
    return instance, order.job.get_definition()


def _request(order: JobOrder, job: JobDefinition, definition: ExecutorDefinition) -> RunRequest:
    run_config, tags = order.run_config, order.tags
    if order.reexecution is not None:
        run_config = inherited_config(order.reexecution, order.instance, run_config)
        tags = {**inherited_tags(order.reexecution, order.instance), **(tags or {})}
    request = prepared_request(
        job,
        run_config=run_config,
        partition_key=order.partition_key,
        op_selection=order.op_selection,
        asset_selection=order.asset_selection,
        run_id=order.run_id,
        input_values=order.input_values,
        tags=tags,
        instance=order.instance,
        execution=_execution_field(definition),
    )
    if order.reexecution is None:
        return replace(request, stores_values=True, command=order.command)
    earlier = earlier_run(order.reexecution, request.job, order.instance)
    return replace(request, stores_values=True, earlier=earlier, command=order.command)


def _execution_field(definition: ExecutorDefinition) -> Field:
    if definition.config_field is not None:
        return definition.config_field
    return Field(Shape({}), is_required=False) if definition.baked else ANYTHING


def _made(definition: ExecutorDefinition, request: RunRequest, instance: Instance) -> Executor:
    if definition.executor_creation_fn is None:
        raise UnmetExecutorRequirementsError(
            f"the executor `{definition.name}` has no function that makes it, so nothing can be run with it"
        )
    config = executor_config(definition, request.config.execution)
    context = InitExecutorContext(request.job, config, instance)
    return cast("Executor", definition.executor_creation_fn(context))


def _clear_up_after(run_id: str, instance: Instance) -> None:
    """Remove what an earlier run on a cluster left there if it was killed, whatever carries out this one."""
    run = instance.get_run_by_id(run_id)
    if run is not None and run.status is not RunStatus.STARTED and instance.folder is not None:
        Receipts(str(instance.folder), run_id).remove()


def _address(order: JobOrder) -> JobAddress:
    def texts(given: Sequence[str] | None) -> tuple[str, ...] | None:
        return None if given is None else tuple([given] if isinstance(given, str) else given)

    assets = None if order.asset_selection is None else tuple(order.asset_selection)
    return JobAddress(order.job.to_dict(), texts(order.op_selection), assets)
