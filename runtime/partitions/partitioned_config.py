"""Run config that depends on the partition (SEMANTICS 16)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from jobc.runtime.errors import CheckError, InvalidDefinitionError, ParameterCheckError
from jobc.runtime.partitions.definition import PartitionsDefinition
from jobc.runtime.partitions.time_partitions import TimeWindowPartitionsDefinition
from jobc.runtime.partitions.windows import Partition
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime

    from jobc.runtime.partitions.definition import DynamicPartitionsStore

RESERVED_PREFIX = "jobc/"
PARTITION_SET_TAG = "jobc/partition_set"


@runtime_checkable
class WrittenConfig(Protocol):
    """An object that stands for run config, such as a `RunConfig`."""

    def to_dict(self) -> Mapping[str, object]:
        """Return the run config."""
        ...


ConfigByKey = Callable[[str], "Mapping[str, object] | WrittenConfig"]
ConfigByPartition = Callable[[Partition], "Mapping[str, object] | WrittenConfig"]
TagsByKey = Callable[[str], Mapping[str, object]]
TagsByPartition = Callable[[Partition], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class PartitionedConfig:
    """Partitions, with functions that give the run config and the tags for a key of theirs.

    The config function takes the key, or as `run_config_for_partition_fn` a `Partition`; so does the function
    for tags, which is optional. A config made by a decorator can be called like the function it decorates,
    with any arguments. Errors: `CheckError` unless exactly one config function, and at most one for tags, is
    given.
    """

    partitions_def: PartitionsDefinition
    run_config_for_partition_fn: ConfigByPartition | None = None
    decorated_fn: Callable[..., Mapping[str, object] | WrittenConfig] | None = None
    tags_for_partition_fn: TagsByPartition | None = None
    run_config_for_partition_key_fn: ConfigByKey | None = None
    tags_for_partition_key_fn: TagsByKey | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.partitions_def, PartitionsDefinition):
            raise ParameterCheckError(
                f"`partitions_def` must be a partitions definition, not {self.partitions_def!r}"
            )
        if (self.run_config_for_partition_fn is None) == (self.run_config_for_partition_key_fn is None):
            raise CheckError(
                "partitioned config needs one function for the run config: `run_config_for_partition_key_fn` "
                "or `run_config_for_partition_fn`"
            )
        if self.tags_for_partition_fn is not None and self.tags_for_partition_key_fn is not None:
            raise CheckError(
                "partitioned config takes one function for tags: `tags_for_partition_key_fn` or "
                "`tags_for_partition_fn`"
            )

    def get_partition_keys(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[str]:
        """Return all keys, in order; may be empty."""
        return self.partitions_def.get_partition_keys(current_time, dynamic_partitions_store)

    def get_run_config_for_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> dict[str, object]:
        """Return the run config of one partition: a copy of its own, whatever the function returns.

        Errors: `UnknownPartitionError` for a key that the definition does not have, `CheckError` when the
        function returns no mapping; what the function raises passes through.
        """
        self.partitions_def.validate_partition_key(partition_key, current_time, dynamic_partitions_store)
        key = self.partitions_def.canonical_partition_key(partition_key)
        if self.run_config_for_partition_key_fn is not None:
            config = self.run_config_for_partition_key_fn(key)
        else:
            assert self.run_config_for_partition_fn is not None
            config = self.run_config_for_partition_fn(self._partition(key))
        written = config.to_dict() if isinstance(config, WrittenConfig) else config
        if not isinstance(written, Mapping):
            raise CheckError(
                f"the config function of {self.partitions_def} must return a mapping; for the partition "
                f"`{partition_key}` it returned {written!r}"
            )
        return deepcopy(dict(written))

    def get_tags_for_partition_key(self, partition_key: str, job_name: str | None = None) -> dict[str, str]:
        """Return the tags of a run for one partition: those of the tags function, then those that name it.

        With a job's name the tag of its partition set is among them. Errors: `InvalidDefinitionError` for a
        tag of the function that begins with `jobc/` or that JSON cannot hold.
        """
        named = self.partitions_def.get_tags_for_partition_key(partition_key)
        in_set = {} if job_name is None else {PARTITION_SET_TAG: f"{job_name}_partition_set"}
        return {**self._given_tags(partition_key), **named, **in_set}

    def _given_tags(self, partition_key: str) -> dict[str, str]:
        key = self.partitions_def.canonical_partition_key(partition_key)
        tags: Mapping[str, object] | None = None
        if self.tags_for_partition_key_fn is not None:
            tags = self.tags_for_partition_key_fn(key)
        elif self.tags_for_partition_fn is not None:
            tags = self.tags_for_partition_fn(self._partition(key))
        if tags is None:
            return {}
        if not isinstance(tags, Mapping):
            raise CheckError(
                f"the tags function of {self.partitions_def} must return a mapping; for the partition "
                f"`{partition_key}` it returned {tags!r}"
            )
        return {_checked_tag(name): _tag_text(name, value) for name, value in tags.items()}

    def _partition(self, key: str) -> Partition:
        if isinstance(self.partitions_def, TimeWindowPartitionsDefinition):
            return Partition(self.partitions_def.time_window_for_partition_key(key), key)
        return Partition(key, key)

    def __call__(self, *args: object, **kwargs: object) -> Mapping[str, object] | WrittenConfig:
        """Call the decorated function as it is; `CheckError` for a config that no decorator made."""
        if self.decorated_fn is None:
            raise CheckError("only a partitioned config made by a decorator can be called")
        return self.decorated_fn(*args, **kwargs)


def _checked_tag(name: object) -> str:
    if not isinstance(name, str):
        raise CheckError(f"the tag keys of partitions must be text, not {name!r}")
    if name.startswith(RESERVED_PREFIX):
        raise InvalidDefinitionError(
            f"the tag `{name}` of a partition begins with `{RESERVED_PREFIX}`, which is kept for jobc's own "
            "tags"
        )
    return name


def _tag_text(name: str, value: object) -> str:
    """Return a tag's value as text: text stays, all else becomes JSON that reads back as an equal value."""
    if isinstance(value, str):
        return value
    try:
        text = json.dumps(value)
        is_same = json.loads(text) == value
    except (TypeError, ValueError) as error:
        raise InvalidDefinitionError(
            f"the value of the tag `{name}` of a partition cannot be encoded as JSON: {error}"
        ) from error
    if not is_same:
        raise InvalidDefinitionError(
            f"the value of the tag `{name}` of a partition is not equivalent to its JSON {text}, which reads "
            f"back as {json.loads(text)!r}"
        )
    return text
