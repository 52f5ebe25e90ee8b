"""Inputs that nothing can feed, and the values that feed the inputs of a job (SEMANTICS 2, 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.definitions.checks import check_mapping
from jobc.runtime.definitions.loading import load_config_type
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.sources import graph_inputs_of
from jobc.runtime.definitions.unknown import refuse_unknown
from jobc.runtime.errors import InvalidDefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.ports import In


def checked_input_values(
    input_values: Mapping[str, object] | None, graph: GraphDefinition, owner: str
) -> dict[str, object]:
    """Return the values for top-level inputs; those for inputs that a selection left unread are dropped.

    Errors: `InvalidDefinitionError` that names a key which is no top-level input.
    """
    values = check_mapping(input_values, f"`input_values` of {owner}", object, "a value")
    for name in values:
        if name not in graph.ins and name not in graph.unselected_inputs:
            refuse_unknown("top-level input", name, graph.ins, owner)
    return {name: value for name, value in values.items() if name in graph.ins}


def check_inputs_can_be_fed(job: JobDefinition) -> None:
    """Check that every input of every op is wired, mapped from the top, or can get a value otherwise.

    Errors: `InvalidDefinitionError`, "no way of being resolved", that names the input and the op or graph.
    """
    checked: set[str] = set()
    for graph in (job.graph, *job.graph.inner_definitions.values()):
        if not isinstance(graph, OpDefinition) and graph.name not in checked:
            _check_graph(graph, f"job `{job.name}`")
            checked.add(graph.name)


def _check_graph(graph: GraphDefinition, owner: str) -> None:
    for name, node in graph.nodes.items():
        definition = node.definition
        sources = graph.sources.get(name, {})
        if len(sources) == len(definition.ins):
            continue
        for input_name in definition.ins:
            if input_name not in sources and not can_be_fed(definition, input_name):
                raise InvalidDefinitionError(
                    f"input `{input_name}` of {definition.described} (node `{name}` of graph `{graph.name}`, "
                    f"{owner}) has no way of being resolved: nothing is wired to it, it has no default, and "
                    f"a value of type `{definition.input_type(input_name).name}` cannot be given in run "
                    "config"
                )


def can_be_fed(definition: OpDefinition | GraphDefinition, name: str) -> bool:
    """Tell whether an unconnected input needs no value, or can get one."""
    kind = definition.input_type(name)
    if definition.ins[name].has_default:
        return True
    if kind.is_nothing or load_config_type(kind) is not None:
        return True
    return all(needs_no_value(port) for port in inner_inputs(definition, name))


def needs_no_value(port: In) -> bool:
    """Tell whether an op input that nothing is wired to can do without a value from config."""
    return port.has_default or port.input_manager_key is not None or port.type.is_nothing


def inner_inputs(definition: OpDefinition | GraphDefinition, name: str) -> list[In]:
    """Return the op inputs that an input of a node feeds, at every depth."""
    if isinstance(definition, OpDefinition):
        return [definition.ins[name]]
    found: list[In] = []
    for node_name, inputs in definition.sources.items():
        for input_name, source in inputs.items():
            if name in graph_inputs_of(source):
                found.extend(inner_inputs(definition.nodes[node_name].definition, input_name))
    return found
