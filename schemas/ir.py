"""The IR: what a spec means, as canonical, versioned, hashed data.

One `CompiledJob` holds everything a job needs and nothing it does not. Its canonical text is JSON with
sorted keys, no white space and ASCII only; the SHA-256 of that text is the job's digest. Order is kept where
it has a meaning (outputs of an op, nodes of wiring text, fan-in) and is sorted away everywhere else, so that
the digest ignores key order, comments, quoting, and whether the spec was YAML or TOML. Origins (where a
definition was written) are carried along for error messages; they are no part of the text.

A secret written into a spec (a value for a field or input of type `secret`) stands in the objects, so that a
job can be run, and is `**********` in their data, text and digest: changing a secret changes none of them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from jobc.schemas.diagnostics import Location

FORMAT = 1

Data: TypeAlias = bool | int | float | str | list["Data"] | dict[str, "Data"] | None

MASK = "**********"
_NAMED = re.compile(r"@(\w+)")


def masked(value: Data) -> Data:
    """Return what is shown of a secret; that there is none is no secret."""
    return None if value is None else MASK


def canonical_text(data: Data) -> str:
    """Return the one JSON text of `data`: sorted keys, no white space, ASCII, no NaN."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest_of(data: Data) -> str:
    """Return the SHA-256 of the canonical text of `data`, as 64 hexadecimal digits."""
    from hashlib import sha256

    return sha256(canonical_text(data).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class CompiledField:
    """A config field. `default` counts only when `has_default`; `constraints` are pydantic's names."""

    type: str
    required: bool = True
    has_default: bool = False
    default: Data = None
    description: str | None = None
    constraints: Mapping[str, float | str] = field(default_factory=dict[str, float | str])
    is_secret: bool = False

    def to_data(self) -> Data:
        """Return the field as plain data, without what is at its default."""
        data: dict[str, Data] = {"type": self.type, "required": self.required}
        if self.has_default:
            data["default"] = masked(self.default) if self.is_secret else self.default
        if self.description:
            data["description"] = self.description
        if self.constraints:
            data["constraints"] = dict(self.constraints)
        return data


@dataclass(frozen=True, slots=True)
class CompiledInput:
    """An input of an op or graph. `default` counts only when `has_default`.

    A `type` of None is the function's own annotation. A Python function's own default is not known as data:
    then `has_default` is false and `required` too.
    """

    type: str | None
    required: bool = True
    has_default: bool = False
    default: Data = None
    description: str | None = None
    is_secret: bool = False

    def to_data(self) -> Data:
        """Return the input as plain data."""
        data: dict[str, Data] = {"type": self.type, "required": self.required}
        if self.has_default:
            data["default"] = masked(self.default) if self.is_secret else self.default
        if self.description:
            data["description"] = self.description
        return data


@dataclass(frozen=True, slots=True)
class CompiledOutput:
    """An output of an op; outputs are a list, in the order a function returns them.

    A `type` of None is the function's own annotation.
    """

    name: str
    type: str | None
    required: bool = True
    description: str | None = None

    def to_data(self) -> Data:
        """Return the output as plain data."""
        data: dict[str, Data] = {"name": self.name, "type": self.type, "required": self.required}
        if self.description:
            data["description"] = self.description
        return data


@dataclass(frozen=True, slots=True)
class CompiledRetry:
    """A retry policy: a number of retries, a delay in seconds, and how it grows and varies."""

    max_retries: int
    delay_s: float | None
    backoff: str | None
    jitter: str | None

    def to_data(self) -> Data:
        """Return the policy as plain data."""
        return {
            "max_retries": self.max_retries,
            "delay_s": self.delay_s,
            "backoff": self.backoff,
            "jitter": self.jitter,
        }


@dataclass(frozen=True, slots=True)
class CompiledOp:
    """An op. `inputs` is None when the function's signature could not be read: it is taken at link time."""

    name: str
    target: str
    inputs: Mapping[str, CompiledInput] | None
    outputs: tuple[CompiledOutput, ...]
    config: Mapping[str, CompiledField]
    resources: tuple[str, ...]
    retry: CompiledRetry | None
    timeout_s: float | None
    tags: Mapping[str, str]
    description: str | None
    origin: Location | None = field(default=None, compare=False)

    def to_data(self) -> Data:
        """Return the op as plain data."""
        return {
            "name": self.name,
            "kind": "python",
            "target": self.target,
            "inputs": None if self.inputs is None else _mapping(self.inputs),
            "outputs": [output.to_data() for output in self.outputs],
            "config": _mapping(self.config),
            "resources": list(self.resources),
            "retry": self.retry.to_data() if self.retry else None,
            "timeout_s": self.timeout_s,
            "tags": dict(self.tags),
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class FromNode:
    """A source: an output of a node of the same graph; None is the node's only output."""

    node: str
    output: str | None

    def to_data(self) -> Data:
        """Return the source as plain data."""
        return {"node": self.node, "output": self.output}


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
        return {"value": masked(self.value) if self.is_secret else self.value}


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

    `positional` holds sources by position for an op whose inputs are not known before link time.
    """

    name: str
    definition: str
    inputs: Mapping[str, CompiledSource]
    positional: tuple[CompiledSource, ...]
    after: tuple[str, ...]
    tags: Mapping[str, str]
    origin: Location | None = field(default=None, compare=False)

    def to_data(self) -> Data:
        """Return the node as plain data."""
        return {
            "name": self.name,
            "definition": self.definition,
            "inputs": _mapping(self.inputs),
            "positional": [source.to_data() for source in self.positional],
            "after": list(self.after),
            "tags": dict(self.tags),
        }


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
            "inputs": _mapping(self.inputs),
            "nodes": [node.to_data() for node in self.nodes],
            "outputs": _mapping(self.outputs),
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class CompiledResource:
    """A resource; `values` are the config values of the spec's `with`."""

    name: str
    target: str
    config: Mapping[str, CompiledField]
    values: Mapping[str, Data]
    resources: tuple[str, ...]
    description: str | None
    origin: Location | None = field(default=None, compare=False)

    def to_data(self) -> Data:
        """Return the resource as plain data."""
        return {
            "name": self.name,
            "target": self.target,
            "config": _mapping(self.config),
            "with": {name: self._shown(name, value) for name, value in self.values.items()},
            "resources": list(self.resources),
            "description": self.description,
        }

    def _shown(self, name: str, value: Data) -> Data:
        return masked(value) if name in self.config and self.config[name].is_secret else value


@dataclass(frozen=True, slots=True)
class CompiledPartitionedConfig:
    """Run config that depends on the partition: a template, or the target of a function.

    Texts of `config` and `tags` may hold `${partition.…}`; a literal `${` in them is written `$${`.
    """

    partitions: str
    config: Data
    target: str | None
    tags: Mapping[str, Data]

    def to_data(self) -> Data:
        """Return the config as plain data."""
        return {
            "partitions": self.partitions,
            "config": self.config,
            "target": self.target,
            "tags": dict(self.tags),
        }


@dataclass(frozen=True)
class CompiledJob:
    """A job with all it needs: the graphs and ops it reaches, and its resources by key.

    `selects` are queries that cut the job down, applied in turn, each a list of clauses; `selections` are
    those that `@name` may name. `partition_kinds` holds the partitions the job needs, by name: their kind and
    its options. `secrets` are the paths of secrets in `config`.
    """

    name: str
    description: str | None
    python_path: tuple[str, ...]
    graph: str
    graphs: Mapping[str, CompiledGraph]
    ops: Mapping[str, CompiledOp]
    resources: Mapping[str, CompiledResource]
    config: Mapping[str, Data]
    tags: Mapping[str, str]
    selects: tuple[tuple[str, ...], ...] = ()
    selections: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    partitions: str | None = None
    partitioned_config: CompiledPartitionedConfig | None = None
    partition_kinds: Mapping[str, tuple[str, Data]] = field(default_factory=dict[str, tuple[str, Data]])
    secrets: frozenset[tuple[str, ...]] = frozenset()
    origin: Location | None = field(default=None, compare=False)

    def to_data(self) -> Data:
        """Return the job as plain data: what the digest is taken of."""
        return {
            "format": FORMAT,
            "name": self.name,
            "description": self.description,
            "python_path": list(self.python_path),
            "graph": self.graph,
            "graphs": _mapping(self.graphs),
            "ops": _mapping(self.ops),
            "resources": _mapping(self.resources),
            "config": _without_secrets(dict(self.config), self.secrets),
            "tags": dict(self.tags),
            "selects": [list(clauses) for clauses in self.selects],
            "selections": {name: list(self.selections[name]) for name in self._named_selections()},
            "partitions": self.partitions,
            "partitioned_config": self.partitioned_config.to_data() if self.partitioned_config else None,
            "partition_kinds": {name: {kind: data} for name, (kind, data) in self.partition_kinds.items()},
        }

    def _named_selections(self) -> list[str]:
        """Return the selections that the job's own queries name, directly or through others."""
        found: dict[str, None] = {}
        waiting = [clause for clauses in self.selects for clause in clauses]
        while waiting:
            for name in _NAMED.findall(waiting.pop()):
                if name in self.selections and name not in found:
                    found[name] = None
                    waiting += self.selections[name]
        return list(found)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the job's canonical text."""
        return digest_of(self.to_data())


@dataclass(frozen=True)
class CompiledSpec:
    """A compiled spec file: its jobs by name."""

    jobs: Mapping[str, CompiledJob]

    def to_data(self) -> Data:
        """Return the spec as plain data."""
        return {"format": FORMAT, "jobs": _mapping(self.jobs)}

    def to_json(self) -> str:
        """Return the canonical text, with a line's end."""
        return canonical_text(self.to_data()) + "\n"

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the spec's canonical text."""
        return digest_of(self.to_data())


_HasData: TypeAlias = (
    CompiledField
    | CompiledInput
    | CompiledOp
    | CompiledSource
    | CompiledGraph
    | CompiledResource
    | CompiledJob
)


def _without_secrets(config: Data, secrets: Collection[tuple[str, ...]]) -> Data:
    """Return a config whose secrets, given by their paths, are masked."""
    if () in secrets or not isinstance(config, dict):
        return masked(config) if secrets else config
    below: dict[str, list[tuple[str, ...]]] = {}
    for head, *rest in secrets:
        below.setdefault(head, []).append(tuple(rest))
    return {
        key: _without_secrets(value, below[key]) if key in below else value for key, value in config.items()
    }


def _mapping(entries: Mapping[str, _HasData] | Mapping[str, FromNode]) -> dict[str, Data]:
    return {name: entry.to_data() for name, entry in entries.items()}
