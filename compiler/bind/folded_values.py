"""What folding makes of values: data of the IR, and how large they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple, cast

from jobc.runtime.expressions.templates import escaped

if TYPE_CHECKING:
    from jobc.schemas.ir import Data

CHARACTERS_PER_NODE = 10


class Known(NamedTuple):
    """An expression that was folded to a value."""

    value: object


class Size(NamedTuple):
    """How many scalars a value holds, long texts counting as many, and how deep it is."""

    weight: int
    depth: int


def size_of(value: object) -> Size:
    """Return the size of a value."""
    if isinstance(value, dict | list):
        inner = [size_of(item) for item in (value.values() if isinstance(value, dict) else value)]
        return Size(sum(size.weight for size in inner), 1 + max((size.depth for size in inner), default=0))
    return Size(1 + (len(value) // CHARACTERS_PER_NODE if isinstance(value, str) else 0), 0)


def as_data(value: object) -> Data:
    """Return the value of an expression as data: dates and datetimes are ISO text."""
    if isinstance(value, dict):
        return {key: as_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_data(item) for item in value]
    return value.isoformat() if isinstance(value, date) else cast("Data", value)


def escaped_data(value: Data) -> Data:
    """Return the template that stands for a value: in its texts a literal `${` is `$${`."""
    if isinstance(value, dict):
        return {key: escaped_data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [escaped_data(item) for item in value]
    return escaped(value) if isinstance(value, str) else value
