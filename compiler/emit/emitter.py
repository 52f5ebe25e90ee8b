"""Phase 5: lower a checked program to IR. A failure here is a mistake of ours, never of the author's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import InputSource, ManySource, NodeSource, ValueSource
from jobc.compiler.bind.reach import reach
from jobc.compiler.bind.secrets import holds_secret, secrets_in_config
from jobc.schemas.ir import (
    CompiledField,
    CompiledGraph,
    CompiledInput,
    CompiledJob,
    CompiledNode,
    CompiledOp,
    CompiledOutput,
    CompiledPartitionedConfig,
    CompiledResource,
    CompiledRetry,
    CompiledSpec,
    FromGraphInput,
    FromMany,
    FromNode,
    FromValue,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.compiler.bind.program import (
        FieldSymbol,
        GraphSymbol,
        InputSymbol,
        JobSymbol,
        NodeSymbol,
        OpSymbol,
        Program,
        ResourceSymbol,
        SourceSymbol,
    )
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.schemas.ir import CompiledSource, Data
    from jobc.schemas.spec import RetrySpec


def emit(program: Program) -> CompiledSpec:
    """Return the IR of every job of a program that has no errors."""
    return CompiledSpec({name: emit_job(program, job) for name, job in sorted(program.jobs.items())})


def emit_job(program: Program, job: JobSymbol) -> CompiledJob:
    """Return the IR of one job: itself and what it reaches."""
    reached = reach(program, job)
    assert job.graph is not None
    types = InputTypes(program)
    served = {**reached.resources, **reached.spare}
    resources = {key: resource for key, resource in served.items() if resource is not None}
    return CompiledJob(
        name=job.name,
        description=job.description or reached.graphs[job.graph].description,
        python_path=tuple(program.document.spec.python_path),
        graph=job.graph,
        graphs={name: _graph(program, types, graph) for name, graph in reached.graphs.items()},
        ops={name: _op(program, op) for name, op in reached.ops.items()},
        resources={key: _resource(program, resource) for key, resource in resources.items()},
        config=job.config,
        tags=job.tags,
        selects=tuple(select.clauses for select in job.selects),
        selections=_selections(program),
        partitions=job.partitions,
        partitioned_config=_partitioned_config(program, job),
        partition_kinds=_partition_kinds(program, job),
        secrets=frozenset(secrets_in_config(program, job, reached)),
        origin=program.document.locate_key(job.path),
    )


def _partitioned_config(program: Program, job: JobSymbol) -> CompiledPartitionedConfig | None:
    if job.partitioned_config is None:
        return None
    config = program.partitioned_configs[job.partitioned_config]
    target = None if config.target is None else str(config.target)
    return CompiledPartitionedConfig(config.partitions, config.config, target, config.tags)


def _partition_kinds(program: Program, job: JobSymbol) -> dict[str, tuple[str, Data]]:
    """Return the partitions of a job, and those that they join."""
    waiting = [job.partitions] if job.partitions else []
    if job.partitioned_config is not None:
        waiting = [program.partitioned_configs[job.partitioned_config].partitions]
    found: dict[str, tuple[str, Data]] = {}
    while waiting:
        symbol = program.partitions[waiting.pop()]
        assert symbol.kind is not None
        found[symbol.name] = (symbol.kind, symbol.options)
        if symbol.kind == "multi" and isinstance(symbol.options, dict):
            waiting += [str(name) for name in symbol.options.values()]
    return found


def _selections(program: Program) -> dict[str, tuple[str, ...]]:
    return {
        name: (query,) if isinstance(query, str) else tuple(query)
        for name, query in program.document.spec.selections.items()
    }


def _graph(program: Program, types: InputTypes, graph: GraphSymbol) -> CompiledGraph:
    outputs = {}
    for output in graph.outputs:
        source = _source(output.source)
        assert isinstance(source, FromNode)
        outputs[output.name] = source
    return CompiledGraph(
        graph.name,
        _inputs(graph.inputs),
        tuple(_node(program, types, node) for node in graph.nodes),
        outputs,
        graph.description,
    )


def _node(program: Program, types: InputTypes, node: NodeSymbol) -> CompiledNode:
    assert node.definition is not None
    matched = match(node, input_names(program, node))
    return CompiledNode(
        node.name,
        node.definition,
        {name: _argument(types, node.definition, name, each.source) for name, each in matched.given.items()},
        tuple(_source(argument.source) for argument in matched.positional),
        tuple(sorted({after.node for after in node.after})),
        node.tags,
        origin=program.document.locate(node.place),
    )


def _argument(types: InputTypes, definition: str, name: str, source: SourceSymbol) -> CompiledSource:
    if isinstance(source, ValueSource):
        is_secret = any(map(holds_secret, types.reaching(definition, name)))
        return FromValue(source.value, is_secret)
    return _source(source)


def _source(source: SourceSymbol) -> CompiledSource:
    if isinstance(source, NodeSource):
        return FromNode(source.node, source.output)
    if isinstance(source, InputSource):
        return FromGraphInput(source.name)
    if isinstance(source, ValueSource):
        return FromValue(source.value)
    assert isinstance(source, ManySource)
    items = tuple(_source(item) for item in source.items)
    return FromMany(tuple(item for item in items if isinstance(item, FromNode | FromGraphInput)))


def _op(program: Program, op: OpSymbol) -> CompiledOp:
    return CompiledOp(
        op.name,
        str(op.target),
        None if op.inputs is None else _inputs(op.inputs),
        tuple(
            CompiledOutput(output.name, _text(output.type), output.required, output.description)
            for output in op.outputs
        ),
        _fields(op.config),
        tuple(sorted(op.resources)),
        None if op.retry is None else _retry(op.retry),
        op.timeout_s,
        op.tags,
        op.description,
        origin=program.document.locate_key(op.path),
    )


def _resource(program: Program, resource: ResourceSymbol) -> CompiledResource:
    return CompiledResource(
        resource.name,
        str(resource.target),
        _fields(resource.config),
        resource.values,
        tuple(sorted(resource.resources)),
        resource.description,
        origin=program.document.locate_key(resource.path),
    )


def _inputs(symbols: Iterable[InputSymbol]) -> dict[str, CompiledInput]:
    return {
        symbol.name: CompiledInput(
            _text(symbol.type),
            symbol.required,
            symbol.has_default,
            symbol.default,
            symbol.description,
            holds_secret(symbol.type),
        )
        for symbol in symbols
    }


def _fields(symbols: Iterable[FieldSymbol]) -> dict[str, CompiledField]:
    fields = {}
    for symbol in symbols:
        assert symbol.type is not None
        fields[symbol.name] = CompiledField(
            str(symbol.type),
            symbol.required,
            symbol.has_default,
            symbol.default,
            symbol.description,
            symbol.constraints,
            holds_secret(symbol.type),
        )
    return fields


def _retry(retry: RetrySpec) -> CompiledRetry:
    return CompiledRetry(retry.max_retries, retry.delay_s, retry.backoff, retry.jitter)


def _text(kind: TypeExpr | None) -> str | None:
    return None if kind is None else str(kind)
