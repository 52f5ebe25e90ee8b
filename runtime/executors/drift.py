"""Drift: whether the plan that a worker built is the one that the run was started with (DESIGN 8)."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.plan.plan import build_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.plan.steps import Step


@lru_cache(maxsize=32)
def plan_digest(job: JobDefinition) -> str:
    """Return the SHA-256 of what the plan of a job decides: steps, wiring, types, hooks, policies.

    It says nothing of what is inside a function.
    """
    digest = sha256(job.name.encode())
    for step in build_plan(job).steps:
        digest.update("\n".join(_told(step)).encode())
    return digest.hexdigest()


def check_same_plan(job: JobDefinition, expected: str) -> None:
    """Refuse a job whose plan is not the expected one.

    Errors: `InvariantViolationError`.
    """
    if plan_digest(job) != expected:
        raise InvariantViolationError(
            f"job `{job.name}` is another one in the worker process than where its run was started: "
            "its steps or their wiring differ; make what builds the job give the same job every time, and "
            "start the run again if the code was changed meanwhile"
        )


def _told(step: Step) -> Iterator[str]:
    yield f"{step.key} {step.op.name} {step.axis} {step.after} {step.retry_policy}"
    yield f"{sorted(step.tags.items())}"
    yield f"{[hook.name for hook in step.hooks]} {sorted(step.required_resources)} {step.op.timeout_s}"
    for port in step.inputs:
        yield f"{port.name} {port.type.name} {port.manager_key} {port.source!r}"
    for output in step.outputs:
        yield (
            f"{output.name} {output.type.name} {output.slot} {output.required} {output.dynamic} "
            f"{output.manager_key}"
        )
