"""Partitions of two dimensions: every key of one with every key of the other (SEMANTICS 16).

Nothing here lists the product but the method that is asked to: a question about one key is two questions, one
to each dimension.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from jobc.runtime.errors import (
    CheckError,
    InvalidDefinitionError,
    InvalidInvocationError,
    ParameterCheckError,
)
from jobc.runtime.partitions.definition import PARTITION_TAG, PartitionsDefinition, check_index, checked_key
from jobc.runtime.partitions.dynamic_partitions import DynamicPartitionsDefinition
from jobc.runtime.partitions.multi_key import FORBIDDEN, SEPARATOR, MultiPartitionKey, check_member_text
from jobc.runtime.partitions.static_partitions import StaticPartitionsDefinition
from jobc.runtime.partitions.time_partitions import TimeWindowPartitionsDefinition
from jobc.runtime.partitions.windows import PartitionKeyRange
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from jobc.runtime.partitions.definition import DynamicPartitionsStore
    from jobc.runtime.partitions.windows import TimeWindow

_DIMENSIONS = 2


@dataclass(frozen=True, slots=True)
class PartitionDimension:
    """A dimension: its name, and the partitions along it."""

    name: str
    partitions_def: PartitionsDefinition


@dataclass(frozen=True, slots=True, init=False)
class MultiPartitionsDefinition(PartitionsDefinition):
    """Two dimensions of static, time-window or dynamic partitions, ordered by their names.

    The last dimension varies fastest. Errors: `InvalidInvocationError` for another number of dimensions,
    `InvalidDefinitionError` for one of another kind or with keys that hold `|`, `,`, `[` or `]`.
    """

    partitions_defs: tuple[PartitionDimension, PartitionDimension]

    def __init__(self, partitions_defs: Mapping[str, PartitionsDefinition]) -> None:
        """Take a mapping from a dimension's name to its partitions."""
        if not isinstance(partitions_defs, Mapping):
            raise ParameterCheckError(f"`partitions_defs` must be a mapping, not {partitions_defs!r}")
        if len(partitions_defs) != _DIMENSIONS:
            raise InvalidInvocationError(
                f"multi partitions have two dimensions, and {len(partitions_defs)} were given"
            )
        dimensions = [_dimension(name, definition) for name, definition in partitions_defs.items()]
        first, last = sorted(dimensions, key=lambda dimension: dimension.name)
        object.__setattr__(self, "partitions_defs", (first, last))

    @property
    def partition_dimension_names(self) -> tuple[str, str]:
        """The names of the dimensions, in their order."""
        first, last = self.partitions_defs
        return first.name, last.name

    def get_partitions_def_for_dimension(self, dimension_name: str) -> PartitionsDefinition:
        """Return the partitions along a dimension; `CheckError` for a name that is none."""
        for dimension in self.partitions_defs:
            if dimension.name == dimension_name:
                return dimension.partitions_def
        first, last = self.partition_dimension_names
        raise CheckError(f"there is no dimension `{dimension_name}`: {self} has `{first}` and `{last}`")

    def get_partition_keys(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[MultiPartitionKey]:
        """Return all keys, in order; may be empty."""
        first, last = (
            dimension.partitions_def.get_partition_keys(current_time, dynamic_partitions_store)
            for dimension in self.partitions_defs
        )
        return self._product(first, last)

    def get_num_partitions(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> int:
        """Return how many keys there are: the product of the dimensions'."""
        first, last = self._sizes(current_time, dynamic_partitions_store)
        return first * last

    def has_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> bool:
        """Tell whether a text is one of the keys: two keys of the dimensions with `|` between."""
        parts = self._parts(partition_key)
        return parts is not None and all(
            dimension.partitions_def.has_partition_key(part, current_time, dynamic_partitions_store)
            for dimension, part in zip(self.partitions_defs, parts, strict=True)
        )

    def get_partition_key_at(
        self,
        index: int,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> MultiPartitionKey:
        """Return the key at a place, counted from 0; `InvalidInvocationError` where there is none."""
        first, last = self._sizes(current_time, dynamic_partitions_store)
        check_index(index, first * last, self)
        parts = [
            dimension.partitions_def.get_partition_key_at(place, current_time, dynamic_partitions_store)
            for dimension, place in zip(self.partitions_defs, divmod(index, last), strict=True)
        ]
        return MultiPartitionKey.joined(self.partition_dimension_names, SEPARATOR.join(parts))

    def get_index_of_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> int:
        """Return the place of a key, counted from 0; `UnknownPartitionError` for no key."""
        self.validate_partition_key(partition_key, current_time, dynamic_partitions_store)
        first, last = (
            dimension.partitions_def.get_index_of_partition_key(part, current_time, dynamic_partitions_store)
            for dimension, part in zip(self.partitions_defs, self._known_parts(partition_key), strict=True)
        )
        return first * self._sizes(current_time, dynamic_partitions_store)[1] + last

    def get_partition_keys_in_range(
        self,
        partition_key_range: PartitionKeyRange,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[MultiPartitionKey]:
        """Return the keys whose parts each lie between those of the ends: a rectangle, not a stretch.

        Errors: `InvalidInvocationError` for ends that are no keys.
        """
        starts = self._range_parts(partition_key_range.start)
        ends = self._range_parts(partition_key_range.end)
        first, last = (
            dimension.partitions_def.get_partition_keys_in_range(
                PartitionKeyRange(start, end), current_time, dynamic_partitions_store
            )
            for dimension, start, end in zip(self.partitions_defs, starts, ends, strict=True)
        )
        return self._product(first, last)

    def get_multipartition_keys_with_dimension_value(
        self,
        dimension_name: str,
        dimension_partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[MultiPartitionKey]:
        """Return the keys that have a key of one dimension in them, in order."""
        self.get_partitions_def_for_dimension(dimension_name)
        first, last = (
            [dimension_partition_key]
            if dimension.name == dimension_name
            else dimension.partitions_def.get_partition_keys(current_time, dynamic_partitions_store)
            for dimension in self.partitions_defs
        )
        return self._product(first, last)

    def near_partition_keys(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[str]:
        """Return a few keys that a text may have been meant for: each part replaced by one near it."""
        parts = self._parts(partition_key)
        if parts is None:
            return ()
        meant = []
        for dimension, part in zip(self.partitions_defs, parts, strict=True):
            definition = dimension.partitions_def
            if definition.has_partition_key(part, current_time, dynamic_partitions_store):
                meant.append(part)
            else:
                near = definition.near_partition_keys(part, current_time, dynamic_partitions_store)
                meant += near[:1]
        return (SEPARATOR.join(meant),) if len(meant) == _DIMENSIONS else ()

    def get_partition_key_from_str(self, partition_key: str) -> MultiPartitionKey:
        """Return a text as a key; `CheckError` unless it has two parts."""
        return MultiPartitionKey.joined(
            self.partition_dimension_names, SEPARATOR.join(self._known_parts(partition_key))
        )

    def canonical_partition_key(self, partition_key: str) -> MultiPartitionKey:
        """Return a key as functions of the user get it."""
        return self.get_partition_key_from_str(partition_key)

    def time_window_for_partition_key(self, partition_key: str) -> TimeWindow:
        """Return the window of the key's part in the dimension of time.

        Errors: `ParameterCheckError` unless exactly one dimension is of time windows.
        """
        windows = [
            dimension.partitions_def.time_window_for_partition_key(part)
            for dimension, part in zip(self.partitions_defs, self._known_parts(partition_key), strict=True)
            if isinstance(dimension.partitions_def, TimeWindowPartitionsDefinition)
        ]
        if len(windows) != 1:
            raise ParameterCheckError(
                f"the key `{partition_key}` stands for no single time: {self} has {len(windows) or 'no'} "
                "dimensions of time windows"
            )
        return windows[0]

    def get_tags_for_partition_key(self, partition_key: str) -> dict[str, str]:
        """Return the tags that name a partition on a run: its key, and the key of each dimension."""
        key = self.canonical_partition_key(partition_key)
        parts = {f"{PARTITION_TAG}/{name}": part for name, part in key.keys_by_dimension.items()}
        return {PARTITION_TAG: str(key), **parts}

    def _product(self, first: Sequence[str], last: Sequence[str]) -> list[MultiPartitionKey]:
        names = self.partition_dimension_names
        return [
            MultiPartitionKey.joined(names, f"{start}{SEPARATOR}{end}") for start in first for end in last
        ]

    def _sizes(self, current_time: datetime | None, store: DynamicPartitionsStore | None) -> tuple[int, int]:
        first, last = (
            dimension.partitions_def.get_num_partitions(current_time, store)
            for dimension in self.partitions_defs
        )
        return first, last

    def _parts(self, partition_key: str) -> list[str] | None:
        """Return the two parts of a text in the dimensions' order, or None when it has not two."""
        names = partition_key.dimensions if isinstance(partition_key, MultiPartitionKey) else None
        if names not in {None, self.partition_dimension_names}:
            return None
        parts = checked_key(partition_key).split(SEPARATOR)
        return parts if len(parts) == _DIMENSIONS else None

    def _known_parts(self, partition_key: str) -> list[str]:
        parts = self._parts(partition_key)
        if parts is None:
            names = SEPARATOR.join(self.partition_dimension_names)
            raise CheckError(f"the key `{partition_key}` must have two parts, `{names}`, for {self}")
        return parts

    def _range_parts(self, end: str) -> list[str]:
        parts = self._parts(end)
        if parts is None:
            raise InvalidInvocationError(f"the end `{end}` of a range is no key of {self}")
        return parts

    def __hash__(self) -> int:
        return hash(self.partitions_defs)

    def __str__(self) -> str:
        first, last = self.partition_dimension_names
        return f"the multi partitions of `{first}` and `{last}`"


def _dimension(name: object, definition: object) -> PartitionDimension:
    if not isinstance(name, str):
        raise ParameterCheckError(f"the name of a dimension must be text, not {name!r}")
    if isinstance(definition, StaticPartitionsDefinition):
        together = "".join(definition.partition_keys)
        if any(character in together for character in FORBIDDEN):
            for key in definition.partition_keys:
                check_member_text(key, name)
    elif isinstance(definition, TimeWindowPartitionsDefinition):
        check_member_text(definition.fmt, name)
    elif not isinstance(definition, DynamicPartitionsDefinition):
        raise InvalidDefinitionError(
            f"the dimension `{name}` must be of static, time-window or dynamic partitions, not {definition}"
        )
    elif definition.name is None:
        raise InvalidDefinitionError(
            f"the dimension `{name}` has its keys from a function; dynamic partitions of a dimension need a "
            "`name`"
        )
    return PartitionDimension(name, definition)
