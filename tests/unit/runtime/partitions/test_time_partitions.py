"""Windows of time: which exist, how they are named and found (SEMANTICS 16)."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from jobc.runtime.errors import (
    CheckError,
    InvalidDefinitionError,
    InvalidInvocationError,
    ParameterCheckError,
    UnknownPartitionError,
)
from jobc.runtime.partitions import (
    DailyPartitionsDefinition,
    HourlyPartitionsDefinition,
    MonthlyPartitionsDefinition,
    PartitionKeyRange,
    ScheduleType,
    TimeWindow,
    TimeWindowPartitionsDefinition,
    WeeklyPartitionsDefinition,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS = DailyPartitionsDefinition("2021-05-05")
NOON = datetime(2021, 5, 8, 12, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts).replace(tzinfo=UTC)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("definition", "now", "keys"),
    [
        pytest.param(DAYS, NOON, ["2021-05-05", "2021-05-06", "2021-05-07"], id="sem_16_ended"),
        pytest.param(DAYS, utc(2021, 5, 6), ["2021-05-05"], id="sem_16_ends_now"),
        pytest.param(DAYS, utc(2021, 5, 5, 23, 59, 59), [], id="sem_16_not_ended"),
        pytest.param(DAYS, utc(2021, 5, 1), [], id="sem_16_before_start"),
        pytest.param(
            WeeklyPartitionsDefinition("2021-05-05"),
            utc(2021, 5, 30),
            ["2021-05-09", "2021-05-16", "2021-05-23"],
            id="sem_16_weekly_from_sunday",
        ),
        pytest.param(
            WeeklyPartitionsDefinition("2021-05-05", day_offset=3, hour_offset=5, minute_offset=7),
            utc(2021, 5, 19, 5, 7),
            ["2021-05-05", "2021-05-12"],
            id="sem_16_weekly_offsets",
        ),
        pytest.param(
            MonthlyPartitionsDefinition("2021-05-05"),
            utc(2021, 8, 1),
            ["2021-06-01", "2021-07-01"],
            id="sem_16_monthly_from_first",
        ),
        pytest.param(
            MonthlyPartitionsDefinition("2021-01-01", day_offset=31),
            utc(2021, 9, 1),
            ["2021-01-31", "2021-03-31", "2021-05-31", "2021-07-31"],
            id="sem_16_monthly_skips_short",
        ),
        pytest.param(
            HourlyPartitionsDefinition("2021-05-05-01:00", minute_offset=15),
            utc(2021, 5, 5, 4),
            ["2021-05-05-01:15", "2021-05-05-02:15"],
            id="sem_16_hourly_minute_offset",
        ),
        pytest.param(
            DailyPartitionsDefinition("2021-05-05", fmt="%Y-%m-%d", hour_offset=2),
            utc(2021, 5, 7, 2),
            ["2021-05-05", "2021-05-06"],
            id="sem_16_offset_not_in_key",
        ),
        pytest.param(
            DailyPartitionsDefinition("05/05/2021", fmt="%d/%m/%Y"),
            utc(2021, 5, 7),
            ["05/05/2021", "06/05/2021"],
            id="sem_16_fmt",
        ),
        pytest.param(
            DailyPartitionsDefinition("May 05, 21", fmt="%b %d, %y"),
            utc(2021, 5, 7),
            ["May 05, 21", "May 06, 21"],
            id="sem_16_fmt_names",
        ),
        pytest.param(
            TimeWindowPartitionsDefinition(
                start="00h, 2021-05-05", fmt="%Hh, %Y-%m-%d", cron_schedule="0 */12 * * *"
            ),
            utc(2021, 5, 6),
            ["00h, 2021-05-05", "12h, 2021-05-05"],
            id="sem_16_fmt_time_first",
        ),
        pytest.param(
            TimeWindowPartitionsDefinition(start="2021-05-05", fmt="%Y-%m-%d", cron_schedule="0 */12 * * *"),
            utc(2021, 5, 6),
            ["2021-05-05", "2021-05-05"],
            id="sem_16_duplicate_keys",
        ),
        pytest.param(
            DailyPartitionsDefinition(datetime(2021, 5, 5, 3, 30)),  # noqa: DTZ001
            NOON,
            ["2021-05-06", "2021-05-07"],
            id="sem_16_start_within_a_day",
        ),
        pytest.param(
            DailyPartitionsDefinition(datetime(2021, 5, 5, 0, 0, 0, 1)),  # noqa: DTZ001
            NOON,
            ["2021-05-06", "2021-05-07"],
            id="sem_16_start_a_microsecond_late",
        ),
    ],
)
def test_keys(definition: TimeWindowPartitionsDefinition, now: datetime, keys: list[str]) -> None:
    assert definition.get_partition_keys(now) == keys
    assert definition.get_num_partitions(now) == len(keys)
    assert definition.get_first_partition_key(now) == (keys[0] if keys else None)
    assert definition.get_last_partition_key(now) == (keys[-1] if keys else None)


@pytest.mark.parametrize(
    ("end_offset", "end", "days"),
    [
        pytest.param(0, None, [5, 6, 7], id="sem_16_end_offset_none"),
        pytest.param(1, None, [5, 6, 7, 8], id="sem_16_end_offset_current"),
        pytest.param(2, None, [5, 6, 7, 8, 9], id="sem_16_end_offset_future"),
        pytest.param(-1, None, [5, 6], id="sem_16_end_offset_trims"),
        pytest.param(-9, None, [], id="sem_16_end_offset_trims_all"),
        pytest.param(0, "2021-05-07", [5, 6], id="sem_16_end"),
        pytest.param(2, "2021-05-07", [5, 6], id="sem_16_end_before_offset"),
        pytest.param(2, "2021-05-09", [5, 6, 7, 8], id="sem_16_end_between"),
        pytest.param(-1, "2021-05-07", [5, 6], id="sem_16_end_and_trim"),
        pytest.param(-2, "2021-05-07", [5], id="sem_16_end_and_trim_more"),
        pytest.param(0, datetime(2021, 5, 7, 12), [5, 6], id="sem_16_end_within_a_day"),  # noqa: DTZ001
        pytest.param(0, "2021-05-01", [], id="sem_16_end_before_start"),
    ],
)
def test_end_and_offset(end_offset: int, end: Any, days: Sequence[int]) -> None:
    definition = DailyPartitionsDefinition("2021-05-05", end_date=end, end_offset=end_offset)
    keys = [f"2021-05-{day:02}" for day in days]
    assert definition.get_partition_keys(NOON) == keys
    assert [
        key
        for key in (f"2021-05-{day:02}" for day in range(1, 20))
        if definition.has_partition_key(key, NOON)
    ] == keys


def test_an_end_offset_reaches_over_the_start() -> None:
    definition = DailyPartitionsDefinition("2021-05-05", end_offset=3)
    counts = [definition.get_num_partitions(utc(2021, 5, day, 12)) for day in range(1, 7)]
    assert counts == [0, 0, 1, 2, 3, 4]


def test_a_huge_end_offset_ends_with_the_calendar() -> None:
    definition = DailyPartitionsDefinition("2021-05-05", end_offset=10**12)
    assert definition.has_partition_key("9990-01-01", NOON)
    assert not definition.has_partition_key("9999-12-31", NOON)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("2021-05-08", id="sem_16_key_in_the_future"),
        pytest.param("2021-05-04", id="sem_16_key_before_start"),
        pytest.param("2021-5-6", id="sem_16_key_padding"),
        pytest.param(" 2021-05-06", id="sem_16_key_space"),
        pytest.param("2021-05-06\n", id="sem_16_key_line"),
        pytest.param("2021-05-06-00:00", id="sem_16_key_longer"),
        pytest.param("2021-02-30", id="sem_16_key_no_day"),
        pytest.param("2021-05-06+0000", id="sem_16_key_offset"),
        pytest.param("٢٠٢١-05-06", id="sem_16_key_other_digits"),
        pytest.param("", id="sem_16_key_empty"),
    ],
)
def test_texts_that_are_no_keys(key: str) -> None:
    assert not DAYS.has_partition_key(key, NOON)
    with pytest.raises(UnknownPartitionError, match="Could not find a partition with key"):
        DAYS.validate_partition_key(key, NOON)


@pytest.mark.parametrize(
    "key",
    ["2021-05-05-01:30", "2021-05-05-1:00", "2021-05-05-24:00", "2021-05-05-01:00+0000", "2021-05-05"],
)
def test_sem_16_mis_aligned_hours(key: str) -> None:
    hours = HourlyPartitionsDefinition("2021-05-05-00:00")
    assert hours.has_partition_key("2021-05-05-01:00", NOON)
    assert not hours.has_partition_key(key, NOON)


def test_sem_16_mis_aligned_weeks() -> None:
    weeks = WeeklyPartitionsDefinition("2021-05-02")
    assert weeks.has_partition_key("2021-05-09", utc(2021, 6, 1))
    assert not weeks.has_partition_key("2021-05-10", utc(2021, 6, 1))


def test_an_unknown_key_names_ends_and_near_keys() -> None:
    with pytest.raises(UnknownPartitionError) as raised:
        DAYS.validate_partition_key("2021-05-09", NOON)
    assert str(raised.value) == (
        "Could not find a partition with key `2021-05-09`: the days from 2021-05-05 "
        "(UTC) have keys from `2021-05-05` to `2021-05-07`; did you mean `2021-05-07`?"
    )
    hours = HourlyPartitionsDefinition("2021-05-05-00:00")
    with pytest.raises(UnknownPartitionError, match="mean `2021-05-06-01:00` and `2021-05-06-02:00`"):
        hours.validate_partition_key("2021-05-06-01:30", NOON)


@pytest.mark.parametrize("key", [None, 20210505, datetime(2021, 5, 5, tzinfo=UTC)])
def test_a_key_is_text(key: Any) -> None:
    for answer in (DAYS.has_partition_key, DAYS.time_window_for_partition_key, DAYS.validate_partition_key):
        with pytest.raises(ParameterCheckError, match="must be text"):
            answer(key)


def test_windows() -> None:
    later = DailyPartitionsDefinition("2021-05-05", hour_offset=2)
    window = later.time_window_for_partition_key("2021-05-06")
    assert window == TimeWindow(utc(2021, 5, 6, 2), utc(2021, 5, 7, 2))
    assert DAYS.get_first_partition_window(NOON) == TimeWindow(utc(2021, 5, 5), utc(2021, 5, 6))
    assert DAYS.get_last_partition_window(NOON) == TimeWindow(utc(2021, 5, 7), utc(2021, 5, 8))
    assert DAYS.get_first_partition_window(utc(2021, 5, 5)) is None
    assert DAYS.get_last_partition_window(utc(2021, 5, 5)) is None


def test_a_window_is_known_before_it_ends() -> None:
    window = DAYS.time_window_for_partition_key("2199-12-31")
    assert window == TimeWindow(utc(2199, 12, 31), utc(2200, 1, 1))


@pytest.mark.parametrize("key", ["2021-05-04", "2021-05-10", "2021-5-6", "x"])
def test_no_window_outside_start_and_end(key: str) -> None:
    days = DailyPartitionsDefinition("2021-05-05", end_date="2021-05-10")
    with pytest.raises(UnknownPartitionError, match="have keys from `2021-05-05` to `2021-05-09`"):
        days.time_window_for_partition_key(key)


def test_duplicate_keys_mean_their_first_window() -> None:
    halves = TimeWindowPartitionsDefinition(
        start="2021-05-05", end="2021-05-08", fmt="%Y-%m-%d", cron_schedule="0 */12 * * *"
    )
    window = halves.time_window_for_partition_key("2021-05-06")
    assert window == TimeWindow(utc(2021, 5, 6), utc(2021, 5, 6, 12))
    assert halves.get_index_of_partition_key("2021-05-06") == 2
    keys = halves.get_partition_keys_in_range(PartitionKeyRange("2021-05-05", "2021-05-06"))
    assert keys == ["2021-05-05", "2021-05-05", "2021-05-06", "2021-05-06"]


def test_neighbours_and_places() -> None:
    keys = DAYS.get_partition_keys(NOON)
    assert [DAYS.get_partition_key_at(index, NOON) for index in range(3)] == keys
    assert [DAYS.get_index_of_partition_key(key, NOON) for key in keys] == [0, 1, 2]
    assert [DAYS.get_next_partition_key(key, NOON) for key in keys] == [*keys[1:], None]
    assert [DAYS.get_previous_partition_key(key, NOON) for key in keys] == [None, *keys[:-1]]
    with pytest.raises(InvalidInvocationError, match=r"index 3: .* has 3"):
        DAYS.get_partition_key_at(3, NOON)
    with pytest.raises(UnknownPartitionError):
        DAYS.get_next_partition_key("2021-05-08", NOON)
    with pytest.raises(UnknownPartitionError):
        DAYS.get_previous_partition_key("2021-05-04", NOON)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        pytest.param("2021-05-05", "2021-05-07", [5, 6, 7], id="sem_16_range_inclusive"),
        pytest.param("2021-05-06", "2021-05-06", [6], id="sem_16_range_one"),
        pytest.param("2021-05-07", "2021-05-05", [], id="sem_16_range_reversed"),
    ],
)
def test_ranges(start: str, end: str, days: list[int]) -> None:
    keys = DAYS.get_partition_keys_in_range(PartitionKeyRange(start, end), NOON)
    assert keys == [f"2021-05-{day:02}" for day in days]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        pytest.param("2021-05-01", "2021-05-06", "`2021-05-01` is no key", id="sem_16_range_before_start"),
        pytest.param("2021-05-05", "2021-06-01", "`2021-06-01` is no key", id="sem_16_range_in_the_future"),
        pytest.param("x", "y", "`x` and `y` are no keys", id="sem_16_range_no_dates"),
    ],
)
def test_ranges_of_unknown_keys(start: str, end: str, said: str) -> None:
    with pytest.raises(InvalidInvocationError, match=said):
        DAYS.get_partition_keys_in_range(PartitionKeyRange(start, end), NOON)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (utc(2021, 5, 5), utc(2021, 5, 7), [5, 6]),
        (utc(2021, 5, 5, 5), utc(2021, 5, 7, 5), [6, 7]),
        (utc(2021, 5, 6, 0, 0, 0, 1), utc(2021, 5, 7, 0, 0, 0, 1), [7]),
        (utc(2021, 5, 6, 5), utc(2021, 5, 6, 6), []),
        (utc(2021, 5, 7), utc(2021, 5, 5), []),
        (utc(2020, 1, 1), utc(2022, 1, 1), [5, 6, 7]),
        (utc(2030, 1, 1), utc(2031, 1, 1), []),
        (utc(9999, 12, 31), utc(9999, 12, 31), []),
    ],
)
def test_keys_in_a_window_of_time(start: datetime, end: datetime, days: list[int]) -> None:
    keys = DAYS.get_partition_keys_in_time_window(TimeWindow(start, end), NOON)
    assert keys == [f"2021-05-{day:02}" for day in days]
    assert DAYS.get_partition_keys_in_time_window(TimeWindow(start, end), utc(2021, 5, 5)) == []


def test_the_key_for_a_moment() -> None:
    days = DailyPartitionsDefinition("2021-05-05", end_date="2021-05-10", timezone="America/New_York")
    assert days.partition_key_for(utc(2021, 5, 6, 3, 59, 59)) == "2021-05-05"
    assert days.partition_key_for(utc(2021, 5, 6, 4)) == "2021-05-06"
    assert days.partition_key_for(datetime(2021, 5, 6)) == "2021-05-06"  # noqa: DTZ001 - local time
    assert days.partition_key_for(utc(2021, 5, 5, 3, 59)) is None
    assert days.partition_key_for(utc(2021, 5, 10, 4)) is None


def test_a_time_without_a_zone_is_local() -> None:
    days = DailyPartitionsDefinition("2021-05-05", timezone="America/New_York")
    assert days.get_last_partition_key(datetime(2021, 5, 7)) == "2021-05-06"  # noqa: DTZ001
    assert days.get_last_partition_key(utc(2021, 5, 7)) == "2021-05-05"


def test_now_is_the_default() -> None:
    days = DailyPartitionsDefinition("2021-05-05")
    today = datetime.now(UTC).date()
    last = days.get_last_partition_key()
    assert last in {str(today - timedelta(days=1)), str(datetime.now(UTC).date() - timedelta(days=1))}


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2021-05-05", "2021-05-05T00:00:00+10:00"),
        (datetime(2021, 5, 5, 3), "2021-05-05T03:00:00+10:00"),  # noqa: DTZ001
        (datetime(2021, 5, 5, 3, tzinfo=UTC), "2021-05-05T03:00:00+10:00"),
        (datetime(2021, 5, 5, 3, tzinfo=timezone(timedelta(hours=3))), "2021-05-05T03:00:00+10:00"),
        (datetime(2021, 5, 5, 3, tzinfo=ZoneInfo("Australia/Sydney")), "2021-05-05T03:00:00+10:00"),
    ],
)
def test_the_clock_reading_of_a_start_is_taken_in_the_zone(start: Any, expected: str) -> None:
    definition = DailyPartitionsDefinition(start, end_date=start, timezone="Australia/Sydney")
    assert definition.start.isoformat() == expected
    assert definition.end == definition.start


@pytest.mark.parametrize("start", ["05/05/2021", "2021-05-05 00:00", "", "2021-13-01"])
def test_sem_16_start_not_matching_fmt(start: str) -> None:
    with pytest.raises(ValueError, match="is not written as `%Y-%m-%d`, that is like `2024-01-31`"):
        DailyPartitionsDefinition(start)
    with pytest.raises(ValueError, match="the end "):
        DailyPartitionsDefinition("2021-05-05", end_date=start)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"start_date": None}, ParameterCheckError, "the start of partitions"),
        ({"start_date": 5}, ParameterCheckError, "not 5"),
        ({"timezone": 5}, ParameterCheckError, "`timezone`"),
        ({"timezone": "America/NewYork"}, InvalidDefinitionError, "did you mean `America/New_York`"),
        ({"timezone": "../../etc/passwd"}, InvalidDefinitionError, "unknown time zone"),
        ({"minute_offset": 60}, InvalidDefinitionError, "from 0 to 59, not 60"),
        ({"minute_offset": "5"}, ParameterCheckError, "`minute_offset`"),
        ({"hour_offset": -1}, InvalidDefinitionError, "from 0 to 23, not -1"),
        ({"hour_offset": True}, ParameterCheckError, "`hour_offset`"),
        ({"end_offset": 1.5}, ParameterCheckError, "`end_offset`"),
        ({"fmt": "%m-%d", "start_date": "05-05"}, InvalidDefinitionError, "must tell the year"),
        ({"fmt": "%Y %d", "start_date": "2021 05"}, InvalidDefinitionError, "must tell the month"),
        ({"fmt": "day", "start_date": "day"}, InvalidDefinitionError, "must tell the year"),
        ({"fmt": "%Y-%m-%d %Z", "start_date": "x"}, InvalidDefinitionError, "use `%z`"),
        ({"fmt": 7}, ParameterCheckError, "`fmt`"),
    ],
)
def test_definitions_that_cannot_be(arguments: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        DailyPartitionsDefinition(**{"start_date": "2021-05-05", **arguments})


def test_offsets_of_days() -> None:
    with pytest.raises(InvalidDefinitionError, match="from 0 to 6, not 7"):
        WeeklyPartitionsDefinition("2021-05-05", day_offset=7)
    for offset in (0, 32):
        with pytest.raises(InvalidDefinitionError, match="from 1 to 31"):
            MonthlyPartitionsDefinition("2021-05-05", day_offset=offset)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({}, id="sem_16_no_schedule"),
        pytest.param({"cron_schedule": "0 0 * * *", "hour_offset": 1}, id="sem_16_cron_and_offset"),
        pytest.param(
            {"cron_schedule": "0 0 * * *", "schedule_type": ScheduleType.DAILY}, id="sem_16_cron_and_type"
        ),
        pytest.param(
            {"schedule_type": ScheduleType.HOURLY, "hour_offset": 1}, id="sem_16_hourly_hour_offset"
        ),
        pytest.param({"schedule_type": ScheduleType.DAILY, "day_offset": 1}, id="sem_16_daily_day_offset"),
        pytest.param({"schedule_type": "DAILY"}, id="sem_16_type_text"),
    ],
)
def test_schedules_that_contradict(arguments: Any) -> None:
    with pytest.raises(CheckError):
        TimeWindowPartitionsDefinition(start="2021-05-05", fmt="%Y-%m-%d", **arguments)


def test_kinds_are_equal_by_value() -> None:
    by_type = TimeWindowPartitionsDefinition(
        start="2021-05-05", fmt="%Y-%m-%d", schedule_type=ScheduleType.DAILY
    )
    by_cron = TimeWindowPartitionsDefinition(start="2021-05-05", fmt="%Y-%m-%d", cron_schedule="0 0 * * *")
    assert by_type == by_cron == DAYS
    assert len({by_type, by_cron, DAYS}) == 1
    assert DAYS.get_cron_schedule() == "0 0 * * *"
    for other in (
        DailyPartitionsDefinition("2021-05-06"),
        DailyPartitionsDefinition("2021-05-05", end_date="2021-06-01"),
        DailyPartitionsDefinition("2021-05-05", timezone="Europe/Berlin"),
        DailyPartitionsDefinition("2021-05-05", end_offset=1),
        DailyPartitionsDefinition("2021-05-05", hour_offset=1),
        DailyPartitionsDefinition("20210505", fmt="%Y%m%d"),
    ):
        assert other != DAYS


@pytest.mark.parametrize(
    "definition",
    [
        DAYS,
        HourlyPartitionsDefinition("2021-05-05-00:00", timezone="Asia/Kathmandu"),
        TimeWindowPartitionsDefinition(start="May 5 21", fmt="%b %d %y", cron_schedule="0 0 L * *"),
    ],
)
def test_definitions_can_be_pickled(definition: TimeWindowPartitionsDefinition) -> None:
    copy = pickle.loads(pickle.dumps(definition))
    assert type(copy) is type(definition)
    assert copy == definition
    assert hash(copy) == hash(definition)
    assert copy.get_partition_keys(NOON) == definition.get_partition_keys(NOON)


def test_the_repr_says_what_it_is() -> None:
    assert repr(DAYS) == (
        "DailyPartitionsDefinition(start='2021-05-05T00:00:00+00:00', end=None, fmt='%Y-%m-%d', "
        "timezone='UTC', cron_schedule='0 0 * * *', end_offset=0)"
    )


def test_a_billion_windows() -> None:
    minutes = TimeWindowPartitionsDefinition(
        start="1000-01-01-00:00",
        end="3000-01-01-00:00",
        fmt="%Y-%m-%d-%H:%M",
        timezone="America/New_York",
        cron_schedule="* * * * *",
        end_offset=10**10,
    )
    count = minutes.get_num_partitions()
    assert count > 10**9
    assert minutes.has_partition_key("2999-12-31-23:59")
    assert not minutes.has_partition_key("3000-01-01-00:00")
    assert minutes.get_partition_key_at(count - 1) == "2999-12-31-23:59" == minutes.get_last_partition_key()
    index = minutes.get_index_of_partition_key("2500-07-04-12:34")
    assert minutes.get_partition_key_at(index) == "2500-07-04-12:34"
    assert minutes.get_next_partition_key("2500-07-04-12:34") == "2500-07-04-12:35"
    keys = minutes.get_partition_keys_in_range(PartitionKeyRange("2500-07-04-12:34", "2500-07-04-12:36"))
    assert keys == ["2500-07-04-12:34", "2500-07-04-12:35", "2500-07-04-12:36"]


def test_one_key_only() -> None:
    days = DailyPartitionsDefinition("2021-05-05", end_date="2021-05-06")
    with pytest.raises(UnknownPartitionError, match="have one key, `2021-05-05`"):
        days.validate_partition_key("x", NOON)
    with pytest.raises(UnknownPartitionError, match="have no keys"):
        days.validate_partition_key("2021-05-05", utc(2021, 5, 5))


@pytest.mark.parametrize("moment", ["2021-05-05", 5, date(2021, 5, 5)])
def test_a_moment_is_a_datetime(moment: Any) -> None:
    with pytest.raises(ParameterCheckError, match="must be a datetime"):
        DAYS.get_partition_keys(moment)
    with pytest.raises(ParameterCheckError, match="must be a datetime"):
        DAYS.partition_key_for(moment)


@pytest.mark.parametrize("ends", [(1, "2021-05-05"), ("2021-05-05", None)])
def test_the_ends_of_a_range_are_texts(ends: Any) -> None:
    with pytest.raises(ParameterCheckError, match="must be text"):
        PartitionKeyRange(*ends)


def test_a_definition_equals_no_other_thing() -> None:
    assert DAYS != "2021-05-05"
    assert repr(DAYS) != DAYS


@pytest.mark.parametrize("start", ["0001-01-01", "1000-01-01", "9999-12-30"])
def test_the_ends_of_the_calendar(start: str) -> None:
    days = DailyPartitionsDefinition(start, timezone="Pacific/Kiritimati", end_offset=5)
    count = days.get_num_partitions(NOON)
    assert len(days.get_partition_keys(NOON)) == count
    assert (count > 0) == (start < "2021")
    assert not days.has_partition_key("0000-00-00", NOON)
    assert not days.has_partition_key("9999-12-31", NOON)


def test_before_the_calendar_nothing_exists() -> None:
    days = DailyPartitionsDefinition("0001-01-05", end_offset=-(10**9))
    assert days.get_partition_keys(NOON) == []
    assert days.get_partition_keys_in_time_window(TimeWindow(utc(2020, 1, 1), utc(2021, 1, 1)), NOON) == []


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("2024-01-9", ["2024-01-09", "2024-01-10"]),
        ("2024-1-9", ["2024-01-09", "2024-01-10"]),
        ("ninth", []),
    ],
)
def test_sem_16_a_key_without_its_zeros_is_near_the_one_with_them(written: str, near: list[str]) -> None:
    days = DailyPartitionsDefinition("2024-01-01", end_date="2024-02-01")
    assert list(days.near_partition_keys(written)) == near


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("5 * * * *", "the hours from"),
        ("0 6 * * *", "the days from"),
        ("0 0 * * 1", "the weeks from"),
        ("0 0 15 * *", "the months from"),
        ("0 6 * * 1-5", "the partitions by `0 6 * * 1-5` from"),
    ],
)
def test_windows_are_called_what_people_call_them(schedule: str, words: str) -> None:
    made = TimeWindowPartitionsDefinition(start="2024-01-01", fmt="%Y-%m-%d", cron_schedule=schedule)
    assert str(made).startswith(words)
