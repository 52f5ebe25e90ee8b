"""Whether a function takes its arguments: the same answer for types and, when it is called, for values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.expressions.errors import RefusedOperationError
from jobc.runtime.expressions.types import ANY, ListType, head_of, outer_type, words_for, words_for_heads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.runtime.expressions.signatures import Function
    from jobc.runtime.expressions.types import Type


class Misfit(NamedTuple):
    """What is wrong with the arguments; `argument` is the index of the one at fault, None for all."""

    argument: int | None
    message: str
    advice: str


def call_type(function: Function, types: Sequence[Type]) -> Type | Misfit:
    """Return the type of a call with arguments of these types, or what is wrong with them."""
    if not function.takes_count(len(types)):
        return Misfit(None, f"`{function.name}` takes {_count(function)}, not {len(types)}", _form(function))
    for index, kind in enumerate(types):
        misfit = _argument_misfit(function, index, kind)
        if misfit is not None:
            return misfit
    try:
        return function.result(types)
    except RefusedOperationError as error:
        return Misfit(None, f"`{function.name}`: {error.message}", error.advice or _form(function))


def value_misfit(function: Function, values: Sequence[object]) -> Misfit | None:
    """Return what is wrong with the values a function is to be called with.

    Unlike types, values are known: one of a kind the language does not have fits only what takes any.
    """
    if not function.takes_count(len(values)):
        return Misfit(None, f"`{function.name}` takes {_count(function)}, not {len(values)}", _form(function))
    for index, value in enumerate(values):
        parameter = function.parameter(index)
        kinds = [(parameter.takes, outer_type(value))]
        if isinstance(value, list) and parameter.items:
            kinds += [(parameter.items, outer_type(item)) for item in value]
        for takes, kind in kinds:
            if head_of(kind) not in takes:
                advice = _conversion(takes, head_of(kind)) or _form(function)
                what = f"`{function.name}` takes {words_for_heads(takes)}, not {words_for(kind)}"
                return Misfit(index, what, advice)
    return None


def _argument_misfit(function: Function, index: int, kind: Type) -> Misfit | None:
    parameter = function.parameter(index)
    if kind == ANY:
        return None
    takes, found, what = parameter.takes, kind, f"`{function.name}` takes"
    if head_of(kind) in takes and isinstance(kind, ListType) and parameter.items:
        takes, found, what = parameter.items, kind.item, f"`{function.name}` takes a list, each item"
    if head_of(found) in takes or found == ANY:
        return None
    advice = _conversion(takes, head_of(found)) or _form(function)
    return Misfit(index, f"{what} {words_for_heads(takes)}, not {words_for(found)}", advice)


def _conversion(takes: frozenset[str], head: str) -> str | None:
    if head == "str" and takes.issuperset({"date"}):
        return "write `date(…)` around the text"
    if head == "str" and "int" in takes:
        return "write `int(…)` or `float(…)` around the text"
    return "write `str(…)` around the value" if "str" in takes and head in ("int", "float") else None


def _count(function: Function) -> str:
    least, most = function.required, len(function.parameters)
    if function.repeats:
        return f"at least {_arguments(least)}"
    return _arguments(least) if least == most else f"{least} to {_arguments(most)}"


def _arguments(count: int) -> str:
    return "one argument" if count == 1 else f"{count} arguments"


def _form(function: Function) -> str:
    return f"write `{function.form}`"
