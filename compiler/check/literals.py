"""Rule: literals, and the defaults of inputs, can be values of the inputs' types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.config_types import config_type
from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import ValueSource
from jobc.compiler.bind.variables import is_reported
from jobc.compiler.syntax.document import Place
from jobc.compiler.syntax.mistakes import value_at
from jobc.runtime.config import validate
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobc.compiler.bind.program import GraphSymbol, Program
    from jobc.compiler.syntax.types import TypeExpr


def check_literals(program: Program) -> Iterator[Diagnostic]:
    """Report literals that do not fit the types of the inputs they feed (JC0501)."""
    for op in program.ops.values():
        for symbol in op.inputs or ():
            if symbol.has_default and symbol.type is not None and not op.is_open:
                place, owner = Place((*symbol.path, "default")), f"default of input `{symbol.name}`"
                yield from _check(program, (symbol.type,), symbol.default, place, owner)
    types = InputTypes(program)
    for graph in program.graphs.values():
        yield from _check_graph(program, types, graph)


def _check_graph(program: Program, types: InputTypes, graph: GraphSymbol) -> Iterator[Diagnostic]:
    for node in graph.nodes:
        for name, argument in match(node, input_names(program, node)).given.items():
            source = argument.source
            if isinstance(source, ValueSource) and node.definition is not None:
                owner = f"input `{name}` of `{node.definition}`"
                kinds = types.reaching(node.definition, name)
                yield from _check(program, kinds, source.value, source.place, owner)


def _check(
    program: Program, kinds: Iterable[TypeExpr], value: object, place: Place, owner: str
) -> Iterator[Diagnostic]:
    """Report what is wrong with a literal for the first type that it does not fit."""
    document = program.document
    for kind in kinds:
        expected = config_type(kind)
        problems = () if expected is None else validate(expected, value).errors
        for problem in problems:
            path = (*place.path, *problem.path)
            if place.part is None and is_reported(document, path, value_at(value, problem.path)):
                continue
            what, _, advice = problem.message.partition("; ")
            yield Diagnostic(
                "JC0501",
                f"{owner}: {what}",
                document.locate(place if place.part is not None else Place(path)),
                label=f"expected `{kind}`",
                help="change the value, or the type of the input"
                if not advice or advice.startswith("expected")
                else advice,
                suggestions=problem.suggestions,
            )
        if problems:
            return
