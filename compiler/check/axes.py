"""Rule: dynamic outputs are mapped and collected, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.axes import GraphAxes
from jobc.compiler.bind.program import NodeSource, own
from jobc.schemas.diagnostics import Diagnostic, Related
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.axes import Fault
    from jobc.compiler.bind.program import GraphSymbol, Program, SourceSymbol
    from jobc.compiler.syntax.document import Document


def check_axes(program: Program) -> Iterator[Diagnostic]:
    """Report dynamic outputs in places where they cannot stand (JC0410, JC0420 to JC0427)."""
    if not _has_dynamic(program):
        return
    axes = GraphAxes(program)
    for graph in own(program.graphs):
        for fault in axes.faults(graph):
            yield _diagnostic(program.document, fault)


def _has_dynamic(program: Program) -> bool:
    """Tell whether anything is dynamic, mapped or collected; most files have nothing of it."""
    if any(output.dynamic for op in program.ops.values() for output in op.outputs):
        return True
    return any(
        isinstance(source, NodeSource) and source.each is not None
        for graph in program.graphs.values()
        for source in _sources(graph)
    )


def _sources(graph: GraphSymbol) -> Iterator[SourceSymbol]:
    for node in graph.nodes:
        for argument in node.arguments:
            yield argument.source
    for output in graph.outputs:
        yield output.source


def _diagnostic(document: Document, fault: Fault) -> Diagnostic:
    is_inside = fault.code == "JC0421" and len(fault.axes) == 1
    message, label, advice = _INSIDE if is_inside else _WORDS[fault.code]
    axes = listing(fault.axes) if fault.axes else ""
    related = (
        () if fault.first is None else (Related("the other one comes in here", document.locate(fault.first)),)
    )
    return Diagnostic(
        fault.code,
        message.format(name=fault.name, axes=axes),
        document.locate(fault.place),
        label=label,
        related=related,
        help=advice.format(name=fault.name),
    )


# A second set of items is met inside the graph that a node invokes.
_INSIDE = (
    "`{name}` is a graph with a dynamic output of its own, which meets the items of {axes} inside",
    "a second set of items",
    "collect one of them: a node runs once for each item of one dynamic output",
)
_WORDS = {
    "JC0410": (
        "`{name}` needs a dynamic output",
        "one value, not many",
        "pass the value to an op that takes all of it",
    ),
    "JC0420": (
        "`{name}` gives any number of items here, not one value",
        "items that are not mapped or collected",
        "call an op for each item, `x.map(op)`, or pass the list of all, `x.collect()`",
    ),
    "JC0421": (
        "two dynamic outputs meet in `{name}`: {axes}",
        "a second set of items",
        "collect one of them: a node runs once for each item of one dynamic output",
    ),
    "JC0422": (
        "a list of outputs cannot hold the items of `{name}`",
        "any number of items in place of one",
        "pass `collect()` of it to an input of its own",
    ),
    "JC0424": (
        "`{name}` gives items for each item of another dynamic output: {axes}",
        "items within items",
        "collect before the next dynamic output, or let one op give all the items",
    ),
    "JC0425": (
        "`{name}` takes each item of {axes} and the list of them all",
        "collected in the node that is mapped",
        "let a node of its own take the list",
    ),
    "JC0427": (
        "the output `{name}` of the graph is a collected list",
        "not an output of a node",
        "return the items as they are and collect where the graph is invoked, or let an op take the list",
    ),
}
