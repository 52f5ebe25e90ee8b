"""Where secrets stand: values of fields and inputs whose type is `secret`, or holds one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import GraphSymbol, OpSymbol
from jobc.compiler.syntax.types import Generic, Named, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jobc.compiler.bind.program import FieldSymbol, JobSymbol, Program
    from jobc.compiler.bind.reach import Reached
    from jobc.compiler.syntax.types import TypeExpr

SECRET = Named("secret")


def holds_secret(kind: TypeExpr | None) -> bool:
    """Tell whether values of a type are secret, or have secrets inside."""
    if isinstance(kind, Generic):
        return any(map(holds_secret, kind.arguments))
    if isinstance(kind, Union):
        return any(map(holds_secret, kind.members))
    return kind == SECRET


def field_holds_secret(field: FieldSymbol) -> bool:
    """Tell whether values of a config field are secret, or have secrets inside."""
    return holds_secret(field.type) or any(map(field_holds_secret, field.inner))


def secrets_in_value(field: FieldSymbol, value: object) -> Iterator[tuple[str, ...]]:
    """Yield the paths of secrets in a value of a field, beginning inside it: () is the value as a whole."""
    if holds_secret(field.type):
        yield ()
    elif isinstance(value, dict):
        for inner in field.inner:
            if inner.name in value:
                for path in secrets_in_value(inner, value[inner.name]):
                    yield inner.name, *path


def secrets_in_values(
    fields: Iterable[FieldSymbol], values: Mapping[str, object]
) -> Iterator[tuple[str, ...]]:
    """Yield the paths of secrets in config values by field."""
    for field in fields:
        if field.name in values:
            for path in secrets_in_value(field, values[field.name]):
                yield field.name, *path


def secrets_in_config(program: Program, job: JobSymbol, reached: Reached) -> Iterator[tuple[str, ...]]:
    """Yield the paths of secrets in the config of a job, beginning at its sections."""
    resources = _inner(job.config, "resources")
    for key, resource in {**reached.resources, **reached.spare}.items():
        if resource is not None:
            for path in secrets_in_values(resource.config, _inner(_inner(resources, key), "config")):
                yield "resources", key, "config", *path
    graph = program.graphs.get(job.graph or "")
    if graph is not None:
        yield from _in_nodes(program, graph, _inner(job.config, "ops"), ("ops",))


def _in_nodes(
    program: Program, graph: GraphSymbol, given: Mapping[str, object], path: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """Follow what is written, which ends; graphs that contain each other may not."""
    for node in graph.nodes:
        entry, definition = _inner(given, node.name), program.definition(node.definition)
        if isinstance(definition, GraphSymbol):
            if entry:
                yield from _in_nodes(program, definition, _inner(entry, "ops"), (*path, node.name, "ops"))
        elif isinstance(definition, OpSymbol):
            for inner in secrets_in_values(definition.config, _inner(entry, "config")):
                yield *path, node.name, "config", *inner


def _inner(value: Mapping[str, object], key: str) -> Mapping[str, object]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}
