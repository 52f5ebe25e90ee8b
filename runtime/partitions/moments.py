"""Moments as people give them, a text or a datetime, as instants."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobc.runtime.errors import ParameterCheckError
from jobc.runtime.partitions.zones import DAY, change_between, zone

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time has no zone


def bound_of(moment: object, fmt: str, timezone: str, what: str) -> datetime:
    """Return a start or end in a zone: a text written by `fmt`, or a datetime's clock reading.

    Errors: `ValueError` for a text that `fmt` does not read, `ParameterCheckError` for anything else.
    """
    if isinstance(moment, str):
        try:
            moment = datetime.strptime(moment, fmt)  # noqa: DTZ007 - the zone is the definition's
        except ValueError as error:
            example = datetime(2024, 1, 31).strftime(fmt)  # noqa: DTZ001
            raise ValueError(
                f"the {what} `{moment}` is not written as `{fmt}`, that is like `{example}`"
            ) from error
        if moment.tzinfo is not None:
            return moment.astimezone(zone(timezone))
    if not isinstance(moment, datetime):
        raise ParameterCheckError(
            f"the {what} of partitions must be a datetime or text written as `{fmt}`, not {moment!r}"
        )
    return moment.replace(tzinfo=zone(timezone))


def second_of(moment: datetime, timezone: str) -> int:
    """Return the second that a moment lies in; without a zone its clock reading is taken in `timezone`.

    Errors: `ParameterCheckError` for anything but a datetime.
    """
    if not isinstance(moment, datetime):
        raise ParameterCheckError(f"a moment must be a datetime, not {moment!r}")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone(timezone))
    if moment.microsecond:
        moment = moment.replace(microsecond=0)
    return int(moment.timestamp())


def second_from(moment: datetime, timezone: str) -> int:
    """Return the first full second at or after a moment."""
    return second_of(moment, timezone) + (moment.microsecond > 0)


def first_shown(wall: int, timezone: str) -> int:
    """Return the first instant at which clocks of a zone show a wall time, or jump over it."""
    shown = (_EPOCH + timedelta(seconds=wall)).replace(tzinfo=zone(timezone))
    before, after = _offset(shown), _offset(shown.replace(fold=1))
    if before >= after:
        return wall - before
    return change_between(timezone, wall - after, wall - before, before)


def _offset(shown: datetime) -> int:
    offset = shown.utcoffset()
    assert offset is not None
    return offset.days * DAY + offset.seconds
