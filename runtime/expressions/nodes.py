"""The nodes of expressions.

Positions are 0-based code-point offsets into the text around the expression; ends are exclusive. Brackets
leave no node: they belong to the span of what they hold. Nodes are tuples: tell them apart by their class and
read them by their fields, never compare nodes of two classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jobc.runtime.expressions.names import Name, Path

if TYPE_CHECKING:
    from collections.abc import Iterator


class Literal(NamedTuple):
    """A constant: null, a truth value, a number or a text when read; any plain value when folded."""

    value: object
    start: int
    end: int


class ListOf(NamedTuple):
    """`[a, b]`."""

    items: tuple[Expression, ...]
    start: int
    end: int


class Entry(NamedTuple):
    """One `"key": value` of a mapping."""

    key: str
    value: Expression
    start: int
    end: int


class MappingOf(NamedTuple):
    """`{"a": x}`; no key stands twice."""

    entries: tuple[Entry, ...]
    start: int
    end: int


class Part(NamedTuple):
    """`x.name` of something that is more than a dotted name."""

    value: Expression
    name: Name
    start: int
    end: int


class Index(NamedTuple):
    """`x[i]`; the name of `key` spares that of a method of tuples."""

    value: Expression
    key: Expression
    start: int
    end: int


class Call(NamedTuple):
    """`f(a, b)`; whether there is such a function is for later."""

    function: Name
    arguments: tuple[Expression, ...]
    start: int
    end: int


class Unary(NamedTuple):
    """`-x` or `not x`; never a minus before a number, which is a `Literal`."""

    operator: str
    operand: Expression
    start: int
    end: int


class Binary(NamedTuple):
    """Arithmetic, a comparison, `in`, `not in`, `and`, `or`."""

    operator: str
    left: Expression
    right: Expression
    start: int
    end: int


class Conditional(NamedTuple):
    """`then if condition else otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    start: int
    end: int


Expression: TypeAlias = (
    Literal | Path | ListOf | MappingOf | Part | Index | Call | Unary | Binary | Conditional
)
"""What may stand between `${` and `}`."""


def spanned(node: Expression, start: int, end: int) -> Expression:
    """Return a node with another span."""
    return node._replace(start=start, end=end)


def parts_of(node: Expression) -> tuple[Expression, ...]:
    """Return the expressions directly inside a node, in the order of the text."""
    match node:
        case ListOf(items):
            return items
        case MappingOf(entries):
            return tuple(entry.value for entry in entries)
        case Part(value):
            return (value,)
        case Index(value, key):
            return (value, key)
        case Call(_, arguments):
            return arguments
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Conditional(condition, then, otherwise):
            return (then, condition, otherwise)
        case _:
            return ()


def paths_in(node: Expression) -> Iterator[Path]:
    """Yield every dotted name of an expression, in the order of the text."""
    if isinstance(node, Path):
        yield node
    for inner in parts_of(node):
        yield from paths_in(inner)
