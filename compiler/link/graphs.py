"""Link graphs: from IR nodes to the nodes and sources of a graph definition, inner graphs first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobc.compiler.link.functions import SignatureError
from jobc.compiler.link.literals import literal_value
from jobc.compiler.link.retries import retry_policy
from jobc.compiler.link.types import plain_type
from jobc.runtime.config.late import late_value
from jobc.runtime.config.overlay import entry_of
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.ports import GraphIn
from jobc.runtime.definitions.run_config_schema import check_node_config
from jobc.runtime.definitions.sources import Collected, Constant, FanIn, GraphInput, Mapped, NodeOutput
from jobc.runtime.definitions.wiring import graph_input_types
from jobc.schemas.ir import FromGraphInput, FromMany, FromNode, FromValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.sources import Source
    from jobc.runtime.definitions.types import JobcType
    from jobc.schemas.ir import CompiledGraph, CompiledJob, CompiledNode, Data


def link_graph(
    job: CompiledJob, ops: Mapping[str, OpDefinition], hooks: Mapping[str, HookDefinition]
) -> GraphDefinition:
    """Return the graph of a job, with all graphs below it; `hooks` are those of the job's file, by name."""
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
            linked[name] = _graph(job.graphs[name], {**linked, **ops}, hooks)
    return linked[job.graph]


def link_inputs(job: CompiledJob, graph: GraphDefinition) -> dict[str, object]:
    """Return the values that a job gives to inputs of its graph, each of the type that is wanted.

    Raises `SignatureError` for a value that does not fit.
    """
    return {
        name: literal_value(graph.input_type(name), value, f"input `{name}` of job `{job.name}`")
        for name, value in job.inputs.items()
    }


def _graph(
    graph: CompiledGraph,
    definitions: Mapping[str, OpDefinition | GraphDefinition],
    hooks: Mapping[str, HookDefinition],
) -> GraphDefinition:
    nodes = {node.name: _node(node, definitions[node.definition], hooks) for node in graph.nodes}
    sources = {node.name: _sources(node, nodes) for node in graph.nodes}
    for name, node in nodes.items():
        if node.config:
            check_node_config(node, sources[name])
    return GraphDefinition.of(
        graph.name,
        nodes,
        sources,
        order_only={node.name: node.after for node in graph.nodes if node.after},
        ins=_ins(graph, nodes, sources),
        outputs={name: _node_output(source, nodes) for name, source in graph.outputs.items()},
        description=graph.description,
    )


def _ins(
    graph: CompiledGraph, nodes: Mapping[str, Node], sources: Mapping[str, Mapping[str, Source]]
) -> dict[str, GraphIn]:
    """Return the inputs of a graph; a default is a value of the type that the ops inside want."""
    ins = {name: GraphIn(each.description, type=_plain(each.type)) for name, each in graph.inputs.items()}
    types = graph_input_types(nodes, sources, ins)
    for name, each in graph.inputs.items():
        if each.has_default:
            default = literal_value(types[name], each.default, f"default of input `{name}`")
            ins[name] = replace(ins[name], default_value=default)
    return ins


def _plain(text: str | None) -> JobcType | None:
    """Return a type that is known without importing anything; None for others."""
    kind = None if text is None or ":" in text else plain_type(text)
    return None if kind is None or kind.is_nothing else kind


def _node(
    node: CompiledNode, definition: OpDefinition | GraphDefinition, hooks: Mapping[str, HookDefinition]
) -> Node:
    return Node(
        node.name,
        definition,
        node.tags,
        frozenset(hooks[name] for name in node.hooks),
        retry_policy(node.retry),
        entry_of(late_value(dict(node.config))),
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
        output = _node_output(source, nodes)
        if source.each is None:
            return output
        return Mapped(output) if source.each == "map" else Collected(output)
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
