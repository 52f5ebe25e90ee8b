"""The rules of dynamic outputs, checked when a graph is built (SEMANTICS 10).

Each value under a node is below a set of *axes*: the dynamic outputs it was mapped over and not yet collected
from, and the inputs of the graph, which may turn out to be mapped where the graph is invoked. A node may be
below one axis. The sets flow along the edges: mapping adds the output mapped over, collecting takes it away.
For a nested graph its `Flow` tells which inputs reach which outputs, and which inputs meet in one node below;
with it a graph is checked without being taken apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.definitions.sources import (
    Collected,
    Constant,
    FanIn,
    GraphInput,
    Mapped,
    NodeOutput,
    Source,
)
from jobc.runtime.definitions.wiring import Sources, in_order, upstream_nodes
from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.names import listing
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.node import Node

Axes = frozenset[NodeOutput | str]
NO_AXES: Axes = frozenset()


@dataclass(frozen=True, slots=True)
class Meeting:
    """Inputs that meet in one node, of which the node reads some directly.

    `with_axis` says that the node is below a dynamic output of its own graph already.
    """

    inputs: frozenset[str]
    direct: frozenset[str]
    with_axis: bool = False


class Flow:
    """How axes pass through a graph.

    `outputs` holds the graph's inputs that reach each output. `dynamic` holds, for each output that is below
    axes inside the graph, the names of these.
    """

    __slots__ = ("dynamic", "meetings", "outputs")

    def __init__(self) -> None:
        self.outputs: dict[str, frozenset[str]] = {}
        self.dynamic: dict[str, frozenset[str]] = {}
        self.meetings: set[Meeting] = set()


def dynamic_outputs_of(
    owner: str, nodes: Mapping[str, Node], sources: Sources, outputs: Mapping[str, NodeOutput]
) -> frozenset[str]:
    """Check the rules of dynamic outputs in a graph; return the names of its own outputs that are dynamic.

    Errors: `InvalidDefinitionError` for each of the forbidden combinations.
    """
    return frozenset(_Analysis(owner, nodes, sources).run(outputs).dynamic)


class _Analysis:
    def __init__(self, owner: str, nodes: Mapping[str, Node], sources: Sources) -> None:
        self.owner = owner
        self.nodes = nodes
        self.sources = sources
        self.carried: dict[NodeOutput, Axes] = {}
        self.flow = Flow()
        self.inner: dict[str, Flow] = {}

    def run(self, outputs: Mapping[str, NodeOutput]) -> Flow:
        for name in in_order(upstream_nodes(self.nodes, self.sources, {})):
            self._enter(self.nodes[name])
        for name, source in outputs.items():
            axes = self._axes_when_mapped(source)
            inside = frozenset(f"{axis.node}.{axis.output}" for axis in axes if isinstance(axis, NodeOutput))
            if inside:
                self.flow.dynamic[name] = inside
            self.flow.outputs[name] = frozenset(axis for axis in axes if isinstance(axis, str))
        return self.flow

    def _enter(self, node: Node) -> None:
        sources = self.sources.get(node.name, {})
        axes = {name: self._axes_of(node, name, source) for name, source in sources.items()}
        inner = node.definition.inner_flow()
        if inner is None:
            every = frozenset(sources)
            self._meet(node, Meeting(every, every), axes)
            together = _union(axes, sources)
            self.carried.update((NodeOutput(node.name, output), together) for output in node.definition.outs)
            return
        self.inner[node.name] = inner
        for meeting in inner.meetings:
            self._meet(node, meeting, axes)
        for output, reached_by in inner.outputs.items():
            self.carried[NodeOutput(node.name, output)] = _union(axes, reached_by)

    def _meet(self, node: Node, meeting: Meeting, axes: Mapping[str, Axes]) -> None:
        """Check what meets in one node: `node` itself, or one inside the graph that it invokes."""
        sources = self.sources.get(node.name, {})
        together = _union(axes, meeting.inputs)
        direct = [sources[name] for name in meeting.direct if name in sources]
        self._refuse_second_axis(node, together, meeting.with_axis)
        for source in direct:
            if isinstance(source, Collected):
                self._refuse_map_and_collect(node, together & self._axes_when_mapped(source.source))
        passed_on = frozenset(source.name for source in direct if isinstance(source, GraphInput))
        self._note_meeting(together, passed_on, meeting.with_axis)

    def _note_meeting(self, together: Axes, direct: frozenset[str], with_axis: bool) -> None:
        inputs = frozenset(axis for axis in together if isinstance(axis, str))
        if inputs:
            below = with_axis or len(inputs) < len(together)
            self.flow.meetings.add(Meeting(inputs, direct, below))

    def _refuse_second_axis(self, node: Node, axes: Axes, with_axis: bool) -> None:
        dynamic = sorted(f"{axis.node}.{axis.output}" for axis in axes if isinstance(axis, NodeOutput))
        if len(dynamic) + with_axis > 1:
            raise InvalidDefinitionError(
                f"node `{node.name}` of {self.owner} is downstream of more than one dynamic output "
                f"({listing(dynamic)}{', and another inside' if with_axis else ''}); "
                "collect before mapping again"
            )

    def _refuse_map_and_collect(self, node: Node, axes: Axes) -> None:
        both = sorted(axis.node for axis in axes if isinstance(axis, NodeOutput))
        if both:
            raise InvalidDefinitionError(
                f"node `{node.name}` of {self.owner} both maps over and collects the dynamic output of "
                f"{listing(both)}"
            )

    def _axes_of(self, node: Node, name: str, source: Source) -> Axes:
        if isinstance(source, Constant):
            return NO_AXES
        if isinstance(source, GraphInput):
            return frozenset((source.name,))
        if isinstance(source, FanIn):
            return NO_AXES.union(*(self._axes_of(node, name, member) for member in source.members))
        if isinstance(source, NodeOutput):
            if self._is_dynamic(source):
                raise InvalidDefinitionError(
                    f"input `{name}` of node `{node.name}` of {self.owner} reads the dynamic output "
                    f"`{source.output}` of `{source.node}` directly; go through `.map(…)` or `.collect()`"
                )
            return self.carried[source]
        return self._mapped(node, source) if isinstance(source, Mapped) else self._collected(node, source)

    def _mapped(self, node: Node, source: Mapped) -> Axes:
        self._refuse_static(node, source.source, "maps over")
        return self._axes_when_mapped(source.source)

    def _collected(self, node: Node, source: Collected) -> Axes:
        self._refuse_static(node, source.source, "collects")
        axes = self._axes_when_mapped(source.source)
        self._refuse_second_axis(node, axes, with_axis=False)
        self._note_meeting(axes, frozenset(), with_axis=False)
        return frozenset(axis for axis in axes if isinstance(axis, str))

    def _axes_when_mapped(self, source: NodeOutput) -> Axes:
        """Return the axes below which each single value of an output is."""
        carried = self.carried[source]
        if not self._is_dynamic(source):
            return carried
        inner = self.inner.get(source.node)
        if inner is None:
            return carried | {source}
        return carried | {NodeOutput(source.node, axis) for axis in inner.dynamic[source.output]}

    def _refuse_static(self, node: Node, source: NodeOutput, verb: str) -> None:
        if not self._is_dynamic(source) and not any(
            isinstance(axis, NodeOutput) for axis in self.carried[source]
        ):
            raise InvalidDefinitionError(
                f"node `{node.name}` of {self.owner} {verb} output `{source.output}` of `{source.node}`, "
                "which is not dynamic; declare it as DynamicOut"
            )

    def _is_dynamic(self, source: NodeOutput) -> bool:
        return self.nodes[source.node].definition.is_dynamic_out(source.output)


def _union(axes: Mapping[str, Axes], names: Iterable[str]) -> Axes:
    return NO_AXES.union(*(axes.get(name, NO_AXES) for name in names))


def flow_of(graph: GraphDefinition) -> Flow:
    """Return how axes pass through a graph that is checked already."""
    return _Analysis(f"graph `{graph.name}`", graph.nodes, graph.sources).run(graph.outputs)
