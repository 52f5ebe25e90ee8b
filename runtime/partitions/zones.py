"""Time zones by their IANA names, and the periods in which their offset from UTC does not change.

`zoneinfo` tells the offset of an instant but not when it changes next, so a block of time is probed every
three days and each change found is then located to the second. Offsets of the time zone database that come
and go again within less than that do not exist: the shortest spell on record is four days (Freetown, 1939).
"""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DAY = 86_400
# The instants a datetime can hold, less the days that an offset may take away.
EARLIEST = -62_135_596_800 + 2 * DAY
LATEST = 253_402_300_799 - 2 * DAY
# Time is looked at in blocks of 16 years on average; 25 of them are 400 years, in which the calendar repeats.
BLOCK = 504_911_232
# How far before a block its periods begin: more than clocks were ever set back by.
RUN_UP = 3 * DAY

_PROBE_S = 3 * DAY
_CYCLE = 25
# Before 1800 no clock kept anything but its own sun's time; from 2500 on, the rules of each zone stand still.
_FIRST_CHANGES = -5_364_662_400 // BLOCK
_SETTLED = 16_725_225_600 // BLOCK + 1


class Period(NamedTuple):
    """Instants from `start` to before `end` in which local time is UTC plus `offset`, in seconds."""

    start: int
    end: int
    offset: int


@cache
def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name, such as `America/New_York`.

    Errors: `InvalidDefinitionError` for a name that the time zone database does not have, with near ones.
    """
    from zoneinfo import ZoneInfo, available_timezones

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        near = near_names(name, available_timezones())
        hint = f"; did you mean {listing(near)}?" if near else ""
        raise InvalidDefinitionError(
            f"unknown time zone `{name}`: a zone has an IANA name such as `Europe/London`{hint}"
        ) from error


def checked_timezone(name: object) -> str:
    """Return the name of a zone that exists; none or an empty one is `UTC`."""
    if name is None or name == "":
        return "UTC"
    if not isinstance(name, str):
        raise ParameterCheckError(f"`timezone` must be text such as `Europe/London`, not {name!r}")
    zone(name)
    return name


@lru_cache(maxsize=1024)
def offset_periods(name: str, block: int) -> tuple[Period, ...]:
    """Return the periods of a zone from `RUN_UP` before the block to its end; they tile it, in order."""
    if block >= _SETTLED + _CYCLE and (block + 1) * BLOCK < LATEST:
        cycles = (block - _SETTLED) // _CYCLE
        later = cycles * _CYCLE * BLOCK
        same = offset_periods(name, block - cycles * _CYCLE)
        return tuple([Period(start + later, end + later, offset) for start, end, offset in same])
    start = max(EARLIEST, block * BLOCK - RUN_UP)
    end = min(LATEST, (block + 1) * BLOCK)
    if block < _FIRST_CHANGES:
        return (Period(start, end, offset_at(name, start)),)
    periods = []
    offset = offset_at(name, start)
    for change in _changes(name, start, end):
        periods.append(Period(start, change, offset))
        start, offset = change, offset_at(name, change)
    periods.append(Period(start, end, offset))
    return tuple(periods)


def offset_at(name: str, instant: int) -> int:
    """Return how many seconds a zone's clocks are ahead of UTC at an instant."""
    offset = datetime.fromtimestamp(instant, zone(name)).utcoffset()
    assert offset is not None
    return offset.days * DAY + offset.seconds


def _changes(name: str, start: int, end: int) -> list[int]:
    """Return the instants in a span at which the offset becomes another one, in order."""
    changes = []
    offset = offset_at(name, start)
    for probe in [*range(start, end, _PROBE_S), end - 1]:
        while offset_at(name, probe) != offset:
            start = change_between(name, start, probe, offset)
            changes.append(start)
            offset = offset_at(name, start)
        start = probe
    return changes


def change_between(name: str, before: int, after: int, offset: int) -> int:
    """Return the first second of another offset, given one instant with `offset` and a later one without."""
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(name, middle) == offset:
            before = middle
        else:
            after = middle
    return after
