"""What a run for a partition gets from its key: config and tags (SEMANTICS 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.partitions.partitioned_config import PARTITION_SET_TAG, PartitionedConfig
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from jobc.runtime.partitions.definition import DynamicPartitionsStore, PartitionsDefinition


@dataclass(frozen=True, slots=True)
class PartitionedRun:
    """The config of a run for a partition, empty where no config depends on it, and its tags."""

    run_config: Mapping[str, object]
    tags: Mapping[str, str]


def partitioned_run(
    job_name: str,
    partitions: PartitionsDefinition | PartitionedConfig,
    partition_key: str,
    current_time: datetime | None = None,
    dynamic_partitions_store: DynamicPartitionsStore | None = None,
) -> PartitionedRun:
    """Map a key to the config and the tags of a run.

    The tags are `jobc/partition`, `jobc/partition_set` and for dimensions `jobc/partition/<name>`. They come
    above those of the job and of the run; among them, those that name the partition come above those of the
    tags function. Config given at execution replaces the mapped one. Errors: `UnknownPartitionError` for a
    key that the definition does not have; what the functions raise passes through.
    """
    if isinstance(partitions, PartitionedConfig):
        config = partitions.get_run_config_for_partition_key(
            partition_key, current_time, dynamic_partitions_store
        )
        return PartitionedRun(config, partitions.get_tags_for_partition_key(partition_key, job_name))
    partitions.validate_partition_key(partition_key, current_time, dynamic_partitions_store)
    return PartitionedRun({}, partition_tags(job_name, partitions, partition_key))


def partition_tags(job_name: str, partitions_def: PartitionsDefinition, partition_key: str) -> dict[str, str]:
    """Return the tags that name a partition on a run of a job, without looking whether it exists."""
    named = partitions_def.get_tags_for_partition_key(partition_key)
    return {**named, PARTITION_SET_TAG: f"{job_name}_partition_set"}
