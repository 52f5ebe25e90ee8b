"""The operators: which types they take, and what they do.

A type of `any` may turn out to be anything, so it is taken everywhere; the value is looked at again.
"""

from __future__ import annotations

import operator as python
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from jobc.runtime.expressions.errors import refuse
from jobc.runtime.expressions.types import ANY, BOOL, FLOAT, INT, STR, ListType, head_of, joined, outer_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.expressions.types import Type

EQUALITY = ("==", "!=")
ORDER = ("<", "<=", ">", ">=")
MEMBERSHIP = ("in", "not in")
LOGIC = ("and", "or")
_NUMBERS = frozenset({"int", "float"})
_ORDERED = (_NUMBERS, frozenset({"str"}), frozenset({"date"}), frozenset({"datetime"}))
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": python.add,
    "-": python.sub,
    "*": python.mul,
    "/": python.truediv,
    "//": python.floordiv,
    "%": python.mod,
}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}

TAKES = {
    "+": "two numbers, two texts or two lists",
    "-": "two numbers",
    "*": "two numbers",
    "/": "two numbers",
    "//": "two numbers",
    "%": "two numbers",
    **dict.fromkeys(ORDER, "two numbers, two texts, two dates or two datetimes"),
    **dict.fromkeys(MEMBERSHIP, "anything and a list, or two texts, or a text and a mapping"),
    **dict.fromkeys(LOGIC, "two truth values"),
}
"""What each operator takes, in words; `==` and `!=` take anything."""


def binary_type(operator: str, left: Type, right: Type) -> Type | None:
    """Return the type of `left operator right`; None where the operator does not take these types."""
    heads = head_of(left), head_of(right)
    if operator in EQUALITY:
        return BOOL
    if operator in LOGIC:
        return BOOL if all(head in ("bool", "any") for head in heads) else None
    if operator in MEMBERSHIP:
        return BOOL if _can_hold(*heads) else None
    if operator in ORDER:
        return BOOL if any(_all_in(heads, group) for group in _ORDERED) else None
    return _arithmetic_type(operator, left, right)


def may_equal(left: Type, right: Type) -> bool:
    """Tell whether values of two types can be the same; anything can be null or not."""
    heads = {head_of(left), head_of(right)}
    return len(heads) == 1 or bool(heads & {"any", "null"}) or heads == _NUMBERS


def _arithmetic_type(operator: str, left: Type, right: Type) -> Type | None:
    heads = head_of(left), head_of(right)
    if "any" in heads:
        takes = {*_NUMBERS, "any", *(("str", "list") if operator == "+" else ())}
        return ANY if takes.issuperset(heads) else None
    if _NUMBERS.issuperset(heads):
        return FLOAT if operator == "/" or "float" in heads else INT
    if operator == "+" and heads == ("str", "str"):
        return STR
    if operator == "+" and isinstance(left, ListType) and isinstance(right, ListType):
        return ListType(joined([left.item, right.item]))
    return None


def _all_in(heads: tuple[str, str], group: frozenset[str]) -> bool:
    return all(head == "any" or head in group for head in heads)


def _can_hold(item: str, container: str) -> bool:
    if container in ("str", "mapping"):
        return item in ("str", "any")
    return container in ("list", "any")


def apply_binary(operator: str, left: object, right: object) -> object:
    """Return the value of an operator other than `and` and `or`, on values whose types it takes.

    Raises `RefusedOperationError`, or what Python raises of numbers.
    """
    if operator in EQUALITY:
        return equal(left, right) is (operator == "==")
    if operator in MEMBERSHIP:
        return holds(right, left) is (operator == "in")
    if operator in ORDER:
        return compare(operator, left, right)
    if operator in ("/", "//", "%") and right == 0:
        refuse("division by zero")
    if isinstance(left, list):
        return [*left, *cast("list[object]", right)]
    return _ARITHMETIC[operator](cast("float", left), cast("float", right))


def equal(left: object, right: object) -> bool:
    """Tell whether two values are the same; a truth value is no number.

    Values of a kind the language does not have equal themselves alone: no code of theirs is called.
    """
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    if outer_type(left) != outer_type(right) and not _are_numbers(left, right):
        return False
    return left is right or (outer_type(left) != ANY and bool(left == right))


def _are_numbers(left: object, right: object) -> bool:
    return _NUMBERS.issuperset((head_of(outer_type(left)), head_of(outer_type(right))))


def compare(operator: str, left: object, right: object) -> bool:
    """Compare two values of one order. Raises `RefusedOperationError` if only one of them has a time zone."""
    try:
        return _COMPARE[operator](cast("float", left), cast("float", right))
    except TypeError:
        refuse("a datetime with a time zone cannot be compared with one without")


def holds(container: object, item: object) -> bool:
    """Tell whether a text, a list or a mapping holds something."""
    if isinstance(container, str):
        return cast("str", item) in container
    if isinstance(container, Mapping):
        return item in container
    return any(equal(item, each) for each in cast("list[object]", container))
