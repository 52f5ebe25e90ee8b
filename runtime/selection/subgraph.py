"""From a graph and the ops to keep to the graph of those ops (SEMANTICS 6).

What reads from a node that is gone is treated as unconnected: a default, run config or an input manager has
to feed it, and a fan-in keeps the sources it has left. But a node that stays must still give what is read
from it: a graph of which only the ops that make this output are gone is a mistake of the selection.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.sources import Collected, FanIn, Mapped, NodeOutput, graph_inputs_of
from jobc.runtime.errors import InvalidSubsetError
from jobc.runtime.selection.catalogue import Scope
from jobc.runtime.selection.static_edges import with_static_edges
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from jobc.runtime.definitions.node import Node
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.sources import Source
    from jobc.runtime.selection.catalogue import Catalogue


@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class SelectedGraph(GraphDefinition):
    """A graph of which some nodes or inputs were not selected; `whole` is the graph that has them all."""

    whole: GraphDefinition

    @property
    def unselected_nodes(self) -> frozenset[str]:
        """Return the names of the nodes that were not selected: config for them is known, and ignored."""
        return frozenset(self.whole.nodes.keys() - self.nodes.keys())

    @property
    def unselected_inputs(self) -> frozenset[str]:
        """Return the names of the inputs that nothing selected reads: values for them are ignored."""
        return frozenset(self.whole.ins.keys() - self.ins.keys())


class Reduction:
    """Reduces the graph of a job, and those inside it, to some of the ops; `graph` is the outcome.

    All it does is in proportion to what stays, not to what there is.
    Errors: `InvalidSubsetError` if a node that stays needs what a graph no longer makes, and if a node
    collects what nothing emits any more; `InvalidDefinitionError` for whatever else the graph cannot be.
    """

    def __init__(self, catalogue: Catalogue, ops: AbstractSet[int]) -> None:
        self._ops = sorted(ops)
        self._kept = _kept_nodes(catalogue, self._ops)
        self._made: dict[tuple[GraphDefinition, tuple[int, ...]], GraphDefinition] = {}
        self._taken: dict[str, OpDefinition | GraphDefinition] = {}
        if catalogue.query_graph.inner:
            self._take_names(catalogue.root)
        self.graph = self._reduced(catalogue.root, catalogue.root.graph.name)

    def _take_names(self, scope: Scope) -> None:
        """Note the definitions that stay as they are: two of one name may not stand in one graph."""
        for name, count in self._kept[scope].items():
            member, definition = scope.members[name], scope.graph.nodes[name].definition
            if isinstance(member, Scope) and count < len(member.ops):
                self._take_names(member)
            else:
                self._taken.update(definition.inner_definitions)
                self._taken[definition.name] = definition

    def _part(self, scope: Scope) -> GraphDefinition:
        """Return what is left of a graph inside another; where the same is left, it is the same object."""
        first, last = bisect_left(self._ops, scope.ops.start), bisect_left(self._ops, scope.ops.stop)
        key = (scope.graph, tuple(op - scope.ops.start for op in self._ops[first:last]))
        if key not in self._made:
            part = self._reduced(scope, self._free_name(scope.graph.name))
            self._made[key] = self._taken[part.name] = part
        return self._made[key]

    def _free_name(self, name: str) -> str:
        found, number = name, 2
        while found in self._taken:
            found, number = f"{name}_{number}", number + 1
        return found

    def _reduced(self, scope: Scope, name: str) -> GraphDefinition:
        graph = scope.graph
        nodes = {each: self._node(scope, each, count) for each, count in self._kept[scope].items()}
        sources = {node: _kept_inputs(graph, scope.path, node, nodes) for node in nodes}
        if graph.has_dynamic:
            with_static_edges(f"graph `{graph.name}`", nodes, sources)
        used = _read_inputs(sources) if graph.ins else set()
        outputs = {port: made for port, made in graph.outputs.items() if _is_made(made, nodes)}
        reduced = SelectedGraph.of(
            name,
            nodes,
            sources,
            order_only=_kept_order(graph, nodes),
            ins={port: declared for port, declared in graph.ins.items() if port in used},
            outputs=outputs,
            outs={port: declared for port, declared in graph.outs.items() if port in outputs},
            config_mapping=graph.config_mapping,
            description=graph.description,
            tags=graph.tags,
            origin=graph.origin,
        )
        whole = graph.whole if isinstance(graph, SelectedGraph) else graph
        object.__setattr__(reduced, "whole", whole)
        return reduced

    def _node(self, scope: Scope, name: str, count: int) -> Node:
        """Return a node of which so many ops stay."""
        node, member = scope.graph.nodes[name], scope.members[name]
        if isinstance(member, Scope) and count < len(member.ops):
            return replace(node, definition=self._part(member))
        return node


def _kept_nodes(catalogue: Catalogue, ops: list[int]) -> dict[Scope, dict[str, int]]:
    """Return, for each graph that stays, the nodes that stay, in order, and how many ops of each."""
    kept: dict[Scope, dict[str, int]] = {}
    for op in ops:
        invocation = catalogue.invocations[op]
        scope: Scope | None = invocation.scope
        name = invocation.node.name
        while scope is not None:
            counts = kept.setdefault(scope, {})
            counts[name] = counts.get(name, 0) + 1
            name, scope = scope.name, scope.parent
    return kept


def _read_inputs(sources: Mapping[str, Mapping[str, Source]]) -> set[str]:
    """Return the inputs of the graph that something reads."""
    return {
        port for inputs in sources.values() for source in inputs.values() for port in graph_inputs_of(source)
    }


def _kept_order(graph: GraphDefinition, nodes: Mapping[str, Node]) -> dict[str, tuple[str, ...]]:
    order = graph.order_only
    return {node: tuple(other for other in order[node] if other in nodes) for node in nodes if node in order}


def _kept_inputs(
    graph: GraphDefinition, path: str, node: str, nodes: Mapping[str, Node]
) -> dict[str, Source]:
    definition = nodes[node].definition
    found = {}
    for name, source in graph.sources.get(node, {}).items():
        if name in definition.ins:
            kept = _kept_source(source, nodes, f"input `{name}` of `{path}{node}`", path)
            is_empty = isinstance(kept, FanIn) and not kept.members
            if kept is not None and not (is_empty and definition.input_type(name).is_nothing):
                found[name] = kept
    return found


def _kept_source(source: Source, nodes: Mapping[str, Node], reader: str, path: str) -> Source | None:
    """Return what is left of a source, or None if nothing is."""
    if isinstance(source, NodeOutput):
        return source if _is_there(source, nodes, reader, path) else None
    if isinstance(source, Mapped | Collected):
        return source if _is_there(source.source, nodes, reader, path) else None
    if isinstance(source, FanIn):
        members = tuple(
            member
            for member in source.members
            if not isinstance(member, NodeOutput) or _is_there(member, nodes, reader, path)
        )
        return source if len(members) == len(source.members) else FanIn(members)
    return source


def _is_there(output: NodeOutput, nodes: Mapping[str, Node], reader: str, path: str) -> bool:
    """Tell whether a node stays; one that stays without the output that is read from it is refused."""
    if output.node not in nodes:
        return False
    if not _is_made(output, nodes):
        raise InvalidSubsetError(
            f"the selection results in an invalid graph: {reader} needs the output `{output.output}` of "
            f"graph `{path}{output.node}`, but the op inside that makes it is not selected"
        )
    return True


def _is_made(output: NodeOutput, nodes: Mapping[str, Node]) -> bool:
    node = nodes.get(output.node)
    return node is not None and output.output in node.definition.outs
