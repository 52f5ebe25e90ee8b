"""What a picture of a job shows, whatever language it is drawn in: boxes, frames around them, arrows.

Ids are short words of our own, numbered in the order the job was written, so that no name of a node can mean
something in the language of the picture, and the same job always gives the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.plan.graph_walk import (
    CollectedOutput,
    Many,
    MappedOutput,
    OpOutput,
    Scope,
    flat_nodes,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.node import Node
    from jobc.runtime.plan.graph_walk import FlatNode, FlatSource, Path


@dataclass(frozen=True, slots=True)
class Box:
    """A node that nothing is drawn inside of: an op, or a graph without nodes."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A graph that is a node of another; never empty."""

    id: str
    label: str
    members: tuple[Box | Frame, ...]

    @property
    def first_box(self) -> Box:
        """The box that stands first in the frame, at any depth."""
        first = self.members[0]
        return first if isinstance(first, Box) else first.first_box


@dataclass(frozen=True, slots=True)
class Arrow:
    """A box that reads from another or, dashed, a node that only comes after another, by their ids."""

    tail: str
    head: str
    label: str = ""
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """The nodes of a job and how they hang together; `marked` are ids of boxes, in the order of the job."""

    title: str
    members: tuple[Box | Frame, ...]
    arrows: tuple[Arrow, ...]
    marked: tuple[str, ...]


def draw(job: JobDefinition, marked: Collection[str] = ()) -> Drawing:
    """Draw the ops of a job, seen through the borders of graphs; `marked` are the dotted paths of some."""
    root = Scope(job.graph, (), None, frozenset())
    nodes = {node.path: node for node in flat_nodes(root)}
    pen = _Pen(nodes)
    members = tuple(pen.members(job.graph, ()))
    data = (arrow for node in nodes.values() for arrow in pen.data_arrows(node))
    arrows = dict.fromkeys((*data, *pen.order_arrows(job.graph, ())))
    marks = tuple(pen.drawn[path].id for path in nodes if ".".join(path) in marked)
    return Drawing(job.name, members, tuple(arrows), marks)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws one job: `ops` are its ops and `drawn` what stands for each node so far, both by path."""

    ops: dict[Path, FlatNode]
    drawn: dict[Path, Box | Frame] = field(default_factory=dict)
    box_numbers: Iterator[int] = field(default_factory=count)
    frame_numbers: Iterator[int] = field(default_factory=count)

    def members(self, graph: GraphDefinition, path: Path) -> Iterator[Box | Frame]:
        """Draw the nodes of a graph, and those inside them."""
        for name, node in graph.nodes.items():
            here = (*path, name)
            if isinstance(node.definition, GraphDefinition) and node.definition.nodes:
                id_ = f"g{next(self.frame_numbers)}"
                self.drawn[here] = Frame(id_, _label(node), tuple(self.members(node.definition, here)))
            else:
                self.drawn[here] = Box(f"n{next(self.box_numbers)}", _label(node))
            yield self.drawn[here]

    def data_arrows(self, node: FlatNode) -> Iterator[Arrow]:
        """Draw what an op reads."""
        for name in node.op.ins:
            yield from self._from(node.scope.source_of(node.path[-1], name), node)

    def _from(self, source: FlatSource, node: FlatNode) -> Iterator[Arrow]:
        match source:
            case OpOutput():
                yield self._arrow(source, node, "")
            case MappedOutput(output):
                yield self._arrow(output, node, "each")
            case CollectedOutput(output):
                yield self._arrow(output, node, "all")
            case Many(members):
                for member in members:
                    yield from self._from(member, node)

    def _arrow(self, output: OpOutput, node: FlatNode, how: str) -> Arrow:
        """Draw a read; an output that is the only one of its op is not named."""
        name = output.output if len(self.ops[output.path].op.outs) > 1 else ""
        return Arrow(self.drawn[output.path].id, self.drawn[node.path].id, f"{how} {name}".strip())

    def order_arrows(self, graph: GraphDefinition, path: Path) -> Iterator[Arrow]:
        """Draw what comes after what without data, for a graph and those inside it."""
        for name, earlier in graph.order_only.items():
            head = self.drawn[*path, name].id
            for other in earlier:
                yield Arrow(self.drawn[*path, other].id, head, is_dashed=True)
        for name, node in graph.nodes.items():
            if isinstance(node.definition, GraphDefinition):
                yield from self.order_arrows(node.definition, (*path, name))


def _label(node: Node) -> str:
    """Return the name of a node and, on a line of its own, of what it invokes, if that is another."""
    invoked = node.definition.name
    return node.name if invoked == node.name else f"{node.name}\n({invoked})"
