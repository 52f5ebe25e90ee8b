"""The ticks of a schedule in a time zone, as instants: found and counted by arithmetic.

Where the offset from UTC stands still, local time runs evenly and the ticks are those of the wall clock. So
time is cut into stretches at the changes of the offset, in blocks of 16 years that are made when they are
asked about. What happens at a change (SEMANTICS 16):

* clocks go forward: an hourly schedule has no ticks in the missing time; any other has one, at the change,
  for those that fall into it, unless it ticks there anyway;
* clocks go back: an hourly schedule ticks again in the repeated time; any other only the first time.

Instants are whole seconds since 1970-01-01 UTC. Two functions answer everything: how many ticks lie in a
span, and which is the n-th from an instant on.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.partitions.wall_clock import wall_clock
from jobc.runtime.partitions.zones import BLOCK, DAY, EARLIEST, LATEST, offset_periods
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobc.runtime.partitions.wall_clock import WallClock
    from jobc.runtime.partitions.zones import Period

_FIRST_BLOCK = EARLIEST // BLOCK
_LAST_BLOCK = LATEST // BLOCK


class Stretch(NamedTuple):
    """Instants from `start` on in which local time is UTC plus `offset`, with the ticks it shows.

    The ticks are those of the wall clock from `wall_start` to before `wall_end`; `base` is what the clock
    counts before them and `size` how many they are. Wall times before `repeated_until` were shown once
    before. A stretch of one tick at `start` that the wall clock does not have is `is_moved`.
    """

    start: int
    offset: int
    wall_start: int
    wall_end: int
    repeated_until: int
    base: int
    size: int
    is_moved: bool

    def count_before(self, instant: int, clock: WallClock) -> int:
        """Count the ticks of the stretch before an instant."""
        if self.is_moved:
            return int(instant > self.start)
        wall = instant + self.offset
        if wall <= self.wall_start:
            return 0
        if wall >= self.wall_end:
            return self.size
        return clock.count_before(wall) - self.base

    def at(self, place: int, clock: WallClock) -> int:
        """Return the instant of a tick by its place in the stretch."""
        return self.start if self.is_moved else clock.at(self.base + place) - self.offset


@dataclass(frozen=True, slots=True)
class TickBlock:
    """The stretches of 16 years, their first instants, and the sums of ticks before each of them."""

    stretches: tuple[Stretch, ...]
    starts: tuple[int, ...]
    sums: tuple[int, ...]

    @property
    def count(self) -> int:
        """The number of ticks in the block."""
        return self.sums[-1]


class Run(NamedTuple):
    """A number of ticks in a row that one stretch shows, from its `first`."""

    stretch: Stretch
    first: int
    size: int


@dataclass(frozen=True, slots=True)
class TickLine:
    """All ticks of a cron schedule in a time zone."""

    cron_schedule: str
    timezone: str
    clock: WallClock

    def count(self, start: int, end: int) -> int:
        """Count the ticks from `start` to before `end`; negative when `end` comes first."""
        if end < start:
            return -self.count(end, start)
        block, before = self._place(start)
        last, within = self._place(end)
        while block < last:
            before -= self._block(block).count
            block += 1
        return within - before

    def nth(self, instant: int, places: int) -> int | None:
        """Return the tick `places` after the first one at or after an instant; negative ones go back.

        None beyond the years 1 to 9999.
        """
        number, place = self._place(instant)
        place += places
        while place < 0:
            number -= 1
            if number < _FIRST_BLOCK:
                return None
            place += self._block(number).count
        while place >= (block := self._block(number)).count:
            place -= block.count
            number += 1
            if number > _LAST_BLOCK:
                return None
        found = bisect_right(block.sums, place) - 1
        return block.stretches[found].at(place - block.sums[found], self.clock)

    def stretch(self, instant: int) -> Stretch:
        """Return the stretch that an instant lies in."""
        block = self._block(instant // BLOCK)
        return block.stretches[bisect_right(block.starts, instant) - 1]

    def shown_once(self, wall: int) -> int | None:
        """Return the tick that clocks show as a wall time, or None if it is none or shown never or twice."""
        stretch = self.stretch(wall)
        if stretch.repeated_until <= wall < stretch.wall_end and self.clock.has(wall):
            return None if stretch.is_moved or wall < stretch.wall_start else wall - stretch.offset
        return None

    def runs(self, tick: int, count: int) -> Iterator[Run]:
        """Return the next `count` ticks from one on, stretch by stretch; fewer at the end of the calendar."""
        number, place = self._place(tick)
        while count > 0 and number <= _LAST_BLOCK:
            block = self._block(number)
            found = bisect_right(block.sums, place) - 1
            for index in range(found, len(block.stretches)):
                stretch = block.stretches[index]
                first = max(0, place - block.sums[index])
                taken = min(count, stretch.size - first)
                if taken > 0:
                    yield Run(stretch, first, taken)
                    count -= taken
            number, place = number + 1, 0

    def _place(self, instant: int) -> tuple[int, int]:
        """Return the block of an instant and how many ticks of it come before."""
        instant = min(max(instant, EARLIEST), LATEST)
        number = instant // BLOCK
        block = self._block(number)
        found = bisect_right(block.starts, instant) - 1
        return number, block.sums[found] + block.stretches[found].count_before(instant, self.clock)

    def _block(self, number: int) -> TickBlock:
        return tick_block(self.cron_schedule, self.timezone, number)


@lru_cache(maxsize=2048)
def tick_block(cron_schedule: str, timezone: str, number: int) -> TickBlock:
    """Return the ticks of one block of 16 years."""
    clock = wall_clock(cron_schedule)
    block_start = max(EARLIEST, number * BLOCK)
    stretches: list[Stretch] = []
    shown_until: int | None = None
    for period in offset_periods(timezone, number):
        if period.end > block_start:
            stretches += _stretches(period, shown_until, block_start, clock)
        wall_end = period.end + period.offset
        shown_until = wall_end if shown_until is None else max(shown_until, wall_end)
    sums = [0]
    for stretch in stretches:
        sums.append(sums[-1] + stretch.size)
    return TickBlock(tuple(stretches), tuple(stretch.start for stretch in stretches), tuple(sums))


def _stretches(
    period: Period, shown_until: int | None, block_start: int, clock: WallClock
) -> Sequence[Stretch]:
    """Return the stretches of a period; the wall clock has shown the times before `shown_until`."""
    start, end, offset = period
    local = start + offset
    if shown_until is None:
        shown_until = local
    moved: list[Stretch] = []
    if start >= block_start and _is_missed(clock, shown_until, local):
        moved.append(Stretch(start, offset, local, local + 1, local, 0, 1, is_moved=True))
        start += 1
    wall_start = max(start, block_start) + offset
    if not clock.is_hourly:
        wall_start = max(wall_start, min(shown_until, end + offset))
    base = clock.count_before(wall_start)
    count = clock.count_before(end + offset) - base
    first = max(start, block_start)
    plain = Stretch(first, offset, wall_start, end + offset, shown_until, base, count, is_moved=False)
    return [*moved, plain]


def _is_missed(clock: WallClock, shown_until: int, local: int) -> bool:
    """Tell whether ticks fell into the wall times that were jumped over, and none comes to stand for them.

    A tick of an earlier day does not move to a day that has its own: its key would be that of the other.
    """
    if clock.is_hourly or shown_until >= local:
        return False
    if clock.days.has(local // DAY):
        shown_until = max(shown_until, local - local % DAY)
    return clock.count_before(local) > clock.count_before(shown_until) and not clock.has(local)


@lru_cache(maxsize=256)
def tick_line(cron_schedule: str, timezone: str) -> TickLine:
    """Return the ticks of a cron schedule in a time zone."""
    return TickLine(cron_schedule, timezone, wall_clock(cron_schedule))


@lru_cache(maxsize=256)
def last_tick(
    cron_schedule: str, timezone: str, start: int, end: int | None, places: int, now: int
) -> int | None:
    """Return the tick of the last window that exists by now, or None; asked for many keys, it is found once.

    A window exists when it has ended by now, and no later than `end`; then `places` windows more.
    """
    line = tick_line(cron_schedule, timezone)
    last = line.nth(now + 1, places - 2)
    if last is None and places > 0:
        last = line.nth(LATEST, -2)
    by_end = last if end is None else line.nth(end + 1, -2)
    if last is None or by_end is None:
        return None
    last = min(last, by_end)
    return last if last >= start else None
