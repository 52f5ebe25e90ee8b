"""Graphs and their nodes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from jobc.schemas.spec.base import RetrySpec, Spec, Tags
from jobc.schemas.spec.ports import InputForm


class NodeSpec(Spec):
    """A node of a graph: an op or graph that is invoked, and what feeds its inputs.

    Beside `wiring`, which makes the nodes, only options stand here: `op`, `inputs` and `after` are left out.
    """

    op: str | None = Field(default=None, description="The op or graph to invoke.", examples=["clean"])
    inputs: dict[str, Any] = Field(
        default={}, description="Sources by input name.", examples=[{"rows": "read_orders.orders"}]
    )
    after: list[str] = Field(
        default=[], description="Nodes that must end before this one starts.", examples=[["load"]]
    )
    config: dict[str, Any] = Field(
        default={}, description="Config values for this node, by field.", examples=[{"threshold": 0.3}]
    )
    hooks: list[str] = Field(default=[], description="Hooks for this node.", examples=[["alert"]])
    retry: RetrySpec | None = Field(
        default=None, description="Retry policy of this node, over the op's.", examples=[{"max_retries": 3}]
    )
    tags: Tags = Field(
        default={}, description="Free labels, over those of the op.", examples=[{"cost": "high"}]
    )


class GraphSpec(Spec):
    """Nodes and how they are wired: as text under `wiring`, or node by node under `nodes`."""

    description: str | None = Field(
        default=None, description="What the graph does.", examples=["Orders, cleaned."]
    )
    inputs: dict[str, InputForm] = Field(default={}, description="Inputs by name.", examples=[{"day": "str"}])
    wiring: str | None = Field(
        default=None, description="The graph as text.", examples=["rows = read_orders(day)"]
    )
    nodes: dict[str, NodeSpec] = Field(
        default={},
        description="Nodes by name; beside `wiring`: options for its nodes.",
        examples=[{"tidy": {"op": "clean", "inputs": {"rows": "inputs.rows"}}}],
    )
    outputs: dict[str, str] = Field(
        default={},
        description="Outputs by name, each a node or `node.output`.",
        examples=[{"total": "total"}],
    )
