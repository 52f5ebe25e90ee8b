"""Cron schedules: what can be read, and the ticks that follow (SEMANTICS 16)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from cronsim import CronSim

from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError
from jobc.runtime.partitions import TimeWindowPartitionsDefinition

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def days_of(schedule: str, end: str = "2021-03-03", **others: Any) -> list[str]:
    definition = TimeWindowPartitionsDefinition(
        start="2021-01-01", end=end, fmt="%Y-%m-%d", cron_schedule=schedule, **others
    )
    return list(definition.get_partition_keys(NOW))


def january(*days: int) -> list[str]:
    return [f"2021-01-{day:02}" for day in days]


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        pytest.param("0 0 * * 1-5", january(1, 4, 5, 6, 7, 8, 11, 12, 13, 14), id="sem_16_cron_weekdays"),
        pytest.param("0 0 * * MON-fri", january(1, 4, 5, 6, 7, 8, 11, 12, 13, 14), id="sem_16_cron_names"),
        pytest.param("0 0 * * 0", january(3, 10), id="sem_16_cron_sunday"),
        pytest.param("0 0 * * 7", january(3, 10), id="sem_16_cron_sunday_7"),
        pytest.param("0 0 * * 5-7", january(1, 2, 3, 8, 9, 10), id="sem_16_cron_to_sunday"),
        pytest.param("@weekly", january(3, 10), id="sem_16_cron_weekly"),
        pytest.param("@DAILY", january(*range(1, 15)), id="sem_16_cron_daily"),
        pytest.param("0 0 1,13 * MON", january(1, 4, 11, 13), id="sem_16_cron_either_day"),
        pytest.param("0 0 */5 * MON", january(1, 4, 6, 11), id="sem_16_cron_either_day_star"),
        pytest.param("0 0 * * MON#2", january(11), id="sem_16_cron_second_monday"),
        pytest.param("0 0 2/5 * *", january(2, 7, 12), id="sem_16_cron_from_step"),
        pytest.param("0 0 1-9/4 * *", january(1, 5, 9), id="sem_16_cron_range_step"),
    ],
)
def test_days(schedule: str, days: list[str]) -> None:
    assert [day for day in days_of(schedule) if day < "2021-01-15"] == days


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        pytest.param("0 0 L * *", ["2021-01-31", "2021-02-28", "2021-03-31"], id="sem_16_cron_last_day"),
        pytest.param("0 0 LW * *", ["2021-01-29", "2021-02-26", "2021-03-31"], id="sem_16_cron_last_workday"),
        pytest.param("0 0 * * 5L", ["2021-01-29", "2021-02-26", "2021-03-26"], id="sem_16_cron_last_friday"),
        pytest.param("0 0 1 JAN,mar *", ["2021-01-01", "2021-03-01"], id="sem_16_cron_months"),
        pytest.param("@monthly", ["2021-01-01", "2021-02-01", "2021-03-01"], id="sem_16_cron_monthly"),
    ],
)
def test_days_of_months(schedule: str, days: list[str]) -> None:
    assert [day for day in days_of(schedule, end="2023-01-01") if day < "2021-04"] == days


def test_leap_days() -> None:
    definition = TimeWindowPartitionsDefinition(
        start="1890-01-01", end="2030-01-01", fmt="%Y-%m-%d", cron_schedule="0 0 29 2 *", end_offset=9
    )
    years = [year for year in range(1892, 2025, 4) if year != 1900]
    assert definition.get_partition_keys(NOW) == [f"{year}-02-29" for year in years]


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        pytest.param("bad", "must have five fields", id="sem_16_cron_words"),
        pytest.param("0 0 * * * *", "must have five fields", id="sem_16_cron_seconds"),
        pytest.param("@reboot", "must have five fields", id="sem_16_cron_reboot"),
        pytest.param("60 0 * * *", "the minute of the cron schedule", id="sem_16_cron_minute"),
        pytest.param("0 24 * * *", "the hour of the cron schedule", id="sem_16_cron_hour"),
        pytest.param("0 0 0 * *", "the day-of-month of the cron schedule", id="sem_16_cron_day"),
        pytest.param("0 0 * 13 *", "the month of the cron schedule", id="sem_16_cron_month"),
        pytest.param("0 0 * * 8", "the day-of-week of the cron schedule", id="sem_16_cron_weekday"),
        pytest.param("H 0 * * *", "the minute of the cron schedule", id="sem_16_cron_hashed"),
        pytest.param("0 0 31 2 *", "`0 0 31 2 *`", id="sem_16_cron_no_such_day"),
        pytest.param("0 0 * 2 1#6", "the day-of-week of the cron schedule", id="sem_16_cron_sixth"),
    ],
)
def test_schedules_that_cannot_be(schedule: str, said: str) -> None:
    with pytest.raises(InvalidDefinitionError, match=said.replace("*", r"\*")):
        days_of(schedule)


def test_days_that_no_year_has() -> None:
    with pytest.raises(InvalidDefinitionError, match="names days that no year has"):
        days_of("0 0 30-31 2 0-7")


def test_a_schedule_is_text() -> None:
    with pytest.raises(ParameterCheckError, match="`cron_schedule`"):
        days_of(5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "schedule", ["15 3 * * 1-5", "0 */6 13 * *", "5,35 4 L 2,12 *", "0 0 1 * *", "0 12 * * 3#3"]
)
def test_ticks_are_those_of_the_library(schedule: str) -> None:
    fmt = "%Y-%m-%d-%H:%M"
    definition = TimeWindowPartitionsDefinition(
        start="2019-01-01-00:00", end="2023-06-01-00:00", fmt=fmt, cron_schedule=schedule
    )
    keys = definition.get_partition_keys(NOW)
    ticks = CronSim(schedule, datetime(2018, 12, 31, 23, 59, tzinfo=UTC))
    assert keys == [next(ticks).strftime(fmt) for _ in keys]
    assert keys
