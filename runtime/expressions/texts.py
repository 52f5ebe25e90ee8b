"""Values as text: how they stand in a longer text, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jobc.runtime.expressions.errors import refuse
from jobc.runtime.expressions.limits import MAX_BITS


def as_text(value: object) -> str:
    """Return a value as it stands in a longer text.

    Null is empty, truth values are `true` and `false`, dates and times ISO 8601, lists and mappings canonical
    JSON. Raises `RefusedOperationError` for what has no text.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        refuse("the number is too large to be written")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | Mapping):
        return json_text(value)
    return str(value)


def json_text(value: object) -> str:
    """Return canonical JSON: keys sorted, no blanks, ASCII. Raises `RefusedOperationError`."""
    from json import dumps

    try:
        return dumps(
            value,
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=True,
            allow_nan=False,
            default=_json_value,
        )
    except (ValueError, TypeError, RecursionError):
        refuse("the value cannot be written as JSON")


def _json_value(value: object) -> object:
    """Stand in for a value that JSON does not know."""
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else as_text(value)
