"""The closed list of functions (DESIGN 3, "Expressions' functions"): all pure, none of them a method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.expressions import (
    collection_functions,
    date_functions,
    number_functions,
    text_functions,
)
from jobc.runtime.expressions.signatures import ANY_KIND, VALUE, Function, Parameter, always
from jobc.runtime.expressions.texts import as_text, json_text
from jobc.runtime.expressions.types import NULL, STR, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.runtime.expressions.types import Type


def _default_type(types: Sequence[Type]) -> Type:
    return types[1] if types[0] == NULL else joined(types)


def _default(value: object, fallback: object) -> object:
    """Return the value, or another where it is null; that it may be missing is for the evaluation."""
    return fallback if value is None else value


_OF_ANYTHING = (
    Function(
        "str",
        (VALUE,),
        1,
        False,
        always(STR),
        as_text,
        "a value as it stands in a longer text",
        "str(1.5)",
        "1.5",
    ),
    Function(
        "json",
        (VALUE,),
        1,
        False,
        always(STR),
        json_text,
        "a value as JSON, keys sorted, without blanks",
        'json({"b": [1, 2]})',
        '{"b":[1,2]}',
    ),
    Function(
        "default",
        (VALUE, Parameter("otherwise", ANY_KIND)),
        2,
        False,
        _default_type,
        _default,
        "a value, or another where it is null or missing",
        'default(null, "none")',
        "none",
    ),
)

FUNCTIONS = {
    function.name: function
    for function in (
        *_OF_ANYTHING,
        *text_functions.FUNCTIONS,
        *number_functions.FUNCTIONS,
        *date_functions.FUNCTIONS,
        *collection_functions.FUNCTIONS,
    )
}
"""Every function by its name, in the order of the language reference."""
