"""The error for a key that is none, and the keys that may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.errors import UnknownPartitionError
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Sequence

# Comparing texts is slow: a long list of keys is narrowed to those that begin alike.
_COMPARED = 500


def unknown_partition(
    partition_key: str, definition: str, first: str | None, last: str | None, near: Sequence[str]
) -> UnknownPartitionError:
    """Return the error that names the key, the definition, its first and last key and near ones."""
    if first is None:
        known = "have no keys"
    elif first == last:
        known = f"have one key, `{first}`"
    else:
        known = f"have keys from `{first}` to `{last}`"
    hint = f"; did you mean {listing(near)}?" if near else ""
    return UnknownPartitionError(
        f"Could not find a partition with key `{partition_key}`: {definition} {known}{hint}"
    )


def near_keys(partition_key: str, keys: Sequence[str]) -> Sequence[str]:
    """Return up to three keys like a text, nearest first."""
    if len(keys) <= _COMPARED:
        return near_names(partition_key, keys)
    size = max(1, len(partition_key) // 2)
    start = partition_key[:size]
    return near_names(partition_key, [key for key in keys if key[:size] == start][:_COMPARED])
