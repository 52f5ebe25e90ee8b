"""The plan of a job: built once per job object, walked by every run of it (DESIGN 8)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.runtime.plan.builder import PlanBuilder

if TYPE_CHECKING:
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.plan.steps import ExecutionPlan


@lru_cache(maxsize=32)
def build_plan(job: JobDefinition) -> ExecutionPlan:
    """Return the plan of a job; jobs are compared by identity, and the last few plans are kept.

    Errors: `InvalidDefinitionError` for a priority tag that is no whole number.
    """
    return PlanBuilder(job).build()
