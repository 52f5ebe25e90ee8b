"""Limits on how many steps with a tag run at once (SEMANTICS 20, `tag_concurrency_limits`)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PER_UNIQUE_VALUE = "applyLimitPerUniqueValue"


@dataclass(frozen=True, slots=True)
class TagLimit:
    """At most `limit` steps at once that have the tag `key`, with the value `value` if that is not None.

    With `per_value` there may be so many of each value.
    """

    key: str
    limit: int
    value: str | None = None
    per_value: bool = False

    def counts(self, tags: Mapping[str, str]) -> str | None:
        """Return under which name a step with these tags is counted; None if it is not."""
        value = tags.get(self.key)
        if value is None or (self.value is not None and value != self.value):
            return None
        return value if self.per_value else ""


class TagCounts:
    """How many of the running steps each limit counts."""

    def __init__(self, limits: Sequence[TagLimit]) -> None:
        self._limits = limits
        self._running: Counter[tuple[int, str]] = Counter()

    def admits(self, tags: Mapping[str, str]) -> bool:
        """Tell whether one more step with these tags may run."""
        return all(self._running[place] < self._limits[place[0]].limit for place in self._places(tags))

    def add(self, tags: Mapping[str, str]) -> None:
        """Count a step that begins."""
        self._running.update(self._places(tags))

    def remove(self, tags: Mapping[str, str]) -> None:
        """Count a step no more."""
        self._running.subtract(self._places(tags))

    def _places(self, tags: Mapping[str, str]) -> list[tuple[int, str]]:
        named = [(number, limit.counts(tags)) for number, limit in enumerate(self._limits)]
        return [(number, name) for number, name in named if name is not None]


def read_limits(config: object) -> tuple[TagLimit, ...]:
    """Return the limits that the config of an executor lists; what it holds was checked."""
    return tuple(_read(each) for each in cast("Sequence[Mapping[str, object]]", config or ()))


def _read(entry: Mapping[str, object]) -> TagLimit:
    value = entry.get("value")
    key, limit = cast("str", entry["key"]), cast("int", entry["limit"])
    if isinstance(value, dict):
        return TagLimit(key, limit, per_value=bool(value[PER_UNIQUE_VALUE]))
    return TagLimit(key, limit, cast("str | None", value))
