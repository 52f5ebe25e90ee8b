"""The config of nodes: values over the defaults of an op's fields, or of those inside a graph (DESIGN 3).

The config of a node that invokes a graph has the form of run config below it: `ops`, by node, each with its
`config` or, for a graph, its own `ops`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.layout import config_of
from jobc.compiler.bind.program import OpSymbol
from jobc.compiler.bind.secrets import secrets_in_values
from jobc.runtime.config import Field, Permissive, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.program import GraphSymbol, NodeSymbol, Program
    from jobc.runtime.config import ConfigType


def node_config_shape(program: Program, node: NodeSymbol) -> ConfigType:
    """Return the shape of a node's config; where a part of it is broken or unknown, anything goes."""
    return _shape(program, node, {})


def _shape(program: Program, node: NodeSymbol, known: dict[str, ConfigType]) -> ConfigType:
    """Return the shape of a node's config; `known` holds those of graphs, which may be invoked many times."""
    definition = program.definition(node.definition)
    if definition is None or definition.is_open:
        return Permissive()
    if isinstance(definition, OpSymbol):
        return config_of(definition)
    if definition.name not in known:
        known[definition.name] = _graph_shape(program, definition, known)
    return Shape({"ops": Field(known[definition.name], is_required=False)})


def _graph_shape(program: Program, graph: GraphSymbol, known: dict[str, ConfigType]) -> ConfigType:
    if not graph.is_whole:
        return Permissive()
    entries: dict[str, Field] = {}
    for node in graph.nodes:
        kind = _shape(program, node, known)
        if isinstance(program.definition(node.definition), OpSymbol):
            kind = Shape({"config": Field(kind, is_required=False)})
        entries[node.name] = Field(kind, is_required=False)
    return Shape(entries)


def secrets_of_node(program: Program, node: NodeSymbol) -> Iterator[tuple[str, ...]]:
    """Yield the paths of secrets in the config of a node."""
    yield from _secrets(program, node, node.options.config)


def _secrets(program: Program, node: NodeSymbol, config: Mapping[str, object]) -> Iterator[tuple[str, ...]]:
    definition = program.definition(node.definition)
    if isinstance(definition, OpSymbol):
        yield from secrets_in_values(definition.config, config)
        return
    entries = _inner(config, "ops")
    for inner in definition.nodes if definition is not None and entries else ():
        entry = _inner(entries, inner.name)
        if isinstance(program.definition(inner.definition), OpSymbol):
            for path in _secrets(program, inner, _inner(entry, "config")):
                yield "ops", inner.name, "config", *path
        else:
            for path in _secrets(program, inner, entry):
                yield "ops", inner.name, *path


def _inner(value: Mapping[str, object], key: str) -> Mapping[str, object]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}
