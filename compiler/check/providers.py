"""Rule: every input has a provider.

An input is fed by an argument, a default, or run config where its type can be written there (DESIGN 3,
"Inputs"). Where only the imported function can tell the type, nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.syntax.types import Generic, LiteralType, Named, Union
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import InputSymbol, NodeSymbol, Program
    from jobc.compiler.syntax.types import TypeExpr

_UNLOADABLE = frozenset({"none", "secret"})


def check_providers(program: Program) -> Iterator[Diagnostic]:
    """Report inputs that nothing can feed (JC0401)."""
    for graph in program.graphs.values():
        for node in graph.nodes:
            names = input_names(program, node)
            definition = program.definition(node.definition)
            if names is None or definition is None:
                continue
            given = match(node, names).given
            for symbol in definition.inputs or ():
                if symbol.name not in given and symbol.required and not is_loadable(symbol.type):
                    yield _unfed(program, node, symbol)


def is_loadable(kind: TypeExpr | None) -> bool:
    """Tell whether a value of the type can be written in run config; an unknown type may be."""
    if isinstance(kind, Named):
        return kind.name not in _UNLOADABLE
    if isinstance(kind, Generic):
        return all(map(is_loadable, kind.arguments))
    if isinstance(kind, Union):
        return any(map(is_loadable, kind.members))
    return kind is None or isinstance(kind, LiteralType)


def _unfed(program: Program, node: NodeSymbol, symbol: InputSymbol) -> Diagnostic:
    return Diagnostic(
        "JC0401",
        f"nothing feeds the input `{symbol.name}` of `{node.name}`",
        program.document.locate(node.place),
        label=f"`{symbol.name}` is of type `{symbol.type}`, which run config cannot hold",
        help=f"pass an output: `{node.definition}({symbol.name}=…)`",
    )
