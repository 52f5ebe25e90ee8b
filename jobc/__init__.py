"""jobc: a compiler for jobs.

Importing this package imports nothing else: every public name is loaded when it is first used.
"""

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from jobc.compiler.pipeline import CompileError, load
    from jobc.compiler.pipeline import compile_spec as compile  # noqa: A004 - it is `jobc.compile`
    from jobc.runtime.config import (
        Array,
        BoolSource,
        Config,
        Enum,
        EnumValue,
        EnvVar,
        Field,
        IntSource,
        InvalidConfigError,
        Map,
        Noneable,
        Permissive,
        PermissiveConfig,
        RunConfig,
        ScalarUnion,
        Secret,
        SecretText,
        Selector,
        Shape,
        StringSource,
    )
    from jobc.runtime.definitions.assets import AssetKey
    from jobc.runtime.definitions.builtin_io import fs_io_manager, mem_io_manager
    from jobc.runtime.definitions.config_mapping import ConfigMapping, config_mapping
    from jobc.runtime.definitions.configured import configured
    from jobc.runtime.definitions.dependency import (
        DependencyDefinition,
        DynamicCollectDependencyDefinition,
        InputMapping,
        MultiDependencyDefinition,
        NodeInvocation,
        OutputMapping,
    )
    from jobc.runtime.definitions.executor import ExecutorDefinition, executor
    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.graph_decorator import graph, job
    from jobc.runtime.definitions.hook import HookDefinition, event_list_hook, failure_hook, success_hook
    from jobc.runtime.definitions.io_manager import (
        InputManager,
        IOManager,
        IOManagerDefinition,
        MemoizableIOManager,
        io_manager,
    )
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.loading import type_loader
    from jobc.runtime.definitions.logger import LoggerDefinition, logger
    from jobc.runtime.definitions.metadata import MetadataValue
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.op_decorator import op
    from jobc.runtime.definitions.policies import Backoff, Failure, Jitter, RetryPolicy, RetryRequested
    from jobc.runtime.definitions.ports import DynamicOut, GraphIn, GraphOut, In, Out
    from jobc.runtime.definitions.resource import ResourceDefinition, resource
    from jobc.runtime.definitions.source_version import SourceHashVersionStrategy
    from jobc.runtime.definitions.types import Nothing, TypeCheck, usable_as_jobc_type
    from jobc.runtime.definitions.values import (
        SKIP,
        AssetMaterialization,
        AssetObservation,
        DynamicOutput,
        ExpectationResult,
        Output,
    )
    from jobc.runtime.definitions.versioning import VersionStrategy
    from jobc.runtime.errors import (
        CheckError,
        ConfigMappingFunctionError,
        ExecutionHandleOutputError,
        ExecutionLoadInputError,
        ExecutionStepExecutionError,
        ExecutionStepNotFoundError,
        InstanceBusyError,
        InstanceCorruptError,
        InstanceError,
        InstanceNewerError,
        InstanceReadOnlyError,
        InvalidConfigDefinitionError,
        InvalidDefinitionError,
        InvalidInvocationError,
        InvalidMetadata,
        InvalidSubsetError,
        InvariantViolationError,
        JobcError,
        MaxRetriesExceededError,
        ParameterCheckError,
        ResourceFunctionError,
        RunAlreadyExists,
        StepOutputNotFoundError,
        StepTimeoutError,
        SubprocessError,
        TypeCheckDidNotPass,
        TypeCheckError,
        UnknownPartitionError,
        UnknownResourceError,
        UnmetExecutorRequirementsError,
    )
    from jobc.runtime.execute.direct import build_init_resource_context, build_op_context, build_resources
    from jobc.runtime.execute.result import ExecuteInProcessResult
    from jobc.runtime.executors.builtin import (
        dask_executor,
        in_process_executor,
        multi_or_in_process_executor,
        multiprocess_executor,
    )
    from jobc.runtime.executors.job_run import execute_job
    from jobc.runtime.executors.protocol import InitExecutorContext
    from jobc.runtime.executors.reexecution import ReexecutionOptions
    from jobc.runtime.executors.result import JobExecutionResult
    from jobc.runtime.op_kinds.plug_ins import OpKind
    from jobc.runtime.partitions import (
        DailyPartitionsDefinition,
        DynamicPartitionsDefinition,
        HourlyPartitionsDefinition,
        MonthlyPartitionsDefinition,
        MultiPartitionKey,
        MultiPartitionsDefinition,
        Partition,
        PartitionedConfig,
        PartitionKeyRange,
        PartitionsDefinition,
        ScheduleType,
        StaticPartitionsDefinition,
        TimeWindow,
        TimeWindowPartitionsDefinition,
        WeeklyPartitionsDefinition,
        daily_partitioned_config,
        dynamic_partitioned_config,
        hourly_partitioned_config,
        monthly_partitioned_config,
        static_partitioned_config,
        weekly_partitioned_config,
    )
    from jobc.runtime.reconstruct import ReconstructableJob, build_reconstructable_job, reconstructable
    from jobc.runtime.storage.events import Event, EventKind
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run, RunStatus
    from jobc.schemas.diagnostics import Diagnostic
    from jobc.schemas.ir import CompiledSpec

__version__ = "0.1.0"

__all__ = [
    "SKIP",
    "Array",
    "AssetKey",
    "AssetMaterialization",
    "AssetObservation",
    "Backoff",
    "BoolSource",
    "CheckError",
    "CompileError",
    "CompiledSpec",
    "Config",
    "ConfigMapping",
    "ConfigMappingFunctionError",
    "DailyPartitionsDefinition",
    "DependencyDefinition",
    "Diagnostic",
    "DynamicCollectDependencyDefinition",
    "DynamicOut",
    "DynamicOutput",
    "DynamicPartitionsDefinition",
    "Enum",
    "EnumValue",
    "EnvVar",
    "Event",
    "EventKind",
    "ExecuteInProcessResult",
    "ExecutionHandleOutputError",
    "ExecutionLoadInputError",
    "ExecutionStepExecutionError",
    "ExecutionStepNotFoundError",
    "ExecutorDefinition",
    "ExpectationResult",
    "Failure",
    "Field",
    "GraphDefinition",
    "GraphIn",
    "GraphOut",
    "HookDefinition",
    "HourlyPartitionsDefinition",
    "IOManager",
    "IOManagerDefinition",
    "In",
    "InitExecutorContext",
    "InputManager",
    "InputMapping",
    "Instance",
    "InstanceBusyError",
    "InstanceCorruptError",
    "InstanceError",
    "InstanceNewerError",
    "InstanceReadOnlyError",
    "IntSource",
    "InvalidConfigDefinitionError",
    "InvalidConfigError",
    "InvalidDefinitionError",
    "InvalidInvocationError",
    "InvalidMetadata",
    "InvalidSubsetError",
    "InvariantViolationError",
    "Jitter",
    "JobDefinition",
    "JobExecutionResult",
    "JobcError",
    "LoggerDefinition",
    "Map",
    "MaxRetriesExceededError",
    "MemoizableIOManager",
    "MetadataValue",
    "MonthlyPartitionsDefinition",
    "MultiDependencyDefinition",
    "MultiPartitionKey",
    "MultiPartitionsDefinition",
    "NodeInvocation",
    "Noneable",
    "Nothing",
    "OpDefinition",
    "OpKind",
    "Out",
    "Output",
    "OutputMapping",
    "ParameterCheckError",
    "Partition",
    "PartitionKeyRange",
    "PartitionedConfig",
    "PartitionsDefinition",
    "Permissive",
    "PermissiveConfig",
    "ReconstructableJob",
    "ReexecutionOptions",
    "ResourceDefinition",
    "ResourceFunctionError",
    "RetryPolicy",
    "RetryRequested",
    "Run",
    "RunAlreadyExists",
    "RunConfig",
    "RunStatus",
    "ScalarUnion",
    "ScheduleType",
    "Secret",
    "SecretText",
    "Selector",
    "Shape",
    "SourceHashVersionStrategy",
    "StaticPartitionsDefinition",
    "StepOutputNotFoundError",
    "StepTimeoutError",
    "StringSource",
    "SubprocessError",
    "TimeWindow",
    "TimeWindowPartitionsDefinition",
    "TypeCheck",
    "TypeCheckDidNotPass",
    "TypeCheckError",
    "UnknownPartitionError",
    "UnknownResourceError",
    "UnmetExecutorRequirementsError",
    "VersionStrategy",
    "WeeklyPartitionsDefinition",
    "__version__",
    "build_init_resource_context",
    "build_op_context",
    "build_reconstructable_job",
    "build_resources",
    "compile",
    "config_mapping",
    "configured",
    "daily_partitioned_config",
    "dask_executor",
    "dynamic_partitioned_config",
    "event_list_hook",
    "execute_job",
    "executor",
    "failure_hook",
    "fs_io_manager",
    "graph",
    "hourly_partitioned_config",
    "in_process_executor",
    "io_manager",
    "job",
    "load",
    "logger",
    "mem_io_manager",
    "monthly_partitioned_config",
    "multi_or_in_process_executor",
    "multiprocess_executor",
    "op",
    "reconstructable",
    "resource",
    "static_partitioned_config",
    "success_hook",
    "type_loader",
    "usable_as_jobc_type",
    "validate",
    "weekly_partitioned_config",
]

# Public name -> the module it is loaded from, and its name there when that is another one.
_HOMES = {
    "Array": "jobc.runtime.config",
    "AssetKey": "jobc.runtime.definitions.assets",
    "AssetMaterialization": "jobc.runtime.definitions.values",
    "AssetObservation": "jobc.runtime.definitions.values",
    "Backoff": "jobc.runtime.definitions.policies",
    "BoolSource": "jobc.runtime.config",
    "CheckError": "jobc.runtime.errors",
    "CompileError": "jobc.compiler.pipeline",
    "CompiledSpec": "jobc.schemas.ir",
    "Config": "jobc.runtime.config",
    "ConfigMapping": "jobc.runtime.definitions.config_mapping",
    "ConfigMappingFunctionError": "jobc.runtime.errors",
    "DailyPartitionsDefinition": "jobc.runtime.partitions",
    "DependencyDefinition": "jobc.runtime.definitions.dependency",
    "Diagnostic": "jobc.schemas.diagnostics",
    "DynamicCollectDependencyDefinition": "jobc.runtime.definitions.dependency",
    "DynamicOut": "jobc.runtime.definitions.ports",
    "DynamicOutput": "jobc.runtime.definitions.values",
    "DynamicPartitionsDefinition": "jobc.runtime.partitions",
    "Enum": "jobc.runtime.config",
    "EnumValue": "jobc.runtime.config",
    "EnvVar": "jobc.runtime.config",
    "Event": "jobc.runtime.storage.events",
    "EventKind": "jobc.runtime.storage.events",
    "ExecuteInProcessResult": "jobc.runtime.execute.result",
    "ExecutionHandleOutputError": "jobc.runtime.errors",
    "ExecutionLoadInputError": "jobc.runtime.errors",
    "ExecutionStepExecutionError": "jobc.runtime.errors",
    "ExecutionStepNotFoundError": "jobc.runtime.errors",
    "ExecutorDefinition": "jobc.runtime.definitions.executor",
    "ExpectationResult": "jobc.runtime.definitions.values",
    "Failure": "jobc.runtime.definitions.policies",
    "Field": "jobc.runtime.config",
    "GraphDefinition": "jobc.runtime.definitions.graph",
    "GraphIn": "jobc.runtime.definitions.ports",
    "GraphOut": "jobc.runtime.definitions.ports",
    "HookDefinition": "jobc.runtime.definitions.hook",
    "HourlyPartitionsDefinition": "jobc.runtime.partitions",
    "IOManager": "jobc.runtime.definitions.io_manager",
    "IOManagerDefinition": "jobc.runtime.definitions.io_manager",
    "In": "jobc.runtime.definitions.ports",
    "InitExecutorContext": "jobc.runtime.executors.protocol",
    "InputManager": "jobc.runtime.definitions.io_manager",
    "InputMapping": "jobc.runtime.definitions.dependency",
    "Instance": "jobc.runtime.storage.instance",
    "IntSource": "jobc.runtime.config",
    "InvalidConfigDefinitionError": "jobc.runtime.errors",
    "InvalidConfigError": "jobc.runtime.config",
    "InvalidDefinitionError": "jobc.runtime.errors",
    "InvalidInvocationError": "jobc.runtime.errors",
    "InvalidMetadata": "jobc.runtime.errors",
    "InstanceBusyError": "jobc.runtime.errors",
    "InstanceCorruptError": "jobc.runtime.errors",
    "InstanceError": "jobc.runtime.errors",
    "InstanceNewerError": "jobc.runtime.errors",
    "InstanceReadOnlyError": "jobc.runtime.errors",
    "InvalidSubsetError": "jobc.runtime.errors",
    "InvariantViolationError": "jobc.runtime.errors",
    "Jitter": "jobc.runtime.definitions.policies",
    "JobDefinition": "jobc.runtime.definitions.job",
    "JobExecutionResult": "jobc.runtime.executors.result",
    "JobcError": "jobc.runtime.errors",
    "LoggerDefinition": "jobc.runtime.definitions.logger",
    "Map": "jobc.runtime.config",
    "MaxRetriesExceededError": "jobc.runtime.errors",
    "MemoizableIOManager": "jobc.runtime.definitions.io_manager",
    "MetadataValue": "jobc.runtime.definitions.metadata",
    "MonthlyPartitionsDefinition": "jobc.runtime.partitions",
    "MultiDependencyDefinition": "jobc.runtime.definitions.dependency",
    "MultiPartitionKey": "jobc.runtime.partitions",
    "MultiPartitionsDefinition": "jobc.runtime.partitions",
    "NodeInvocation": "jobc.runtime.definitions.dependency",
    "Noneable": "jobc.runtime.config",
    "Nothing": "jobc.runtime.definitions.types",
    "OpDefinition": "jobc.runtime.definitions.op",
    "OpKind": "jobc.runtime.op_kinds.plug_ins",
    "Out": "jobc.runtime.definitions.ports",
    "Output": "jobc.runtime.definitions.values",
    "OutputMapping": "jobc.runtime.definitions.dependency",
    "ParameterCheckError": "jobc.runtime.errors",
    "Partition": "jobc.runtime.partitions",
    "PartitionKeyRange": "jobc.runtime.partitions",
    "PartitionedConfig": "jobc.runtime.partitions",
    "PartitionsDefinition": "jobc.runtime.partitions",
    "Permissive": "jobc.runtime.config",
    "PermissiveConfig": "jobc.runtime.config",
    "ReconstructableJob": "jobc.runtime.reconstruct",
    "ReexecutionOptions": "jobc.runtime.executors.reexecution",
    "ResourceDefinition": "jobc.runtime.definitions.resource",
    "ResourceFunctionError": "jobc.runtime.errors",
    "RetryPolicy": "jobc.runtime.definitions.policies",
    "RetryRequested": "jobc.runtime.definitions.policies",
    "Run": "jobc.runtime.storage.runs",
    "RunAlreadyExists": "jobc.runtime.errors",
    "RunConfig": "jobc.runtime.config",
    "RunStatus": "jobc.runtime.storage.runs",
    "SKIP": "jobc.runtime.definitions.values",
    "ScalarUnion": "jobc.runtime.config",
    "ScheduleType": "jobc.runtime.partitions",
    "Secret": "jobc.runtime.config",
    "SecretText": "jobc.runtime.config",
    "Selector": "jobc.runtime.config",
    "Shape": "jobc.runtime.config",
    "SourceHashVersionStrategy": "jobc.runtime.definitions.source_version",
    "StaticPartitionsDefinition": "jobc.runtime.partitions",
    "StepOutputNotFoundError": "jobc.runtime.errors",
    "StepTimeoutError": "jobc.runtime.errors",
    "StringSource": "jobc.runtime.config",
    "SubprocessError": "jobc.runtime.errors",
    "TimeWindow": "jobc.runtime.partitions",
    "TimeWindowPartitionsDefinition": "jobc.runtime.partitions",
    "TypeCheck": "jobc.runtime.definitions.types",
    "TypeCheckDidNotPass": "jobc.runtime.errors",
    "TypeCheckError": "jobc.runtime.errors",
    "UnknownPartitionError": "jobc.runtime.errors",
    "UnknownResourceError": "jobc.runtime.errors",
    "UnmetExecutorRequirementsError": "jobc.runtime.errors",
    "VersionStrategy": "jobc.runtime.definitions.versioning",
    "WeeklyPartitionsDefinition": "jobc.runtime.partitions",
    "build_init_resource_context": "jobc.runtime.execute.direct",
    "build_op_context": "jobc.runtime.execute.direct",
    "build_reconstructable_job": "jobc.runtime.reconstruct",
    "build_resources": "jobc.runtime.execute.direct",
    "compile": "jobc.compiler.pipeline:compile_spec",
    "config_mapping": "jobc.runtime.definitions.config_mapping",
    "configured": "jobc.runtime.definitions.configured",
    "daily_partitioned_config": "jobc.runtime.partitions",
    "dask_executor": "jobc.runtime.executors.builtin",
    "dynamic_partitioned_config": "jobc.runtime.partitions",
    "event_list_hook": "jobc.runtime.definitions.hook",
    "execute_job": "jobc.runtime.executors.job_run",
    "executor": "jobc.runtime.definitions.executor",
    "failure_hook": "jobc.runtime.definitions.hook",
    "fs_io_manager": "jobc.runtime.definitions.builtin_io",
    "graph": "jobc.runtime.definitions.graph_decorator",
    "hourly_partitioned_config": "jobc.runtime.partitions",
    "in_process_executor": "jobc.runtime.executors.builtin",
    "io_manager": "jobc.runtime.definitions.io_manager",
    "job": "jobc.runtime.definitions.graph_decorator",
    "load": "jobc.compiler.pipeline",
    "logger": "jobc.runtime.definitions.logger",
    "mem_io_manager": "jobc.runtime.definitions.builtin_io",
    "monthly_partitioned_config": "jobc.runtime.partitions",
    "multi_or_in_process_executor": "jobc.runtime.executors.builtin",
    "multiprocess_executor": "jobc.runtime.executors.builtin",
    "op": "jobc.runtime.definitions.op_decorator",
    "reconstructable": "jobc.runtime.reconstruct",
    "resource": "jobc.runtime.definitions.resource",
    "static_partitioned_config": "jobc.runtime.partitions",
    "success_hook": "jobc.runtime.definitions.hook",
    "type_loader": "jobc.runtime.definitions.loading",
    "usable_as_jobc_type": "jobc.runtime.definitions.types",
    "weekly_partitioned_config": "jobc.runtime.partitions",
}


def validate(
    paths: "str | PathLike[str] | Sequence[str | PathLike[str]]", profile: "str | None" = None
) -> "list[Diagnostic]":
    """Check spec files and folders of them and return every mistake, in order of file and position.

    One path may be given alone. Without a profile, each file is checked by itself and with each of its
    profiles. No user code is imported and nothing is raised for a user's mistake; the list is empty for clean
    specs.
    """
    from os import PathLike

    from jobc.compiler.validation import validate as check

    given = [paths] if isinstance(paths, str | PathLike) else paths
    return list(check(given, profile=profile).diagnostics)


if not TYPE_CHECKING:  # a type checker that saw this function would believe that every name exists

    def __getattr__(name: str) -> object:
        """Load a public name (PEP 562)."""
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(
                f"module `jobc` has no attribute `{name}`", name=name, obj=__import__(__name__)
            )
        from importlib import import_module

        module, _, attribute = home.partition(":")
        value = getattr(import_module(module), attribute or name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """List the public names, loaded or not."""
        return sorted({*globals(), *__all__})
