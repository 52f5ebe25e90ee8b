"""Time windows of an hour, a day, a week and a month (SEMANTICS 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.partitions.schedule_type import ScheduleType
from jobc.runtime.partitions.time_partitions import TimeWindowPartitionsDefinition
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime

DATE_FORMAT = "%Y-%m-%d"
HOUR_FORMAT = "%Y-%m-%d-%H:%M"


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class HourlyPartitionsDefinition(TimeWindowPartitionsDefinition):
    """A window for each hour that passes, from `minute_offset` minutes past; keys `%Y-%m-%d-%H:%M`."""

    def __init__(
        self,
        start_date: datetime | str,
        end_date: datetime | str | None = None,
        minute_offset: int = 0,
        timezone: str | None = None,
        fmt: str | None = None,
        end_offset: int = 0,
    ) -> None:
        """Take a start, and what differs from full hours in UTC without an end."""
        TimeWindowPartitionsDefinition.__init__(
            self,
            start=start_date,
            fmt=fmt or HOUR_FORMAT,
            end=end_date,
            schedule_type=ScheduleType.HOURLY,
            timezone=timezone,
            end_offset=end_offset,
            minute_offset=minute_offset,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class DailyPartitionsDefinition(TimeWindowPartitionsDefinition):
    """A window for each day, from `hour_offset:minute_offset` on; keys `%Y-%m-%d`."""

    def __init__(
        self,
        start_date: datetime | str,
        end_date: datetime | str | None = None,
        minute_offset: int = 0,
        hour_offset: int = 0,
        timezone: str | None = None,
        fmt: str | None = None,
        end_offset: int = 0,
    ) -> None:
        """Take a start, and what differs from days in UTC without an end."""
        TimeWindowPartitionsDefinition.__init__(
            self,
            start=start_date,
            fmt=fmt or DATE_FORMAT,
            end=end_date,
            schedule_type=ScheduleType.DAILY,
            timezone=timezone,
            end_offset=end_offset,
            minute_offset=minute_offset,
            hour_offset=hour_offset,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class WeeklyPartitionsDefinition(TimeWindowPartitionsDefinition):
    """A window for each week, from the weekday `day_offset` on (0 is Sunday); keys `%Y-%m-%d`."""

    def __init__(
        self,
        start_date: datetime | str,
        end_date: datetime | str | None = None,
        minute_offset: int = 0,
        hour_offset: int = 0,
        day_offset: int = 0,
        timezone: str | None = None,
        fmt: str | None = None,
        end_offset: int = 0,
    ) -> None:
        """Take a start, and what differs from weeks from Sunday in UTC without an end."""
        TimeWindowPartitionsDefinition.__init__(
            self,
            start=start_date,
            fmt=fmt or DATE_FORMAT,
            end=end_date,
            schedule_type=ScheduleType.WEEKLY,
            timezone=timezone,
            end_offset=end_offset,
            minute_offset=minute_offset,
            hour_offset=hour_offset,
            day_offset=day_offset,
        )


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class MonthlyPartitionsDefinition(TimeWindowPartitionsDefinition):
    """A window from each month's day `day_offset` to the next; a month without that day has none.

    Keys are written `%Y-%m-%d`.
    """

    def __init__(
        self,
        start_date: datetime | str,
        end_date: datetime | str | None = None,
        minute_offset: int = 0,
        hour_offset: int = 0,
        day_offset: int = 1,
        timezone: str | None = None,
        fmt: str | None = None,
        end_offset: int = 0,
    ) -> None:
        """Take a start, and what differs from calendar months in UTC without an end."""
        TimeWindowPartitionsDefinition.__init__(
            self,
            start=start_date,
            fmt=fmt or DATE_FORMAT,
            end=end_date,
            schedule_type=ScheduleType.MONTHLY,
            timezone=timezone,
            end_offset=end_offset,
            minute_offset=minute_offset,
            hour_offset=hour_offset,
            day_offset=day_offset,
        )
