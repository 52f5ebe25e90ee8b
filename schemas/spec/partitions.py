"""Sets of partition keys."""

from __future__ import annotations

from pydantic import Field

from jobc.schemas.spec.base import Spec


class _WindowsSpec(Spec):
    """What all partitions by time have in common."""

    start: str = Field(description="Where the first window may begin.", examples=["2024-01-01"])
    end: str | None = Field(
        default=None,
        description="Where the last window ends; default: there is no end.",
        examples=["2025-01-01"],
    )
    timezone: str | None = Field(
        default=None, description="The zone whose clocks count; default: UTC.", examples=["America/New_York"]
    )
    fmt: str | None = Field(default=None, description="How a key is written.", examples=["%Y-%m-%d"])
    end_offset: int = Field(
        default=0, description="Windows after the last that has ended; negative: before.", examples=[1]
    )


class HourlySpec(_WindowsSpec):
    """A partition for each hour."""

    minute_offset: int = Field(
        default=0, ge=0, le=59, description="Minute at which an hour begins.", examples=[30]
    )


class DailySpec(HourlySpec):
    """A partition for each day."""

    hour_offset: int = Field(default=0, ge=0, le=23, description="Hour at which a day begins.", examples=[6])


class WeeklySpec(DailySpec):
    """A partition for each week."""

    day_offset: int = Field(
        default=0, ge=0, le=6, description="Day at which a week begins; 0 is Sunday.", examples=[1]
    )


class MonthlySpec(DailySpec):
    """A partition for each month."""

    day_offset: int = Field(default=1, ge=1, le=31, description="Day at which a month begins.", examples=[15])


class CronSpec(_WindowsSpec):
    """A partition from each tick of a schedule to the next."""

    schedule: str = Field(description="The schedule, in five fields.", examples=["0 6 * * 1-5"])


class PartitionsSpec(Spec):
    """A set of partition keys: exactly one of the kinds."""

    static: list[str] | None = Field(default=None, description="The keys.", examples=[["us", "eu"]])
    hourly: HourlySpec | None = Field(
        default=None, description="A partition for each hour.", examples=[{"start": "2024-01-01-00:00"}]
    )
    daily: DailySpec | None = Field(
        default=None, description="A partition for each day.", examples=[{"start": "2024-01-01"}]
    )
    weekly: WeeklySpec | None = Field(
        default=None,
        description="A partition for each week.",
        examples=[{"start": "2024-01-01", "day_offset": 1}],
    )
    monthly: MonthlySpec | None = Field(
        default=None, description="A partition for each month.", examples=[{"start": "2024-01-01"}]
    )
    cron: CronSpec | None = Field(
        default=None,
        description="A partition for each tick of a schedule.",
        examples=[{"schedule": "0 6 * * 1-5", "start": "2024-01-01"}],
    )
    multi: dict[str, str] | None = Field(
        default=None,
        description="Two dimensions, each the name of other partitions.",
        examples=[{"day": "daily"}],
    )
    dynamic: str | None = Field(
        default=None, description="The name of keys that an instance holds.", examples=["tenants"]
    )
