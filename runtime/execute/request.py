"""What is asked of a run, settled before anything of it exists: job, config, values, tags, id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.definitions.checks import check_is, check_mapping
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.partitioning import PartitionedConfig
from jobc.runtime.definitions.run_config import ResolvedConfig, resolve_run_config, written_config
from jobc.runtime.definitions.run_config_schema import ANYTHING
from jobc.runtime.definitions.tags import normalise_tags
from jobc.runtime.errors import CheckError, ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.runtime.config import Field, RunConfig
    from jobc.runtime.definitions.assets import AssetKey
    from jobc.runtime.execute.state import StepInstance, StepStatus
    from jobc.runtime.storage.instance import Instance

PARTITION_SET_TAG = "jobc/partition_set"


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """What a run takes over from the one that it runs again (SEMANTICS 20).

    `selected` are the instances of steps to run; a mapped step without a key stands for whatever instances it
    will have. `statuses` are of the others, `presence` holds marks for their outputs, by slot, as slots hold
    values; `origins` says which run stored them.
    """

    parent_run_id: str
    root_run_id: str
    selected: frozenset[StepInstance]
    statuses: Mapping[StepInstance, StepStatus]
    presence: Mapping[int, object]
    origins: Mapping[StepInstance, str]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run that can start: `job` is the one to run, selected and with its resources replaced.

    With `stores_values` even the default IO manager stores values, so that they outlive the process.
    `command` goes into the record of the run as it is.
    """

    job: JobDefinition
    run_id: str
    run_config: Mapping[str, object]
    config: ResolvedConfig
    tags: Mapping[str, str]
    stores_values: bool = False
    earlier: EarlierRun | None = None
    command: str | None = None


def prepared_request(
    job: JobDefinition,
    *,
    run_config: Mapping[str, object] | RunConfig | None = None,
    partition_key: str | None = None,
    op_selection: Sequence[str] | None = None,
    asset_selection: Sequence[AssetKey] | None = None,
    run_id: str | None = None,
    input_values: Mapping[str, object] | None = None,
    resources: Mapping[str, object] | None = None,
    tags: Mapping[str, object] | None = None,
    instance: Instance | None = None,
    execution: Field = ANYTHING,
) -> RunRequest:
    """Check everything that was asked for and resolve the config.

    `execution` is the field of `execution.config`, anything by default. Only dynamic partitions, whose keys
    an instance holds, need the instance.
    Errors: those of config, selection, partitions and definition; `ParameterCheckError` for an empty run id.
    """
    if op_selection is not None or asset_selection is not None:
        from jobc.runtime.selection import selected_job

        job = selected_job(job, op_selection, asset_selection)
    replaced = check_mapping(resources, f"`resources` for job `{job.name}`", object, "an object")
    if replaced:
        job = _with_resources(job, replaced)
    written = written_config(run_config, f"job `{job.name}`")
    given, partition_tags = _partition(job, written, partition_key or None, instance)
    config = resolve_run_config(job, given, input_values=input_values, execution=execution)
    run_tags = normalise_tags(tags, f"the run of job `{job.name}`")
    return RunRequest(job, _checked_id(run_id), given, config, {**job.tags, **run_tags, **partition_tags})


def _checked_id(run_id: str | None) -> str:
    if run_id is None:
        from uuid import uuid4

        return str(uuid4())
    if not check_is(run_id, str, "`run_id`", "text"):
        raise ParameterCheckError("`run_id` must not be empty; leave it out to get one")
    return run_id


def _with_resources(job: JobDefinition, resources: Mapping[str, object]) -> JobDefinition:
    """Return the job with some resources replaced; plain objects stand for themselves."""
    kept = {
        key: resource
        for key, resource in job.resource_defs.items()
        if not (key == "io_manager" and job.has_default_io_manager)
    }
    made = JobDefinition(
        graph_def=job.graph,
        resource_defs={**kept, **resources},
        executor_def=job.executor_def,
        logger_defs=job.logger_defs,
        name=job.name,
        config=job.config,
        description=job.description,
        partitions_def=job.partitions_def,
        tags=job.tags,
        metadata=job.metadata,
        hook_defs=job.hook_defs,
        op_retry_policy=job.op_retry_policy,
        version_strategy=job.version_strategy,
        input_values=job.input_values,
        origin=job.origin,
    )
    return changed(made, selections=job.selections)


def _partition(
    job: JobDefinition, run_config: Mapping[str, object], key: str | None, instance: Instance | None
) -> tuple[Mapping[str, object], dict[str, str]]:
    """Return the run config and the tags of a run for a partition; without a key nothing applies."""
    if key is None:
        return run_config, {}
    if job.partitions_def is None:
        raise CheckError(f"job `{job.name}` has no partitions, so it cannot be run for the partition `{key}`")
    job.partitions_def.validate_partition_key(key, dynamic_partitions_store=instance)
    named = job.partitions_def.get_tags_for_partition_key(key)
    tags = {**named, PARTITION_SET_TAG: f"{job.name}_partition_set"}
    if isinstance(job.config, PartitionedConfig):
        tags = {**job.config.get_tags_for_partition_key(key), **tags}
        if not run_config:
            run_config = job.config.get_run_config_for_partition_key(key, dynamic_partitions_store=instance)
    return run_config, tags
