"""Partitions that are written down (SEMANTICS 16)."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jobc.runtime.errors import InvalidDefinitionError
from jobc.runtime.partition_keys import checked_keys
from jobc.runtime.partitions.definition import PartitionsDefinition, check_index, checked_key
from jobc.runtime.partitions.unknown import near_keys
from jobc.schemas.names import listing
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from jobc.runtime.partitions.definition import DynamicPartitionsStore


@dataclass(frozen=True, slots=True, init=False)
class StaticPartitionsDefinition(PartitionsDefinition):
    """A list of keys, in its order; it may be empty.

    Errors: `ParameterCheckError` for what is no list of texts, `InvalidDefinitionError` for a key that is
    there twice or holds `...` or a control character.
    """

    partition_keys: tuple[str, ...]
    _places: dict[str, int] = field(compare=False, repr=False)

    def __init__(self, partition_keys: Sequence[str]) -> None:
        """Take the keys as they are."""
        keys = checked_keys(partition_keys, "`partition_keys`")
        object.__setattr__(self, "partition_keys", keys)
        object.__setattr__(self, "_places", dict(zip(keys, range(len(keys)), strict=True)))
        if len(self._places) < len(keys):
            twice = dict.fromkeys(key for place, key in enumerate(keys) if self._places[key] != place)
            raise InvalidDefinitionError(
                f"each partition key must be there once, but {listing(twice)} is not"
            )

    def get_partition_keys(
        self,
        current_time: datetime | None = None,  # noqa: ARG002 - the keys are always the same
        dynamic_partitions_store: DynamicPartitionsStore | None = None,  # noqa: ARG002
    ) -> Sequence[str]:
        """Return all keys, in order; may be empty."""
        return list(self.partition_keys)

    def get_num_partitions(
        self,
        current_time: datetime | None = None,  # noqa: ARG002 - the keys are always the same
        dynamic_partitions_store: DynamicPartitionsStore | None = None,  # noqa: ARG002
    ) -> int:
        """Return how many keys there are."""
        return len(self.partition_keys)

    def has_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,  # noqa: ARG002 - the keys are always the same
        dynamic_partitions_store: DynamicPartitionsStore | None = None,  # noqa: ARG002
    ) -> bool:
        """Tell whether a text is one of the keys."""
        # What is no text is none of the keys either, so that only a miss needs the check.
        try:
            if partition_key in self._places:
                return True
        except TypeError:
            checked_key(partition_key)
            raise
        checked_key(partition_key)
        return False

    def get_partition_key_at(
        self,
        index: int,
        current_time: datetime | None = None,  # noqa: ARG002 - the keys are always the same
        dynamic_partitions_store: DynamicPartitionsStore | None = None,  # noqa: ARG002
    ) -> str:
        """Return the key at a place, counted from 0; `InvalidInvocationError` where there is none."""
        check_index(index, len(self.partition_keys), self)
        return self.partition_keys[index]

    def get_index_of_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> int:
        """Return the place of a key, counted from 0; `UnknownPartitionError` for no key."""
        self.validate_partition_key(partition_key, current_time, dynamic_partitions_store)
        return self._places[partition_key]

    def near_partition_keys(
        self,
        partition_key: str,
        current_time: datetime | None = None,  # noqa: ARG002 - the keys are always the same
        dynamic_partitions_store: DynamicPartitionsStore | None = None,  # noqa: ARG002
    ) -> Sequence[str]:
        """Return a few keys that a text may have been meant for, nearest first; may be empty."""
        return near_keys(partition_key, self.partition_keys)

    def __str__(self) -> str:
        return f"the {len(self.partition_keys)} static partitions"
