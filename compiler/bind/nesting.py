"""Check how graphs stand inside each other: not in rings, and not too deep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.rings import rings
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jobc.compiler.bind.program import GraphSymbol
    from jobc.compiler.syntax.document import Document

# Deeper than anyone reads; later phases walk graphs recursively and stay far from Python's own limit.
MAX_NESTING = 50
# A graph that is invoked twice counts twice: a few lines can ask for more steps than there is memory.
MAX_STEPS = 1_000_000


class _Size(NamedTuple):
    """How many levels of graphs a graph has, itself included, and how many steps it makes."""

    levels: int
    steps: int


def check_nesting(
    document: Document,
    graphs: Mapping[str, GraphSymbol],
    ops: Collection[str],
    found: list[Diagnostic],
) -> dict[str, GraphSymbol]:
    """Report graphs that contain themselves (JC0316) or are nested too deeply (JC0320).

    Returns the graphs, those at fault marked as open so that no later phase walks into them. The names of ops
    and graphs share one space; an op wins. Graphs of imports count; what is wrong with them is said there.
    """
    inner = {
        name: ["" if node.definition in ops else node.definition or "" for node in graph.nodes]
        if "." not in name or not graph.is_open
        else []
        for name, graph in graphs.items()
        if name  # Nothing can invoke a graph without a name, and "" stands for ops here.
    }
    faulty: set[str] = set()
    for ring in rings(inner):
        faulty.update(ring)
        found.append(_ring(document, graphs, ring))
    sizes = _sizes({name: [] if name in faulty else below for name, below in inner.items()})
    for name, size in sizes.items():
        if size.levels > MAX_NESTING or size.steps > MAX_STEPS:
            faulty.add(name)
            if "." not in name and not any(each in faulty for each in inner[name]):
                found.append(_too_large(document, graphs[name], size))
    return {name: replace(graph, is_open=True) if name in faulty else graph for name, graph in graphs.items()}


def _sizes(inner: Mapping[str, list[str]]) -> dict[str, _Size]:
    """Return the size of each graph, inner ones first; there are no rings, and other names are ops."""
    sizes: dict[str, _Size] = {}
    waiting = list(inner)
    while waiting:
        name = waiting[-1]
        below = [each for each in inner[name] if each in inner]
        missing = [each for each in below if each not in sizes]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        levels = 1 + max((sizes[each].levels for each in below), default=0)
        steps = len(inner[name]) - len(below) + sum(sizes[each].steps for each in below)
        sizes[name] = _Size(levels, steps)
    return sizes


def _ring(document: Document, graphs: Mapping[str, GraphSymbol], ring: tuple[str, ...]) -> Diagnostic:
    following = (*ring, ring[0])[1]
    node = next(node for node in graphs[ring[0]].nodes if node.definition == following)
    return Diagnostic(
        "JC0316",
        f"the graph `{ring[0]}` contains itself: {' -> '.join(f'`{name}`' for name in (*ring, ring[0]))}",
        document.locate(node.place),
        label="leads back to where it began",
        help="a graph is run once; let an op repeat the work",
    )


def _too_large(document: Document, graph: GraphSymbol, size: _Size) -> Diagnostic:
    what = f"is nested more than {MAX_NESTING} levels deep"
    if size.steps > MAX_STEPS:
        what = f"holds more than {MAX_STEPS:,} steps"
    return Diagnostic(
        "JC0320",
        f"the {graph.described} {what}",
        document.locate_key(graph.path),
        label="too large to follow",
        help="invoke fewer graphs inside graphs, or let an op repeat the work",
    )
