"""Rule: every node of a graph has a name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import own
from jobc.schemas.diagnostics import Diagnostic, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import NodeSymbol, Program


def check_node_names(program: Program) -> Iterator[Diagnostic]:
    """Report names that two nodes of a graph share (JC0406)."""
    for graph in own(program.graphs):
        first: dict[str, NodeSymbol] = {}
        for node in graph.nodes:
            if node.name in first:
                yield Diagnostic(
                    "JC0406",
                    f"two nodes of {graph.described} are named `{node.name}`",
                    program.document.locate(node.place),
                    label="named a second time",
                    related=(Related("the first one", program.document.locate(first[node.name].place)),),
                    help=f"give one of them another name: `{node.definition}(...) as …`",
                )
            first.setdefault(node.name, node)
