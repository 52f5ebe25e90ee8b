"""Types of inputs: what reaches an input of a graph has to fit the ops inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import InputSource, ManySource, OpSymbol
from jobc.compiler.bind.python_types import names_class
from jobc.compiler.syntax.types import ANY, NONE, Generic, LiteralType, Named, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import GraphSymbol, Program
    from jobc.compiler.syntax.types import TypeExpr


_UNLOADABLE = frozenset({"none", "secret"})


def is_loadable(kind: TypeExpr | None) -> bool:
    """Tell whether a value of the type can be written in run config; an unknown type may be."""
    if isinstance(kind, Named):
        return kind.name not in _UNLOADABLE
    if isinstance(kind, Generic):
        return _has_keys_of_config(kind) and all(map(is_loadable, kind.arguments))
    if isinstance(kind, Union):
        return all(is_loadable(member) for member in kind.members if member != NONE)
    return kind is None or isinstance(kind, LiteralType)


def _has_keys_of_config(kind: Generic) -> bool:
    """Tell whether a mapping has texts for keys, which all keys in config are, or any keys and values."""
    return kind.name != "dict" or kind.arguments[0] == Named("str") or kind.arguments == (ANY, ANY)


class InputTypes:
    """Tells the types of inputs of a program's ops and graphs; each is worked out once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[tuple[str, str], TypeExpr | None] = {}
        self._optional: dict[tuple[str, str], bool] = {}

    def reaching(self, definition: str, name: str) -> tuple[TypeExpr, ...]:
        """Return the types that a value for an input has to fit: as declared, and as used inside."""
        declared = self._declared(definition, name)
        used = self.of(definition, name)
        return tuple(dict.fromkeys(kind for kind in (declared, used) if kind is not None))

    def of(self, definition: str, name: str) -> TypeExpr | None:
        """Return the type of an input when the job runs; None where it cannot be known.

        An input of a graph has the type of the op inputs that it feeds, if they agree on more than `any`;
        else its own.
        """
        key = (definition, name)
        if key not in self._known:
            symbol = self._program.definition(definition)
            if symbol is None or isinstance(symbol, OpSymbol):
                self._known[key] = self._declared(definition, name)
            else:
                self._known[key] = self._used(symbol, name)
        return self._known[key]

    def needs_value(self, definition: str, name: str) -> bool:
        """Tell whether an input that nothing is wired to lacks a value: no default, no way through config."""
        return not self._is_optional(definition, name) and not all(
            map(is_loadable, self.reaching(definition, name))
        )

    def _is_optional(self, definition: str, name: str) -> bool:
        """Tell whether an input can do without a value; that of a graph, whether all that it feeds can."""
        key = (definition, name)
        if key not in self._optional:
            self._optional[key] = self._can_be_left(definition, name)
        return self._optional[key]

    def _can_be_left(self, definition: str, name: str) -> bool:
        symbol = self._program.definition(definition)
        if symbol is None or symbol.is_open:
            return True
        declared = next((each for each in symbol.inputs or () if each.name == name), None)
        if isinstance(symbol, OpSymbol):
            return declared is None or not declared.required
        if not symbol.is_whole or (declared is not None and declared.has_default):
            return True
        return all(
            node.definition is None or self._is_optional(node.definition, inner)
            for node in symbol.nodes
            for inner, argument in match(node, input_names(self._program, node)).given.items()
            if _takes(argument.source, name)
        )

    def _declared(self, definition: str, name: str) -> TypeExpr | None:
        symbol = self._program.definition(definition)
        if symbol is None or symbol.is_open:
            return None
        return next((each.type for each in symbol.inputs or () if each.name == name), None)

    def _used(self, graph: GraphSymbol, name: str) -> TypeExpr | None:
        if graph.is_open or not graph.is_whole:
            return None
        kinds = list(dict.fromkeys(self._uses(graph, name)))
        kind = kinds[0] if len(kinds) == 1 else None if None in kinds else ANY
        declared = self._declared(graph.name, name)
        return declared if kind == ANY and declared is not None and not names_class(declared) else kind

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
