"""Link graphs: from IR nodes to the nodes and sources of a graph definition, inner graphs first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.link.functions import SignatureError
from jobc.compiler.link.literals import literal_value
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.ports import GraphIn
from jobc.runtime.definitions.sources import Constant, FanIn, GraphInput, NodeOutput
from jobc.schemas.ir import FromGraphInput, FromMany, FromNode, FromValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.sources import Source
    from jobc.schemas.ir import CompiledGraph, CompiledJob, CompiledNode, Data


def link_graph(job: CompiledJob, ops: Mapping[str, OpDefinition]) -> GraphDefinition:
    """Return the graph of a job, with all graphs below it."""
    linked: dict[str, GraphDefinition] = {}
    waiting = [job.graph]
    while waiting:
        name = waiting[-1]
        inner = [node.definition for node in job.graphs[name].nodes if node.definition in job.graphs]
        missing = [each for each in inner if each not in linked]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        if name not in linked:
            linked[name] = _graph(job.graphs[name], {**linked, **ops})
    return linked[job.graph]


def _graph(
    graph: CompiledGraph, definitions: Mapping[str, OpDefinition | GraphDefinition]
) -> GraphDefinition:
    nodes = {node.name: Node(node.name, definitions[node.definition], node.tags) for node in graph.nodes}
    return GraphDefinition.of(
        graph.name,
        nodes,
        {node.name: _sources(node, nodes) for node in graph.nodes},
        order_only={node.name: node.after for node in graph.nodes if node.after},
        ins={name: GraphIn(each.description) for name, each in graph.inputs.items()},
        outputs={name: _node_output(source, nodes) for name, source in graph.outputs.items()},
        description=graph.description,
    )


def _sources(node: CompiledNode, nodes: Mapping[str, Node]) -> dict[str, Source]:
    definition = nodes[node.name].definition
    inputs = tuple(definition.ins)
    if len(node.positional) > len(inputs):
        raise SignatureError(
            f"`{node.definition}` takes {len(inputs)} inputs, `{node.name}` passes {len(node.positional)}",
            "pass fewer arguments",
        )
    by_position = zip(inputs, node.positional, strict=False)
    given = (*by_position, *node.inputs.items())
    return {
        name: _constant(node, definition, name, source.value)
        if isinstance(source, FromValue)
        else _source(source, nodes)
        for name, source in given
    }


def _constant(
    node: CompiledNode, definition: OpDefinition | GraphDefinition, name: str, value: Data
) -> Constant:
    if name not in definition.ins:
        return Constant(value)  # the job refuses the name
    return Constant(literal_value(definition.input_type(name), value, f"input `{name}` of `{node.name}`"))


def _source(source: FromNode | FromGraphInput | FromMany, nodes: Mapping[str, Node]) -> Source:
    if isinstance(source, FromNode):
        return _node_output(source, nodes)
    if isinstance(source, FromGraphInput):
        return GraphInput(source.name)
    return FanIn(
        tuple(
            _node_output(item, nodes) if isinstance(item, FromNode) else GraphInput(item.name)
            for item in source.items
        )
    )


def _node_output(source: FromNode, nodes: Mapping[str, Node]) -> NodeOutput:
    """Return the output a source names; a node whose only output is not named gives that one."""
    if source.output is not None:
        return NodeOutput(source.node, source.output)
    outputs = tuple(nodes[source.node].definition.outs)
    if len(outputs) != 1:
        raise SignatureError(
            f"`{source.node}` has {len(outputs)} outputs; exactly one can be passed on",
            f"write one of its outputs, such as `{source.node}.{next(iter(outputs), 'result')}`",
        )
    return NodeOutput(source.node, outputs[0])
