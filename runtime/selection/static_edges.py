"""Edges that were dynamic until the op that emits the keys was not selected.

The body of a map is then an ordinary node that runs once, and what it passes on is an ordinary output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.definitions.sources import Collected, FanIn, Mapped, NodeOutput
from jobc.runtime.definitions.wiring import in_order, upstream_nodes
from jobc.runtime.errors import InvalidSubsetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.node import Node
    from jobc.runtime.definitions.sources import Source


def with_static_edges(owner: str, nodes: Mapping[str, Node], sources: dict[str, dict[str, Source]]) -> None:
    """Make an ordinary edge, in `sources`, of every mapped one whose source has one value only.

    Errors: `InvalidSubsetError` for a node that collects such a value.
    """
    per_key: set[NodeOutput] = set()
    for name in in_order(upstream_nodes(nodes, sources, {})):
        inputs = sources.get(name, {})
        for port, source in inputs.items():
            if isinstance(source, Mapped | Collected) and not _has_keys(source.source, nodes, per_key):
                if isinstance(source, Collected):
                    raise InvalidSubsetError(
                        f"the selection results in an invalid graph: input `{port}` of `{name}` in {owner} "
                        f"collects what `{source.source.node}` gives for each key, but what emits the keys "
                        "is not selected"
                    )
                inputs[port] = source.source
        mapped = {port for port, source in inputs.items() if _is_per_key(source, per_key)}
        per_key.update(NodeOutput(name, output) for output in _outputs_below(nodes[name], mapped))


def _has_keys(output: NodeOutput, nodes: Mapping[str, Node], per_key: set[NodeOutput]) -> bool:
    return output in per_key or nodes[output.node].definition.is_dynamic_out(output.output)


def _is_per_key(source: Source, per_key: set[NodeOutput]) -> bool:
    if isinstance(source, FanIn):
        return any(member in per_key for member in source.members)
    return isinstance(source, Mapped) or (isinstance(source, NodeOutput) and source in per_key)


def _outputs_below(node: Node, inputs: set[str]) -> list[str]:
    """Return the outputs of a node that have a value for each key if these inputs have."""
    if not inputs:
        return []
    flow = node.definition.inner_flow()
    if flow is None:
        return list(node.definition.outs)
    return [output for output, axes in flow.outputs.items() if any(axis in inputs for axis in axes)]
