"""What definitions need to know of partitions; the partitions themselves implement it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@runtime_checkable
class PartitionsDefinition(Protocol):
    """A set of partition keys that a job can be run for."""

    def get_partition_keys(self) -> Sequence[str]:
        """Return all keys, in order."""
        ...

    def validate_partition_key(
        self, partition_key: str, current_time: datetime | None = None, dynamic_partitions_store: Any = None
    ) -> None:
        """Raise `UnknownPartitionError` unless a text is one of the keys; the store is an instance."""
        ...

    def canonical_partition_key(self, partition_key: str) -> str:
        """Return a key as ops get it."""
        ...

    def time_window_for_partition_key(self, partition_key: str) -> Any:
        """Return the window of time that a key stands for; `ParameterCheckError` where it stands for none."""
        ...

    def get_tags_for_partition_key(self, partition_key: str) -> Mapping[str, str]:
        """Return the tags that name a partition on a run, `jobc/partition` among them."""
        ...


@runtime_checkable
class PartitionedConfig(Protocol):
    """Run config that depends on the partition key; carries its own partitions."""

    @property
    def partitions_def(self) -> PartitionsDefinition:
        """Return the partitions the config is for."""
        ...

    def get_run_config_for_partition_key(
        self, partition_key: str, current_time: datetime | None = None, dynamic_partitions_store: Any = None
    ) -> Mapping[str, object]:
        """Return the run config of one partition, fresh on every call."""
        ...

    def get_tags_for_partition_key(self, partition_key: str) -> Mapping[str, str]:
        """Return the tags that a run of the partition has."""
        ...
