"""Check what selections select, job by job, without the author's code."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from jobc.compiler.bind.program import own
from jobc.compiler.check.selections import query_diagnostic
from jobc.compiler.link.functions import SignatureError
from jobc.compiler.link.hollow import hollow_job, is_known
from jobc.runtime.errors import InvalidSubsetError, JobcError
from jobc.runtime.selection.catalogue import job_query_graph
from jobc.runtime.selection.select import find_problem
from jobc.runtime.selection.subset import selected_job
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, plural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from jobc.compiler.bind.program import JobSymbol, Program, SelectSymbol
    from jobc.runtime.selection.select import ClauseProblem
    from jobc.schemas.ir import CompiledJob, CompiledSpec

_NAMED = re.compile(r"@(\w+(?:\.\w+)*)")


def check_selected(program: Program, spec: CompiledSpec) -> Iterator[Diagnostic]:
    """Report names that a job does not have, and selections that leave nothing or do not hold (JC0902)."""
    for job in own(program.jobs):
        if job.selects:
            yield from _check_job(program, job, spec)


def _check_job(program: Program, job: JobSymbol, spec: CompiledSpec) -> Iterator[Diagnostic]:
    compiled = spec.jobs[job.name]
    try:
        definition = hollow_job(compiled)
    except (SignatureError, JobcError):
        return  # such a job cannot be linked either, which tells why
    for select in job.selects:
        if _needs_import(program, compiled, select):
            return
        graph = job_query_graph(definition)
        problem = find_problem(select.clauses, graph, selections=compiled.selections)
        if problem is not None:
            if _is_own(job, select):
                yield _refused(program, job, select, problem, graph.top.index)
            return
        try:
            definition = selected_job(definition, list(select.clauses))
        except InvalidSubsetError as error:
            if _is_own(job, select):
                yield _does_not_hold(program, job, select, error)
            return


def _needs_import(program: Program, job: CompiledJob, select: SelectSymbol) -> bool:
    """Tell whether a query asks for what only an import can tell.

    An `@op` function brings tags and assets of its own, a signature resources; types may be classes.
    """
    text = " ".join(_texts(select.clauses, job.selections))
    ops = [program.ops[name] for name in job.ops]
    is_read = all(op.function is not None for op in ops)
    is_plain = all(op.function is not None or op.config for op in ops)
    return (
        ("type:" in text and not is_known(job))
        or ("resource:" in text and not is_read)
        or (("tag:" in text or "asset:" in text) and not is_plain)
    )


def _texts(clauses: Iterable[str], selections: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the clauses of a query and those of the selections that it names, directly or through others."""
    waiting = list(clauses)
    followed: set[str] = set()
    while waiting:
        text = waiting.pop()
        yield text
        for name in set(_NAMED.findall(text)) - followed:
            followed.add(name)
            waiting += selections.get(name, ())


def _is_own(job: JobSymbol, select: SelectSymbol) -> bool:
    """Tell whether a query is the job's own, not that of the job it is derived from, where it is reported."""
    return select.job == job.name


def _refused(
    program: Program, job: JobSymbol, select: SelectSymbol, found: ClauseProblem, nodes: Collection[str]
) -> Diagnostic:
    document = program.document
    index, problem = found
    if index is None:
        return Diagnostic(
            "JC0902",
            f"{problem.message} in job `{job.name}`",
            document.tree.locate(select.path),
            label="selects nothing",
            help=problem.advice,
        )
    is_text = isinstance(document.spec.jobs[str(select.path[1])].select, str)
    path = select.path if is_text else (*select.path, index)
    clause = select.clauses[index]
    if problem.advice is None:
        is_named = clause[problem.start : problem.start + 1] == "@"
        known = f"the job's {plural('node', nodes)} {listing(nodes)}"
        problem = replace(problem, advice="`selections` says what it stands for" if is_named else known)
    return query_diagnostic("JC0902", document, path, clause, problem)


def _does_not_hold(
    program: Program, job: JobSymbol, select: SelectSymbol, error: InvalidSubsetError
) -> Diagnostic:
    return Diagnostic(
        "JC0902",
        str(error),
        program.document.tree.locate(select.path),
        label=f"job `{job.name}` cannot be cut down to this",
        help="select what the nodes need, too: `*node` takes everything before it",
    )
