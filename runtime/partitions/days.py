"""Which days a schedule has ticks on, counted and found without walking over them.

Days are numbered from 1970-01-01, which is day 0. A year has one of fourteen calendars (its weekday of
January 1st, leap or not) and they repeat every 400 years, so that one table for each calendar, and the sums
over 400 years, answer for all time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Protocol

from jobc.runtime.partitions.cron import days_of_year
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The ordinal (`date.toordinal`) of day 0.
EPOCH = 719_163

_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097


class DayRule(Protocol):
    """A set of days, in order."""

    def has(self, day: int) -> bool:
        """Tell whether the set has a day."""
        ...

    def count_before(self, day: int) -> int:
        """Count the days before a day, from some fixed one; only differences mean something."""
        ...

    def at(self, place: int) -> int:
        """Return the day that `count_before` has that many days before."""
        ...

    def between(self, first: int, last: int) -> Iterable[int]:
        """Return the days from `first` to `last`, both included."""
        ...


@dataclass(frozen=True, slots=True)
class EveryDay:
    """All days."""

    def has(self, day: int) -> bool:  # noqa: ARG002 - every day is one of them
        """Tell whether the set has a day: it has."""
        return True

    def count_before(self, day: int) -> int:
        """Count the days from day 0."""
        return day

    def at(self, place: int) -> int:
        """Return the day that has that many before it."""
        return place

    def between(self, first: int, last: int) -> Iterable[int]:
        """Return the days from `first` to `last`, both included."""
        return range(first, last + 1)


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """The days that the last three fields of a cron schedule name."""

    fields: tuple[str, str, str]

    def has(self, day: int) -> bool:
        """Tell whether the set has a day."""
        year, place = self._year_and_place(day)
        table = days_of_year(self.fields, _same_calendar()[year - 1])
        found = bisect_left(table, place)
        return found < len(table) and table[found] == place

    def count_before(self, day: int) -> int:
        """Count the days of the set from year 1 to a day."""
        year, place = self._year_and_place(day)
        cycle = (day + EPOCH - 1) // _CYCLE_DAYS
        sums = _sums(self.fields)
        within = bisect_left(days_of_year(self.fields, _same_calendar()[year - 1]), place)
        return cycle * sums[-1] + sums[year - 1] + within

    def at(self, place: int) -> int:
        """Return the day of the set that has that many of them before it."""
        sums = _sums(self.fields)
        cycle, rest = divmod(place, sums[-1])
        year = bisect_right(sums, rest)
        within = days_of_year(self.fields, _same_calendar()[year - 1])[rest - sums[year - 1]]
        return cycle * _CYCLE_DAYS + date(year, 1, 1).toordinal() + within - EPOCH

    def between(self, first: int, last: int) -> Iterable[int]:
        """Return the days of the set from `first` to `last`, both included."""
        day = first
        while day <= last:
            year, place = self._year_and_place(day)
            start = day - place
            for found in days_of_year(self.fields, _same_calendar()[year - 1]):
                if first <= start + found <= last:
                    yield start + found
            day = start + _length(year)

    @staticmethod
    def _year_and_place(day: int) -> tuple[int, int]:
        """Return a year of the 400 (from 1) and the day's place in it (from 0)."""
        found = date.fromordinal((day + EPOCH - 1) % _CYCLE_DAYS + 1)
        return found.year, found.toordinal() - date(found.year, 1, 1).toordinal()


def day_rule(fields: tuple[str, str, str]) -> DayRule:
    """Return the days that the day, month and weekday fields of a cron schedule name."""
    return EveryDay() if fields == ("*", "*", "*") else CalendarDays(fields)


def _length(year: int) -> int:
    return 366 if year % 4 == 0 and (year % 100 != 0 or year == _CYCLE_YEARS) else 365


@cache
def _same_calendar() -> Sequence[int]:
    """Return for each of the 400 years the first one that has the same calendar."""
    first: dict[tuple[int, int], int] = {}
    years = range(1, _CYCLE_YEARS + 1)
    return [first.setdefault((date(year, 1, 1).weekday(), _length(year)), year) for year in years]


@cache
def _sums(fields: tuple[str, str, str]) -> Sequence[int]:
    """Return how many days of the set lie before each of the 400 years, and in all of them."""
    sums = [0]
    for year in _same_calendar():
        sums.append(sums[-1] + len(days_of_year(fields, year)))
    return sums
