"""Keys of time windows as text: a `fmt` in the directives of `strftime`, written and read back.

A format of the directives `%Y %m %d %H %M %S` is written and read by a pattern of its own, several times
faster than `strptime`; any other is left to `datetime`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError
from jobc.runtime.partitions.days import EPOCH
from jobc.runtime.partitions.zones import DAY
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Directive: its place among (year, month, day, hour, minute, second), how it is written, how it is read.
_FIELDS = {
    "Y": (0, "%04d", "([0-9]{4})"),
    "m": (1, "%02d", "(0[1-9]|1[0-2])"),
    "d": (2, "%02d", "([0-2][0-9]|3[01])"),
    "H": (3, "%02d", "([01][0-9]|2[0-3])"),
    "M": (4, "%02d", "([0-5][0-9])"),
    "S": (5, "%02d", "([0-5][0-9])"),
}
_TIME_FIELDS = 3
_SUFFIX = "([+-][0-9]{4}(?:[0-9]{2})?)?"
_UNITS = ("year", "month", "day", "hour", "minute")
# What other directives tell, as places among `_UNITS`; a date needs each coarser unit beside a finer one.
_TOLD: dict[str, tuple[int, ...]] = {
    **dict.fromkeys("YyG", (0,)),
    **dict.fromkeys("mbBhUVW", (1,)),
    **dict.fromkeys("duw", (2,)),
    **dict.fromkeys("HI", (3,)),
    **dict.fromkeys("XTR", (3, 4)),
    **dict.fromkeys("xDF", (0, 1, 2)),
    "M": (4,),
    "c": (0, 1, 2, 3, 4),
    "j": (1, 2),
}
_DIRECTIVE = re.compile("%(.)", re.DOTALL)


# A key read: a wall time (the start of the unit it names), and the offset from UTC if it tells one.
ParsedKey = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class FieldFormat:
    """A format of plain number fields.

    `places` says for each field which group of `pattern` reads it; one without is 1 (place -1) or 0 (-2).
    `head` writes the fields in `head_order` and `tail` those in `tail_order`; where the date comes before the
    time of day, all of the date is in the head.
    """

    pattern: re.Pattern[str]
    places: tuple[int, ...]
    head: str
    head_order: tuple[int, ...]
    tail: str
    tail_order: tuple[int, ...]
    tells_offset: bool

    def parse(self, key: str) -> ParsedKey | None:
        """Read a key; None for a text that the format does not write."""
        match = self.pattern.fullmatch(key)
        if match is None:
            return None
        groups = match.groups()
        texts, suffix = (groups[:-1], groups[-1]) if self.tells_offset else (groups, None)
        numbers = (*map(int, texts), 0, 1)
        year, month, day, hour, minute, second = self.places
        try:
            days = date(numbers[year], numbers[month], numbers[day]).toordinal() - EPOCH
        except ValueError:
            return None
        time_of_day = numbers[hour] * 3600 + numbers[minute] * 60 + numbers[second]
        return days * DAY + time_of_day, None if suffix is None else _offset(suffix)

    def text(self, wall: int, offset: int) -> str:  # noqa: ARG002 - no field tells the offset
        """Write a key."""
        day, second = divmod(wall, DAY)
        values = (*_date_fields(day), *_time_fields(second))
        head = self.head % tuple([values[place] for place in self.head_order])
        return head + self.tail % tuple([values[place] for place in self.tail_order])

    def texts(self, days: Iterable[int], times: Sequence[int], offset: int) -> list[str]:
        """Write the keys of all times on all days."""
        if any(place >= _TIME_FIELDS for place in self.head_order):
            return [self.text(day * DAY + second, offset) for day in days for second in times]
        tails = []
        for second in times:
            values = (0, 0, 0, *_time_fields(second))
            tails.append(self.tail % tuple([values[place] for place in self.tail_order]))
        if self.head == "%04d-%02d-%02d" and self.head_order == (0, 1, 2):
            heads = [date.fromordinal(day + EPOCH).isoformat() for day in days]
        else:
            fields = [_date_fields(day) for day in days]
            heads = [self.head % tuple([values[place] for place in self.head_order]) for values in fields]
        return [head + tail for head in heads for tail in tails]


@dataclass(frozen=True, slots=True)
class LibraryFormat:
    """Any other format."""

    fmt: str
    tells_offset: bool

    def parse(self, key: str) -> ParsedKey | None:
        """Read a key; None for a text that the format does not write."""
        text, offset = key, None
        if self.tells_offset and (suffix := re.search(f"(?<=.){_SUFFIX[:-1]}\\Z", key, re.DOTALL)):
            text, offset = key[: suffix.start()], _offset(suffix.group())
            found = _parsed(text, self.fmt)
            if found is not None and found.strftime(self.fmt) == text:
                return _wall(found), offset
        found = _parsed(key, self.fmt)
        if found is None or found.strftime(self.fmt) != key:
            return None
        return _wall(found), None if found.tzinfo is None else _seconds(found.utcoffset())

    def text(self, wall: int, offset: int) -> str:
        """Write a key."""
        zone = timezone(timedelta(seconds=offset))
        return (datetime(1970, 1, 1, tzinfo=zone) + timedelta(seconds=wall)).strftime(self.fmt)

    def texts(self, days: Iterable[int], times: Sequence[int], offset: int) -> list[str]:
        """Write the keys of all times on all days."""
        return [self.text(day * DAY + second, offset) for day in days for second in times]


KeyFormat = FieldFormat | LibraryFormat


@lru_cache(maxsize=256)
def key_format(fmt: str, *, tells_offset: bool) -> KeyFormat:
    """Return how keys of a format are written and read; with `tells_offset` an offset may follow the text."""
    directives = _DIRECTIVE.findall(fmt)
    fields = [name for name in directives if name != "%"]
    if not fields or len(set(fields)) < len(fields) or not _FIELDS.keys() >= set(fields):
        return LibraryFormat(fmt, tells_offset)
    pattern = _DIRECTIVE.sub(lambda found: _read_by(found[1]), re.escape(fmt))
    defaults = {"m": -1, "d": -1}
    places = tuple(fields.index(name) if name in fields else defaults.get(name, -2) for name in _FIELDS)
    split = _start_of_time(fmt)
    return FieldFormat(
        re.compile(pattern + (_SUFFIX if tells_offset else ""), re.DOTALL),
        places,
        _template(fmt[:split]),
        tuple(_FIELDS[name][0] for name in _DIRECTIVE.findall(fmt[:split]) if name != "%"),
        _template(fmt[split:]),
        tuple(_FIELDS[name][0] for name in _DIRECTIVE.findall(fmt[split:]) if name != "%"),
        tells_offset,
    )


def checked_fmt(fmt: object) -> str:
    """Return a format whose keys lead back to their windows and sort them in time.

    Errors: `ParameterCheckError` for what is not text, `InvalidDefinitionError` for a format that leaves out
    a unit above one that it has, or names the zone by letters, which cannot be read back.
    """
    if not isinstance(fmt, str):
        raise ParameterCheckError(f"`fmt` must be text such as `%Y-%m-%d`, not {fmt!r}")
    directives = _DIRECTIVE.findall(fmt)
    if "Z" in directives:
        raise InvalidDefinitionError(f"the key format `{fmt}` has `%Z`, which cannot be read back; use `%z`")
    told = {place for name in directives for place in _TOLD.get(name, ())}
    missing = [name for place, name in enumerate(_UNITS[: max(told, default=0) + 1]) if place not in told]
    if missing:
        raise InvalidDefinitionError(
            f"the key format `{fmt}` must tell the {' and the '.join(missing)} too, so that a key leads back "
            "to its window"
        )
    return fmt


def suffix_text(offset: int) -> str:
    """Write an offset from UTC as it follows a key: `-0800`."""
    return datetime(2000, 1, 1, tzinfo=timezone(timedelta(seconds=offset))).strftime("%z")


def _template(fmt: str) -> str:
    return _DIRECTIVE.sub(lambda found: "%%" if found[1] == "%" else _FIELDS[found[1]][1], fmt)


def _read_by(directive: str) -> str:
    return "%" if directive == "%" else _FIELDS[directive][2]


def _start_of_time(fmt: str) -> int:
    """Return where the part without a date begins: the first directive of a time that no date follows."""
    split = 0
    for found in _DIRECTIVE.finditer(fmt):
        if found[1] in "Ymd":
            split = found.end()
    return split


def _date_fields(day: int) -> tuple[int, int, int]:
    found = date.fromordinal(day + EPOCH)
    return found.year, found.month, found.day


def _time_fields(second: int) -> tuple[int, int, int]:
    minutes, second = divmod(second, 60)
    hour, minute = divmod(minutes, 60)
    return hour, minute, second


def _parsed(text: str, fmt: str) -> datetime | None:
    try:
        return datetime.strptime(text, fmt)  # noqa: DTZ007 - the zone is the definition's
    except ValueError:
        return None


def _wall(found: datetime) -> int:
    since = found.replace(tzinfo=None) - datetime(1970, 1, 1)  # noqa: DTZ001 - wall time has no zone
    return since.days * DAY + since.seconds


def _offset(text: str) -> int:
    size = int(text[1:3]) * 3600 + int(text[3:5]) * 60 + int(text[5:] or 0)
    return -size if text[0] == "-" else size


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset.days * DAY + offset.seconds
