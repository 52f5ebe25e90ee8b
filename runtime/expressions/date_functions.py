"""The functions on dates and datetimes. All raise `RefusedOperationError` where there is no result."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from jobc.runtime.expressions.errors import refuse
from jobc.runtime.expressions.signatures import (
    DATES,
    DAY,
    TEXTS,
    WHOLE,
    Function,
    Parameter,
    always,
    same_as_first,
)
from jobc.runtime.expressions.types import DATE, DATETIME, STR

_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_DIRECTIVES = "YmdHMSfzjyGVuaAbBpI%"
_SHOWN = 40


def to_date(value: str | date) -> date:
    """Return the date of a text such as `2024-01-31`, or of a datetime."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        refuse(f"the text `{value[:_SHOWN]}` is no date", "dates are written `2024-01-31`")


def to_datetime(value: str | date) -> datetime:
    """Return the datetime of a text such as `2024-01-31T09:00:00+00:00`, or of a date at midnight."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a date has no zone
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        refuse(
            f"the text `{value[:_SHOWN]}` is no datetime", "datetimes are written `2024-01-31T09:00:00+00:00`"
        )


def format_date(value: date, form: str) -> str:
    """Return a date as text, by the directives of `strftime` that mean the same everywhere."""
    for found in _DIRECTIVE.finditer(form):
        if not found[1] or found[1] not in _DIRECTIVES:
            refuse(
                f"`{found[0]}` is no part of a date",
                "for example `%Y-%m-%d %H:%M:%S`; write `%%` for the sign itself",
            )
    # A year before 1000 has four digits everywhere.
    fixed = _DIRECTIVE.sub(lambda found: f"{value.year:04}" if found[1] == "Y" else found[0], form)
    try:
        return value.strftime(fixed)
    except ValueError:
        refuse("the date cannot be written in this form")


def add_days(value: date, days: int) -> date:
    """Return the date, or the same time of day, so many days later; earlier where `days` is negative."""
    try:
        return value + timedelta(days=days)
    except OverflowError:
        refuse(
            f"there is no date {days} {'day' if abs(days) == 1 else 'days'} from there"
            if abs(days) < 10**9
            else "there is no date so far away"
        )


FUNCTIONS = (
    Function(
        "date",
        (Parameter("value", TEXTS | DATES),),
        1,
        False,
        always(DATE),
        to_date,
        "the date of a text, or of a datetime",
        'date("2024-01-31")',
        date(2024, 1, 31),
    ),
    Function(
        "datetime",
        (Parameter("value", TEXTS | DATES),),
        1,
        False,
        always(DATETIME),
        to_datetime,
        "the datetime of a text, or of a date at midnight",
        'datetime("2024-01-31T09:30:00")',
        datetime(2024, 1, 31, 9, 30),  # noqa: DTZ001 - the text has no zone
    ),
    Function(
        "format_date",
        (DAY, Parameter("form", TEXTS)),
        2,
        False,
        always(STR),
        format_date,
        "a date or datetime as text, by the directives of `strftime`",
        'format_date(date("2024-01-31"), "%Y%m%d")',
        "20240131",
    ),
    Function(
        "add_days",
        (DAY, Parameter("days", WHOLE)),
        2,
        False,
        same_as_first,
        add_days,
        "the date, or the same time of day, so many days later",
        'add_days(date("2024-02-28"), 2)',
        date(2024, 3, 1),
    ),
)
"""The functions on dates and datetimes, in the order of the language reference."""
