"""Types of inputs: what reaches an input of a graph has to fit the ops inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import InputSource, ManySource, OpSymbol
from jobc.compiler.syntax.types import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import GraphSymbol, Program
    from jobc.compiler.syntax.types import TypeExpr


class InputTypes:
    """Tells the types of inputs of a program's ops and graphs; each is worked out once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[tuple[str, str], TypeExpr | None] = {}

    def reaching(self, definition: str, name: str) -> tuple[TypeExpr, ...]:
        """Return the types that a value for an input has to fit: as declared, and as used inside."""
        declared = self._declared(definition, name)
        used = self.of(definition, name)
        return tuple(dict.fromkeys(kind for kind in (declared, used) if kind is not None))

    def of(self, definition: str, name: str) -> TypeExpr | None:
        """Return the type of an input when the job runs; None where it cannot be known.

        An input of a graph has the type of the op inputs that it feeds, if they agree; else anything goes.
        """
        key = (definition, name)
        if key not in self._known:
            symbol = self._program.definition(definition)
            if symbol is None or isinstance(symbol, OpSymbol):
                self._known[key] = self._declared(definition, name)
            else:
                self._known[key] = self._used(symbol, name)
        return self._known[key]

    def _declared(self, definition: str, name: str) -> TypeExpr | None:
        symbol = self._program.definition(definition)
        if symbol is None or symbol.is_open:
            return None
        return next((each.type for each in symbol.inputs or () if each.name == name), None)

    def _used(self, graph: GraphSymbol, name: str) -> TypeExpr | None:
        if graph.is_open or not graph.is_whole:
            return None
        kinds = list(dict.fromkeys(self._uses(graph, name)))
        return kinds[0] if len(kinds) == 1 else None if None in kinds else ANY

    def _uses(self, graph: GraphSymbol, name: str) -> Iterator[TypeExpr | None]:
        for node in graph.nodes:
            matched = match(node, input_names(self._program, node))
            if any(_takes(each.source, name) for each in matched.positional):
                yield None
            for inner, argument in matched.given.items():
                if isinstance(argument.source, ManySource) and _takes(argument.source, name):
                    yield ANY
                elif _takes(argument.source, name):
                    yield None if node.definition is None else self.of(node.definition, inner)


def _takes(source: object, name: str) -> bool:
    if isinstance(source, ManySource):
        return any(_takes(item, name) for item in source.items)
    return isinstance(source, InputSource) and source.name == name
