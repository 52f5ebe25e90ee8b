"""Spans: of time, and of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.errors import ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime


class TimeWindow(NamedTuple):
    """A span of time: from `start`, which is part of it, to `end`, which is not."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class PartitionKeyRange:
    """The keys from `start` to `end`, both included, in the order of a definition (SEMANTICS 16).

    Errors: `ParameterCheckError` for a bound that is not text.
    """

    start: str
    end: str

    def __post_init__(self) -> None:
        for name, key in (("start", self.start), ("end", self.end)):
            if not isinstance(key, str):
                raise ParameterCheckError(f"`{name}` of a range of partition keys must be text, not {key!r}")


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition as functions of the older form get it: `name` is its key.

    `value` is the time window for partitions of time and the key for all others.
    """

    value: object
    name: str
