"""Windows where clocks are set (SEMANTICS 16), in ten zones.

The expected lists are written out, or derived by asking `zoneinfo` minute by minute, with none of the
arithmetic under test.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from jobc.runtime.partitions import (
    DailyPartitionsDefinition,
    HourlyPartitionsDefinition,
    MonthlyPartitionsDefinition,
    TimeWindowPartitionsDefinition,
    WeeklyPartitionsDefinition,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FMT = "%Y-%m-%d-%H:%M"

# Zone, a local day shortly before the clocks are set (or any), and how many days to look at.
SPANS = [
    ("America/New_York", "2021-03-13", 3),
    ("America/New_York", "2021-11-06", 3),
    ("Europe/London", "2020-03-28", 3),
    ("Europe/London", "2020-10-24", 3),
    ("Europe/London", "1968-10-26", 3),
    ("Australia/Sydney", "2022-04-02", 3),
    ("Australia/Sydney", "2022-10-01", 3),
    ("Asia/Kolkata", "2022-03-26", 3),
    ("Asia/Kathmandu", "1985-12-31", 3),
    ("Australia/Lord_Howe", "2021-04-03", 3),
    ("Australia/Lord_Howe", "2021-10-02", 3),
    ("America/Sao_Paulo", "2018-11-03", 3),
    ("America/Sao_Paulo", "2018-02-17", 3),
    ("Pacific/Apia", "2011-12-29", 4),
    ("Pacific/Apia", "2012-03-31", 3),
    ("Africa/Casablanca", "2021-04-10", 3),
    ("Africa/Casablanca", "2021-05-15", 3),
    ("America/St_Johns", "2005-10-29", 3),
    ("America/Havana", "2021-11-06", 3),
    ("Asia/Pyongyang", "2018-05-03", 4),
    ("UTC", "2021-03-13", 2),
]


def zone_minutes(name: str, start: str, days: int) -> list[datetime]:
    """Return every minute that passes from a local midnight on, as local time."""
    zone = ZoneInfo(name)
    first = datetime.fromisoformat(start).replace(tzinfo=zone).astimezone(UTC)
    minutes = [(first + place * MINUTE).astimezone(zone) for place in range(days * 24 * 60 + 1)]
    return [moment for moment in minutes if moment.second == 0]


@pytest.mark.parametrize("minute", [0, 30])
@pytest.mark.parametrize(("name", "start", "days"), SPANS)
def test_hours_as_clocks_show_them(name: str, start: str, days: int, minute: int) -> None:
    shown = [moment for moment in zone_minutes(name, start, days) if moment.minute == minute]
    seen: set[str] = set()
    keys = []
    for moment in shown:
        text = moment.strftime(FMT)
        keys.append(text + moment.strftime("%z") if text in seen else text)
        seen.add(text)
    definition = HourlyPartitionsDefinition(f"{start}-00:00", minute_offset=minute, timezone=name, fmt=FMT)
    assert definition.get_partition_keys(shown[-1]) == keys[:-1]
    windows = [definition.time_window_for_partition_key(key) for key in keys[:-1]]
    assert [window.start.isoformat() for window in windows] == [moment.isoformat() for moment in shown[:-1]]
    assert [window.end.isoformat() for window in windows] == [moment.isoformat() for moment in shown[1:]]


@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (1, 30), (2, 0), (2, 15), (12, 0), (23, 45)])
@pytest.mark.parametrize(("name", "start", "days"), SPANS)
def test_days_start_when_clocks_first_show_the_time(
    name: str, start: str, days: int, hour: int, minute: int
) -> None:
    """Start each day at its first minute that shows the time or a later one."""
    starts: dict[date, datetime] = {}
    for moment in zone_minutes(name, start, days):
        if (moment.hour, moment.minute) >= (hour, minute):
            starts.setdefault(moment.date(), moment)
    expected = sorted(starts.values(), key=datetime.timestamp)
    definition = DailyPartitionsDefinition(start, timezone=name, hour_offset=hour, minute_offset=minute)
    keys = definition.get_partition_keys(expected[-1])
    assert keys == [str(moment.date()) for moment in expected[:-1]]
    windows = [definition.time_window_for_partition_key(key) for key in keys]
    assert [(window.start, window.end) for window in windows] == list(pairwise(expected))


@pytest.mark.parametrize(
    ("name", "start", "end", "keys"),
    [
        pytest.param(
            "America/New_York",
            "2021-03-14-00:00",
            "2021-03-14-05:00",
            ["2021-03-14-00:00", "2021-03-14-01:00", "2021-03-14-03:00", "2021-03-14-04:00"],
            id="sem_16_dst_missing_hour",
        ),
        pytest.param(
            "America/New_York",
            "2021-11-07-00:00",
            "2021-11-07-03:00",
            ["2021-11-07-00:00", "2021-11-07-01:00", "2021-11-07-01:00-0500", "2021-11-07-02:00"],
            id="sem_16_dst_repeated_hour",
        ),
        pytest.param(
            "America/Los_Angeles",
            "2021-11-07-01:00",
            "2021-11-07-02:00",
            ["2021-11-07-01:00", "2021-11-07-01:00-0800"],
            id="sem_16_dst_suffix",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            "2021-10-03-00:00",
            "2021-10-03-05:00",
            ["2021-10-03-00:00", "2021-10-03-01:00", "2021-10-03-03:00", "2021-10-03-04:00"],
            id="sem_16_dst_half_hour",
        ),
    ],
)
def test_hours_written_out(name: str, start: str, end: str, keys: list[str]) -> None:
    assert HourlyPartitionsDefinition(start, end, timezone=name).get_partition_keys(NOW) == keys


@pytest.mark.parametrize(
    ("definition", "starts"),
    [
        pytest.param(
            DailyPartitionsDefinition("2021-03-13", "2021-03-16", timezone="America/New_York", hour_offset=2),
            ["2021-03-13T02:00:00-05:00", "2021-03-14T03:00:00-04:00"],
            id="sem_16_dst_daily_missing_time",
        ),
        pytest.param(
            DailyPartitionsDefinition("2018-11-03", "2018-11-06", timezone="America/Sao_Paulo"),
            ["2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"],
            id="sem_16_dst_daily_missing_midnight",
        ),
        pytest.param(
            DailyPartitionsDefinition("2021-11-06", "2021-11-09", timezone="America/New_York", hour_offset=1),
            ["2021-11-06T01:00:00-04:00", "2021-11-07T01:00:00-04:00"],
            id="sem_16_dst_daily_first_of_two",
        ),
        pytest.param(
            DailyPartitionsDefinition("2011-12-29", "2012-01-02", timezone="Pacific/Apia"),
            ["2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00"],
            id="sem_16_dst_missing_day",
        ),
        pytest.param(
            WeeklyPartitionsDefinition("2011-12-20", "2012-01-10", timezone="Pacific/Apia", day_offset=5),
            ["2011-12-23T00:00:00-10:00", "2011-12-31T00:00:00+14:00"],
            id="sem_16_dst_week_from_a_missing_day",
        ),
        pytest.param(
            WeeklyPartitionsDefinition("2018-10-28", "2018-11-12", timezone="America/Sao_Paulo"),
            ["2018-10-28T00:00:00-03:00", "2018-11-04T01:00:00-02:00"],
            id="sem_16_dst_weekly",
        ),
        pytest.param(
            MonthlyPartitionsDefinition(
                "2021-03-01", "2021-05-15", timezone="America/New_York", day_offset=14
            ),
            ["2021-03-14T00:00:00-05:00", "2021-04-14T00:00:00-04:00"],
            id="sem_16_dst_monthly",
        ),
    ],
)
def test_starts_written_out(definition: TimeWindowPartitionsDefinition, starts: list[str]) -> None:
    keys = definition.get_partition_keys(NOW)
    windows = [definition.time_window_for_partition_key(key) for key in keys]
    assert [window.start.isoformat() for window in windows] == starts


@pytest.mark.parametrize(
    ("schedule", "start", "end", "keys"),
    [
        pytest.param(
            "30 1-3 * * *",
            "2021-03-14-00:00",
            "2021-03-15-00:00",
            ["2021-03-14-01:30", "2021-03-14-03:00"],
            id="sem_16_dst_cron_moved",
        ),
        pytest.param(
            "0 */2 * * *",
            "2021-03-14-00:00",
            "2021-03-14-06:00",
            ["2021-03-14-00:00", "2021-03-14-03:00", "2021-03-14-04:00"],
            id="sem_16_dst_cron_every_other_hour",
        ),
        pytest.param(
            "0,30 2-3 * * *",
            "2021-03-14-00:00",
            "2021-03-15-02:00",
            ["2021-03-14-03:00", "2021-03-14-03:30"],
            id="sem_16_dst_cron_moved_onto_another",
        ),
        pytest.param(
            "*/30 * * * *",
            "2021-11-07-01:00",
            "2021-11-07-02:00",
            ["2021-11-07-01:00", "2021-11-07-01:30", "2021-11-07-01:00-0500", "2021-11-07-01:30-0500"],
            id="sem_16_dst_cron_repeats",
        ),
        pytest.param(
            "0 1,2 * * *",
            "2021-11-07-00:00",
            "2021-11-08-01:00",
            ["2021-11-07-01:00", "2021-11-07-02:00"],
            id="sem_16_dst_cron_once",
        ),
    ],
)
def test_cron_in_new_york(schedule: str, start: str, end: str, keys: list[str]) -> None:
    definition = TimeWindowPartitionsDefinition(
        start=start, end=end, fmt=FMT, timezone="America/New_York", cron_schedule=schedule
    )
    assert definition.get_partition_keys(NOW) == keys


def test_an_offset_in_the_format_needs_no_suffix() -> None:
    definition = HourlyPartitionsDefinition(
        "2021-11-07-00:00-0400", "2021-11-07-02:00-0500", timezone="America/New_York", fmt=f"{FMT}%z"
    )
    keys = ["2021-11-07-00:00-0400", "2021-11-07-01:00-0400", "2021-11-07-01:00-0500"]
    assert definition.get_partition_keys(NOW) == keys
    assert all(definition.has_partition_key(key) for key in keys)
    assert not definition.has_partition_key("2021-11-07-00:00-0500")


def test_a_suffix_belongs_to_the_second_of_two_hours_only() -> None:
    definition = HourlyPartitionsDefinition("2021-11-01-00:00", timezone="America/New_York")
    assert definition.has_partition_key("2021-11-07-01:00-0500")
    for key in ("2021-11-07-01:00-0400", "2021-11-07-02:00-0500", "2021-11-07-01:00-0800"):
        assert not definition.has_partition_key(key)
    assert not definition.has_partition_key("2022-03-13-02:00")


def test_a_suffix_after_names() -> None:
    definition = HourlyPartitionsDefinition(
        "07 Nov 2021 00h", "07 Nov 2021 02h", timezone="America/New_York", fmt="%d %b %Y %Hh"
    )
    keys = ["07 Nov 2021 00h", "07 Nov 2021 01h", "07 Nov 2021 01h-0500"]
    assert definition.get_partition_keys(NOW) == keys
    assert [definition.get_index_of_partition_key(key) for key in keys] == [0, 1, 2]


def test_a_year_at_the_end_is_no_suffix() -> None:
    definition = HourlyPartitionsDefinition(
        "00h 07-Nov-2021", "02h 07-Nov-2021", timezone="America/New_York", fmt="%Hh %d-%b-%Y"
    )
    keys = ["00h 07-Nov-2021", "01h 07-Nov-2021", "01h 07-Nov-2021-0500"]
    assert definition.get_partition_keys(NOW) == keys
    assert [definition.get_index_of_partition_key(key) for key in keys] == [0, 1, 2]
    assert not definition.has_partition_key("01h 07-Nov-2021-0500\n")
    assert not definition.has_partition_key("1h 07-Nov-2021")


def test_twenty_years_of_hours() -> None:
    definition = HourlyPartitionsDefinition(
        "2005-01-01-00:00", "2025-01-01-00:00", timezone="America/New_York"
    )
    keys = definition.get_partition_keys(NOW)
    assert len(keys) == definition.get_num_partitions(NOW) == 175_320
    zone = ZoneInfo("America/New_York")
    first = datetime(2005, 1, 1, 5, tzinfo=UTC)
    for place in range(0, 175_320, 97):
        moment = (first + place * timedelta(hours=1)).astimezone(zone)
        assert keys[place] == moment.strftime(FMT) + (moment.strftime("%z") if moment.fold else "")


def test_far_years_follow_the_rules_of_today() -> None:
    definition = HourlyPartitionsDefinition("8999-01-01-00:00", timezone="America/New_York", end_offset=10**9)
    first = datetime(8999, 1, 1, 5, tzinfo=UTC)
    zone = ZoneInfo("America/New_York")
    for place in range(0, 9000, 7):
        moment = (first + place * timedelta(hours=1)).astimezone(zone)
        key = moment.strftime(FMT) + (moment.strftime("%z") if moment.fold else "")
        assert definition.get_partition_key_at(place, NOW) == key
        assert definition.time_window_for_partition_key(key).start == moment
