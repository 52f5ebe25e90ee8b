"""Rule: values that a job gives to inputs go to inputs that its graph has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.input_types import InputTypes
from jobc.compiler.bind.program import ValueSource, own
from jobc.compiler.bind.secrets import holds_secret
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import JobSymbol, Program


def check_job_inputs(program: Program) -> Iterator[Diagnostic]:
    """Report inputs that a job's graph does not have (JC0403), and secrets among the values (JC0706)."""
    types = InputTypes(program)
    for job in own(program.jobs):
        graph = program.graphs.get(job.graph or "")
        if graph is None or graph.is_open:
            continue
        names = tuple(symbol.name for symbol in graph.inputs)
        written = program.document.spec.jobs[job.name].inputs
        for name, source in job.inputs.items():
            if name not in written:
                continue  # said of the job that this one is derived from
            if name not in names:
                yield _unknown(program, job, name, names)
            elif isinstance(source, ValueSource) and source.value is not None:
                is_secret = any(map(holds_secret, types.reaching(graph.name, name)))
                yield from (_written(program, name, source),) if is_secret else ()


def _written(program: Program, name: str, source: ValueSource) -> Diagnostic:
    return Diagnostic(
        "JC0706",
        f"the secret `{name}` is written into the spec",
        program.document.locate(source.place),
        label="whoever can read the file can read this",
        help="let an op take it from its config; a field with `env` is read when the run begins",
    )


def _unknown(program: Program, job: JobSymbol, name: str, names: tuple[str, ...]) -> Diagnostic:
    near = near_names(name, names)
    known = f"its {plural('input', names)} {listing(names)}" if names else "it has no inputs"
    return Diagnostic(
        "JC0403",
        f"the graph of job `{job.name}` has no input `{name}`",
        program.document.locate_key((*job.path, "inputs", name)),
        label="no input of this name",
        help=f"did you mean `{near[0]}`?" if near else known,
        suggestions=near,
    )
