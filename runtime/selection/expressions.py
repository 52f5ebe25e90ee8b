"""What a selection says, as a tree (SEMANTICS 7).

`start` and `end` say where an expression stands in its text, `end` excluded; they take no part in
comparisons, so that two texts of one meaning are equal. Brackets leave no trace: the tree itself says what
belongs together.
"""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias

from jobc.schemas.records import dataclass

Levels: TypeAlias = "int | None"
"""How far a hop goes: so many levels; None is without limit."""

ATTRIBUTES = ("name", "op", "graph", "kind", "tag", "resource", "type", "asset", "state")
FUNCTIONS = {"roots": 1, "sinks": 1, "between": 2, "closest": 2}
"""The functions and how many sets each takes."""


@dataclass(frozen=True, slots=True)
class Path:
    """A node by its path through graphs; `key` is that of a mapped step, which step selections know only."""

    names: tuple[str, ...]
    key: str | None = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """Return the path as it is written, which is also the key of a step."""
        dotted = ".".join(self.names)
        return dotted if self.key is None else f"{dotted}[{self.key}]"


@dataclass(frozen=True, slots=True)
class Everything:
    """A lone `*`: all nodes."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an attribute; in one with wildcards, `*` stands for any text and `?` for any character."""

    text: str
    has_wildcards: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """The nodes with an attribute, one of ATTRIBUTES; `of_tag` is what a tag must be, if that is asked."""

    key: str
    value: Value
    of_tag: Value | None = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Named:
    """What a named selection selects."""

    name: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """What one of FUNCTIONS makes of its sets."""

    function: str
    arguments: tuple[Expression, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Hop:
    """A set with its ancestors and descendants, so many levels up and down; one of the two is not 0."""

    up: Levels
    operand: Expression
    down: Levels
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """All nodes but those of a set."""

    operand: Expression
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Except:
    """The second half of `a except b`, which stands in an And."""

    operand: Expression
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """The nodes that `first` and all others share, less those of the exceptions."""

    first: Expression
    others: tuple[Expression | Except, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """The nodes of any operand; two operands or more."""

    operands: tuple[Expression, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Expression: TypeAlias = "Path | Everything | Attribute | Named | Call | Hop | Not | And | Or"
