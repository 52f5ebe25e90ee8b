"""Lower graphs: nodes, what feeds them, and the outputs they pass on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.node_config import secrets_of_node
from jobc.compiler.bind.program import InputSource, ManySource, NodeSource, ValueSource
from jobc.compiler.bind.secrets import holds_secret
from jobc.compiler.emit.ops import emit_inputs, emit_retry
from jobc.schemas.ir import CompiledGraph, CompiledNode, FromGraphInput, FromMany, FromNode, FromValue

if TYPE_CHECKING:
    from jobc.compiler.bind.input_types import InputTypes
    from jobc.compiler.bind.program import GraphSymbol, JobSymbol, NodeSymbol, Program, SourceSymbol
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.ir import CompiledInput, CompiledSource, Data


def emit_graph(program: Program, types: InputTypes, graph: GraphSymbol) -> CompiledGraph:
    """Return the IR of one graph."""
    outputs = {}
    for output in graph.outputs:
        source = _source(output.source)
        assert isinstance(source, FromNode)
        outputs[output.name] = source
    document = program.document_of(graph.name)
    return CompiledGraph(
        graph.name,
        _inputs(types, graph),
        tuple(_node(program, document, types, node) for node in graph.nodes),
        outputs,
        graph.description,
    )


def _inputs(types: InputTypes, graph: GraphSymbol) -> dict[str, CompiledInput]:
    """Return the inputs of a graph; one that reaches a secret inside is secret itself."""
    return {
        name: replace(each, is_secret=any(map(holds_secret, types.reaching(graph.name, name))))
        for name, each in emit_inputs(graph.inputs).items()
    }


def emit_job_inputs(job: JobSymbol) -> dict[str, Data]:
    """Return the values that a job gives to inputs of its graph, by name."""
    return {name: source.value for name, source in job.inputs.items() if isinstance(source, ValueSource)}


def secret_inputs(types: InputTypes, job: JobSymbol) -> frozenset[str]:
    """Return the inputs of which a job gives the value, and the value is secret."""
    graph = job.graph or ""
    return frozenset(name for name in job.inputs if any(map(holds_secret, types.reaching(graph, name))))


def _node(program: Program, document: Document, types: InputTypes, node: NodeSymbol) -> CompiledNode:
    assert node.definition is not None
    matched = match(node, input_names(program, node))
    options = node.options
    return CompiledNode(
        node.name,
        node.definition,
        {name: _argument(types, node.definition, name, each.source) for name, each in matched.given.items()},
        tuple(_source(argument.source) for argument in matched.positional),
        tuple(sorted({after.node for after in node.after})),
        options.tags,
        document.locate(node.place),
        options.config,
        tuple(sorted(options.hooks)),
        None if options.retry is None else emit_retry(options.retry),
        frozenset(secrets_of_node(program, node)),
    )


def _argument(types: InputTypes, definition: str, name: str, source: SourceSymbol) -> CompiledSource:
    if isinstance(source, ValueSource):
        is_secret = any(map(holds_secret, types.reaching(definition, name)))
        return FromValue(source.value, is_secret)
    return _source(source)


def _source(source: SourceSymbol) -> CompiledSource:
    if isinstance(source, NodeSource):
        return FromNode(source.node, source.output, source.each)
    if isinstance(source, InputSource):
        return FromGraphInput(source.name)
    if isinstance(source, ValueSource):
        return FromValue(source.value)
    assert isinstance(source, ManySource)
    items = tuple(_source(item) for item in source.items)
    return FromMany(tuple(item for item in items if isinstance(item, FromNode | FromGraphInput)))
