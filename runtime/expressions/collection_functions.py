"""The functions on lists and mappings. All raise `RefusedOperationError` where there is no result."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jobc.runtime.expressions.errors import refuse
from jobc.runtime.expressions.limits import MAX_ITEMS
from jobc.runtime.expressions.operators import binary_type, holds
from jobc.runtime.expressions.signatures import (
    HOLDERS,
    LISTS,
    MAPPINGS,
    ORDERED,
    VALUE,
    WHOLE,
    Function,
    Parameter,
    always,
)
from jobc.runtime.expressions.types import (
    INT,
    STR,
    ListType,
    head_of,
    item_type,
    joined,
    outer_type,
    value_type,
    words_for,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Sized

    from jobc.runtime.expressions.types import Type


def length(value: Sized) -> int:
    """Return how many characters, items or keys there are."""
    return len(value)


def smallest(*values: object) -> object:
    """Return the smallest of values, or of the items of a list."""
    return _ordered(_one_or_all(values))[0]


def largest(*values: object) -> object:
    """Return the largest of values, or of the items of a list."""
    return _ordered(_one_or_all(values))[-1]


def sort(items: Sequence[object]) -> list[object]:
    """Return the items of a list, the smallest first."""
    return _ordered(items)


def numbers_between(first: int, stop: int | None = None, step: int = 1) -> list[int]:
    """Return the whole numbers from `first`, or 0, up to but not including `stop`."""
    if step == 0:
        refuse("a range cannot have steps of 0")
    numbers = range(first) if stop is None else range(first, stop, step)
    # A range can be longer than `len` can say.
    if numbers and abs(numbers[-1] - numbers[0]) // abs(step) >= MAX_ITEMS:
        refuse(f"the list grows beyond {MAX_ITEMS:,} items")
    return list(numbers)


def keys(mapping: Mapping[str, object]) -> list[str]:
    """Return the keys of a mapping, sorted."""
    return sorted(mapping)


def values(mapping: Mapping[str, object]) -> list[object]:
    """Return the values of a mapping, in the order of its sorted keys."""
    return [mapping[key] for key in sorted(mapping)]


def contains(container: object, item: object) -> bool:
    """Tell whether a list holds a value, a mapping a key, or a text another."""
    if not isinstance(container, list) and not isinstance(item, str):
        refuse(f"{words_for(outer_type(container))} cannot hold {words_for(outer_type(item))}")
    return holds(container, item)


def _holds_type(types: Sequence[Type]) -> Type:
    """Return the type of `contains`. Raises `RefusedOperationError` for what can never be inside."""
    found = binary_type("in", types[1], types[0])
    if found is None:
        refuse(f"{words_for(types[0])} cannot hold {words_for(types[1])}")
    return found


def _extreme_type(types: Sequence[Type]) -> Type:
    """Return the type of `min` and `max`. Raises `RefusedOperationError` for what has no order."""
    if len(types) == 1:
        if head_of(types[0]) not in ("list", "any"):
            refuse("one value alone is no list", "give a list, or several values")
        return _checked(item_type(types[0]))
    for kind in types:
        _require_order(types[0], kind)
    return joined(types)


def _sorted_type(types: Sequence[Type]) -> Type:
    """Return the type of `sorted`. Raises `RefusedOperationError` for what has no order."""
    return ListType(_checked(item_type(types[0])))


def _values_type(types: Sequence[Type]) -> Type:
    """Return the type of `values`."""
    return ListType(value_type(types[0]))


def _checked(item: Type) -> Type:
    _require_order(item, item)
    return item


def _require_order(first: Type, second: Type) -> None:
    if binary_type("<", first, second) is None:
        other = "" if head_of(first) == head_of(second) else f" and {words_for(second)}"
        refuse(f"{words_for(first)}{other} cannot be put in order")


def _one_or_all(values: tuple[object, ...]) -> Sequence[object]:
    if len(values) > 1:
        return values
    only = next(iter(values), None)
    if not isinstance(only, list):
        refuse("one value alone is no list", "give a list, or several values")
    if not only:
        refuse("the list is empty")
    return only


def _ordered(items: Sequence[object]) -> list[object]:
    for item in items:
        _require_order(outer_type(items[0]), outer_type(item))
    try:
        return [*sorted(cast("Sequence[float]", items))]
    except TypeError:
        refuse("datetimes with and without a time zone cannot be put in order")


FUNCTIONS = (
    Function(
        "len",
        (Parameter("value", HOLDERS),),
        1,
        False,
        always(INT),
        length,
        "how many characters, items or keys there are",
        "len([1, 2, 3])",
        3,
    ),
    Function(
        "min",
        (Parameter("list", ORDERED | LISTS, ORDERED),),
        1,
        True,
        _extreme_type,
        smallest,
        "the smallest item of a list, or of several values",
        "min(3, 1, 2)",
        1,
    ),
    Function(
        "max",
        (Parameter("list", ORDERED | LISTS, ORDERED),),
        1,
        True,
        _extreme_type,
        largest,
        "the largest item of a list, or of several values",
        "max([3, 1, 2])",
        3,
    ),
    Function(
        "sorted",
        (Parameter("list", LISTS, ORDERED),),
        1,
        False,
        _sorted_type,
        sort,
        "a list in order, the smallest first",
        "sorted([3, 1, 2])",
        [1, 2, 3],
    ),
    Function(
        "range",
        (Parameter("start", WHOLE), Parameter("stop", WHOLE), Parameter("step", WHOLE)),
        1,
        False,
        always(ListType(INT)),
        numbers_between,
        "the whole numbers below a number, or from one up to another",
        "range(1, 4)",
        [1, 2, 3],
    ),
    Function(
        "keys",
        (Parameter("mapping", MAPPINGS),),
        1,
        False,
        always(ListType(STR)),
        keys,
        "the keys of a mapping, sorted",
        'keys({"b": 1, "a": 2})',
        ["a", "b"],
    ),
    Function(
        "values",
        (Parameter("mapping", MAPPINGS),),
        1,
        False,
        _values_type,
        values,
        "the values of a mapping, in the order of its sorted keys",
        'values({"b": 1, "a": 2})',
        [2, 1],
    ),
    Function(
        "contains",
        (Parameter("container", HOLDERS), VALUE),
        2,
        False,
        _holds_type,
        contains,
        "whether a list holds a value, a mapping a key, or a text another",
        'contains("abc", "b")',
        True,
    ),
)
"""The functions on lists and mappings, in the order of the language reference."""
