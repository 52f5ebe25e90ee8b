"""Partitions whose keys come and go: held by an instance, or told by a function (SEMANTICS 16)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from jobc.runtime.errors import CheckError, InvalidDefinitionError, ParameterCheckError
from jobc.runtime.partition_keys import checked_keys
from jobc.runtime.partitions.definition import PartitionsDefinition, checked_key
from jobc.runtime.partitions.unknown import near_keys
from jobc.runtime.partitions.windows import Partition
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from jobc.runtime.partitions.definition import DynamicPartitionsStore

PartitionFunction = Callable[["datetime | None"], Sequence[str] | Sequence[Partition]]


@dataclass(frozen=True, slots=True)
class DynamicPartitionsDefinition(PartitionsDefinition):
    """Keys that an instance holds under a name, or that a function of the current time returns.

    Errors: `InvalidDefinitionError` for neither and for both, `ParameterCheckError` for a name that is not
    text or a function that cannot be called. Asking for keys by name without a store is a `CheckError`.
    """

    partition_fn: PartitionFunction | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        if self.name is not None and not isinstance(self.name, str):
            raise ParameterCheckError(f"`name` of dynamic partitions must be text, not {self.name!r}")
        if self.partition_fn is not None and not callable(self.partition_fn):
            raise ParameterCheckError(
                f"`partition_fn` of dynamic partitions must be a function, not {self.partition_fn!r}"
            )
        if (self.partition_fn is None) == (not self.name):
            raise InvalidDefinitionError(
                "dynamic partitions have either a `name`, under which an instance holds their keys, or a "
                "`partition_fn` that returns them"
            )

    def get_partition_keys(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[str]:
        """Return all keys, in the order they were added or the function gives; may be empty."""
        if self.partition_fn is not None:
            keys = [
                key.name if isinstance(key, Partition) else key for key in self.partition_fn(current_time)
            ]
            return list(checked_keys(keys, f"what the partition function of {self} returns"))
        assert self.name is not None
        return list(self._store(dynamic_partitions_store).get_dynamic_partitions(self.name))

    def has_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> bool:
        """Tell whether a text is one of the keys; a store is asked for this key alone."""
        if self.name is None:
            return checked_key(partition_key) in self.get_partition_keys(current_time)
        store = self._store(dynamic_partitions_store)
        return store.has_dynamic_partition(self.name, checked_key(partition_key))

    def near_partition_keys(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[str]:
        """Return a few keys that a text may have been meant for, nearest first; may be empty."""
        return near_keys(partition_key, self.get_partition_keys(current_time, dynamic_partitions_store))

    def _store(self, store: DynamicPartitionsStore | None) -> DynamicPartitionsStore:
        if store is None:
            raise CheckError(f"{self} has its keys in an instance, and none was given")
        return store

    def __str__(self) -> str:
        if self.name is not None:
            return f"the dynamic partitions `{self.name}`"
        return f"the dynamic partitions of `{getattr(self.partition_fn, '__name__', 'a function')}`"
