"""Wiring is refused exactly when it has a cycle; nesting nodes in a graph does not change what is refused."""

from __future__ import annotations

import graphlib
from dataclasses import dataclass

from hypothesis import assume, given
from hypothesis import strategies as st

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction
from jobc.runtime.definitions.ports import DynamicOut, GraphIn, In, Out
from jobc.runtime.definitions.sources import Collected, GraphInput, Mapped, NodeOutput, Source
from jobc.runtime.errors import InvalidDefinitionError

MOST_INPUTS = 8
INS = {f"i{index}": In(default_value=None) for index in range(MOST_INPUTS)}
PLAIN = OpDefinition.of("plain", OpFunction(max), INS, {"result": Out()})
EMITS = OpDefinition.of("emits", OpFunction(max), INS, {"result": DynamicOut()})


@given(st.integers(1, MOST_INPUTS), st.data())
def test_cycles_and_only_cycles_are_refused(size: int, data: st.DataObject) -> None:
    edges = data.draw(st.sets(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=12))
    ordered_only = data.draw(st.sets(st.sampled_from(sorted(edges)))) if edges else set()
    nodes = {f"n{index}": Node(f"n{index}", PLAIN) for index in range(size)}
    sources: dict[str, dict[str, Source]] = {}
    order_only: dict[str, tuple[str, ...]] = {}
    for before, after in edges:
        if (before, after) in ordered_only:
            order_only[f"n{after}"] = (*order_only.get(f"n{after}", ()), f"n{before}")
        else:
            sources.setdefault(f"n{after}", {})[f"i{before}"] = NodeOutput(f"n{before}")
    sorter = graphlib.TopologicalSorter({after: {b for b, a in edges if a == after} for _, after in edges})
    try:
        sorter.prepare()
        acyclic = True
    except graphlib.CycleError:
        acyclic = False
    assert _is_accepted("g", nodes, sources, order_only) is acyclic


@dataclass(frozen=True)
class Edge:
    before: int
    after: int
    collects: bool


@dataclass(frozen=True)
class Shape:
    """Ops in order, some of which emit dynamically, and edges that map or collect what is dynamic."""

    emits: tuple[bool, ...]
    edges: tuple[Edge, ...]

    def source(self, edge: Edge, output: NodeOutput) -> Source:
        """Return how the edge reads an output that stands for the one of its earlier node."""
        if not self.is_dynamic(edge.before):
            return output
        return Collected(output) if edge.collects else Mapped(output)

    def is_dynamic(self, index: int) -> bool:
        """Tell whether an op has a number of values that is known at run time only."""
        return self.emits[index] or bool(self.axes(index))

    def axes(self, index: int) -> frozenset[int]:
        """Return the emitting ops below which an op stands, found by walking every path up to it."""
        found: frozenset[int] = frozenset()
        for edge in self.edges:
            if edge.after == index and not (edge.collects and self.is_dynamic(edge.before)):
                found |= self.axes(edge.before) | ({edge.before} if self.emits[edge.before] else frozenset())
        return found


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    size = draw(st.integers(2, 6))
    pairs = [(before, after) for after in range(size) for before in range(after)]
    chosen = sorted(draw(st.sets(st.sampled_from(pairs), max_size=8)))
    emits = draw(st.tuples(*[st.booleans()] * size))
    return Shape(emits, tuple(Edge(before, after, draw(st.booleans())) for before, after in chosen))


@given(shapes(), st.data())
def test_nesting_does_not_change_what_is_refused(shape: Shape, data: st.DataObject) -> None:
    size = len(shape.emits)
    first = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(first, size - 1))
    inside = range(first, last + 1)
    # Inside a graph, only what is dynamic there can be collected.
    inner = _inner(shape, inside)
    lost = (
        edge.collects and shape.is_dynamic(edge.before) > inner.is_dynamic(edge.before)
        for edge in inner.edges
    )
    assume(not any(lost))
    assert _nested_is_accepted(shape, inside) is _flat_is_accepted(shape)


def _inner(shape: Shape, inside: range) -> Shape:
    """Return the shape with only the edges between some of its ops."""
    return Shape(shape.emits, tuple(edge for edge in shape.edges if {edge.before, edge.after} <= {*inside}))


def _flat_is_accepted(shape: Shape) -> bool:
    sources: dict[str, dict[str, Source]] = {}
    for edge in shape.edges:
        source = shape.source(edge, NodeOutput(f"n{edge.before}"))
        sources.setdefault(f"n{edge.after}", {})[f"i{edge.before}"] = source
    return _is_accepted("flat", _nodes(shape, range(len(shape.emits))), sources, {})


def _nested_is_accepted(shape: Shape, inside: range) -> bool:
    inner: dict[str, dict[str, Source]] = {}
    outer: dict[str, dict[str, Source]] = {}
    ins: dict[str, GraphIn] = {}
    for edge in shape.edges:
        place, before = f"i{edge.before}", f"n{edge.before}"
        if edge.after in inside and edge.before in inside:
            source = _inner(shape, inside).source(edge, NodeOutput(before))
            inner.setdefault(f"n{edge.after}", {})[place] = source
        elif edge.after in inside:
            name = f"{before}_to_n{edge.after}"
            ins[name] = GraphIn()
            inner.setdefault(f"n{edge.after}", {})[place] = GraphInput(name)
            outer.setdefault("sub", {})[name] = shape.source(edge, NodeOutput(before))
        else:
            read = NodeOutput("sub", before) if edge.before in inside else NodeOutput(before)
            outer.setdefault(f"n{edge.after}", {})[place] = shape.source(edge, read)
    outputs = {f"n{index}": NodeOutput(f"n{index}") for index in inside}
    try:
        sub = GraphDefinition.of("sub", _nodes(shape, inside), inner, ins=ins, outputs=outputs)
    except InvalidDefinitionError:
        return False
    rest = [index for index in range(len(shape.emits)) if index not in inside]
    return _is_accepted("outer", {**_nodes(shape, rest), "sub": Node("sub", sub)}, outer, {})


def _nodes(shape: Shape, indexes: range | list[int]) -> dict[str, Node]:
    return {f"n{index}": Node(f"n{index}", EMITS if shape.emits[index] else PLAIN) for index in indexes}


def _is_accepted(
    name: str,
    nodes: dict[str, Node],
    sources: dict[str, dict[str, Source]],
    order_only: dict[str, tuple[str, ...]],
) -> bool:
    try:
        GraphDefinition.of(name, nodes, sources, order_only=order_only)
    except InvalidDefinitionError:
        return False
    return True
