"""Rule: secrets are not written into a spec, which is read, copied and kept by many."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobc.compiler.bind.fields import own_fields
from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.node_config import secrets_of_node
from jobc.compiler.bind.program import ValueSource, own
from jobc.compiler.bind.reach import reach
from jobc.compiler.bind.secret_vars import uses_of_secret_vars
from jobc.compiler.bind.secrets import holds_secret, secrets_in_config, secrets_in_value, secrets_in_values
from jobc.compiler.syntax.document import Place
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.extra_symbols import ExtraSymbol
    from jobc.compiler.bind.program import GraphSymbol, Program, ResourceSymbol
    from jobc.compiler.bind.secret_vars import Use

# A text of bound config that is one expression of the run and nothing else.
_FROM_OUTSIDE = re.compile(r"\$\{[^{}]*\}")


def check_secrets(program: Program) -> Iterator[Diagnostic]:
    """Warn of values for fields and inputs of type `secret` (JC0706); refuse secrets elsewhere (JC0708)."""
    types, uses = InputTypes(program), tuple(uses_of_secret_vars(program))
    kept: list[Place] = []
    for path in (*_defaults(program, types), *_values(program)):
        kept.append(Place(path))
        if not any(use.path[: len(path)] == path for use in uses):
            yield _written(program, str(path[-2 if path[-1] == "default" else -1]), Place(path))
    for graph in own(program.graphs):
        for name, place in _literals(program, types, graph):
            kept.append(place)
            if not any(_holds(place, use.place) for use in uses):
                yield _written(program, name, place)
    for use in uses:
        if not any(_holds(place, use.place) for place in kept):
            yield _shown(program, use)


def _holds(outer: Place, inner: Place) -> bool:
    """Tell whether a place is in another one."""
    if outer.part is None or inner.part is None:
        return inner.path[: len(outer.path)] == outer.path
    return outer.path == inner.path and outer.part[0] <= inner.part[0] and inner.part[1] <= outer.part[1]


def _defaults(program: Program, types: InputTypes) -> Iterator[tuple[str | int, ...]]:
    document = program.document
    for name, written in document.spec.vars.items():
        declared = written if isinstance(written, dict) else {}
        if holds_secret(document.types.get(("vars", name, "type"))) and declared.get("default") is not None:
            yield "vars", name, "default"
    for field in own_fields(program):
        for inner in secrets_in_value(field, field.default):
            if value_at(field.default, inner) is not None:
                yield *field.path, "default", *inner
    for op in own(program.ops):
        for symbol in op.inputs or ():
            if symbol.default is not None and holds_secret(symbol.type):
                yield *symbol.path, "default"
    for graph in own(program.graphs):
        for symbol in graph.inputs:
            kinds = types.reaching(graph.name, symbol.name) if symbol.default is not None else ()
            if any(map(holds_secret, kinds)):
                yield *symbol.path, "default"


def _values(program: Program) -> Iterator[tuple[str | int, ...]]:
    extras = program.extras
    owners: list[ResourceSymbol | ExtraSymbol] = [*own(program.resources), *own(extras.loggers)]
    for owner in (*owners, *own(extras.executors)):
        for path in secrets_in_values(owner.config, owner.values):
            if _is_written(value_at(owner.values, path)):
                yield *owner.path, "with", *path
    for graph in own(program.graphs):
        for node in graph.nodes:
            for path in secrets_of_node(program, node) if node.options.config else ():
                if _is_written(value_at(node.options.config, path)):
                    yield *node.options.path, "config", *path
    for job in own(program.jobs):
        for path in secrets_in_config(program, job, reach(program, job)) if job.config else ():
            if _is_written(value_at(job.config, path)):
                yield *job.path, "config", *path


def _is_written(value: object) -> bool:
    """Tell whether a secret stands there; one that comes from the environment does not."""
    return value is not None and not (isinstance(value, str) and _FROM_OUTSIDE.fullmatch(value))


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


def _shown(program: Program, use: Use) -> Diagnostic:
    return Diagnostic(
        "JC0708",
        f"the secret var `{use.var}` is put where it would be shown",
        program.document.locate(use.place),
        label="nothing keeps this secret",
        help="pass it on by a config field, or an input, of type `secret`",
    )
