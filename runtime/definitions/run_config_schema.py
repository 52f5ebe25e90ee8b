"""The schema of a job's run config (SEMANTICS 3).

A section is required exactly when something required is inside, which shapes do by themselves: one without
required fields has the empty mapping as its default. Nodes that declare nothing share one optional entry
without a default, so that they cost nothing when a config is read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.runtime.config import Any, Field, Permissive, Shape
from jobc.runtime.config.overlay import entry_of, laid_over, with_values
from jobc.runtime.definitions.job_resources import needed_keys
from jobc.runtime.definitions.loading import load_config_type
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.unresolved import inner_inputs, needs_no_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.config import ConfigType
    from jobc.runtime.config.overlay import Entry
    from jobc.runtime.definitions.config_mapping import ConfigMapping
    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.logger import LoggerDefinition
    from jobc.runtime.definitions.node import Node
    from jobc.runtime.definitions.resource import ResourceDefinition
    from jobc.runtime.definitions.sources import Source

ANYTHING = Field(Any, is_required=False)
_UNDECLARED = Field(Shape({"config": ANYTHING}), is_required=False)
_CONSOLE = Shape({"log_level": Field(str, is_required=False), "name": Field(str, is_required=False)})


@lru_cache(maxsize=32)
def run_config_shape(job: JobDefinition, given_inputs: frozenset[str], execution: Field = ANYTHING) -> Shape:
    """Return the shape of the run config of a job.

    `given_inputs` are the top-level inputs that have a value, which disappear; `execution` is the field of
    `execution.config`, anything by default.
    """
    sections: dict[str, object] = {
        "ops": _ops_field(job.graph),
        "resources": _resources_shape(job),
        "loggers": _loggers_shape(job.logger_defs),
        "execution": Shape({"config": execution}),
    }
    inputs = _top_level_inputs(job.graph, given_inputs)
    if inputs:
        sections["inputs"] = Shape(inputs)
    return Shape(sections)


@lru_cache(maxsize=256)
def nodes_shape(graph: GraphDefinition) -> Shape:
    """Return the shape of the config of a graph's nodes: what `ops` hold, or its mapping returns."""
    return _nodes_shape(graph, {})


def check_node_config(node: Node, sources: Mapping[str, Source]) -> None:
    """Check that the config of a node fits what it invokes.

    Errors: `InvalidDefinitionError` for a name that is no field, `InvalidConfigError` for a value that does
    not fit.
    """
    _node_field(node, sources, {})


def _nodes_shape(graph: GraphDefinition, given: Entry) -> Shape:
    """Return the shape of the config of a graph's nodes, of which something is said where it is invoked."""
    fields = {
        name: _node_field(node, graph.sources.get(name, {}), entry_of(given.get(name)))
        for name, node in graph.nodes.items()
    }
    return Shape({**dict.fromkeys(graph.unselected_nodes, ANYTHING), **fields})


def mapping_field(mapping: ConfigMapping) -> Field | None:
    """Return the field of what a mapping takes: without a schema any dict; None if it is all baked in."""
    if mapping.config_field is None and not mapping.baked:
        return Field(Permissive())
    return mapping.config_field


def _ops_field(graph: GraphDefinition) -> Field:
    if graph.config_mapping is None:
        return Field(nodes_shape(graph))
    return Field(Shape(_config_entry(mapping_field(graph.config_mapping))))


def _config_entry(field: Field | None) -> dict[str, object]:
    return {} if field is None else {"config": field}


def _node_field(node: Node, sources: Mapping[str, Source], given: Entry) -> Field:
    definition = node.definition
    inputs = _node_inputs(definition, sources)
    entry: dict[str, object]
    if not isinstance(definition, OpDefinition):
        mapping = definition.config_mapping
        entry = _config_entry(mapping_field(mapping)) if mapping else {"ops": _inner_shape(node, given)}
    elif definition.config_field is not None or definition.baked or node.config or given:
        values = laid_over(node.config, entry_of(given.get("config")))
        owner = f"{definition.described} (node `{node.name}`)"
        entry = _config_entry(with_values(owner, definition.config_field, values))
    elif inputs:
        entry = {"config": ANYTHING}
    else:
        return _UNDECLARED
    if inputs:
        entry["inputs"] = Shape(inputs)
    return Field(Shape(entry))


def _inner_shape(node: Node, given: Entry) -> Shape:
    """Return the shape of the nodes of a graph, as the node that invokes it has it."""
    assert not isinstance(node.definition, OpDefinition)
    values = laid_over(entry_of(node.config.get("ops")), entry_of(given.get("ops")))
    return _nodes_shape(node.definition, values) if values else nodes_shape(node.definition)


def _node_inputs(
    definition: OpDefinition | GraphDefinition, sources: Mapping[str, Source]
) -> dict[str, Field]:
    """Return the fields of the inputs that nothing is wired to and config can express."""
    fields: dict[str, Field] = {}
    if not isinstance(definition, OpDefinition):
        fields.update(dict.fromkeys(definition.unselected_inputs, ANYTHING))
    for name in definition.ins:
        if name not in sources:
            field = _input_field(definition, name)
            if field is not None:
                fields[name] = field
    return fields


def _input_field(definition: OpDefinition | GraphDefinition, name: str) -> Field | None:
    loader: ConfigType | None = load_config_type(definition.input_type(name))
    ports = inner_inputs(definition, name)
    if loader is None or any(port.input_manager_key is not None for port in ports):
        return None
    is_required = not definition.ins[name].has_default and not all(map(needs_no_value, ports))
    return Field(loader, is_required=is_required)


def _top_level_inputs(graph: GraphDefinition, given: frozenset[str]) -> dict[str, Field]:
    fields = dict.fromkeys(graph.unselected_inputs - given, ANYTHING)
    for name in graph.ins:
        field = None if name in given else _input_field(graph, name)
        if field is not None:
            fields[name] = field
    return fields


def _resources_shape(job: JobDefinition) -> Shape:
    needed = needed_keys(job)
    return Shape({key: _resource_field(each, key in needed) for key, each in job.resource_defs.items()})


def _resource_field(resource: ResourceDefinition, is_needed: bool) -> Field:
    """Return the field of a resource; one that nothing needs is optional, but checked if given."""
    if resource.config_field is None and not resource.baked:
        return _UNDECLARED
    shape = Shape(_config_entry(resource.config_field))
    return Field(shape) if is_needed else Field(shape, is_required=False)


def _loggers_shape(loggers: Mapping[str, LoggerDefinition] | None) -> Shape:
    """Return the shape of the loggers; each is optional, for those not named are not made."""
    if loggers is None:
        console = Shape({"config": Field(_CONSOLE)})
        return Shape({"console": Field(console, is_required=False)})
    return Shape(
        {name: Field(Shape(_logger_entry(each)), is_required=False) for name, each in loggers.items()}
    )


def _logger_entry(logger: LoggerDefinition) -> dict[str, object]:
    if logger.config_field is None and not logger.baked:
        return {"config": ANYTHING}
    return _config_entry(logger.config_field)
