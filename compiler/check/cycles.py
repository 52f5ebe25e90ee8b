"""Rule: nodes of a graph do not wait for each other in a ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import ManySource, NodeSource, own
from jobc.compiler.bind.rings import rings
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import GraphSymbol, NodeSymbol, Program, SourceSymbol
    from jobc.compiler.syntax.document import Place


def check_cycles(program: Program) -> Iterator[Diagnostic]:
    """Report rings of nodes, each once, with all its members (JC0402)."""
    for graph in own(program.graphs):
        waits = {node.name: dict(_waits_for(node)) for node in graph.nodes}
        if len(waits) < len(graph.nodes):
            continue  # two nodes share a name, which is reported; who waits for whom cannot be told
        for ring in rings({name: list(after) for name, after in waits.items()}):
            yield _cycle(program, graph, ring, waits[ring[0]][(*ring, ring[0])[1]])


def _waits_for(node: NodeSymbol) -> Iterator[tuple[str, Place]]:
    """Yield the nodes a node waits for, and where it says so."""
    for argument in node.arguments:
        yield from _nodes_of(argument.source)
    for after in node.after:
        yield after.node, after.place


def _nodes_of(source: SourceSymbol) -> Iterator[tuple[str, Place]]:
    if isinstance(source, NodeSource):
        yield source.node, source.place
    elif isinstance(source, ManySource):
        for item in source.items:
            yield from _nodes_of(item)


def _cycle(program: Program, graph: GraphSymbol, ring: tuple[str, ...], place: Place) -> Diagnostic:
    if len(ring) == 1:
        message = f"`{ring[0]}` of {graph.described} waits for itself"
    else:
        chain = " -> ".join(f"`{name}`" for name in (*ring, ring[0]))
        message = f"nodes of {graph.described} wait for each other: {chain}"
    return Diagnostic(
        "JC0402",
        message,
        program.document.locate(place),
        label="leads back to where it began",
        help="remove one of these edges",
    )
