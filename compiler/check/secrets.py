"""Rule: secrets are not written into a spec, which is read, copied and kept by many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import ValueSource
from jobc.compiler.bind.reach import reach
from jobc.compiler.bind.secrets import holds_secret, secrets_in_config
from jobc.compiler.syntax.document import Place
from jobc.compiler.syntax.mistakes import value_at
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import GraphSymbol, OpSymbol, Program, ResourceSymbol


def check_secrets(program: Program) -> Iterator[Diagnostic]:
    """Warn of values for fields and inputs of type `secret` (JC0706)."""
    for path in (*_defaults(program), *_values(program)):
        yield _written(program, str(path[-2 if path[-1] == "default" else -1]), Place(path))
    types = InputTypes(program)
    for graph in program.graphs.values():
        for name, place in _literals(program, types, graph):
            yield _written(program, name, place)


def _defaults(program: Program) -> Iterator[tuple[str | int, ...]]:
    owners: list[OpSymbol | ResourceSymbol] = [*program.ops.values(), *program.resources.values()]
    for owner in owners:
        for field in owner.config:
            if field.default is not None and holds_secret(field.type):
                yield *field.path, "default"
    for op in program.ops.values():
        for symbol in op.inputs or ():
            if symbol.default is not None and holds_secret(symbol.type):
                yield *symbol.path, "default"


def _values(program: Program) -> Iterator[tuple[str | int, ...]]:
    for resource in program.resources.values():
        for field in resource.config:
            if resource.values.get(field.name) is not None and holds_secret(field.type):
                yield *resource.path, "with", field.name
    for job in program.jobs.values():
        for path in secrets_in_config(program, job, reach(program, job)) if job.config else ():
            if value_at(job.config, path) is not None:
                yield *job.path, "config", *path


def _literals(program: Program, types: InputTypes, graph: GraphSymbol) -> Iterator[tuple[str, Place]]:
    for node in graph.nodes:
        for name, argument in match(node, input_names(program, node)).given.items():
            source = argument.source
            if not isinstance(source, ValueSource) or source.value is None or node.definition is None:
                continue
            if any(map(holds_secret, types.reaching(node.definition, name))):
                yield name, source.place


def _written(program: Program, name: str, place: Place) -> Diagnostic:
    return Diagnostic(
        "JC0706",
        f"the secret `{name}` is written into the spec",
        program.document.locate(place),
        label="whoever can read the file can read this",
        help="leave it out, and give it in the config of a run",
    )
