"""What expressions know of the values they name: from declared types to the types of expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.syntax.types import Generic, LiteralType, Named
from jobc.runtime.expressions.types import (
    ANY,
    BOOL,
    DATE,
    DATETIME,
    FLOAT,
    INT,
    STR,
    ListType,
    MappingType,
    Record,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.bind.program import FieldSymbol, InputSymbol
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.runtime.expressions.types import Type

# A path and a secret are text to an expression.
_NAMED: dict[str, Type] = {
    "bool": BOOL,
    "date": DATE,
    "datetime": DATETIME,
    "float": FLOAT,
    "int": INT,
    "path": STR,
    "secret": STR,
    "str": STR,
}
_LITERALS: dict[type, Type] = {bool: BOOL, int: INT, str: STR}


def expression_type(kind: TypeExpr | None) -> Type:
    """Return what is known of values of a type; `any` where little is."""
    if isinstance(kind, Named):
        return _NAMED.get(kind.name, ANY)
    if isinstance(kind, Generic):
        inner = [expression_type(argument) for argument in kind.arguments]
        if kind.name == "dict":
            return MappingType(inner[1])
        return ListType(inner[0] if len(set(inner)) == 1 else ANY)
    if isinstance(kind, LiteralType):
        kinds = {type(value) for value in kind.values}
        return _LITERALS.get(kinds.pop(), ANY) if len(kinds) == 1 else ANY
    return ANY


def inputs_type(symbols: Iterable[InputSymbol]) -> Type:
    """Return the type of `inputs`: a mapping of the declared ones."""
    return Record({symbol.name: expression_type(symbol.type) for symbol in symbols})


def fields_type(symbols: Iterable[FieldSymbol]) -> Type:
    """Return the type of config, or parameters, with these fields."""
    return Record({symbol.name: _field_type(symbol) for symbol in symbols})


def _field_type(symbol: FieldSymbol) -> Type:
    if len(symbol.kinds) != 1 or not (symbol.required or symbol.has_default or symbol.env):
        return ANY
    if symbol.fields is not None:
        return ANY if symbol.permissive else fields_type(symbol.fields)
    if symbol.one_of is not None:
        return MappingType(ANY)
    return STR if symbol.enum is not None else expression_type(symbol.type)
