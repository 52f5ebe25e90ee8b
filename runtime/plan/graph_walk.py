"""Flattening: from graphs inside graphs to one list of ops, each input tied to what feeds it.

A graph is a border that references cross in both directions: an output of a graph node is an output of some
op inside, and an input of a graph is whatever the graph around it feeds in. Both are followed here, once,
so that the plan knows ops only.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.ports import NO_VALUE
from jobc.runtime.definitions.sources import (
    Collected,
    Constant,
    FanIn,
    GraphInput,
    Mapped,
    NodeOutput,
    Source,
)
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.node import Node
    from jobc.runtime.definitions.op import OpDefinition

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpOutput:
    """An output of an op, by the full path of its node."""

    path: Path
    output: str


@dataclass(frozen=True, slots=True)
class MappedOutput:
    """A dynamic output that the reader is mapped over."""

    source: OpOutput


@dataclass(frozen=True, slots=True)
class CollectedOutput:
    """All values of a dynamic output, or of an output of a mapped op."""

    source: OpOutput


@dataclass(frozen=True, slots=True)
class RunInput:
    """A top-level input of the job; `default` is that of the job's graph."""

    name: str
    default: object = NO_VALUE


@dataclass(frozen=True, slots=True)
class Unconnected:
    """An input that nothing feeds: `path` and `name` say where run config may give it a value.

    `default` is that of the graph whose input it is, if it is one.
    """

    path: Path
    name: str
    default: object = NO_VALUE


@dataclass(frozen=True, slots=True)
class Many:
    """A fan-in of several sources, in order."""

    members: tuple[FlatSource, ...]


FlatSource = OpOutput | MappedOutput | CollectedOutput | RunInput | Unconnected | Many | Constant


@dataclass(frozen=True, slots=True)
class Scope:
    """One graph as it is used at one place; `parent` is the scope around it, None for the job's own."""

    graph: GraphDefinition
    path: Path
    parent: Scope | None
    hooks: frozenset[HookDefinition]
    children: dict[str, Scope] = field(default_factory=dict)

    def child(self, name: str) -> Scope:
        """Return the scope of a graph node of this graph."""
        scope = self.children.get(name)
        if scope is None:
            node = self.graph.nodes[name]
            assert isinstance(node.definition, GraphDefinition)
            scope = Scope(node.definition, (*self.path, name), self, self.hooks | node.hooks)
            self.children[name] = scope
        return scope

    def source_of(self, node: str, name: str) -> FlatSource:
        """Return what feeds the input `name` of `node`, seen through the borders of graphs."""
        source = self.graph.sources.get(node, {}).get(name)
        if source is None:
            definition = self.graph.nodes[node].definition
            default = (
                definition.ins[name].default_value if isinstance(definition, GraphDefinition) else NO_VALUE
            )
            return Unconnected((*self.path, node), name, default)
        return self.resolve(source)

    def resolve(self, source: Source) -> FlatSource:
        """Follow a reference of this graph to ops, run inputs and constants."""
        if isinstance(source, NodeOutput):
            return self.producer(source)
        if isinstance(source, GraphInput):
            if self.parent is None:
                return RunInput(source.name, self.graph.ins[source.name].default_value)
            return self.parent.source_of(self.path[-1], source.name)
        if isinstance(source, FanIn):
            return Many(tuple(self.resolve(member) for member in source.members))
        if isinstance(source, Mapped):
            return MappedOutput(self.producer(source.source))
        if isinstance(source, Collected):
            return CollectedOutput(self.producer(source.source))
        return source

    def producer(self, reference: NodeOutput) -> OpOutput:
        """Return the op's output that a reference to a node's output means."""
        node = self.graph.nodes[reference.node]
        if isinstance(node.definition, GraphDefinition):
            inner = self.child(reference.node)
            return inner.producer(inner.graph.outputs[reference.output])
        return OpOutput((*self.path, reference.node), reference.output)


@dataclass(frozen=True, slots=True)
class FlatNode:
    """An invocation of an op, with the scope it stands in and the nodes it only comes after."""

    node: Node
    op: OpDefinition
    scope: Scope
    path: Path
    after: tuple[Path, ...]


def flat_nodes(scope: Scope, after: tuple[Path, ...] = ()) -> Iterator[FlatNode]:
    """Yield the op invocations of a graph and of the graphs in it, in the order they were written."""
    order_only = scope.graph.order_only
    for name, node in scope.graph.nodes.items():
        path = (*scope.path, name)
        before = after
        if name in order_only:
            before += tuple((*scope.path, other) for other in order_only[name])
        if isinstance(node.definition, GraphDefinition):
            yield from flat_nodes(scope.child(name), before)
        else:
            yield FlatNode(node, node.definition, scope, path, before)
