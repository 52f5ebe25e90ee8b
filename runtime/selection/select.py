"""Selecting: from a query and a graph to the ops it selects, and to how it came to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.selection.evaluation import Evaluation, clauses_of
from jobc.runtime.selection.printing import printed
from jobc.runtime.selection.problems import QueryProblem, RefusedClauseError, Request
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jobc.runtime.selection.expressions import Except, Expression
    from jobc.runtime.selection.query_graph import QueryGraph

NO_SELECTIONS: Mapping[str, str | Sequence[str]] = {}


class ClauseProblem(NamedTuple):
    """What is wrong with a query: in a clause, by its index, or in the whole if that is None."""

    clause: int | None
    problem: QueryProblem


@dataclass(frozen=True, slots=True)
class Explained:
    """A part of a query and the paths of the ops it selects, in the order they were written."""

    text: str
    paths: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.text}  ->  {', '.join(self.paths) or 'nothing'}"


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What a query selects: `ops` are numbers of ops of the graph, never none."""

    graph: QueryGraph
    clauses: tuple[str, ...]
    ops: AbstractSet[int]
    _found: Sequence[tuple[Expression | Except, set[int]]]

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the dotted paths of the ops, in the order they were written."""
        return self.graph.paths_of(set(self.ops))

    def explain(self) -> tuple[Explained, ...]:
        """Return every sub-expression with what it selects, the innermost first, the whole last."""
        parts = [Explained(printed(part), self.graph.paths_of(ops)) for part, ops in self._found]
        if len(self.clauses) > 1:
            parts.append(Explained(", ".join(self.clauses), self.paths))
        return tuple(parts)


def select(
    query: str | Sequence[str],
    graph: QueryGraph,
    *,
    selections: Mapping[str, str | Sequence[str]] = NO_SELECTIONS,
    parameter: str = "select",
) -> Selection:
    """Return what a query selects; a list is the union of its clauses.

    `selections` are those that `@name` may name; `parameter` is what messages call the query.
    Errors: `InvalidSubsetError` for what is not well formed, unknown or empty; `.clause` and `.position` say
    where.
    """
    clauses = tuple(clauses_of(query))
    evaluation = Evaluation(graph, selections)
    outcome = _evaluated(evaluation, clauses)
    if isinstance(outcome, ClauseProblem):
        request = Request(clauses, not isinstance(query, str), parameter)
        raise request.refusal(outcome.clause, outcome.problem)
    return Selection(graph, clauses, outcome, evaluation.found)


def find_problem(
    query: str | Sequence[str],
    graph: QueryGraph,
    *,
    selections: Mapping[str, str | Sequence[str]] = NO_SELECTIONS,
) -> ClauseProblem | None:
    """Return why `select` would refuse a query, as data; None if it would not."""
    outcome = _evaluated(Evaluation(graph, selections), tuple(clauses_of(query)))
    return outcome if isinstance(outcome, ClauseProblem) else None


def _evaluated(evaluation: Evaluation, clauses: tuple[str, ...]) -> AbstractSet[int] | ClauseProblem:
    try:
        ops = evaluation.union(clauses)
    except RefusedClauseError as refused:
        return ClauseProblem(refused.clause, refused.problem)
    return ops or ClauseProblem(*_emptiness(clauses, evaluation))


def _emptiness(clauses: tuple[str, ...], evaluation: Evaluation) -> tuple[int | None, QueryProblem]:
    if not clauses:
        return None, QueryProblem(0, 0, "there is no clause", "name a node, or write `*` for everything")
    expression, _ = evaluation.found[-1]
    problem = QueryProblem(
        expression.start, expression.end, "the query selects nothing", evaluation.why_empty()
    )
    return 0, problem
