"""Config that a job does not give itself: where the value stands that its run has all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.program import GraphSymbol, OpSymbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jobc.compiler.bind.program import FieldSymbol, JobSymbol, Program
    from jobc.compiler.read import Path


class DefaultPlace(NamedTuple):
    """A value: in words whose it is, the name of the symbol that has it, its path in that symbol's file."""

    what: str
    symbol: str
    path: Path


def default_place(program: Program, job: JobSymbol, parts: Sequence[str]) -> DefaultPlace | None:
    """Return where the value of run config stands that a job leaves out, None where there is none.

    `parts` begin with the sections of the run config: `ops`, `read`, `config`, `limit`.
    """
    if parts[:1] == ["ops"]:
        return _of_node(program, job.graph, list(parts))
    if parts[:1] == ["resources"] and "config" in parts:
        end = parts.index("config")
        return _of_resource(program, job, ".".join(parts[1:end]), parts[end + 1 :])
    return None


def _of_node(program: Program, graph_name: str | None, parts: list[str]) -> DefaultPlace | None:
    graph = program.graphs.get(graph_name or "")
    if graph is None or len(parts) < 4:
        return None
    node = next((node for node in graph.nodes if node.name == parts[1]), None)
    definition = None if node is None else program.definition(node.definition)
    if isinstance(definition, GraphSymbol) and parts[2] == "ops":
        return _of_node(program, definition.name, parts[2:])
    if node is None or not isinstance(definition, OpSymbol) or parts[2] != "config":
        return None
    field, *rest = parts[3:]
    if field in node.options.config:
        place = (*node.options.path, "config", field, *rest)
        return DefaultPlace(f"the config of node `{node.name}`", graph.name, place)
    return _of_field(definition.config, field, rest, f"op `{definition.name}`", definition.name)


def _of_resource(program: Program, job: JobSymbol, key: str, parts: Sequence[str]) -> DefaultPlace | None:
    resource = program.resources.get(job.resources.get(key, key))
    if resource is None or not parts:
        return None
    field, *rest = parts
    if field in resource.values:
        place = (*resource.path, "with", field, *rest)
        return DefaultPlace(f"`with` of resource `{resource.name}`", resource.name, place)
    return _of_field(resource.config, field, rest, f"resource `{resource.name}`", resource.name)


def _of_field(
    fields: Iterable[FieldSymbol], name: str, rest: Sequence[str], owner: str, symbol: str
) -> DefaultPlace | None:
    field = next((field for field in fields if field.name == name), None)
    if field is None or not field.has_default:
        return None
    return DefaultPlace(f"the default of the field, in {owner}", symbol, (*field.path, "default", *rest))
