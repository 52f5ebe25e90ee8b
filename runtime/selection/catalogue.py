"""From a job to the graph that selections are asked of.

Every invocation of an op gets a number, in the order they are written and graphs taken apart where they
stand; so each graph, at any depth, holds a range of numbers. Edges are followed through the borders of
graphs, so that an op inside one is tied to the very op it reads from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.sources import NodeOutput, graph_inputs_of, node_outputs_of
from jobc.runtime.definitions.wiring import upstream_nodes
from jobc.runtime.selection.query_graph import Level, QueryGraph, reversed_edges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.node import Node
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.sources import Source
    from jobc.runtime.definitions.types import JobcType
    from jobc.runtime.selection.query_graph import AttributeIndex

Member: TypeAlias = "int | Scope"


@dataclass(slots=True, eq=False)
class Scope:
    """A graph as it stands at one place of a job: `ops` are the numbers of all ops below.

    `members` holds its nodes in order: the number of an op, the scope of a graph. `path` ends with a dot
    unless it is empty; `parent` is None for the job's own graph.
    """

    graph: GraphDefinition
    name: str
    path: str
    parent: Scope | None
    members: dict[str, Member] = field(default_factory=dict)
    ops: range = range(0)

    def producers(self, source: Source | None) -> Iterator[int]:
        """Yield the ops that a source of this graph reads from, seen through the borders of graphs."""
        if source is None:
            return
        for output in node_outputs_of(source):
            yield self.producer(output)
        if self.parent is not None:
            outer = self.parent.graph.sources.get(self.name, {})
            for name in graph_inputs_of(source):
                yield from self.parent.producers(outer.get(name))

    def producer(self, output: NodeOutput) -> int:
        """Return the op whose output an output of a node is."""
        member = self.members[output.node]
        return member if isinstance(member, int) else member.producer(member.graph.outputs[output.output])


@dataclass(frozen=True, slots=True, eq=False)
class Invocation:
    """One invocation of an op, and the scope it stands in."""

    scope: Scope
    node: Node
    op: OpDefinition

    @property
    def path(self) -> str:
        """Return the dotted path of the node."""
        return self.scope.path + self.node.name


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """A job as selections see it: `root` is the scope of its own graph."""

    root: Scope
    invocations: list[Invocation]
    query_graph: QueryGraph


def job_query_graph(job: JobDefinition) -> QueryGraph:
    """Return the graph that selections in a job are asked of."""
    return catalogue_of(job).query_graph


@lru_cache(maxsize=32)
def catalogue_of(job: JobDefinition) -> Catalogue:
    """Return a job as selections see it; jobs are compared by identity, and the last few are kept."""
    invocations: list[Invocation] = []
    inner: dict[str, range] = {}
    root = _entered(Scope(job.graph, "", "", None), invocations, inner)
    up = _edges(root, invocations)
    down = reversed_edges(up)
    query_graph = QueryGraph(
        owner=f"job `{job.name}`",
        paths=[each.path for each in invocations],
        up=up,
        down=down,
        top=_top_level(root, inner, up, down),
        inner=inner,
        attributes=_Attributes(invocations).index_of,
    )
    return Catalogue(root, invocations, query_graph)


def _entered(scope: Scope, invocations: list[Invocation], inner: dict[str, range]) -> Scope:
    """Give numbers to the ops of a scope and of those below; return it."""
    first = len(invocations)
    for name, node in scope.graph.nodes.items():
        number = len(invocations)
        definition = node.definition
        if isinstance(definition, GraphDefinition):
            child = Scope(definition, name, f"{scope.path}{name}.", scope)
            scope.members[name] = _entered(child, invocations, inner)
        else:
            scope.members[name] = number
            invocations.append(Invocation(scope, node, definition))
        if scope.path:
            inner[scope.path + name] = range(number, len(invocations))
    scope.ops = range(first, len(invocations))
    return scope


def _edges(root: Scope, invocations: list[Invocation]) -> list[list[int]]:
    """Return, for each op, the ops it waits for, each once."""
    found: list[dict[int, None]] = [{} for _ in invocations]
    for number, invocation in enumerate(invocations):
        scope = invocation.scope
        for source in scope.graph.sources.get(invocation.node.name, {}).values():
            if type(source) is NodeOutput:
                found[number][scope.producer(source)] = None
            else:
                found[number].update(dict.fromkeys(scope.producers(source)))
    _add_order(root, found)
    return [list(before) for before in found]


def _add_order(scope: Scope, found: list[dict[int, None]]) -> None:
    """Add the edges that carry no data: each op of a node waits for each op of those the node comes after."""
    for name, before in scope.graph.order_only.items():
        earlier = [op for other in before for op in _ops_of(scope.members[other])]
        for op in _ops_of(scope.members[name]):
            found[op].update(dict.fromkeys(earlier))
    for member in scope.members.values():
        if isinstance(member, Scope):
            _add_order(member, found)


def _ops_of(member: Member) -> range:
    return range(member, member + 1) if isinstance(member, int) else member.ops


def _top_level(root: Scope, inner: dict[str, range], up: list[list[int]], down: list[list[int]]) -> Level:
    index = {name: number for number, name in enumerate(root.members)}
    spans = [_ops_of(member) for member in root.members.values()]
    if not inner and len(spans) == len(up):
        return Level(index, up, down)
    graph = root.graph
    upstream = upstream_nodes(graph.nodes, graph.sources, graph.order_only)
    node_up = [[index[earlier] for earlier in upstream[name]] for name in index]
    return Level(index, node_up, reversed_edges(node_up), spans)


@dataclass(frozen=True, slots=True)
class _Attributes:
    """Finds the ops by the values of an attribute."""

    invocations: list[Invocation]

    def index_of(self, key: str) -> AttributeIndex | None:
        if key == "state":
            return None
        index: dict[tuple[str, str], list[int]] = {}
        for number, invocation in enumerate(self.invocations):
            for value in dict.fromkeys(_values(key, invocation)):
                index.setdefault(value, []).append(number)
        return index


def _values(key: str, invocation: Invocation) -> Iterator[tuple[str, str]]:
    """Yield the values that an op has of an attribute."""
    node, op = invocation.node, invocation.op
    match key:
        case "name":
            yield node.name, ""
        case "op":
            yield op.name, ""
        case "kind":
            yield op.kind, ""
        case "tag":
            yield from {**op.tags, **node.tags}.items()
        case "graph":
            yield from ((name, "") for name in _graphs_around(invocation.scope))
        case "resource":
            yield from ((resource, "") for resource in _resources(op))
        case "type":
            yield from ((each.name, "") for each in _types(op))
        case _:
            keys = (out.asset_key for out in op.outs.values())
            yield from ((each.to_user_string(), "") for each in keys if each is not None)


def _resources(op: OpDefinition) -> Iterator[str]:
    """Yield the keys of what the function of an op reads, and of what stores and loads its values."""
    yield from sorted(op.required_resource_keys)
    yield from (out.io_manager_key for out in op.outs.values())
    yield from (port.input_manager_key for port in op.ins.values() if port.input_manager_key is not None)


def _types(op: OpDefinition) -> Iterator[JobcType]:
    yield from (port.type for port in op.ins.values())
    yield from (out.type for out in op.outs.values())


def _graphs_around(scope: Scope) -> Iterator[str]:
    """Yield the names of the graphs that hold a node, and those of their own nodes."""
    around: Scope | None = scope
    while around is not None:
        yield around.graph.name
        if around.name:
            yield around.name
        around = around.parent
