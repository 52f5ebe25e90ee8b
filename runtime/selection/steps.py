"""Selecting steps of a run that is run again: the same language over step keys (SEMANTICS 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.errors import ExecutionStepNotFoundError
from jobc.runtime.selection.clauses import parsed_clause
from jobc.runtime.selection.expressions import And, Call, Except, Hop, Not, Or, Path
from jobc.runtime.selection.problems import RefusedQueryError, Request, did_you_mean
from jobc.runtime.selection.query_graph import QueryGraph, flat_query_graph
from jobc.runtime.selection.select import NO_SELECTIONS, select
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jobc.runtime.selection.expressions import Expression
    from jobc.runtime.selection.query_graph import AttributeIndex, Edges


def step_query_graph(
    owner: str,
    keys: Sequence[str],
    up: Edges,
    *,
    states: Mapping[str, str] | None = None,
    ops: QueryGraph | None = None,
) -> QueryGraph:
    """Return the graph that step selections are asked of.

    `keys` are step keys (`g.op`, `op[key]`, `op[?]`), `up` the steps that each waits for, by position.
    `states` says what became of the steps of the parent run (`failed`, `skipped`, `not_started`,
    `succeeded`). `ops` is the graph of the job, whose attributes a step has by its op.
    """

    def index_of(key: str) -> AttributeIndex | None:
        if key == "state":
            return None if states is None else _by_state(keys, states)
        return None if ops is None else _by_op(keys, ops, key)

    return flat_query_graph(owner, keys, up, index_of)


def selected_steps(
    query: str | Sequence[str],
    graph: QueryGraph,
    *,
    selections: Mapping[str, str | Sequence[str]] = NO_SELECTIONS,
) -> tuple[str, ...]:
    """Return the keys of the steps that a query selects, in the order of the graph; no clause selects all.

    Errors: `ExecutionStepNotFoundError` that lists the unknown steps; `InvalidSubsetError` for what is not
    well formed or empty.
    """
    if not query:
        return tuple(graph.paths)
    _refuse_unknown_steps(query, graph)
    return select(query, graph, selections=selections, parameter="step_selection").paths


def _refuse_unknown_steps(query: str | Sequence[str], graph: QueryGraph) -> None:
    is_list = not isinstance(query, str)
    clauses = tuple(query) if is_list else (str(query),)
    unknown: dict[str, None] = {}
    for number, text in enumerate(clauses):
        try:
            paths = _paths_in(parsed_clause(text))
        except RefusedQueryError as refused:
            request = Request(clauses, is_list, "step_selection")
            raise request.refusal(number, refused.problem) from None
        unknown.update(dict.fromkeys(path.text for path in paths if path.text not in graph.top.index))
    if unknown:
        hint = did_you_mean(next(iter(unknown)), graph.paths)
        known = hint or f"it has {listing(graph.paths)}"
        word = "step" if len(unknown) == 1 else "steps"
        raise ExecutionStepNotFoundError(f"{graph.owner} has no {word} {listing(unknown)}; {known}")


def _paths_in(expression: Expression | Except) -> Iterator[Path]:
    match expression:
        case Path():
            yield expression
        case Hop(operand=operand) | Not(operand=operand) | Except(operand=operand):
            yield from _paths_in(operand)
        case And(first, others):
            for each in (first, *others):
                yield from _paths_in(each)
        case Or(parts) | Call(arguments=parts):
            for each in parts:
                yield from _paths_in(each)


def _by_state(keys: Sequence[str], states: Mapping[str, str]) -> AttributeIndex:
    index: dict[tuple[str, str], list[int]] = {}
    for number, key in enumerate(keys):
        if key in states:
            index.setdefault((states[key], ""), []).append(number)
    return index


def _by_op(keys: Sequence[str], ops: QueryGraph, attribute: str) -> AttributeIndex:
    steps: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        steps.setdefault(key.partition("[")[0], []).append(number)
    return {
        value: [step for op in found for step in steps.get(ops.paths[op], ())]
        for value, found in (ops.attribute(attribute) or {}).items()
    }
