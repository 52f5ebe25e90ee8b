"""The parts of the IR that say what feeds what: sources, nodes, graphs."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from jobc.schemas.ir.data import each_to_data, masked, masked_late
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.schemas.diagnostics import Location
    from jobc.schemas.ir.data import Data
    from jobc.schemas.ir.ops import CompiledRetry
    from jobc.schemas.ir.ports import CompiledInput


@dataclass(frozen=True, slots=True)
class FromNode:
    """A source: an output of a node of the same graph; None is the node's only output.

    Of an output that comes in several items, `map` passes them one by one and `collect` all in a list.
    """

    node: str
    output: str | None
    each: Literal["map", "collect"] | None = None

    def to_data(self) -> Data:
        """Return the source as plain data."""
        data: dict[str, Data] = {"node": self.node, "output": self.output}
        return data if self.each is None else {**data, "each": self.each}


@dataclass(frozen=True, slots=True)
class FromGraphInput:
    """A source: an input of the graph."""

    name: str

    def to_data(self) -> Data:
        """Return the source as plain data."""
        return {"input": self.name}


@dataclass(frozen=True, slots=True)
class FromValue:
    """A source: a literal of the spec."""

    value: Data
    is_secret: bool = False

    def to_data(self) -> Data:
        """Return the source as plain data."""
        data: dict[str, Data] = {"value": masked(self.value) if self.is_secret else self.value}
        return {**data, "secret": True} if self.is_secret else data


@dataclass(frozen=True, slots=True)
class FromMany:
    """A source: a list of sources, delivered as a list in that order (fan-in)."""

    items: tuple[FromNode | FromGraphInput, ...]

    def to_data(self) -> Data:
        """Return the source as plain data."""
        return {"many": [item.to_data() for item in self.items]}


CompiledSource: TypeAlias = FromNode | FromGraphInput | FromValue | FromMany


@dataclass(frozen=True, slots=True)
class CompiledNode:
    """An op or graph invoked in a graph.

    `positional` holds sources by position for an op whose inputs are not known before link time. `config`
    holds values for the op's fields, over their defaults; its texts may hold `${env.…}`, and a literal `${`
    is written `$${`. `secrets` are the paths of secrets in it.
    """

    name: str
    definition: str
    inputs: Mapping[str, CompiledSource]
    positional: tuple[CompiledSource, ...]
    after: tuple[str, ...]
    tags: Mapping[str, str]
    origin: Location | None = field(default=None, compare=False)
    config: Mapping[str, Data] = field(default_factory=dict[str, "Data"])
    hooks: tuple[str, ...] = ()
    retry: CompiledRetry | None = None
    secrets: frozenset[tuple[str, ...]] = frozenset()

    def to_data(self) -> Data:
        """Return the node as plain data, without options that it has not."""
        data: dict[str, Data] = {
            "name": self.name,
            "definition": self.definition,
            "inputs": each_to_data(self.inputs),
            "positional": [source.to_data() for source in self.positional],
            "after": list(self.after),
            "tags": dict(self.tags),
        }
        if self.config:
            data["config"] = without_secrets(dict(self.config), self.secrets)
            data["secrets"] = secret_data(self.secrets)
        if self.hooks:
            data["hooks"] = list(self.hooks)
        if self.retry is not None:
            data["retry"] = self.retry.to_data()
        return data


@dataclass(frozen=True, slots=True)
class CompiledGraph:
    """A graph: nodes in the order of the text (sorted by name when written as a mapping)."""

    name: str
    inputs: Mapping[str, CompiledInput]
    nodes: tuple[CompiledNode, ...]
    outputs: Mapping[str, FromNode]
    description: str | None

    def to_data(self) -> Data:
        """Return the graph as plain data."""
        return {
            "name": self.name,
            "inputs": each_to_data(self.inputs),
            "nodes": [node.to_data() for node in self.nodes],
            "outputs": each_to_data(self.outputs),
            "description": self.description,
        }


def without_secrets(config: Data, secrets: frozenset[tuple[str, ...]]) -> Data:
    """Return a config whose secrets, given by their paths, are masked."""
    if () in secrets or not isinstance(config, dict):
        return masked_late(config) if secrets else config
    below: dict[str, set[tuple[str, ...]]] = {}
    for head, *rest in secrets:
        below.setdefault(head, set()).add(tuple(rest))
    return {
        key: without_secrets(value, frozenset(below[key])) if key in below else value
        for key, value in config.items()
    }


def secret_data(secrets: frozenset[tuple[str, ...]]) -> Data:
    """Return the paths of secrets as plain data."""
    return [list(path) for path in sorted(secrets)]
