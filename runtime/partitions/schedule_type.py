"""The usual schedules, and the cron schedules that they stand for."""

from __future__ import annotations

from enum import Enum

from jobc.runtime.errors import CheckError, InvalidDefinitionError, ParameterCheckError


class ScheduleType(Enum):
    """How often windows begin."""

    HOURLY = "HOURLY"
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


# Offset: what it counts, its least and most, and the schedules that take it.
_MINUTE = ("minute_offset", 0, 59, frozenset(ScheduleType))
_HOUR = ("hour_offset", 0, 23, frozenset(ScheduleType) - {ScheduleType.HOURLY})
_WEEKDAY = ("day_offset", 0, 6, frozenset({ScheduleType.WEEKLY}))
_MONTH_DAY = ("day_offset", 1, 31, frozenset({ScheduleType.MONTHLY}))


def cron_for(
    schedule_type: ScheduleType | None,
    minute_offset: int | None,
    hour_offset: int | None,
    day_offset: int | None,
    cron_schedule: str | None,
) -> str:
    """Return the cron schedule that was given, or that a schedule with offsets stands for.

    Errors: `CheckError` for both or neither and for an offset that a schedule does not take,
    `ParameterCheckError` for an offset that is no whole number, `InvalidDefinitionError` for one out of
    range.
    """
    offsets = (minute_offset, hour_offset, day_offset)
    if cron_schedule is not None:
        if schedule_type is not None or any(offset is not None for offset in offsets):
            raise CheckError(
                "a `cron_schedule` says everything: `schedule_type`, `minute_offset`, `hour_offset` and "
                "`day_offset` cannot be given beside it"
            )
        return cron_schedule
    if schedule_type is None:
        raise CheckError("time windows need a `cron_schedule` or a `schedule_type`")
    if not isinstance(schedule_type, ScheduleType):
        raise ParameterCheckError(f"`schedule_type` must be a ScheduleType, not {schedule_type!r}")
    minute = _checked(minute_offset, _MINUTE, schedule_type)
    hour = _checked(hour_offset, _HOUR, schedule_type)
    day = _checked(
        day_offset, _MONTH_DAY if schedule_type is ScheduleType.MONTHLY else _WEEKDAY, schedule_type
    )
    return {
        ScheduleType.HOURLY: f"{minute} * * * *",
        ScheduleType.DAILY: f"{minute} {hour} * * *",
        ScheduleType.WEEKLY: f"{minute} {hour} * * {day}",
        ScheduleType.MONTHLY: f"{minute} {hour} {day} * *",
    }[schedule_type]


def _checked(
    offset: object, rule: tuple[str, int, int, frozenset[ScheduleType]], schedule_type: ScheduleType
) -> int:
    name, least, most, takers = rule
    if offset is None:
        return least
    kind = schedule_type.value.lower()
    if not isinstance(offset, int) or isinstance(offset, bool):
        raise ParameterCheckError(f"`{name}` must be a whole number, not {offset!r}")
    if schedule_type not in takers:
        raise CheckError(f"{kind} partitions take no `{name}`")
    if not least <= offset <= most:
        raise InvalidDefinitionError(
            f"the `{name}` of {kind} partitions must be from {least} to {most}, not {offset}"
        )
    return offset
