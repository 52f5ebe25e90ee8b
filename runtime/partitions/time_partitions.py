"""Partitions of time: a window from each tick of a schedule to the next (SEMANTICS 16).

Every answer but a list is arithmetic on ticks (`ticks`): none walks over the windows.
"""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import TYPE_CHECKING

from jobc.runtime.errors import ParameterCheckError
from jobc.runtime.partitions.cron import checked_cron
from jobc.runtime.partitions.definition import PartitionsDefinition, bad_range, check_index, checked_key
from jobc.runtime.partitions.key_text import checked_fmt, key_format, suffix_text
from jobc.runtime.partitions.moments import bound_of, first_shown, second_from, second_of
from jobc.runtime.partitions.schedule_type import ScheduleType, cron_for
from jobc.runtime.partitions.ticks import last_tick, tick_line
from jobc.runtime.partitions.unknown import unknown_partition
from jobc.runtime.partitions.windows import TimeWindow
from jobc.runtime.partitions.zones import DAY, checked_timezone, zone
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.runtime.partitions.definition import DynamicPartitionsStore
    from jobc.runtime.partitions.key_text import KeyFormat, ParsedKey
    from jobc.runtime.partitions.ticks import Run, TickLine
    from jobc.runtime.partitions.windows import PartitionKeyRange


_LONE_DIGIT = re.compile(r"(?<!\d)(\d)(?!\d)")

_WORDS = {
    "the hours": re.compile(r"\d+ \* \* \* \*"),
    "the days": re.compile(r"\d+ \d+ \* \* \*"),
    "the weeks": re.compile(r"\d+ \d+ \* \* \d"),
    "the months": re.compile(r"\d+ \d+ \d+ \* \*"),
}


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class TimeWindowPartitionsDefinition(PartitionsDefinition):
    """Windows between the ticks of a schedule, from the first tick at or after `start`.

    A key is the window's start written by `fmt`; it exists once its window has ended, and `end_offset`
    windows later or, when it is negative, earlier ones are left out. With `end`, windows that end after it do
    not exist. `timezone` is an IANA name (default `UTC`). In a repeated hour the second key of an hourly
    schedule is followed by its offset from UTC (`…-01:00-0500`). A schedule that ticks more often than `fmt`
    tells gives equal keys, each of which means the first of its windows.

    Definitions are equal that have the same schedule, start, end, zone, format and offset.
    """

    start_ts: int
    end_ts: int | None
    timezone: str
    fmt: str
    end_offset: int
    cron_schedule: str
    _line: TickLine
    _format: KeyFormat

    def __init__(
        self,
        start: datetime | str,
        fmt: str,
        end: datetime | str | None = None,
        schedule_type: ScheduleType | None = None,
        timezone: str | None = None,
        end_offset: int = 0,
        minute_offset: int | None = None,
        hour_offset: int | None = None,
        day_offset: int | None = None,
        cron_schedule: str | None = None,
    ) -> None:
        """Take either a `cron_schedule` or a `schedule_type` with its offsets.

        `start` and `end` are texts in `fmt` or datetimes, of which the clock reading is taken in `timezone`.
        Errors: `CheckError` for both or neither, `InvalidDefinitionError` for a schedule, zone or format that
        cannot be, `ValueError` for a start or end that is not written by `fmt`.
        """
        cron = cron_for(schedule_type, minute_offset, hour_offset, day_offset, cron_schedule)
        name = checked_timezone(timezone)
        checked_fmt(fmt)
        first = second_from(bound_of(start, fmt, name, "start"), name)
        last = None if end is None else second_of(bound_of(end, fmt, name, "end"), name)
        object.__setattr__(self, "start_ts", first)
        object.__setattr__(self, "end_ts", last)
        object.__setattr__(self, "timezone", name)
        object.__setattr__(self, "fmt", fmt)
        object.__setattr__(self, "end_offset", _checked_offset(end_offset))
        object.__setattr__(self, "cron_schedule", checked_cron(cron))
        line = tick_line(cron, name)
        tells_offset = line.clock.is_hourly and "%z" not in fmt
        object.__setattr__(self, "_line", line)
        object.__setattr__(self, "_format", key_format(fmt, tells_offset=tells_offset))

    @property
    def start(self) -> datetime:
        """The start, in the definition's zone."""
        return datetime.fromtimestamp(self.start_ts, zone(self.timezone))

    @property
    def end(self) -> datetime | None:
        """The end, in the definition's zone."""
        return None if self.end_ts is None else datetime.fromtimestamp(self.end_ts, zone(self.timezone))

    def get_cron_schedule(self) -> str:
        """Return the schedule as five cron fields, or as it was given."""
        return self.cron_schedule

    def get_partition_keys(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> Sequence[str]:
        """Return all keys, in the order of their windows; may be empty."""
        count = self.get_num_partitions(current_time, dynamic_partitions_store)
        return self._keys_from(self.start_ts, count)

    def get_num_partitions(
        self,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,  # noqa: ARG002
    ) -> int:
        """Return how many keys there are."""
        line = self._line
        last = self._last_tick(current_time)
        return 0 if last is None else line.count(self.start_ts, last + 1)

    def has_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,  # noqa: ARG002
    ) -> bool:
        """Tell whether a text is, to the letter, one of the keys."""
        tick = self._tick(partition_key)
        if tick is None or tick < self.start_ts:
            return False
        last = self._last_tick(current_time)
        return last is not None and tick <= last

    def get_partition_key_at(
        self,
        index: int,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> str:
        """Return the key at a place, counted from 0; `InvalidInvocationError` where there is none."""
        check_index(index, self.get_num_partitions(current_time, dynamic_partitions_store), self)
        tick = self._line.nth(self.start_ts, index)
        assert tick is not None
        return self._key(tick)

    def get_index_of_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> int:
        """Return the place of a key, counted from 0; `UnknownPartitionError` for no key."""
        self.validate_partition_key(partition_key, current_time, dynamic_partitions_store)
        return self._line.count(self.start_ts, self._known_tick(partition_key))

    def get_next_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> str | None:
        """Return the key after a key, or None after the last; `UnknownPartitionError` for no key."""
        self.validate_partition_key(partition_key, current_time, dynamic_partitions_store)
        after, last = self._line.nth(self._known_tick(partition_key), 1), self._last_tick(current_time)
        return self._key(after) if after is not None and last is not None and after <= last else None

    def get_previous_partition_key(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,
    ) -> str | None:
        """Return the key before a key, or None before the first; `UnknownPartitionError` for no key."""
        self.validate_partition_key(partition_key, current_time, dynamic_partitions_store)
        before = self._line.nth(self._known_tick(partition_key), -1)
        return self._key(before) if before is not None and before >= self.start_ts else None

    def get_partition_keys_in_range(
        self,
        partition_key_range: PartitionKeyRange,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,  # noqa: ARG002
    ) -> Sequence[str]:
        """Return the keys of a range, both ends included; empty when its end comes before its start.

        Errors: `InvalidInvocationError` that names the ends that are no keys.
        """
        ends = (partition_key_range.start, partition_key_range.end)
        missing = [end for end in dict.fromkeys(ends) if not self.has_partition_key(end, current_time)]
        if missing:
            raise bad_range(partition_key_range, missing, self)
        first, last = (self._known_tick(end) for end in ends)
        limit = self._last_tick(current_time) or last
        while (after := self._line.nth(last, 1)) is not None and after <= limit:
            if self._key(after) != partition_key_range.end:
                break
            last = after
        return self._keys_from(first, self._line.count(first, last + 1))

    def get_partition_keys_in_time_window(
        self, time_window: TimeWindow, current_time: datetime | None = None
    ) -> Sequence[str]:
        """Return the keys whose windows start within a window of time, in order; may be empty."""
        last = self._last_tick(current_time)
        if last is None:
            return []
        low, high = (second_from(moment, self.timezone) for moment in time_window)
        first = self._line.nth(max(low, self.start_ts), 0)
        if first is None:
            return []
        return self._keys_from(first, self._line.count(first, min(high, last + 1)))

    def time_window_for_partition_key(self, partition_key: str) -> TimeWindow:
        """Return the window that a key stands for, in the definition's zone, whether it has ended or not.

        Errors: `UnknownPartitionError` for a text that is the key of no window between start and end.
        """
        return self._window(self._known_tick(partition_key))

    def get_first_partition_window(self, current_time: datetime | None = None) -> TimeWindow | None:
        """Return the first window that exists, or None."""
        key = self.get_first_partition_key(current_time)
        return None if key is None else self.time_window_for_partition_key(key)

    def get_last_partition_window(self, current_time: datetime | None = None) -> TimeWindow | None:
        """Return the last window that exists, or None."""
        last = self._last_tick(current_time)
        return None if last is None else self._window(last)

    def partition_key_for(self, moment: datetime) -> str | None:
        """Return the key of the window that a moment lies in, ended or not; None outside start and end."""
        tick = self._line.nth(second_of(moment, self.timezone) + 1, -1)
        return self._key(tick) if tick is not None and self._is_within(tick) else None

    def near_partition_keys(
        self,
        partition_key: str,
        current_time: datetime | None = None,
        dynamic_partitions_store: DynamicPartitionsStore | None = None,  # noqa: ARG002
    ) -> Sequence[str]:
        """Return the keys at and after the time that a text tells, also one with zeros left out."""
        padded = _LONE_DIGIT.sub(r"0\1", checked_key(partition_key))
        parsed = self._format.parse(partition_key) or self._format.parse(padded)
        if parsed is None:
            return ()
        moment, last = self._first_told(parsed), self._last_tick(current_time)
        first = self._line.nth(self.start_ts, 0)
        near = [self._line.nth(moment + 1, places) for places in (-1, 0)]
        if first is None or last is None:
            return ()
        ticks = [min(max(tick, first), last) for tick in near if tick is not None]
        return list(dict.fromkeys(self._key(tick) for tick in ticks))

    def _last_tick(self, current_time: datetime | None) -> int | None:
        """Return the tick of the last window that exists, or None."""
        now = int(time.time()) if current_time is None else second_of(current_time, self.timezone)
        return last_tick(self.cron_schedule, self.timezone, self.start_ts, self.end_ts, self.end_offset, now)

    def _is_within(self, tick: int) -> bool:
        """Tell whether the window of a tick lies between start and end."""
        if tick < self.start_ts:
            return False
        closing = self._line.nth(tick, 1)
        return closing is not None and (self.end_ts is None or closing <= self.end_ts)

    def _tick(self, key: str) -> int | None:
        """Return the first tick that a text is the key of, wherever it lies; None for no tick."""
        line = self._line
        parsed = self._format.parse(checked_key(key))
        if parsed is None:
            return None
        wall, offset = parsed
        if offset is None and (tick := line.shown_once(wall)) is not None:
            return tick
        tick = line.nth(self._first_told(parsed), 0)
        return tick if tick is not None and self._key(tick) == key else None

    def _first_told(self, parsed: ParsedKey) -> int:
        """Return the first instant at which clocks show the time that a key tells, or a later one."""
        wall, offset = parsed
        return first_shown(wall, self.timezone) if offset is None else wall - offset

    def _known_tick(self, key: str) -> int:
        tick = self._tick(key)
        if tick is not None and self._is_within(tick):
            return tick
        raise unknown_partition(
            key,
            str(self),
            self.get_first_partition_key(),
            self.get_last_partition_key(),
            self.near_partition_keys(key),
        )

    def _key(self, tick: int) -> str:
        stretch = self._line.stretch(tick)
        key_texts = self._format
        wall = tick + stretch.offset
        text = key_texts.text(wall, stretch.offset)
        if key_texts.tells_offset and wall < stretch.repeated_until:
            return text + suffix_text(stretch.offset)
        return text

    def _keys_from(self, tick: int, count: int) -> list[str]:
        keys: list[str] = []
        for run in self._line.runs(tick, count):
            keys += self._keys_of(run)
        return keys

    def _keys_of(self, run: Run) -> list[str]:
        """Return the keys of ticks that one stretch shows, a day at a time."""
        stretch, first, count = run
        if stretch.is_moved:
            return [self._key(stretch.start)]
        clock, key_texts = self._line.clock, self._format
        start, last = clock.at(stretch.base + first), clock.at(stretch.base + first + count - 1)
        days = clock.days.between(start // DAY, last // DAY)
        skipped = clock.times.index(start % DAY)
        keys = key_texts.texts(days, clock.times, stretch.offset)[skipped : skipped + count]
        if key_texts.tells_offset and start < stretch.repeated_until:
            repeated = min(count, clock.count_before(stretch.repeated_until) - stretch.base - first)
            suffix = suffix_text(stretch.offset)
            keys[:repeated] = [key + suffix for key in keys[:repeated]]
        return keys

    def _window(self, tick: int) -> TimeWindow:
        closing = self._line.nth(tick, 1)
        assert closing is not None
        place = zone(self.timezone)
        return TimeWindow(datetime.fromtimestamp(tick, place), datetime.fromtimestamp(closing, place))

    def _value(self) -> tuple[object, ...]:
        return self.start_ts, self.end_ts, self.timezone, self.fmt, self.end_offset, self.cron_schedule

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TimeWindowPartitionsDefinition):
            return NotImplemented
        return self._value() == other._value()

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(start={self.start.isoformat()!r}, "
            f"end={self.end and self.end.isoformat()!r}, fmt={self.fmt!r}, timezone={self.timezone!r}, "
            f"cron_schedule={self.cron_schedule!r}, end_offset={self.end_offset})"
        )

    def __hash__(self) -> int:
        return hash(self._value())

    def __str__(self) -> str:
        start = self.start.strftime(self.fmt)
        return f"{_windows_by(self.cron_schedule)} from {start} ({self.timezone})"


def _windows_by(cron_schedule: str) -> str:
    """Return what people call the windows of a schedule."""
    for word, pattern in _WORDS.items():
        if pattern.fullmatch(cron_schedule):
            return word
    return f"the partitions by `{cron_schedule}`"


def _checked_offset(end_offset: object) -> int:
    if not isinstance(end_offset, int) or isinstance(end_offset, bool):
        raise ParameterCheckError(f"`end_offset` must be a whole number of windows, not {end_offset!r}")
    return end_offset
