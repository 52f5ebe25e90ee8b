"""From the explicit form of a graph to its normal form (SEMANTICS 1, "Explicit form")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from jobc.runtime.definitions.checks import check_is, describe
from jobc.runtime.definitions.dependency import (
    Dependency,
    DependencyDefinition,
    DynamicCollectDependencyDefinition,
    InputMapping,
    MappedInputPlaceholder,
    MultiDependencyDefinition,
    NodeInvocation,
    OutputMapping,
)
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.ports import GraphIn, GraphOut
from jobc.runtime.definitions.sources import Collected, FanIn, GraphInput, Mapped, NodeOutput, Source
from jobc.runtime.definitions.unknown import refuse_unknown
from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError

if TYPE_CHECKING:
    from jobc.runtime.definitions.graph import GraphDefinition

T = TypeVar("T")


@dataclass(slots=True)
class NormalForm:
    """The parts of a graph in normal form, while they are put together."""

    nodes: dict[str, Node] = field(default_factory=dict)
    sources: dict[str, dict[str, Source]] = field(default_factory=dict)
    ins: dict[str, GraphIn] = field(default_factory=dict)
    outs: dict[str, GraphOut] = field(default_factory=dict)
    outputs: dict[str, NodeOutput] = field(default_factory=dict)


def normal_form(
    owner: str,
    node_defs: Sequence[OpDefinition | GraphDefinition] | None,
    dependencies: object,
    input_mappings: Sequence[InputMapping] | None,
    output_mappings: Sequence[OutputMapping] | None,
) -> NormalForm:
    """Return the normal form of a graph given by definitions, dependencies and mappings.

    Errors: `InvalidDefinitionError` for dependencies of the wrong shape and for invocations of unknown
    definitions.
    """
    form = NormalForm()
    invoked = _by_invocation(owner, dependencies)
    _add_nodes(owner, form, _checked_definitions(owner, node_defs), [key for key, _ in invoked])
    for invocation, inputs in invoked:
        form.sources[invocation.node_name] = {
            name: _source(form.nodes, dependency) for name, dependency in inputs.items()
        }
    for mapping in _checked_mappings(owner, input_mappings, InputMapping):
        _add_input(owner, form, mapping)
    _refuse_open_places(owner, form)
    for output in _checked_mappings(owner, output_mappings, OutputMapping):
        if output.graph_output_name in form.outputs:
            raise InvalidDefinitionError(f"{owner} maps its output `{output.graph_output_name}` twice")
        form.outs[output.graph_output_name] = GraphOut(output.graph_output_description)
        form.outputs[output.graph_output_name] = NodeOutput(
            output.mapped_node_name, output.mapped_node_output_name
        )
    return form


def _checked_definitions(owner: str, node_defs: object) -> dict[str, OpDefinition | GraphDefinition]:
    from jobc.runtime.definitions.graph import GraphDefinition

    if node_defs is not None and (isinstance(node_defs, str) or not isinstance(node_defs, Sequence)):
        raise ParameterCheckError(
            f"`node_defs` of {owner} must be a list of ops and graphs, not {describe(node_defs)}"
        )
    found: dict[str, OpDefinition | GraphDefinition] = {}
    for definition in node_defs or ():
        if not isinstance(definition, OpDefinition | GraphDefinition):
            raise InvalidDefinitionError(
                f"`node_defs` of {owner} must hold ops and graphs only, not {describe(definition)}"
            )
        if found.setdefault(definition.name, definition) is not definition:
            raise InvalidDefinitionError(
                f"{owner} holds two different definitions with the same name `{definition.name}` "
                "(conflicting node definitions); rename one of them"
            )
    return found


def _by_invocation(owner: str, dependencies: object) -> list[tuple[NodeInvocation, Mapping[str, Dependency]]]:
    if dependencies is None:
        return []
    if not isinstance(dependencies, Mapping):
        raise InvalidDefinitionError(
            f"`dependencies` of {owner} must be a dict from node to a dict from input to dependency, not "
            f"{describe(dependencies)}"
        )
    return [
        (_invocation(owner, key), _checked_inputs(owner, key, inputs)) for key, inputs in dependencies.items()
    ]


def _invocation(owner: str, key: object) -> NodeInvocation:
    if isinstance(key, str):
        return NodeInvocation(key)
    if isinstance(key, NodeInvocation):
        return key
    raise InvalidDefinitionError(
        f"the keys of `dependencies` of {owner} must be names of ops or NodeInvocations, not {describe(key)}"
    )


def _checked_inputs(owner: str, key: object, inputs: object) -> Mapping[str, Dependency]:
    name = key.node_name if isinstance(key, NodeInvocation) else key
    if isinstance(inputs, Dependency):
        raise InvalidDefinitionError(
            f"the dependency of node `{name}` of {owner} stands one level too high: put it into a dict, "
            "under the name of the input it feeds"
        )
    if not isinstance(inputs, Mapping):
        raise InvalidDefinitionError(
            f"the dependencies of node `{name}` of {owner} must be a dict from input to dependency, not "
            f"{describe(inputs)}"
        )
    for input_name, dependency in inputs.items():
        if not isinstance(dependency, Dependency):
            raise InvalidDefinitionError(
                f"input `{input_name}` of node `{name}` of {owner} must be given a DependencyDefinition or "
                f"its kin, not {describe(dependency)}"
            )
    return inputs


def _add_nodes(
    owner: str,
    form: NormalForm,
    definitions: Mapping[str, OpDefinition | GraphDefinition],
    invocations: Sequence[NodeInvocation],
) -> None:
    invoked: dict[str, list[NodeInvocation]] = {}
    for invocation in invocations:
        if invocation.name not in definitions:
            refuse_unknown(
                "op or graph", invocation.name, definitions, f"`dependencies` name what is not there: {owner}"
            )
        invoked.setdefault(invocation.name, []).append(invocation)
    for name, definition in definitions.items():
        for each in invoked.get(name, [NodeInvocation(name)]):
            if each.node_name in form.nodes:
                raise InvalidDefinitionError(
                    f"{owner} has two nodes called `{each.node_name}`; give one another alias"
                )
            form.nodes[each.node_name] = Node(
                each.node_name, definition, each.tags, each.hook_defs, each.retry_policy
            )


def _source(nodes: Mapping[str, Node], dependency: Dependency) -> Source:
    if isinstance(dependency, DynamicCollectDependencyDefinition):
        return Collected(NodeOutput(dependency.node, dependency.output))
    if isinstance(dependency, MultiDependencyDefinition):
        return FanIn(tuple(map(_member, dependency.dependencies)))
    source = NodeOutput(dependency.node, dependency.output)
    target = nodes.get(dependency.node)
    if target is None or dependency.output not in target.definition.outs:
        return source  # refused when the edges are checked
    return Mapped(source) if target.definition.is_dynamic_out(dependency.output) else source


_OPEN = GraphInput("")
"""Stands for a place in a fan-in until an `InputMapping` fills it; graph inputs have names."""


def _member(dependency: DependencyDefinition | type[MappedInputPlaceholder]) -> NodeOutput | GraphInput:
    if isinstance(dependency, DependencyDefinition):
        return NodeOutput(dependency.node, dependency.output)
    return _OPEN


def _checked_mappings(owner: str, mappings: Sequence[T] | None, kind: type[T]) -> Sequence[T]:
    name = "input_mappings" if kind is InputMapping else "output_mappings"
    if mappings is None:
        return ()
    if not isinstance(mappings, Sequence):
        raise ParameterCheckError(f"`{name}` of {owner} must be a list, not {describe(mappings)}")
    return [
        check_is(mapping, kind, f"each of `{name}` of {owner}", f"an {kind.__name__}") for mapping in mappings
    ]


def _add_input(owner: str, form: NormalForm, mapping: InputMapping) -> None:
    name = mapping.graph_input_name
    node = form.nodes.get(mapping.mapped_node_name)
    if node is None:
        refuse_unknown(
            "node",
            mapping.mapped_node_name,
            form.nodes,
            f"input `{name}` feeds a node that is not there: {owner}",
        )
    inputs = form.sources.setdefault(mapping.mapped_node_name, {})
    place = f"input `{mapping.mapped_node_input_name}` of node `{mapping.mapped_node_name}` of {owner}"
    present = inputs.get(mapping.mapped_node_input_name)
    if mapping.fan_in_index is not None:
        inputs[mapping.mapped_node_input_name] = _filled(place, present, mapping.fan_in_index, name)
    elif present is not None:
        raise InvalidDefinitionError(
            f"{place} is fed twice: by the graph's input `{name}` and by a dependency"
        )
    else:
        inputs[mapping.mapped_node_input_name] = GraphInput(name)
    if form.ins.get(name, GraphIn()).description is None:
        form.ins[name] = GraphIn(mapping.graph_input_description)


def _filled(place: str, present: Source | None, index: int, name: str) -> FanIn:
    if (
        not isinstance(present, FanIn)
        or not 0 <= index < len(present.members)
        or present.members[index] != _OPEN
    ):
        raise InvalidDefinitionError(
            f"{place} has no MappedInputPlaceholder at position {index} of a MultiDependencyDefinition for "
            f"the graph's input `{name}`"
        )
    return FanIn((*present.members[:index], GraphInput(name), *present.members[index + 1 :]))


def _refuse_open_places(owner: str, form: NormalForm) -> None:
    for node, inputs in form.sources.items():
        for name, source in inputs.items():
            if isinstance(source, FanIn) and _OPEN in source.members:
                raise InvalidDefinitionError(
                    f"input `{name}` of node `{node}` of {owner} has a MappedInputPlaceholder at position "
                    f"{source.members.index(_OPEN)} that no InputMapping fills"
                )
