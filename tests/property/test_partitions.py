"""Partitions of time, as sentences that hold for any schedule in any zone, above all where clocks are set."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from jobc.runtime.partitions import (
    DailyPartitionsDefinition,
    HourlyPartitionsDefinition,
    MonthlyPartitionsDefinition,
    MultiPartitionsDefinition,
    PartitionKeyRange,
    StaticPartitionsDefinition,
    TimeWindow,
    TimeWindowPartitionsDefinition,
    WeeklyPartitionsDefinition,
)

FMT = "%Y-%m-%d-%H:%M"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
MOVING = [
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Kwajalein",
]


@cache
def changes(name: str, year: int) -> list[datetime]:
    """Return the hours of a year before which the offset of a zone changed."""
    zone = ZoneInfo(name)
    first = datetime(year, 1, 2, tzinfo=UTC)
    offsets = [(first + place * HOUR).astimezone(zone).utcoffset() for place in range(363 * 24)]
    found = [place for place, (before, after) in enumerate(pairwise(offsets)) if before != after]
    return [first + place * HOUR for place in found]


@st.composite
def places(draw: st.DrawFn, earliest: int = 1900) -> tuple[str, datetime]:
    """Return a zone and an instant, mostly one near which its clocks are set."""
    name = draw(st.sampled_from(MOVING) | st.sampled_from(ZONES))
    year = draw(st.integers(earliest, 2090))
    moments = changes(name, year) or [datetime(year, draw(st.integers(1, 12)), 3, tzinfo=UTC)]
    return name, draw(st.sampled_from(moments)) - draw(st.integers(0, 48)) * HOUR


@st.composite
def schedules(draw: st.DrawFn) -> str:
    minute = draw(st.sampled_from(["0", "30", "15,45", "*/20", "7", "*"]))
    hour = draw(st.sampled_from(["*", "0", "1", "2", "3", "0,23", "1-3", "*/2", "12", "*/5"]))
    some_days = st.sampled_from(["* * 0", "* * 1-5", "1 * *", "L * *", "13 * 5", "*/3 * *", "* * 2#2"])
    days = draw(st.just("* * *") | some_days)
    return f"{minute} {hour} {days}"


@st.composite
def definitions(draw: st.DrawFn) -> tuple[TimeWindowPartitionsDefinition, datetime]:
    """Return partitions that begin shortly before clocks are set, and a time a little later."""
    name, moment = draw(places())
    start = moment.astimezone(ZoneInfo(name)).strftime(FMT)
    day = start[:10]
    at = draw(st.integers(0, 59)), draw(st.integers(0, 23))
    kind = draw(st.sampled_from(["hourly", "daily", "weekly", "monthly", "cron"]))
    offset = draw(st.integers(-2, 3))
    made: TimeWindowPartitionsDefinition
    if kind == "hourly":
        made = HourlyPartitionsDefinition(start, None, at[0], name, None, offset)
    elif kind == "daily":
        made = DailyPartitionsDefinition(day, None, *at, name, None, offset)
    elif kind == "weekly":
        made = WeeklyPartitionsDefinition(day, None, *at, draw(st.integers(0, 6)), name, None, offset)
    elif kind == "monthly":
        made = MonthlyPartitionsDefinition(day, None, *at, draw(st.integers(1, 31)), name, None, offset)
    else:
        made = TimeWindowPartitionsDefinition(
            start=start, fmt=FMT, timezone=name, end_offset=offset, cron_schedule=draw(schedules())
        )
    span = {"hourly": 3, "daily": 20, "weekly": 90, "monthly": 500, "cron": 4}[kind]
    return made, moment + draw(st.integers(0, span)) * DAY


@given(definitions())
def test_windows_tile_time_and_their_keys_lead_back(
    drawn: tuple[TimeWindowPartitionsDefinition, datetime],
) -> None:
    definition, now = drawn
    keys = definition.get_partition_keys(now)
    assert len(set(keys)) == len(keys)
    windows = [definition.time_window_for_partition_key(key) for key in keys]
    assert all(window.start.timestamp() < window.end.timestamp() for window in windows)
    assert all(before.end.timestamp() == after.start.timestamp() for before, after in pairwise(windows))
    for key, window in zip(keys, windows, strict=True):
        assert definition.partition_key_for(window.start) == key
        assert definition.partition_key_for(window.end.astimezone(UTC) - timedelta(microseconds=1)) == key
        assert key.startswith(window.start.strftime(definition.fmt))
    assert all(definition.start.timestamp() <= window.start.timestamp() for window in windows)
    if definition.end_offset <= 0:
        assert all(window.end.timestamp() <= now.timestamp() for window in windows)


@given(definitions())
def test_arithmetic_agrees_with_the_list(drawn: tuple[TimeWindowPartitionsDefinition, datetime]) -> None:
    definition, now = drawn
    keys = list(definition.get_partition_keys(now))
    assert definition.get_num_partitions(now) == len(keys)
    assert definition.get_first_partition_key(now) == (keys[0] if keys else None)
    assert definition.get_last_partition_key(now) == (keys[-1] if keys else None)
    for place, key in list(enumerate(keys))[:: max(1, len(keys) // 50)]:
        assert definition.has_partition_key(key, now)
        assert definition.get_partition_key_at(place, now) == key
        assert definition.get_index_of_partition_key(key, now) == place
        assert definition.get_next_partition_key(key, now) == [*keys, None][place + 1]
        assert definition.get_previous_partition_key(key, now) == [None, *keys][place]


@given(definitions(), st.integers(0, 60), st.integers(-5, 60))
def test_ranges_agree_with_the_list(
    drawn: tuple[TimeWindowPartitionsDefinition, datetime], first: int, size: int
) -> None:
    definition, now = drawn
    keys = list(definition.get_partition_keys(now))
    if not keys:
        return
    first %= len(keys)
    last = min(max(0, first + size), len(keys) - 1)
    found = definition.get_partition_keys_in_range(PartitionKeyRange(keys[first], keys[last]), now)
    assert found == keys[first : last + 1]
    if first <= last:
        start = definition.time_window_for_partition_key(keys[first]).start
        end = definition.time_window_for_partition_key(keys[last]).end
        assert definition.get_partition_keys_in_time_window(TimeWindow(start, end), now) == found


@given(definitions(), st.integers(-72 * 4, 72 * 4), st.booleans())
def test_a_text_is_a_key_if_it_is_in_the_list(
    drawn: tuple[TimeWindowPartitionsDefinition, datetime], quarters: int, has_suffix: bool
) -> None:
    definition, now = drawn
    moment = (now + quarters * HOUR / 4).astimezone(ZoneInfo(definition.timezone))
    key = moment.strftime(definition.fmt) + (moment.strftime("%z") if has_suffix else "")
    assert definition.has_partition_key(key, now) == (key in definition.get_partition_keys(now))


@given(definitions(), st.text(max_size=20))
def test_any_text_is_answered(drawn: tuple[TimeWindowPartitionsDefinition, datetime], text: str) -> None:
    definition, now = drawn
    assert definition.has_partition_key(text, now) == (text in definition.get_partition_keys(now))


@given(definitions())
def test_definitions_survive_pickling(drawn: tuple[TimeWindowPartitionsDefinition, datetime]) -> None:
    definition, now = drawn
    copy = pickle.loads(pickle.dumps(definition))
    assert (copy, hash(copy), repr(copy)) == (definition, hash(definition), repr(definition))
    assert copy.get_partition_keys(now) == definition.get_partition_keys(now)


@given(definitions(), st.integers(1, 100))
def test_time_only_adds_keys(drawn: tuple[TimeWindowPartitionsDefinition, datetime], hours: int) -> None:
    definition, now = drawn
    keys = list(definition.get_partition_keys(now))
    assert list(definition.get_partition_keys(now + hours * HOUR))[: len(keys)] == keys


def local_minutes(name: str, start: datetime, hours: int) -> list[datetime]:
    zone = ZoneInfo(name)
    return [(start + timedelta(minutes=place)).astimezone(zone) for place in range(hours * 60)]


@given(places(earliest=1973), st.integers(0, 59))
def test_hours_are_those_that_clocks_show(place: tuple[str, datetime], minute: int) -> None:
    """Walk over each minute: an hour begins whenever a clock shows its minute."""
    name, start = place
    shown = [moment for moment in local_minutes(name, start, 96) if moment.minute == minute]
    first = start.astimezone(ZoneInfo(name)).strftime(FMT)
    definition = HourlyPartitionsDefinition(first, None, minute, name)
    keys = definition.get_partition_keys(shown[-1])
    starts = [definition.time_window_for_partition_key(key).start for key in keys]
    assert starts[-60:] == shown[:-1][-60:]


@given(
    places(earliest=1973),
    st.lists(st.integers(0, 23), min_size=1, max_size=3, unique=True),
    st.integers(0, 59),
)
def test_fixed_times_are_the_first_that_clocks_show(
    place: tuple[str, datetime], hours: list[int], minute: int
) -> None:
    """Walk over each minute: a time of a day begins when a clock shows it on that day, or jumps over it."""
    name, start = place
    starts: dict[tuple[date, int], datetime] = {}
    for moment in local_minutes(name, start, 120):
        for hour in hours:
            if (moment.hour, moment.minute) >= (hour, minute):
                starts.setdefault((moment.date(), hour), moment)
    first_day = min(day for day, _ in starts)
    expected = sorted({at.astimezone(UTC) for (day, _), at in starts.items() if day > first_day})
    definition = TimeWindowPartitionsDefinition(
        start=expected[0].astimezone(ZoneInfo(name)),
        fmt=f"{FMT}%z",
        timezone=name,
        cron_schedule=f"{minute} {','.join(map(str, hours))} * * *",
    )
    keys = definition.get_partition_keys(expected[-1])
    found = [definition.time_window_for_partition_key(key).start.astimezone(UTC) for key in keys]
    assert found == expected[:-1]


MEMBERS = st.text(st.characters(exclude_characters="|,[].", min_codepoint=32), max_size=4)


@given(
    st.lists(MEMBERS, unique=True, max_size=6),
    st.lists(st.text("abc", max_size=3), unique=True, max_size=6),
    st.permutations(["a", "b"]),
)
def test_multi_partitions_are_a_product(first: list[str], last: list[str], names: list[str]) -> None:
    dimensions = dict(zip(names, map(StaticPartitionsDefinition, (first, last)), strict=True))
    definition = MultiPartitionsDefinition(dimensions)
    outer, inner = (dimensions[name].partition_keys for name in ("a", "b"))
    keys = [f"{one}|{other}" for one in outer for other in inner]
    assert definition.get_partition_keys() == keys
    assert definition.get_num_partitions() == len(keys)
    for place, key in enumerate(keys):
        assert definition.has_partition_key(key)
        assert definition.get_index_of_partition_key(key) == place
        assert definition.get_partition_key_at(place) == key
    for one in (*first, *last, "x"):
        for other in (*first, *last, "x"):
            assert definition.has_partition_key(f"{one}|{other}") == (f"{one}|{other}" in keys)
