"""Definitions: what a `def`, a `class` or an assignment of a module says about itself, as plain data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.bind.declared_outs import DeclaredOut

ParameterKind = Literal["positional", "keyword", "var_positional", "var_keyword"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Name one parameter; `positional` may be given by position, `keyword` by name only.

    `annotation` is the source text as written: a quoted annotation keeps its quotes.
    """

    name: str
    kind: ParameterKind
    has_default: bool
    annotation: str | None


@dataclass(frozen=True, slots=True)
class FunctionSymbol:
    """Describe a function as written; `line` and `column` (1-based, in characters) are those of its name.

    `decorators` are dotted texts without arguments, outermost first. `trusted` is False where a decorator may
    change the signature, or the definition is conditional or one of several that differ. `returns` of a
    context manager's generator is what it yields. A method reads as `Class.method` is called: `self` is
    there, the `cls` of a classmethod is not. `outs` are the outputs that its `@op` spells out, if it does.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: str | None
    decorators: tuple[str, ...]
    is_async: bool
    is_generator: bool
    trusted: bool
    line: int
    column: int
    doc: str | None
    outs: tuple[DeclaredOut, ...] | None = None


@dataclass(frozen=True, slots=True)
class ClassSymbol:
    """Describe a class; `init` is how it is called, without `self`, and None where that is not to be seen.

    `bases` are source texts. `methods` are the functions of its own body. `is_closed` tells that every
    attribute is to be seen there: it has no bases, decorators, metaclass or other source of names.
    """

    name: str
    bases: tuple[str, ...]
    init: FunctionSymbol | None
    methods: tuple[str, ...]
    line: int
    column: int
    doc: str | None
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class ValueSymbol:
    """Describe an assigned name; `text` is the right side on one line, at most 60 characters long.

    `form` tells what the right side is: a literal, another name (`text` is then whole), or anything else.
    """

    name: str
    text: str
    line: int
    column: int
    form: Literal["literal", "alias", "computed"] = "computed"


Symbol: TypeAlias = FunctionSymbol | ClassSymbol | ValueSymbol


class ImportedName(NamedTuple):
    """Say where a name comes from; a relative module keeps its dots, a whole module has no attribute."""

    module: str
    attribute: str | None


class Record(NamedTuple):
    """The fields of a class that spells out its arguments by them, in order."""

    kind: Literal["dataclass", "model", "tuple"]
    fields: Mapping[str, Parameter]
    trusted: bool


def doubted(symbol: Symbol) -> Symbol:
    """Return the symbol with its signature no longer trusted."""
    if isinstance(symbol, FunctionSymbol):
        return replace(symbol, trusted=False)
    if isinstance(symbol, ClassSymbol):
        init = symbol.init and replace(symbol.init, trusted=False)
        return replace(symbol, init=init, is_closed=False)
    return symbol
