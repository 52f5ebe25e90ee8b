"""The IR of graphs, jobs and files as a document, over the parts that `document` has models for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from jobc.schemas.ir.data import MASK
from jobc.schemas.ir.document import (
    IrField,
    IrFromNode,
    IrInput,
    IrOp,
    IrPart,
    IrRetry,
    IrSource,
    Texts,
    Values,
    compiled_fields,
)
from jobc.schemas.ir.graphs import CompiledGraph, CompiledNode, FromValue
from jobc.schemas.ir.jobs import (
    FORMAT,
    CompiledConfigMapping,
    CompiledJob,
    CompiledPartitionedConfig,
    CompiledSpec,
)
from jobc.schemas.ir.ops import CompiledExtra, CompiledHook, CompiledResource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.schemas.ir.data import Data
    from jobc.schemas.ir.ports import CompiledField

_Paths = list[list[str]]


class IrNode(IrPart):
    """An op or graph invoked in a graph."""

    name: str = Field(description="Its name.", examples=["tidy"])
    definition: str = Field(description="The op or graph it invokes.", examples=["clean"])
    inputs: dict[str, IrSource] = Field(description="What feeds its inputs, by name.", examples=[{}])
    positional: list[IrSource] = Field(description="What feeds its inputs, by position.", examples=[[]])
    after: list[str] = Field(description="Nodes that end before it starts.", examples=[["load"]])
    tags: Texts = Field(description="Labels, over those of the op.", examples=[{"cost": "high"}])
    config: Values = Field(default={}, description="Values for config fields.", examples=[{"limit": 1}])
    secrets: _Paths = Field(default=[], description="Where in `config` secrets stood.", examples=[[["key"]]])
    hooks: list[str] = Field(default=[], description="Hooks for this node.", examples=[["alert"]])
    retry: IrRetry | None = Field(default=None, description="Its own retry policy.", examples=[None])

    def compiled(self) -> CompiledNode:
        """Return the node as it stood in the IR."""
        return CompiledNode(
            self.name,
            self.definition,
            {name: source.compiled() for name, source in self.inputs.items()},
            tuple(source.compiled() for source in self.positional),
            tuple(self.after),
            self.tags,
            None,
            self.config,
            tuple(self.hooks),
            self.retry.compiled() if self.retry else None,
            frozenset(map(tuple, self.secrets)),
        )


class IrGraph(IrPart):
    """Nodes and how they are wired."""

    name: str = Field(description="Its name.", examples=["ingest"])
    inputs: dict[str, IrInput] = Field(description="Inputs by name.", examples=[{}])
    nodes: list[IrNode] = Field(description="The nodes.", examples=[[]])
    outputs: dict[str, IrFromNode] = Field(description="Outputs by name.", examples=[{}])
    description: str | None = Field(description="What it does.", examples=["Orders, cleaned."])

    def compiled(self) -> CompiledGraph:
        """Return the graph as it stood in the IR."""
        return CompiledGraph(
            self.name,
            {name: each.compiled() for name, each in self.inputs.items()},
            tuple(node.compiled() for node in self.nodes),
            {name: source.compiled() for name, source in self.outputs.items()},
            self.description,
        )


class IrResource(IrPart):
    """A resource."""

    name: str = Field(description="Its name.", examples=["warehouse"])
    target: str = Field(description="What makes it.", examples=["shop.resources:warehouse"])
    builtin: str | None = Field(description="The one that jobc brings.", examples=["fs_io_manager"])
    config: dict[str, IrField] = Field(description="Config fields by name.", examples=[{}])
    with_: Values = Field(alias="with", description="Config values by field.", examples=[{"path": "wh"}])
    resources: list[str] = Field(description="Resources it needs itself.", examples=[["credentials"]])
    description: str | None = Field(description="What it is.", examples=["The warehouse."])

    def compiled(self) -> CompiledResource:
        """Return the resource as it stood in the IR."""
        return CompiledResource(
            self.name,
            self.target,
            compiled_fields(self.config),
            self.with_,
            tuple(self.resources),
            self.description,
            None,
            self.builtin,
        )


class IrHook(IrPart):
    """A hook."""

    name: str = Field(description="Its name.", examples=["alert"])
    target: str = Field(description="The function.", examples=["shop.hooks:alert"])
    on: Literal["success", "failure", "events"] | None = Field(
        description="When it is called; null: the target says so.", examples=["failure"]
    )
    resources: list[str] = Field(description="Resources it needs.", examples=[["slack"]])

    def compiled(self) -> CompiledHook:
        """Return the hook as it stood in the IR."""
        return CompiledHook(self.name, self.target, self.on, tuple(self.resources))


class IrExtra(IrPart):
    """A logger or an executor."""

    name: str = Field(description="Its name.", examples=["pool"])
    target: str = Field(description="What makes it.", examples=["shop.executors:batch"])
    builtin: str | None = Field(description="The one that jobc brings.", examples=["multiprocess"])
    config: dict[str, IrField] = Field(description="Config fields by name.", examples=[{}])
    with_: Values = Field(alias="with", description="Config values by field.", examples=[{"level": "INFO"}])
    description: str | None = Field(description="What it is for.", examples=["To the log server."])

    def compiled(self) -> CompiledExtra:
        """Return the logger or executor as it stood in the IR."""
        return CompiledExtra(
            self.name, self.target, self.builtin, compiled_fields(self.config), self.with_, self.description
        )


class IrConfigMapping(IrPart):
    """Run config made from a few parameters."""

    params: dict[str, IrField] = Field(description="The parameters.", examples=[{}])
    config: Any = Field(description="A template of run config.", examples=[{"ops": {}}])
    target: str | None = Field(description="A function of the parameters.", examples=["shop.configs:by_day"])

    def compiled(self) -> CompiledConfigMapping:
        """Return the mapping as it stood in the IR."""
        return CompiledConfigMapping(compiled_fields(self.params), self.config, self.target)


class IrPartitionedConfig(IrPart):
    """Run config that depends on the partition."""

    partitions: str = Field(description="The partitions it is for.", examples=["daily"])
    config: Any = Field(description="A template of run config.", examples=[{"ops": {}}])
    target: str | None = Field(description="A function of the partition.", examples=["shop.configs:per_day"])
    tags: Values = Field(description="Tags of the run.", examples=[{"window": "${partition.start}"}])

    def compiled(self) -> CompiledPartitionedConfig:
        """Return the config as it stood in the IR."""
        return CompiledPartitionedConfig(self.partitions, self.config, self.target, self.tags)


class IrJob(IrPart):
    """A job with all it needs."""

    format: Literal[1] = Field(description="Version of the format.", examples=[FORMAT])
    name: str = Field(description="Its name.", examples=["etl"])
    description: str | None = Field(description="What it does.", examples=["Orders of a day."])
    python_path: list[str] = Field(description="Where targets are looked for.", examples=[["."]])
    graph: str = Field(description="The graph to run.", examples=["ingest"])
    graphs: dict[str, IrGraph] = Field(description="The graphs it reaches, by name.", examples=[{}])
    ops: dict[str, IrOp] = Field(description="The ops it reaches, by name.", examples=[{}])
    resources: dict[str, IrResource] = Field(description="Resources by key.", examples=[{}])
    tags: Texts = Field(description="Labels.", examples=[{"team": "orders"}])
    metadata: Values = Field(description="Facts about it.", examples=[{"owner": "me"}])
    selects: list[list[str]] = Field(description="Queries that cut it down, in turn.", examples=[[["*tidy"]]])
    selections: dict[str, list[str]] = Field(description="Queries that `@name` names.", examples=[{}])
    partitions: str | None = Field(description="The partitions it can be run for.", examples=["daily"])
    partition_kinds: dict[str, Values] = Field(
        description="Partitions by name: their kind and its options.",
        examples=[{"regions": {"static": ["us"]}}],
    )
    config: Values = Field(description="Run config it has by default.", examples=[{"ops": {}}])
    secrets: _Paths = Field(description="Where in `config` secrets stood.", examples=[[]])
    config_mapping: IrConfigMapping | None = Field(description="What makes run config.", examples=[None])
    partitioned_config: IrPartitionedConfig | None = Field(
        description="What makes run config for a partition.", examples=[None]
    )
    inputs: Values = Field(description="Values of the graph's inputs.", examples=[{"day": "2024-01-01"}])
    secret_inputs: list[str] = Field(description="Which of them are secret.", examples=[[]])
    hook_defs: dict[str, IrHook] = Field(description="Hooks by name.", examples=[{}])
    hooks: list[str] = Field(description="The hooks for every node.", examples=[["alert"]])
    loggers: dict[str, IrExtra] = Field(description="The loggers that are switched on.", examples=[{}])
    executor: IrExtra | None = Field(description="Where steps are carried out.", examples=[None])
    retry: IrRetry | None = Field(description="Retry policy of ops that have none.", examples=[None])
    version_strategy: str | None = Field(description="`source`, or a target.", examples=["source"])

    def compiled(self) -> CompiledJob:
        """Return the job as it stood in the IR."""
        return CompiledJob(
            self.name,
            self.description,
            tuple(self.python_path),
            self.graph,
            {name: each.compiled() for name, each in self.graphs.items()},
            {name: each.compiled() for name, each in self.ops.items()},
            {name: each.compiled() for name, each in self.resources.items()},
            self.config,
            self.tags,
            tuple(map(tuple, self.selects)),
            {name: tuple(clauses) for name, clauses in self.selections.items()},
            self.partitions,
            self.partitioned_config.compiled() if self.partitioned_config else None,
            {name: next(iter(kind.items())) for name, kind in self.partition_kinds.items()},
            frozenset(map(tuple, self.secrets)),
            None,
            self.config_mapping.compiled() if self.config_mapping else None,
            self.inputs,
            frozenset(self.secret_inputs),
            {name: each.compiled() for name, each in self.hook_defs.items()},
            tuple(self.hooks),
            {name: each.compiled() for name, each in self.loggers.items()},
            self.executor.compiled() if self.executor else None,
            self.retry.compiled() if self.retry else None,
            self.version_strategy,
            self.metadata,
        )


class IrSpec(IrPart):
    """An IR file: the jobs of a spec.

    `base` is the folder of the spec, relative to that of the file; it is no part of any digest.
    """

    format: Literal[1] = Field(description="Version of the format.", examples=[FORMAT])
    base: str = Field(default=".", description="The folder that paths start from.", examples=["../specs"])
    jobs: dict[str, IrJob] = Field(description="Jobs by name.", examples=[{}])

    def compiled(self) -> CompiledSpec:
        """Return the IR that was written."""
        return CompiledSpec({name: job.compiled() for name, job in self.jobs.items()})


def masked_secrets(job: CompiledJob) -> Iterator[str]:
    """Yield the places of secrets that were masked when the IR was written, as dotted paths of the job.

    Their values are lost: such a job can be looked at but not be run.
    """
    yield from (f"config.{'.'.join(path)}" for path in sorted(job.secrets) if _is_masked(job.config, path))
    yield from (f"inputs.{name}" for name in sorted(job.secret_inputs) if job.inputs[name] == MASK)
    for name, op in job.ops.items():
        yield from _masked_defaults(f"ops.{name}.config", op.config)
        for key, each in (op.inputs or {}).items():
            if each.is_secret and each.default == MASK:
                yield f"ops.{name}.inputs.{key}.default"
    for name, resource in job.resources.items():
        yield from _masked_defaults(f"resources.{name}.config", resource.config)
        yield from _masked_values(f"resources.{name}.with", resource.config, resource.values)
    for name, graph in job.graphs.items():
        for node in graph.nodes:
            yield from _masked_in_node(f"graphs.{name}.nodes.{node.name}", node)


def _masked_in_node(path: str, node: CompiledNode) -> Iterator[str]:
    for place in sorted(node.secrets):
        if _is_masked(node.config, place):
            yield f"{path}.config.{'.'.join(place)}"
    for name, source in node.inputs.items():
        if isinstance(source, FromValue) and source.is_secret and source.value == MASK:
            yield f"{path}.inputs.{name}"


def _is_masked(config: Data | Mapping[str, Data], path: tuple[str, ...]) -> bool:
    for part in path:
        if not isinstance(config, dict) or part not in config:
            return False
        config = config[part]
    return config == MASK


def _masked_defaults(path: str, fields: Mapping[str, CompiledField]) -> Iterator[str]:
    for name, each in fields.items():
        if each.is_secret and each.default == MASK:
            yield f"{path}.{name}.default"
        yield from _masked_defaults(f"{path}.{name}", each.fields or each.one_of or {})


def _masked_values(
    path: str, fields: Mapping[str, CompiledField], values: Mapping[str, Data]
) -> Iterator[str]:
    for name, value in values.items():
        below = fields.get(name)
        if below is None:
            continue
        if below.is_secret and value == MASK:
            yield f"{path}.{name}"
        elif isinstance(value, dict):
            yield from _masked_values(f"{path}.{name}", below.fields or below.one_of or {}, value)
