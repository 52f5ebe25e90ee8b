"""Rule: selections are well formed, and the selections they name exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import Program
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.runtime.selection.problems import QueryProblem

_ADVICE = "for example `*tidy` or `tag:cost=high`; the language reference lists all forms"


def check_selections(program: Program) -> Iterator[Diagnostic]:
    """Report selections that cannot be read (JC0901). What they select is checked job by job, later."""
    document = program.document
    for name, query in document.spec.selections.items():
        yield from _check_query(document, ("selections", name), query)
    for name, job in document.spec.jobs.items():
        if job.select is not None:
            yield from _check_query(document, ("jobs", name, "select"), job.select)


def _check_query(document: Document, path: Path, query: str | list[str]) -> Iterator[Diagnostic]:
    from jobc.runtime.selection.clauses import parsed_clause
    from jobc.runtime.selection.problems import RefusedQueryError

    if isinstance(query, str):
        placed = [(path, query)]
    else:
        written = value_at(document.tree.value, path)
        places = [(*path, index) for index in range(len(written) if isinstance(written, list) else 0)]
        placed = list(zip((each for each in places if not document.is_broken(each)), query, strict=False))
    for place, clause in placed:
        try:
            parsed_clause(clause)
        except RefusedQueryError as error:
            yield query_diagnostic("JC0901", document, place, clause, error.problem)


def query_diagnostic(
    code: str, document: Document, path: Path, clause: str, problem: QueryProblem
) -> Diagnostic:
    """Return the diagnostic for a mistake in the text of a clause."""
    is_whole = problem.start == 0 and problem.end >= len(clause)
    if is_whole:
        location = document.tree.locate(path)
    else:
        location = document.tree.locate_part(path, problem.start, max(problem.end, problem.start + 1))
    return Diagnostic(
        code,
        problem.message,
        location,
        label="here",
        help=problem.advice or _ADVICE,
    )
