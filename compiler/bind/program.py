"""The bound program: every name tied to what it names.

Plain frozen data: later phases read it and add nothing. A symbol with `is_open` stands for something that was
broken: rules that would need the missing part pass over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.bind.definitions import FunctionSymbol
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document, Place, Target
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.schemas.ir import Data
    from jobc.schemas.spec import RetrySpec


@dataclass(frozen=True, slots=True)
class FieldSymbol:
    """A config field. `type` is None when its text could not be parsed."""

    name: str
    type: TypeExpr | None
    required: bool
    has_default: bool
    default: Data
    description: str | None
    constraints: Mapping[str, float | str]
    path: Path


@dataclass(frozen=True, slots=True)
class InputSymbol:
    """An input of an op or graph. `type` is None where only the function's own annotation can tell.

    A default of the Python function makes the input not `required`, but its value is not known here.
    """

    name: str
    type: TypeExpr | None
    required: bool
    has_default: bool
    default: Data
    description: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class OutputSymbol:
    """An output of an op. `type` is None where only the function's own annotation can tell."""

    name: str
    type: TypeExpr | None
    required: bool
    description: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class OpSymbol:
    """An op. `inputs` is None when they come from a signature that could not be read."""

    name: str
    path: Path
    target: Target | None
    function: FunctionSymbol | None
    inputs: tuple[InputSymbol, ...] | None
    outputs: tuple[OutputSymbol, ...]
    config: tuple[FieldSymbol, ...]
    resources: tuple[str, ...]
    retry: RetrySpec | None
    timeout_s: float | None
    tags: Mapping[str, str]
    description: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class NodeSource:
    """A source: an output of a node of the same graph; `output` is None for the node's only one."""

    node: str
    output: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class InputSource:
    """A source: an input of the graph."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class ManySource:
    """A source: a list of sources (fan-in)."""

    items: tuple[NodeSource | InputSource, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class ValueSource:
    """A source: a literal."""

    value: Data
    place: Place


@dataclass(frozen=True, slots=True)
class BrokenSource:
    """A source that was reported already; it counts as given."""

    place: Place


SourceSymbol: TypeAlias = NodeSource | InputSource | ManySource | ValueSource | BrokenSource


@dataclass(frozen=True, slots=True)
class ArgumentSymbol:
    """What is passed to a node: to the input of that name, or by position when `input` is None."""

    input: str | None
    source: SourceSymbol
    place: Place


@dataclass(frozen=True, slots=True)
class AfterSymbol:
    """A node that another one comes after, without passing data."""

    node: str
    place: Place


@dataclass(frozen=True, slots=True)
class NodeSymbol:
    """An op or graph invoked in a graph; `definition` is None when its name is not known."""

    name: str
    definition: str | None
    arguments: tuple[ArgumentSymbol, ...]
    after: tuple[AfterSymbol, ...]
    tags: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class GraphOutputSymbol:
    """An output of a graph and the node output it takes its value from."""

    name: str
    source: SourceSymbol
    place: Place


@dataclass(frozen=True, slots=True)
class GraphSymbol:
    """A graph with its nodes, in the order of the text (sorted by name when written as a mapping).

    Where lines of the wiring are broken it is not `is_whole`: there may be more nodes than these.
    """

    name: str
    path: Path
    inputs: tuple[InputSymbol, ...]
    nodes: tuple[NodeSymbol, ...]
    outputs: tuple[GraphOutputSymbol, ...]
    description: str | None
    is_open: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ResourceSymbol:
    """A resource; `values` are the config values under `with`, by field."""

    name: str
    path: Path
    target: Target | None
    function: FunctionSymbol | None
    config: tuple[FieldSymbol, ...]
    values: Mapping[str, Data]
    resources: tuple[str, ...]
    description: str | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class SelectSymbol:
    """A query that cuts a job down: its clauses, of which it is the union, and where it is written."""

    clauses: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class JobSymbol:
    """A job, with what it has from the one it is derived from.

    `resources` maps a key to the name of a resource, where the two differ. `selects` are applied in turn,
    each to what the one before has left.
    """

    name: str
    path: Path
    graph: str | None
    config: Mapping[str, Data]
    resources: Mapping[str, str]
    tags: Mapping[str, str]
    description: str | None
    selects: tuple[SelectSymbol, ...]
    partitions: str | None
    partitioned_config: str | None


@dataclass(frozen=True, slots=True)
class PartitionsSymbol:
    """A set of partition keys; `kind` is None when that cannot be told."""

    name: str
    path: Path
    kind: str | None
    options: Data


@dataclass(frozen=True, slots=True)
class PartitionedConfigSymbol:
    """Run config that depends on the partition: a template (`config`), or a function.

    In the texts of `config` and `tags` expressions of the partition are left, and a literal `${` is escaped.
    """

    name: str
    path: Path
    partitions: str
    config: Data
    target: Target | None
    function: FunctionSymbol | None
    tags: Mapping[str, Data]


@dataclass(frozen=True, slots=True)
class Program:
    """A spec file, bound. Tables are by name, in the order of the file.

    `variables` holds the folded values of vars; one that could not be folded is absent.
    """

    document: Document
    variables: Mapping[str, Data]
    ops: Mapping[str, OpSymbol]
    graphs: Mapping[str, GraphSymbol]
    resources: Mapping[str, ResourceSymbol]
    jobs: Mapping[str, JobSymbol]
    partitions: Mapping[str, PartitionsSymbol]
    partitioned_configs: Mapping[str, PartitionedConfigSymbol]

    def definition(self, name: str | None) -> OpSymbol | GraphSymbol | None:
        """Return what a node invokes; None when that is not known."""
        if name is None:
            return None
        return self.ops.get(name) or self.graphs.get(name)
