"""Nodes: the invocations that make up a graph."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.policies import RetryPolicy

NO_HOOKS: frozenset[HookDefinition] = frozenset()


@dataclass(frozen=True, slots=True)
class Node:
    """One invocation of an op or a graph in a graph.

    `tags` and `retry_policy` are those of the invocation; the definition's own are not merged in. `config`
    holds values that come before the defaults of an op's fields, and behind all other config; where a graph
    is invoked, it has the form of its run config: `ops`, by node.
    """

    name: str
    definition: OpDefinition | GraphDefinition
    tags: Mapping[str, str] = field(default_factory=dict)
    hooks: frozenset[HookDefinition] = NO_HOOKS
    retry_policy: RetryPolicy | None = None
    config: Mapping[str, object] = field(default_factory=dict)
