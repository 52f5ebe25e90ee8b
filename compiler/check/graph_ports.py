"""Rule: a graph passes its inputs on, and takes its outputs from its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import BrokenSource, InputSource, ManySource, NodeSource, own
from jobc.schemas.diagnostics import Diagnostic, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import GraphOutputSymbol, GraphSymbol, Program, SourceSymbol


def check_graph_ports(program: Program) -> Iterator[Diagnostic]:
    """Report graph inputs that no node takes and outputs that no node gives (JC0408, JC0415)."""
    for graph in own(program.graphs):
        if graph.is_open or not graph.is_whole or not graph.nodes:
            continue
        yield from _unused_inputs(program, graph)
        yield from _outputs(program, graph)


def _unused_inputs(program: Program, graph: GraphSymbol) -> Iterator[Diagnostic]:
    sources = [argument.source for node in graph.nodes for argument in node.arguments]
    if any(isinstance(source, BrokenSource) for source in sources):
        return
    used = {name for source in sources for name in _inputs_in(source)}
    for symbol in graph.inputs:
        if symbol.name not in used:
            yield Diagnostic(
                "JC0415",
                f"no node of {graph.described} takes its input `{symbol.name}`",
                program.document.locate_key(symbol.path),
                label="passed on to nothing",
                help="pass it to a node, or remove it",
            )


def _inputs_in(source: SourceSymbol) -> Iterator[str]:
    if isinstance(source, InputSource):
        yield source.name
    elif isinstance(source, ManySource):
        for item in source.items:
            yield from _inputs_in(item)


def _outputs(program: Program, graph: GraphSymbol) -> Iterator[Diagnostic]:
    first: dict[str, GraphOutputSymbol] = {}
    for output in graph.outputs:
        location = program.document.locate(output.place)
        if not isinstance(output.source, NodeSource | BrokenSource):
            yield Diagnostic(
                "JC0408",
                f"the output `{output.name}` of {graph.described} does not come from a node",
                location,
                label="expected an output of a node",
                help="return what a call gave",
            )
        if output.name in first:
            before = program.document.locate(first[output.name].place)
            yield Diagnostic(
                "JC0408",
                f"the output `{output.name}` of {graph.described} is returned twice",
                location,
                label="a second source for one output",
                related=(Related("the first one", before),),
                help="give one of them another name",
            )
        first.setdefault(output.name, output)
