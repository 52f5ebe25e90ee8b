"""Rule: the limits of a config field go with its type, and with each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobc.compiler.bind.config_types import config_type, constrained_type
from jobc.compiler.bind.fields import contradictions, own_fields
from jobc.runtime.errors import InvalidConfigDefinitionError
from jobc.schemas.diagnostics import Diagnostic, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import FieldSymbol, Program
    from jobc.compiler.syntax.types import TypeExpr


def check_constraints(program: Program) -> Iterator[Diagnostic]:
    """Report types that config cannot hold, and limits that make no sense (JC0705)."""
    for symbol in own_fields(program):
        if len(symbol.kinds) == 1 and symbol.kinds != ("type",):
            yield from _check_limits_of(program, symbol, symbol.kinds[0])
        elif symbol.type is not None:
            yield from _check_field(program, symbol, symbol.type)


def _check_limits_of(program: Program, symbol: FieldSymbol, kind: str) -> Iterator[Diagnostic]:
    """Report limits of a field that is no single value of a type."""
    for name in symbol.constraints:
        yield _senseless(program, symbol, name, f"`{name}` does not go with `{kind}`")


def _check_field(program: Program, symbol: FieldSymbol, kind: TypeExpr) -> Iterator[Diagnostic]:
    if config_type(kind) is None:
        yield _not_config(program, symbol, kind)
        return
    faulty = dict(_faulty(symbol, kind))
    for name, message in faulty.items():
        yield _senseless(program, symbol, name, message)
    for lower, upper in contradictions(symbol):
        if not {lower, upper} & faulty.keys():
            yield _contradiction(program, symbol, lower, upper)


def _faulty(symbol: FieldSymbol, kind: TypeExpr) -> Iterator[tuple[str, str]]:
    """Yield the limits that do not go with the type, one by one, and why."""
    for name, bound in symbol.constraints.items():
        try:
            constrained_type(kind, {name: bound})
        except InvalidConfigDefinitionError as error:
            yield name, str(error)


def _not_config(program: Program, symbol: FieldSymbol, kind: TypeExpr) -> Diagnostic:
    tree, typed = program.document.tree, (*symbol.path, "type")
    return Diagnostic(
        "JC0705",
        f"config field `{symbol.name}`: config cannot hold a value of type `{kind}`",
        tree.locate(typed if tree.entry(typed) else symbol.path),
        label="not a type of config",
        help="choose a type such as `str`",
    )


def _senseless(program: Program, symbol: FieldSymbol, name: str, message: str) -> Diagnostic:
    is_broken = name == "pattern" and not _is_regular(str(symbol.constraints[name]))
    path = (*symbol.path, name)
    document = program.document
    return Diagnostic(
        "JC0705",
        f"config field `{symbol.name}`: {message}",
        document.tree.locate(path) if is_broken else document.locate_key(path),
        label="not a regular expression" if is_broken else "does not go with the type",
        help=r"correct it; a sign that stands for itself is written `\[`"
        if is_broken
        else "take the limit away, or change the type",
    )


def _is_regular(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _contradiction(program: Program, symbol: FieldSymbol, lower: str, upper: str) -> Diagnostic:
    low, high = symbol.constraints[lower], symbol.constraints[upper]
    locate_key = program.document.locate_key
    return Diagnostic(
        "JC0705",
        f"config field `{symbol.name}`: no value keeps both `{lower}: {low}` and `{upper}: {high}`",
        locate_key((*symbol.path, upper)),
        label=f"contradicts `{lower}`",
        related=(Related("the other limit", locate_key((*symbol.path, lower))),),
        help="change one of the two",
    )
