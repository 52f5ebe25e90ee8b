"""The functions on numbers, and those that make values of one kind from values of another.

All raise `RefusedOperationError` where there is no result.
"""

from __future__ import annotations

import re
from math import fsum
from typing import TYPE_CHECKING

from jobc.runtime.expressions.errors import refuse
from jobc.runtime.expressions.limits import MAX_BITS
from jobc.runtime.expressions.signatures import (
    LISTS,
    NUMBER,
    NUMBERS,
    TEXTS,
    WHOLE,
    Function,
    Parameter,
    always,
    same_as_first,
)
from jobc.runtime.expressions.types import ANY, BOOL, FLOAT, INT, item_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.runtime.expressions.types import Type

_WHOLE = re.compile(r"[+-]?[0-9]{1,1000}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_TRUTH = {"true": True, "false": False}
_SHOWN = 40


def absolute(number: float) -> float:
    """Return a number without its sign."""
    return abs(number)


def rounded(number: float, digits: int | None = None) -> float:
    """Return the nearest whole number, the even one of two; or a number with so many digits."""
    if digits is not None and abs(digits) > MAX_BITS:
        refuse(f"numbers have no {digits} digits")
    return round(number, digits)


def total(numbers: Sequence[float]) -> float:
    """Return the sum of numbers, exact until its last step."""
    if all(isinstance(number, int) for number in numbers):
        return sum(numbers)
    return fsum(numbers)


def to_int(value: float | str) -> int:
    """Return the whole number of a text, or of a number without its fraction."""
    if not isinstance(value, str):
        return int(value)
    if _WHOLE.fullmatch(value.strip()) is None:
        refuse(f"the text `{_short(value)}` is no whole number")
    return int(value)


def to_float(value: float | str) -> float:
    """Return the number of a text, or a whole number as one with a fraction."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) is None:
        refuse(f"the text `{_short(value)}` is no number")
    return float(value)


def to_bool(value: object) -> bool:
    """Return the truth value of a text, of a number (0 is false) or of null (false)."""
    if not isinstance(value, str):
        return bool(value)
    if value.strip() not in _TRUTH:
        refuse(f"the text `{_short(value)}` is no truth value", "write `true` or `false`")
    return _TRUTH[value.strip()]


def _round_type(types: Sequence[Type]) -> Type:
    return INT if len(types) == 1 else types[0]


def _sum_type(types: Sequence[Type]) -> Type:
    """Return the type of the items: a whole number only where all are."""
    item = item_type(types[0])
    return item if item in (INT, FLOAT) else ANY


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


FUNCTIONS = (
    Function(
        "abs",
        (NUMBER,),
        1,
        False,
        same_as_first,
        absolute,
        "a number without its sign",
        "abs(-2)",
        2,
    ),
    Function(
        "round",
        (NUMBER, Parameter("digits", WHOLE)),
        1,
        False,
        _round_type,
        rounded,
        "the nearest whole number (of two, the even one), or a number with so many digits",
        "round(2.567, 1)",
        2.6,
    ),
    Function(
        "sum",
        (Parameter("list", LISTS, NUMBERS),),
        1,
        False,
        _sum_type,
        total,
        "the sum of a list of numbers",
        "sum([1, 2, 3])",
        6,
    ),
    Function(
        "int",
        (Parameter("value", NUMBERS | TEXTS | {"bool"}),),
        1,
        False,
        always(INT),
        to_int,
        "a whole number from a text, or from a number without its fraction",
        'int("42")',
        42,
    ),
    Function(
        "float",
        (Parameter("value", NUMBERS | TEXTS | {"bool"}),),
        1,
        False,
        always(FLOAT),
        to_float,
        "a number from a text or a whole number",
        'float("0.5")',
        0.5,
    ),
    Function(
        "bool",
        (Parameter("value", NUMBERS | TEXTS | {"bool", "null"}),),
        1,
        False,
        always(BOOL),
        to_bool,
        "a truth value from the text `true` or `false`, a number (0 is false) or null",
        'bool("true")',
        True,
    ),
)
"""The functions on numbers, and to make them, in the order of the language reference."""
