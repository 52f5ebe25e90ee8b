"""From a selection to the job that runs what it selects (SEMANTICS 6)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.runtime.definitions.assets import AssetKey
from jobc.runtime.definitions.checks import describe
from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.unresolved import check_inputs_can_be_fed
from jobc.runtime.errors import (
    CheckError,
    InvalidDefinitionError,
    InvalidSubsetError,
    ParameterCheckError,
)
from jobc.runtime.selection.catalogue import catalogue_of, job_query_graph
from jobc.runtime.selection.select import Selection, select
from jobc.runtime.selection.subgraph import Reduction
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from jobc.runtime.definitions.job import JobDefinition


def selected_job(
    job: JobDefinition,
    op_selection: Sequence[str] | None,
    asset_selection: Sequence[AssetKey] | None = None,
) -> JobDefinition:
    """Return the job that runs what is selected; without a selection, or with all selected, the job itself.

    `op_selection` is a list of clauses, `asset_selection` one of asset keys; `@name` names one of the job's
    own selections. The same selection of the same job gives the same object, so that it is planned once.
    Errors: `InvalidSubsetError` for a selection that is not well formed, unknown or empty, or that leaves an
    input without a source; `ParameterCheckError` for what is no list; `CheckError` for both at once.
    """
    clauses = _checked_clauses(op_selection)
    assets = _checked_assets(asset_selection)
    if clauses and assets:
        raise CheckError("`op_selection` and `asset_selection` exclude each other; give one of them")
    if assets:
        return _job_of_ops(job, frozenset(_ops_of_assets(job, assets)))
    return _job_of_clauses(job, clauses) if clauses else job


def select_in_job(job: JobDefinition, query: str | Sequence[str]) -> Selection:
    """Return what a query selects in a job; `.explain()` says how.

    Errors: `InvalidSubsetError`.
    """
    return select(query, job_query_graph(job), selections=job.selections)


@lru_cache(maxsize=64)
def _job_of_clauses(job: JobDefinition, clauses: tuple[str, ...]) -> JobDefinition:
    found = select(clauses, job_query_graph(job), selections=job.selections, parameter="op_selection")
    return _job_of_ops(job, frozenset(found.ops))


@lru_cache(maxsize=64)
def _job_of_ops(job: JobDefinition, ops: frozenset[int]) -> JobDefinition:
    return reduced_job(job, ops)


def reduced_job(job: JobDefinition, ops: frozenset[int]) -> JobDefinition:
    """Return the job that runs some ops only, by their numbers in `job_query_graph(job)`.

    Errors: `InvalidSubsetError` for ops that cannot do without others.
    """
    catalogue = catalogue_of(job)
    if len(ops) == len(catalogue.invocations):
        return job
    try:
        graph = Reduction(catalogue, ops).graph
        values = {name: value for name, value in job.input_values.items() if name in graph.ins}
        reduced = changed(job, graph=graph, input_values=values)
        check_inputs_can_be_fed(reduced)
    except InvalidDefinitionError as error:
        raise InvalidSubsetError(
            f"the selection in job `{job.name}` leaves an input open: {error}"
        ) from error
    return reduced


def _checked_clauses(op_selection: Sequence[str] | None) -> tuple[str, ...]:
    clauses = _checked_sequence(op_selection, "op_selection", 'clauses, `["a", "b+"]`')
    for number, clause in enumerate(clauses):
        if not isinstance(clause, str):
            raise CheckError(f"clause {number + 1} of `op_selection` must be text, not {describe(clause)}")
    return tuple(str(clause) for clause in clauses)


def _checked_assets(asset_selection: Sequence[AssetKey] | None) -> tuple[AssetKey, ...]:
    keys = _checked_sequence(asset_selection, "asset_selection", "AssetKeys")
    found = []
    for key in keys:
        if not isinstance(key, AssetKey):
            raise CheckError(f"`asset_selection` must hold AssetKeys only, not {describe(key)}")
        found.append(key)
    return tuple(found)


def _checked_sequence(value: object, name: str, expected: str) -> Sequence[object]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ParameterCheckError(f"`{name}` must be a list of {expected}, not {describe(value)}")
    return value


def _ops_of_assets(job: JobDefinition, keys: Sequence[AssetKey]) -> list[int]:
    index = job_query_graph(job).attribute("asset") or {}
    names = [key.to_user_string() for key in keys]
    unknown = [name for name in names if (name, "") not in index]
    if unknown:
        known = sorted(name for name, _ in index)
        near = near_names(unknown[0], known)
        hint = f"did you mean {listing(near)}?" if near else f"it makes {listing(known) or 'none'}"
        raise InvalidSubsetError(
            f"job `{job.name}` has no op that makes the assets {listing(unknown)} of `asset_selection`; "
            f"{hint}"
        )
    return [op for name in names for op in index[name, ""]]
