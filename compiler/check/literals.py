"""Rule: literals, and the defaults of inputs, can be values of the inputs' types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.config_types import config_type
from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import ValueSource, own
from jobc.compiler.bind.variables import is_reported
from jobc.compiler.syntax.document import Place
from jobc.runtime.config import validate
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobc.compiler.bind.program import InputSymbol, JobSymbol, NodeSymbol, Program
    from jobc.compiler.syntax.types import TypeExpr


def check_literals(program: Program) -> Iterator[Diagnostic]:
    """Report literals that do not fit the types of the inputs they feed (JC0501)."""
    types = InputTypes(program)
    for op in own(program.ops):
        for symbol in op.inputs or ():
            if symbol.type is not None and not op.is_open:
                yield from _check_default(program, symbol, (symbol.type,))
    for graph in own(program.graphs):
        for symbol in graph.inputs:
            yield from _check_default(program, symbol, types.reaching(graph.name, symbol.name))
        for node in graph.nodes:
            yield from _check_node(program, types, node)
    for job in own(program.jobs):
        yield from _check_job(program, types, job)


def _check_default(program: Program, symbol: InputSymbol, kinds: Iterable[TypeExpr]) -> Iterator[Diagnostic]:
    if symbol.has_default:
        place, owner = Place((*symbol.path, "default")), f"default of input `{symbol.name}`"
        yield from _check(program, kinds, symbol.default, place, owner)


def _check_node(program: Program, types: InputTypes, node: NodeSymbol) -> Iterator[Diagnostic]:
    for name, argument in match(node, input_names(program, node)).given.items():
        source = argument.source
        if isinstance(source, ValueSource) and node.definition is not None:
            owner = f"input `{name}` of `{node.definition}`"
            kinds = types.reaching(node.definition, name)
            yield from _check(program, kinds, source.value, source.place, owner)


def _check_job(program: Program, types: InputTypes, job: JobSymbol) -> Iterator[Diagnostic]:
    """Check the values that a job gives to inputs; those it has from another job are checked there."""
    written = program.document.spec.jobs[job.name].inputs
    for name, source in job.inputs.items():
        if name in written and job.graph is not None and isinstance(source, ValueSource):
            owner = f"input `{name}` of job `{job.name}`"
            kinds = types.reaching(job.graph, name)
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
