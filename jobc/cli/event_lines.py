"""The events of a recorded run as lines: for people with the errors in full, for programs as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jobc.cli.plain_values import PlainValues
from jobc.cli.run_failures import error_text, failure_of
from jobc.runtime.execute.secrets import Mask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobc.runtime.storage.events import Event

_MOST_BITS = 10_000


def people_lines(events: Sequence[Event]) -> Iterator[str]:
    """Yield a line for each event: when, what kind, what happened; below a failed step what it raised."""
    width = max((len(event.kind.value) for event in events), default=0)
    for event in events:
        time = local_time(event.time).isoformat(" ", "milliseconds")
        yield f"{time}  {event.kind.value:<{width}}  {event.message}"
        error = failure_of(event)
        if error is not None and event.step_key is not None:
            yield from (f"    {line}" for line in error_text(error).splitlines())


def json_lines(events: Sequence[Event]) -> Iterator[str]:
    """Yield a JSON object for each event; `data` holds what its kind has to tell, if anything."""
    for event in events:
        told = {
            "run_id": event.run_id,
            "job": event.job_name,
            "kind": event.kind.value,
            "time": moment(event.time),
            "step_key": event.step_key,
            "message": event.message,
            "data": _plain(event.data),
        }
        yield json.dumps(told)


def moment(time: float) -> str:
    """Write seconds since the epoch for programs: ISO 8601 in UTC."""
    return datetime.fromtimestamp(time, UTC).isoformat()


def local_time(time: float) -> datetime:
    """Return seconds since the epoch as the clocks here show it, without a zone."""
    return datetime.fromtimestamp(time, UTC).astimezone().replace(tzinfo=None)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return {"repr": hex(value)}
    return PlainValues(Mask()).of(value)
