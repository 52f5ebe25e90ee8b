"""What all partitions definitions offer: keys in an order, and answers about them (SEMANTICS 16)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Protocol

from jobc.runtime.errors import InvalidInvocationError, ParameterCheckError
from jobc.runtime.partitions.unknown import unknown_partition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from jobc.runtime.partitions.windows import PartitionKeyRange, TimeWindow

PARTITION_TAG = "jobc/partition"


class DynamicPartitionsStore(Protocol):
    """Where the keys of dynamic partitions are held: an instance."""

    def get_dynamic_partitions(self, partitions_def_name: str) -> Sequence[str]:
        """Return the keys of a name, in the order they were added; empty for an unknown name."""
        ...

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Tell whether a key was added to a name."""
        ...


class PartitionsDefinition(ABC):
    """A set of partition keys in a fixed order; frozen, equal by value, picklable.

    `current_time` stands for now where the keys depend on it (by default it is now; without a zone it is
    taken in the definition's own), and `dynamic_partitions_store` holds the keys of dynamic partitions; each
    definition ignores what it has no use for. A key that is not text is a `ParameterCheckError` everywhere.
    """

    __slots__ = ()

    @abstractmethod
    def get_partition_keys(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[str]:
        """Return all keys, in order; may be empty."""

    def get_num_partitions(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> int:
        """Return how many keys there are."""
        return len(self.get_partition_keys(current_time, dynamic_partitions_store))

    @abstractmethod
    def has_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> bool:
        """Tell whether a text is, to the letter, one of the keys."""

    def get_partition_key_at(
        self,
        index: int,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> str:
        """Return the key at a place, counted from 0; `InvalidInvocationError` where there is none."""
        count = self.get_num_partitions(current_time, dynamic_partitions_store)
        check_index(index, count, self)
        return self.get_partition_keys(current_time, dynamic_partitions_store)[index]

    def get_index_of_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> int:
        """Return the place of a key, counted from 0; `UnknownPartitionError` for no key."""
        self.validate_partition_key(partition_key, current_time, dynamic_partitions_store)
        return self.get_partition_keys(current_time, dynamic_partitions_store).index(partition_key)

    def get_first_partition_key(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> str | None:
        """Return the first key, or None when there is none."""
        count = self.get_num_partitions(current_time, dynamic_partitions_store)
        return self.get_partition_key_at(0, current_time, dynamic_partitions_store) if count else None

    def get_last_partition_key(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> str | None:
        """Return the last key, or None when there is none."""
        count = self.get_num_partitions(current_time, dynamic_partitions_store)
        return self.get_partition_key_at(count - 1, current_time, dynamic_partitions_store) if count else None

    def get_next_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> str | None:
        """Return the key after a key, or None after the last; `UnknownPartitionError` for no key."""
        place = self.get_index_of_partition_key(partition_key, current_time, dynamic_partitions_store) + 1
        if place == self.get_num_partitions(current_time, dynamic_partitions_store):
            return None
        return self.get_partition_key_at(place, current_time, dynamic_partitions_store)

    def get_previous_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> str | None:
        """Return the key before a key, or None before the first; `UnknownPartitionError` for no key."""
        place = self.get_index_of_partition_key(partition_key, current_time, dynamic_partitions_store)
        if place == 0:
            return None
        return self.get_partition_key_at(place - 1, current_time, dynamic_partitions_store)

    def get_partition_keys_in_range(
        self,
        partition_key_range: PartitionKeyRange,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[str]:
        """Return the keys of a range, both ends included; empty when its end comes before its start.

        Errors: `InvalidInvocationError` that names the ends that are no keys.
        """
        ends = (partition_key_range.start, partition_key_range.end)
        missing = [
            end
            for end in dict.fromkeys(ends)
            if not self.has_partition_key(end, current_time, dynamic_partitions_store)
        ]
        if missing:
            raise bad_range(partition_key_range, missing, self)
        first, last = (
            self.get_index_of_partition_key(end, current_time, dynamic_partitions_store) for end in ends
        )
        return self.get_partition_keys(current_time, dynamic_partitions_store)[first : last + 1]

    def validate_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> None:
        """Raise `UnknownPartitionError` unless a text is one of the keys; it names the ends and near keys."""
        if not self.has_partition_key(partition_key, current_time, dynamic_partitions_store):
            raise unknown_partition(
                partition_key,
                str(self),
                self.get_first_partition_key(current_time, dynamic_partitions_store),
                self.get_last_partition_key(current_time, dynamic_partitions_store),
                self.near_partition_keys(partition_key, current_time, dynamic_partitions_store),
            )

    @abstractmethod
    def near_partition_keys(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[str]:
        """Return a few keys that a text may have been meant for, nearest first; may be empty."""

    def canonical_partition_key(self, partition_key: str) -> str:
        """Return a key as functions of the user get it; of two dimensions it is a `MultiPartitionKey`."""
        return partition_key

    def time_window_for_partition_key(self, partition_key: str) -> TimeWindow:
        """Return the window of time that a key stands for.

        Errors: `ParameterCheckError` where keys stand for no time.
        """
        raise ParameterCheckError(f"the key `{partition_key}` stands for no time: it is one of {self}")

    def get_tags_for_partition_key(self, partition_key: str) -> Mapping[str, str]:
        """Return the tags that name a partition on a run."""
        return {PARTITION_TAG: checked_key(partition_key)}


def checked_key(partition_key: object) -> str:
    """Return a key that is text; `ParameterCheckError` otherwise."""
    if not isinstance(partition_key, str):
        raise ParameterCheckError(f"a partition key must be text, not {partition_key!r}")
    return partition_key


def check_index(index: int, count: int, definition: PartitionsDefinition) -> None:
    """Raise `InvalidInvocationError` unless an index counts one of the keys."""
    if not 0 <= index < count:
        raise InvalidInvocationError(
            f"there is no partition at index {index}: {definition} has {count}, and the first is at index 0"
        )


def bad_range(
    partition_key_range: PartitionKeyRange, missing: Sequence[str], definition: PartitionsDefinition
) -> InvalidInvocationError:
    """Return the error for a range whose ends are not keys."""
    names = " and ".join(f"`{key}`" for key in missing)
    verb = "is no key" if len(missing) == 1 else "are no keys"
    return InvalidInvocationError(
        f"the range from `{partition_key_range.start}` to `{partition_key_range.end}` cannot be: {names} "
        f"{verb} of {definition}"
    )
