"""Rule: every input has a provider.

An input is fed by an argument, a default, or run config where its type can be written there (DESIGN 3,
"Inputs"). Where only the imported function can tell the type, nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.input_types import InputTypes, is_loadable
from jobc.compiler.bind.matching import input_names, match
from jobc.compiler.bind.program import own
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import InputSymbol, JobSymbol, NodeSymbol, Program


def check_providers(program: Program) -> Iterator[Diagnostic]:
    """Report inputs that nothing can feed (JC0401)."""
    types = InputTypes(program)
    for graph in own(program.graphs):
        for node in graph.nodes:
            names = input_names(program, node)
            definition = program.definition(node.definition)
            if names is None or definition is None or _has_lost_inputs(program, node):
                continue
            given = match(node, names).given
            for symbol in definition.inputs or ():
                if symbol.name not in given and types.needs_value(definition.name, symbol.name):
                    yield _unfed(program, types, node, symbol)
    for job in own(program.jobs):
        yield from _check_job(program, types, job)


def _has_lost_inputs(program: Program, node: NodeSymbol) -> bool:
    """Tell whether what feeds a node could not be read, which is reported where it stands."""
    return node.place.part is None and program.document.is_broken((*node.place.path, "inputs"))


def _check_job(program: Program, types: InputTypes, job: JobSymbol) -> Iterator[Diagnostic]:
    """Report inputs of a job's graph; a job that is derived or cut down may do without them."""
    graph = program.graphs.get(job.graph or "")
    is_derived = program.document.spec.jobs[job.name].job is not None
    if graph is None or graph.is_open or not graph.is_whole or is_derived or job.selects:
        return
    for symbol in graph.inputs:
        is_reported = symbol.type is None and symbol.path[0] == "jobs"
        if symbol.name not in job.inputs and not is_reported and types.needs_value(graph.name, symbol.name):
            yield Diagnostic(
                "JC0401",
                f"nothing feeds the input `{symbol.name}` of job `{job.name}`",
                program.document.locate_key(symbol.path if symbol.path[0] == "jobs" else job.path),
                label=_why(types, graph.name, symbol),
                help="give it a value under `inputs` of the job, or let an op make it",
            )


def _unfed(program: Program, types: InputTypes, node: NodeSymbol, symbol: InputSymbol) -> Diagnostic:
    return Diagnostic(
        "JC0401",
        f"nothing feeds the input `{symbol.name}` of `{node.name}`",
        program.document.locate(node.place),
        label=_why(types, node.definition or "", symbol),
        help=f"pass an output: `{node.definition}({symbol.name}=…)`",
    )


def _why(types: InputTypes, definition: str, symbol: InputSymbol) -> str:
    kinds = types.reaching(definition, symbol.name)
    kind = next((kind for kind in kinds if not is_loadable(kind)), symbol.type)
    return f"`{symbol.name}` is of type `{kind}`, which run config cannot hold"
