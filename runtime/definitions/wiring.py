"""Check the wiring of a graph in normal form (SEMANTICS 1, "Explicit form").

One pass over the edges checks every name. An edge that points backwards in the order of the nodes cannot
close a cycle, so the search for cycles runs only for graphs that have a forward edge, which bodies never do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from jobc.runtime.definitions.names import valid_node_name
from jobc.runtime.definitions.sources import (
    Constant,
    FanIn,
    GraphInput,
    NodeOutput,
    Source,
    graph_inputs_of,
    node_outputs_of,
)
from jobc.runtime.definitions.types import AnyType, JobcType
from jobc.runtime.definitions.unknown import refuse_unknown
from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.node import Node
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.ports import GraphIn

Sources = Mapping[str, Mapping[str, Source]]


def check_nodes(owner: str, nodes: Mapping[str, Node]) -> dict[str, OpDefinition | GraphDefinition]:
    """Check the names of nodes; return all definitions below, at every depth, by name.

    Errors: `InvalidDefinitionError` for two different definitions of one name.
    """
    known: dict[str, OpDefinition | GraphDefinition] = {}
    for name, node in nodes.items():
        if name != node.name:
            raise InvalidDefinitionError(f"{owner} holds node `{node.name}` under the name `{name}`")
        definition = node.definition
        if name != definition.name:  # a definition's own name was checked when it was made
            valid_node_name("node", name)
        found = known.get(definition.name)
        if found is definition:
            continue
        for inner in (definition, *definition.inner_definitions.values()):
            if known.setdefault(inner.name, inner) is not inner:
                raise InvalidDefinitionError(
                    f"{owner} holds two different definitions with the same name `{inner.name}` (conflicting "
                    "node definitions); rename one of them"
                )
    return known


def check_edges(owner: str, nodes: Mapping[str, Node], sources: Sources, ins: Iterable[str]) -> bool:
    """Check that edges join outputs and inputs that exist; tell whether one is mapped or collected.

    Errors: `InvalidDefinitionError` for unknown names, naming the near ones.
    """
    known_inputs = frozenset(ins)
    is_dynamic = False
    for name, inputs in sources.items():
        node = nodes.get(name)
        if node is None:
            refuse_unknown("node", name, nodes, f"{owner} wires inputs of a node that is not there:")
        declared = node.definition.ins
        for input_name, source in inputs.items():
            if input_name not in declared:
                refuse_unknown(
                    "input", input_name, declared, f"{node.definition.described} (node `{name}` of {owner})"
                )
            if type(source) is NodeOutput:
                _check_output(owner, nodes, name, input_name, source)
            elif type(source) is GraphInput:
                _check_graph_input(owner, known_inputs, source.name)
            elif type(source) is not Constant:
                is_dynamic = is_dynamic or type(source) is not FanIn
                for member in node_outputs_of(source):
                    _check_output(owner, nodes, name, input_name, member)
                for member_name in graph_inputs_of(source):
                    _check_graph_input(owner, known_inputs, member_name)
    return is_dynamic


def _check_output(
    owner: str, nodes: Mapping[str, Node], name: str, input_name: str, source: NodeOutput
) -> None:
    target = nodes.get(source.node)
    place = f"input `{input_name}` of node `{name}`"
    if target is None:
        refuse_unknown("node", source.node, nodes, f"{place} depends on a node that is not there: {owner}")
    if source.output not in target.definition.outs:
        outputs = target.definition.outs
        refuse_unknown(
            "output", source.output, outputs, f"{place} reads an output that is not there: `{source.node}`"
        )
    if source.node == name:
        raise InvalidDefinitionError(
            f"circular reference in {owner}: {place} depends on the node's own output"
        )


def _check_graph_input(owner: str, known: Iterable[str], name: str) -> None:
    if name not in known:
        refuse_unknown("input", name, known, owner)


def check_order(
    owner: str, nodes: Mapping[str, Node], sources: Sources, order_only: Mapping[str, tuple[str, ...]]
) -> None:
    """Check that no node waits for itself, directly or through others.

    Errors: `InvalidDefinitionError` that names the members of a cycle, in order.
    """
    position = {name: index for index, name in enumerate(nodes)}
    forward = False
    for name, before in order_only.items():
        for earlier in (name, *before):
            if earlier not in position:
                refuse_unknown(
                    "node", earlier, nodes, f"an `after` of {owner} names a node that is not there: it"
                )
        forward = forward or any(position[earlier] >= position[name] for earlier in before)
    for name, inputs in sources.items():
        place = position[name]
        for source in inputs.values():
            if type(source) is NodeOutput:
                forward = forward or position[source.node] >= place
            else:
                forward = forward or any(position[member.node] >= place for member in node_outputs_of(source))
    if forward:
        _refuse_cycles(owner, upstream_nodes(nodes, sources, order_only))


def upstream_nodes(
    nodes: Iterable[str], sources: Sources, order_only: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return, for each node, the nodes it waits for, each once."""
    upstream: dict[str, tuple[str, ...]] = {}
    for name in nodes:
        found = dict.fromkeys(order_only.get(name, ()))
        for source in sources.get(name, {}).values():
            for member in node_outputs_of(source):
                found[member.node] = None
        upstream[name] = tuple(found)
    return upstream


def in_order(upstream: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the nodes so that each comes after those it waits for; members of cycles are left out."""
    waiting = {name: len(before) for name, before in upstream.items()}
    after: dict[str, list[str]] = {name: [] for name in upstream}
    for name, before in upstream.items():
        for earlier in before:
            after[earlier].append(name)
    ordered = [name for name, count in waiting.items() if count == 0]
    for name in ordered:  # grows while it is walked
        for later in after[name]:
            waiting[later] -= 1
            if waiting[later] == 0:
                ordered.append(later)
    return ordered


def _refuse_cycles(owner: str, upstream: Mapping[str, tuple[str, ...]]) -> None:
    done = set(in_order(upstream))
    if len(done) == len(upstream):
        return
    name = next(name for name in upstream if name not in done)
    path: list[str] = []
    while name not in path:  # every node left waits for another one that is left
        path.append(name)
        name = next(earlier for earlier in upstream[name] if earlier not in done)
    first, *others = path[path.index(name) :]
    members = [first, *reversed(others)]
    raise InvalidDefinitionError(f"circular dependency in {owner} between the nodes {listing(members)}")


def graph_input_types(
    nodes: Mapping[str, Node], sources: Sources, ins: Mapping[str, GraphIn]
) -> dict[str, JobcType]:
    """Return the type of each graph input: that of the op inputs it feeds, if they agree, else its own."""
    found: dict[str, JobcType] = {}
    if not ins:
        return found
    for node_name, inputs in sources.items():
        for input_name, source in inputs.items():
            if type(source) is GraphInput:
                wanted = nodes[node_name].definition.input_type(input_name)
                found[source.name] = wanted if found.get(source.name, wanted) is wanted else AnyType
            else:
                found.update(dict.fromkeys(graph_inputs_of(source), AnyType))
    types = {name: found.get(name, AnyType) for name in ins}
    return {name: ins[name].type or kind if kind is AnyType else kind for name, kind in types.items()}


def check_inputs_are_used(owner: str, sources: Sources, ins: Iterable[str]) -> None:
    """Check that every graph input feeds something.

    Errors: `InvalidDefinitionError`, "unmapped input".
    """
    unused = dict.fromkeys(ins)
    if not unused:
        return
    for inputs in sources.values():
        for source in inputs.values():
            for name in graph_inputs_of(source):
                unused.pop(name, None)
    if unused:
        word = "input" if len(unused) == 1 else "inputs"
        raise InvalidDefinitionError(
            f"unmapped input: {owner} never passes its {word} {listing(unused)} on to a node; use or remove "
            "it"
        )


def check_outputs(owner: str, nodes: Mapping[str, Node], outputs: Mapping[str, NodeOutput]) -> None:
    """Check that every output of the graph passes on an output that exists.

    Errors: `InvalidDefinitionError` for unknown names, naming the near ones.
    """
    for name, source in outputs.items():
        node = nodes.get(source.node)
        if node is None:
            refuse_unknown(
                "node", source.node, nodes, f"output `{name}` passes on a node that is not there: {owner}"
            )
        if source.output not in node.definition.outs:
            outs = node.definition.outs
            refuse_unknown("output", source.output, outs, f"output `{name}` of {owner}: node `{source.node}`")
