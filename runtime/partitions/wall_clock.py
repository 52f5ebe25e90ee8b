"""The ticks of a schedule as a clock on the wall shows them, before any time zone.

Wall time is a number of seconds since 1970-01-01 00:00 on that clock, and knows no daylight saving.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

from jobc.runtime.partitions.cron import cron_fields
from jobc.runtime.partitions.days import day_rule
from jobc.runtime.partitions.zones import DAY
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.partitions.days import DayRule


@dataclass(frozen=True, slots=True)
class WallClock:
    """Times of the day (seconds, in order) on certain days.

    `is_hourly`: ticks of a repeated hour repeat too, and those of a missing one are missing.
    """

    days: DayRule
    times: tuple[int, ...]
    is_hourly: bool

    def has(self, wall: int) -> bool:
        """Tell whether a wall time is a tick."""
        day, second = divmod(wall, DAY)
        place = bisect_left(self.times, second)
        return place < len(self.times) and self.times[place] == second and self.days.has(day)

    def count_before(self, wall: int) -> int:
        """Count the ticks before a wall time, from some fixed one; only differences mean something."""
        day, second = divmod(wall, DAY)
        count = self.days.count_before(day) * len(self.times)
        if self.days.has(day):
            count += bisect_left(self.times, second)
        return count

    def at(self, place: int) -> int:
        """Return the wall time of the tick that `count_before` has that many ticks before."""
        days, rest = divmod(place, len(self.times))
        return self.days.at(days) * DAY + self.times[rest]


@cache
def wall_clock(cron_schedule: str) -> WallClock:
    """Return the clock of a cron schedule."""
    fields = cron_fields(cron_schedule)
    return WallClock(day_rule(fields.day_fields), fields.times, fields.is_hourly)
