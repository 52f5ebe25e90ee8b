"""The nodes of wiring text, and the rules they obey in whatever form a line is written (DESIGN 3).

Positions are 0-based code-point offsets into the text; ends are exclusive. Nodes are tuples: tell them apart
by their class and read them by their fields, never compare nodes of two classes.
"""

from __future__ import annotations

from itertools import pairwise
from keyword import kwlist
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jobc.compiler.syntax.problems import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PlainValue: TypeAlias = bool | int | float | str | list["PlainValue"] | dict[str, "PlainValue"] | None
"""What a literal may hold: the values of JSON, with numbers that are finite."""


class Name(NamedTuple):
    """A name as it stands in the text; a callee's may be dotted (`common.clean`)."""

    text: str
    start: int
    end: int


class Reference(NamedTuple):
    """Read a variable or graph input `x`, or one output of it, `x.out`."""

    name: Name
    output: Name | None
    start: int
    end: int


class Literal(NamedTuple):
    """A constant argument; text may hold `${...}`, and a bare `${...}` is the text itself."""

    value: PlainValue
    start: int
    end: int


class ListOf(NamedTuple):
    """A fan-in: several sources for one input. At least one item is no literal."""

    items: tuple[Expression, ...]
    start: int
    end: int


class Argument(NamedTuple):
    """An argument of a call, by position (`keyword` is None) or by name."""

    keyword: Name | None
    value: Expression
    start: int
    end: int


class Call(NamedTuple):
    """Invoke an op or a graph.

    `alias` (`as NAME`) and `after` stand on the outermost call of a statement only; the span ends at the
    closing bracket, before them.
    """

    callee: Name
    arguments: tuple[Argument, ...]
    alias: Name | None
    after: tuple[Name, ...]
    start: int
    end: int


class MapCall(NamedTuple):
    """Invoke `callee` once for each item of a dynamic output; `arguments` all have a keyword."""

    source: Expression
    callee: Name
    arguments: tuple[Argument, ...]
    alias: Name | None
    after: tuple[Name, ...]
    start: int
    end: int


class CollectCall(NamedTuple):
    """Gather the items of a mapped output into one list."""

    source: Expression
    start: int
    end: int


Expression: TypeAlias = Reference | Literal | ListOf | Call | MapCall | CollectCall


class Statement(NamedTuple):
    """One line: a call whose outputs take the names of `targets`, which may be empty."""

    targets: tuple[Name, ...]
    value: Call | MapCall | CollectCall
    start: int
    end: int


class ReturnItem(NamedTuple):
    """One output of the graph; `output` is None when the line returns one unnamed value."""

    output: Name | None
    value: Expression
    start: int
    end: int


class Return(NamedTuple):
    """The line that says what the graph's outputs are; `items` is not empty."""

    items: tuple[ReturnItem, ...]
    start: int
    end: int


class Wiring(NamedTuple):
    """The statements in the order of the text.

    `lost` holds the names that lines with a mistake would have defined (targets and names of nodes), so that
    a use of them elsewhere is not reported as a second mistake.
    """

    statements: tuple[Statement | Return, ...]
    lost: tuple[Name, ...]
    start: int
    end: int


CONSTANTS: dict[str, PlainValue] = {"true": True, "false": False, "null": None}
"""Words that are values, not names."""

METHODS = ("map", "collect")
"""What can be called on a value."""

RESERVED = frozenset({*kwlist, *CONSTANTS})
"""Words that cannot be names."""


def repeated_name(names: Iterable[Name]) -> Name | None:
    """Return the first name that stands a second time."""
    seen: set[str] = set()
    for name in names:
        if name.text in seen:
            return name
        seen.add(name.text)
    return None


def misplaced_argument(arguments: Sequence[Argument]) -> SyntaxProblem | None:
    """Return what is wrong with the order of a call's arguments."""
    for before, argument in pairwise(arguments):
        if before.keyword and not argument.keyword:
            return SyntaxProblem(
                argument.start,
                argument.end,
                "an input without a name stands after a named one",
                help="put it first, or give it by name: `name=value`",
            )
    return None


def unfit_output(items: Sequence[ReturnItem]) -> SyntaxProblem | None:
    """Return what is wrong with the names of the outputs of a `return`."""
    if (twice := repeated_name(item.output for item in items if item.output)) is not None:
        return SyntaxProblem(twice.start, twice.end, f"the output `{twice.text}` is returned twice")
    if len(items) > 1:
        for item in items:
            if item.output is None:
                message = "each of several outputs needs a name"
                return SyntaxProblem(
                    item.start, item.end, message, help="write `return name=value, other=value`"
                )
    return None
