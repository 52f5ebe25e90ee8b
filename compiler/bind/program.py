"""The bound program: every name tied to what it names.

Plain frozen data: later phases read it and add nothing. A symbol with `is_open` stands for something that was
broken: rules that would need the missing part pass over it.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from jobc.compiler.bind.extra_symbols import NO_EXTRAS, NO_OPTIONS
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.definitions import FunctionSymbol
    from jobc.compiler.bind.extra_symbols import Extras, JobOptions
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document, Place, Target
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.schemas.ir import Data
    from jobc.schemas.spec import RetrySpec

Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class FieldSymbol:
    """A config field. `kinds` are the keys that say what its values are; when all is well there is one.

    `type` is None when its text could not be parsed, or another of the keys says it: `fields`, `one_of` or
    `enum`. `env` is the environment variable that gives the value where config gives none.
    """

    name: str
    type: TypeExpr | None
    required: bool
    has_default: bool
    default: Data
    description: str | None
    constraints: Mapping[str, float | str]
    path: Path
    kinds: tuple[str, ...] = ("type",)
    fields: tuple[FieldSymbol, ...] | None = None
    one_of: tuple[FieldSymbol, ...] | None = None
    enum: tuple[str, ...] | None = None
    permissive: bool = False
    env: str | None = None

    @property
    def inner(self) -> tuple[FieldSymbol, ...]:
        """The fields inside its values."""
        return (*(self.fields or ()), *(self.one_of or ()))


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
    """An output of an op. `type` is None where only the function's own annotation can tell.

    So is `dynamic` where only the imported function can tell. `asset` is the parts of an asset's key; none is
    no asset. `io_manager` is None for the job's own.
    """

    name: str
    type: TypeExpr | None
    required: bool
    description: str | None
    path: Path
    dynamic: bool | None = False
    io_manager: str | None = None
    asset: tuple[str, ...] = ()
    metadata: Mapping[str, Data] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpSymbol:
    """An op. `inputs` is None when they come from a signature that could not be read.

    `kind` is the key that says what kind of work it is; None when that is not one. `work` is what an op of
    another kind than `python` does; in its texts expressions of the run are left, and a literal `${` is
    escaped.
    """

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
    kind: str | None = "python"
    work: Data = None
    code_version: str | None = None

    @property
    def io_managers(self) -> tuple[str, ...]:
        """The resource keys that store its outputs, the job's own `io_manager` left out."""
        return tuple(output.io_manager for output in self.outputs if output.io_manager is not None)


@dataclass(frozen=True, slots=True)
class NodeSource:
    """A source: an output of a node of the same graph; `output` is None for the node's only one.

    Of an output that comes in several items, `map` passes them one by one and `collect` all in a list.
    """

    node: str
    output: str | None
    place: Place
    each: Literal["map", "collect"] | None = None


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
class NodeOptions:
    """What is said of a node beside its wiring; `path` is that of the mapping that says it.

    `config` holds values for the fields of an op, or `ops` with such values for the nodes of a graph.
    """

    path: Path
    tags: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, Data] = field(default_factory=dict)
    hooks: tuple[str, ...] = ()
    retry: RetrySpec | None = None


@dataclass(frozen=True, slots=True)
class NodeSymbol:
    """An op or graph invoked in a graph; `definition` is None when its name is not known."""

    name: str
    definition: str | None
    arguments: tuple[ArgumentSymbol, ...]
    after: tuple[AfterSymbol, ...]
    options: NodeOptions
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

    @property
    def described(self) -> str:
        """What messages call it: the job that it stands in, if it does."""
        section, name = self.path
        return f"{'job' if section == 'jobs' else 'graph'} `{name}`"


@dataclass(frozen=True, slots=True)
class ResourceSymbol:
    """A resource; `values` are the config values under `with`, by field.

    `builtin` names one that jobc brings; its `config` is then that of the built-in. In the texts of `values`
    expressions of the run are left, and a literal `${` is escaped.
    """

    name: str
    path: Path
    target: Target | None
    function: FunctionSymbol | None
    config: tuple[FieldSymbol, ...]
    values: Mapping[str, Data]
    resources: tuple[str, ...]
    description: str | None
    is_open: bool
    builtin: str | None = None


@dataclass(frozen=True, slots=True)
class SelectSymbol:
    """A query that cuts a job down: its clauses, of which it is the union, and the job that has it."""

    clauses: tuple[str, ...]
    path: Path
    job: str


@dataclass(frozen=True, slots=True)
class JobSymbol:
    """A job, with what it has from the one it is derived from.

    `inputs` are values for inputs of the graph. `resources` maps a key to the name of a resource, where the
    two differ. `selects` are applied in turn, each to what the one before has left.
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
    inputs: Mapping[str, ValueSource | BrokenSource] = field(default_factory=dict)
    options: JobOptions = NO_OPTIONS


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
    """A spec file, bound. Tables are by name, in the order of the file, symbols of imports behind its own.

    A symbol of an import has a name that is qualified by the import's (`common.clean`), and so has all that
    it names; `imports` are the imported files by that name. `variables` holds the folded values of vars; one
    that could not be folded is absent. `folder` is where the file stands.
    """

    document: Document
    variables: Mapping[str, Data]
    ops: Mapping[str, OpSymbol]
    graphs: Mapping[str, GraphSymbol]
    resources: Mapping[str, ResourceSymbol]
    jobs: Mapping[str, JobSymbol]
    partitions: Mapping[str, PartitionsSymbol]
    partitioned_configs: Mapping[str, PartitionedConfigSymbol]
    extras: Extras = NO_EXTRAS
    selections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    imports: Mapping[str, Program] = field(default_factory=dict)
    folder: str = ""

    def document_of(self, name: str) -> Document:
        """Return the document in which the symbol of a name, qualified perhaps, is written."""
        program = self
        for part in name.split(".")[:-1]:
            program = program.imports[part]
        return program.document

    def definition(self, name: str | None) -> OpSymbol | GraphSymbol | None:
        """Return what a node invokes; None when that is not known."""
        if name is None:
            return None
        return self.ops.get(name) or self.graphs.get(name)


def own(table: Mapping[str, Named]) -> Iterator[Named]:
    """Yield the symbols of a table that are written in the file itself, in no import of it."""
    return (symbol for name, symbol in table.items() if "." not in name)
