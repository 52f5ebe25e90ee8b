"""Partition keys as a command line names them: `A...B`, `KEY,KEY`, `@all`."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jobc.runtime.errors import CheckError, JobcError, UnknownPartitionError
from jobc.runtime.execute.failures import user_frames, user_traceback
from jobc.runtime.partitions import PartitionKeyRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.partitions import DynamicPartitionsStore, PartitionsDefinition

ALL = "@all"
RANGE = "..."
SEPARATOR = ","


def partitions_of(job: JobDefinition) -> PartitionsDefinition:
    """Return the partitions of a job; `CheckError` if it has none."""
    if job.partitions_def is None:
        raise CheckError(f"job `{job.name}` has no partitions")
    return cast("PartitionsDefinition", job.partitions_def)


def chosen_keys(
    definition: PartitionsDefinition, texts: Sequence[str], store: DynamicPartitionsStore
) -> tuple[str, ...]:
    """Return the keys that all texts together name, each once, in the order they are named.

    Errors: `UnknownPartitionError` for a key that the definition does not have.
    """
    keys = [str(key) for text in texts for key in _keys_of(definition, text, store)]
    return tuple(dict.fromkeys(keys))


def keys_in_range(
    definition: PartitionsDefinition, text: str, store: DynamicPartitionsStore
) -> Sequence[str]:
    """Return the keys of `A...B`, both ends included; `UnknownPartitionError` for an end that is no key."""
    start, _, end = text.partition(RANGE)
    for key in (start, end):
        definition.validate_partition_key(key, dynamic_partitions_store=store)
    keys = definition.get_partition_keys_in_range(
        PartitionKeyRange(start, end), dynamic_partitions_store=store
    )
    if not keys:
        raise UnknownPartitionError(f"the range `{text}` is empty: `{end}` comes before `{start}`")
    return keys


def _keys_of(definition: PartitionsDefinition, text: str, store: DynamicPartitionsStore) -> Sequence[str]:
    if text == ALL:
        return definition.get_partition_keys(dynamic_partitions_store=store)
    if RANGE in text:
        return keys_in_range(definition, text, store)
    if definition.has_partition_key(text, dynamic_partitions_store=store):  # it may hold a comma
        return [text]
    keys = text.split(SEPARATOR)
    for key in keys:
        definition.validate_partition_key(key, dynamic_partitions_store=store)
    return keys


def refusal(error: Exception) -> str | None:
    """Return what to tell of an error that the user can mend; None for one that is a mistake of jobc.

    What a function of the user's raised is told with its frames.
    """
    if isinstance(error, JobcError | CheckError):
        return str(error)
    return user_traceback(error) if user_frames(error.__traceback__) else None
