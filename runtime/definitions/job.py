"""Jobs: a graph bound to the resources it needs to run (SEMANTICS 2)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from jobc.runtime.definitions.builtin_io import is_default_io_manager
from jobc.runtime.definitions.checks import (
    check_is,
    check_mapping,
    check_optional,
    check_set,
    check_text,
    describe,
)
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.executor import ExecutorDefinition
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.hook import HookDefinition
from jobc.runtime.definitions.job_config import JobConfig, checked_job_config, checked_partitions
from jobc.runtime.definitions.job_resources import bound_resources, check_resources
from jobc.runtime.definitions.logger import LoggerDefinition
from jobc.runtime.definitions.metadata import MetadataValue, normalise_metadata
from jobc.runtime.definitions.names import valid_node_name
from jobc.runtime.definitions.origin import FunctionOrigin, JobOrigin
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.run_config import check_default_config
from jobc.runtime.definitions.run_config_schema import run_config_shape
from jobc.runtime.definitions.tags import normalise_tags
from jobc.runtime.definitions.unresolved import check_inputs_can_be_fed, checked_input_values
from jobc.runtime.definitions.versioning import VersionStrategy, memoises
from jobc.runtime.errors import InvariantViolationError, ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jobc.runtime.config import RunConfig, Shape
    from jobc.runtime.definitions.assets import AssetKey
    from jobc.runtime.definitions.partitioning import PartitionsDefinition
    from jobc.runtime.definitions.resource import ResourceDefinition
    from jobc.runtime.execute.result import ExecuteInProcessResult

EXECUTION = "jobc.runtime.execute.run"
SELECTION = "jobc.runtime.selection"


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class JobDefinition:
    """A graph bound to all it needs to run: resources, executor, loggers, config, hooks, policies.

    `resource_defs` holds every resource of the job; `io_manager` is always there. `config` is None, a dict
    (default run config), a ConfigMapping or a PartitionedConfig. `executor_def` is None if none was named,
    `logger_defs` if the built-in console logger is the only one. `tags` hold those of the graph too.
    `selections` are the named ones of the spec that the job comes from, by name: a query each, or a list.
    """

    name: str
    graph: GraphDefinition
    resource_defs: Mapping[str, ResourceDefinition]
    executor_def: ExecutorDefinition | None
    logger_defs: Mapping[str, LoggerDefinition] | None
    config: JobConfig | None
    description: str | None
    partitions_def: PartitionsDefinition | None
    tags: Mapping[str, str]
    metadata: Mapping[str, MetadataValue]
    hook_defs: frozenset[HookDefinition]
    op_retry_policy: RetryPolicy | None
    version_strategy: VersionStrategy | None
    input_values: Mapping[str, object]
    origin: JobOrigin | FunctionOrigin | None
    selections: Mapping[str, str | Sequence[str]]

    def __init__(
        self,
        *,
        graph_def: GraphDefinition,
        resource_defs: Mapping[str, object] | None = None,
        executor_def: ExecutorDefinition | None = None,
        logger_defs: Mapping[str, LoggerDefinition] | None = None,
        name: str | None = None,
        config: object = None,
        description: str | None = None,
        partitions_def: PartitionsDefinition | None = None,
        tags: Mapping[str, object] | None = None,
        metadata: Mapping[str, object] | None = None,
        hook_defs: AbstractSet[HookDefinition] | None = None,
        op_retry_policy: RetryPolicy | None = None,
        version_strategy: VersionStrategy | None = None,
        input_values: Mapping[str, object] | None = None,
        origin: JobOrigin | FunctionOrigin | None = None,
    ) -> None:
        graph = check_is(graph_def, GraphDefinition, "`graph_def`", "a graph")
        name = valid_node_name("job", check_text(name, "`name` of a job") or graph.name)
        owner = f"job `{name}`"
        checked_config = checked_job_config(config, owner)
        loggers = check_mapping(
            logger_defs, f"`logger_defs` of {owner}", LoggerDefinition, "a LoggerDefinition"
        )
        set_field = object.__setattr__
        set_field(self, "name", name)
        set_field(self, "graph", graph)
        set_field(self, "resource_defs", bound_resources(resource_defs, owner))
        set_field(self, "executor_def", _checked_executor(executor_def, owner))
        set_field(self, "logger_defs", None if logger_defs is None else loggers)
        set_field(self, "config", checked_config)
        set_field(
            self, "description", check_text(description, f"`description` of {owner}") or graph.description
        )
        set_field(self, "partitions_def", checked_partitions(partitions_def, checked_config, owner))
        set_field(self, "tags", {**graph.tags, **normalise_tags(tags, owner)})
        set_field(self, "metadata", normalise_metadata(metadata))
        set_field(
            self, "hook_defs", check_set(hook_defs, f"`hook_defs` of {owner}", HookDefinition, "a hook")
        )
        set_field(self, "op_retry_policy", _checked_policy(op_retry_policy, owner))
        set_field(self, "version_strategy", _checked_strategy(version_strategy, owner))
        set_field(self, "input_values", checked_input_values(input_values, graph, owner))
        set_field(self, "origin", _checked_origin(origin, owner))
        set_field(self, "selections", {})
        check_resources(self)
        check_inputs_can_be_fed(self)
        check_default_config(self)

    def __repr__(self) -> str:
        return f"JobDefinition({self.name})"

    def __call__(self, *_arguments: object, **_named: object) -> NoReturn:
        """Refuse: a job is run, not invoked.

        Errors: `InvariantViolationError`.
        """
        raise InvariantViolationError(
            f"job `{self.name}` was called like a function; run it with `execute_in_process()` or "
            "`execute_job`; to use its ops inside another job, make it a graph"
        )

    @property
    def has_default_io_manager(self) -> bool:
        """Tell whether `io_manager` was not given: a run in this process then keeps values in memory."""
        return is_default_io_manager(self.resource_defs["io_manager"])

    @property
    def is_memoised(self) -> bool:
        """Tell whether runs of the job leave out steps whose outputs are stored already (SEMANTICS 18)."""
        return memoises(self.version_strategy, self.tags)

    @property
    def run_config_schema(self) -> Shape:
        """Return the shape that a run config of the standard layout must have."""
        return run_config_shape(self, frozenset(self.input_values))

    def with_hooks(self, hook_defs: AbstractSet[HookDefinition]) -> JobDefinition:
        """Return the same job with these hooks besides its own; nothing else changes.

        Where the job comes from a spec, it is no longer what the spec says: its `origin` is gone.
        """
        added = check_set(hook_defs, f"`hook_defs` of job `{self.name}`", HookDefinition, "a hook")
        origin = None if isinstance(self.origin, JobOrigin) else self.origin
        made = changed(self, hook_defs=self.hook_defs | added, origin=origin)
        check_resources(made)
        return made

    def execute_in_process(
        self,
        run_config: Mapping[str, object] | RunConfig | None = None,
        instance: Any = None,
        partition_key: str | None = None,
        raise_on_error: bool = True,
        op_selection: Sequence[str] | None = None,
        asset_selection: Sequence[AssetKey] | None = None,
        run_id: str | None = None,
        input_values: Mapping[str, object] | None = None,
        resources: Mapping[str, object] | None = None,
        tags: Mapping[str, object] | None = None,
    ) -> ExecuteInProcessResult:
        """Run the job in this process, whatever executor it names; see `has_default_io_manager`.

        `input_values` come before those of the job; `resources` replace those of the job and may be plain
        objects.
        Errors: those of config, selection and definition always; those of ops if `raise_on_error`.
        """
        result: ExecuteInProcessResult = import_module(EXECUTION).execute_in_process(
            self,
            run_config=run_config,
            instance=instance,
            partition_key=partition_key,
            raise_on_error=raise_on_error,
            op_selection=op_selection,
            asset_selection=asset_selection,
            run_id=run_id,
            input_values=input_values,
            resources=resources,
            tags=tags,
        )
        return result


def _checked_executor(executor: object, owner: str) -> ExecutorDefinition | None:
    return check_optional(executor, ExecutorDefinition, f"`executor_def` of {owner}", "an ExecutorDefinition")


def _checked_policy(policy: object, owner: str) -> RetryPolicy | None:
    return check_optional(policy, RetryPolicy, f"`op_retry_policy` of {owner}", "a RetryPolicy")


def _checked_strategy(strategy: object, owner: str) -> VersionStrategy | None:
    if strategy is None or isinstance(strategy, VersionStrategy):
        return strategy
    raise ParameterCheckError(
        f"`version_strategy` of {owner} must be a VersionStrategy, not {describe(strategy)}"
    )


def _checked_origin(origin: object, owner: str) -> JobOrigin | FunctionOrigin | None:
    if origin is None or isinstance(origin, JobOrigin | FunctionOrigin):
        return origin
    raise ParameterCheckError(f"`origin` of {owner} must be a JobOrigin, not {describe(origin)}")


def selected(job: JobDefinition, op_selection: Sequence[str]) -> JobDefinition:
    """Return the job that holds what is selected and nothing else.

    The selection language lies above the definitions and is imported when it is used.
    Errors: `InvalidSubsetError`.
    """
    chosen: JobDefinition = import_module(SELECTION).selected_job(job, op_selection)
    return chosen
