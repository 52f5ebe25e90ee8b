"""Where the inputs of nodes come from: the edges of a graph in normal form."""

from __future__ import annotations

from jobc.schemas.records import dataclass


@dataclass(frozen=True, slots=True)
class NodeOutput:
    """Read one output of another node of the same graph."""

    node: str
    output: str = "result"


@dataclass(frozen=True, slots=True)
class GraphInput:
    """Read an input of the graph that holds the node."""

    name: str


@dataclass(frozen=True, slots=True)
class FanIn:
    """Read several outputs as one list, in this order; may be empty."""

    members: tuple[NodeOutput | GraphInput, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """Read each value of a dynamic output in a step of its own."""

    source: NodeOutput


@dataclass(frozen=True, slots=True)
class Collected:
    """Read all values that came from one dynamic output, as one list in the order of emission.

    `source` is the dynamic output itself, or an output of a node that is mapped over it.
    """

    source: NodeOutput


@dataclass(frozen=True, slots=True)
class Constant:
    """Read a value that the definition itself holds; shared by all runs, so it must not be changed."""

    value: object


Source = NodeOutput | GraphInput | FanIn | Mapped | Collected | Constant


def node_outputs_of(source: Source) -> tuple[NodeOutput, ...]:
    """Return the node outputs a source reads, in order; may be empty."""
    if isinstance(source, NodeOutput):
        return (source,)
    if isinstance(source, Mapped | Collected):
        return (source.source,)
    if isinstance(source, FanIn):
        return tuple(member for member in source.members if isinstance(member, NodeOutput))
    return ()


def graph_inputs_of(source: Source) -> tuple[str, ...]:
    """Return the graph inputs a source reads, in order; may be empty."""
    if isinstance(source, GraphInput):
        return (source.name,)
    if isinstance(source, FanIn):
        return tuple(member.name for member in source.members if isinstance(member, GraphInput))
    return ()
