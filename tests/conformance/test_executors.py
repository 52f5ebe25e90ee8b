"""Some jobs of the table on a single worker: the same outputs, and the same events of steps (DESIGN 8)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from jobc import Instance, InvariantViolationError, JobDefinition, execute_job, reconstructable
from jobc.runtime.plan.plan import build_plan
from tests.conformance.executor_jobs import ALIKE

if TYPE_CHECKING:
    from pathlib import Path

    from jobc import JobExecutionResult

ONE_WORKER = {"multiprocess": {"max_concurrent": 1}}


def outputs(result: JobExecutionResult) -> dict[str, object]:
    found: dict[str, object] = {}
    for step in build_plan(result.job_def).steps:
        for output in step.outputs:
            try:
                found[f"{step.key}.{output.name}"] = result.output_for_node(step.key, output.name)
            except InvariantViolationError as error:
                found[f"{step.key}.{output.name}"] = str(error).replace(result.run_id, "RUN")
    return found


def happened(result: JobExecutionResult) -> Counter[tuple[str, str]]:
    return Counter(
        (event.kind.value, event.step_key) for event in result.all_events if event.step_key is not None
    )


@pytest.mark.parametrize("job", ALIKE, ids=lambda job: job.name)
def test_sem_20_one_worker_takes_the_course_of_one_process(job: JobDefinition, tmp_path: Path) -> None:
    with Instance.open(tmp_path) as instance:
        pointer = reconstructable(job)
        with execute_job(pointer, instance, {"execution": {"config": {"in_process": {}}}}) as expected:
            known, course = outputs(expected), happened(expected)
        with execute_job(pointer, instance, {"execution": {"config": ONE_WORKER}}) as result:
            assert outputs(result) == known
        assert happened(result) == course
        assert result.run.status is expected.run.status
        assert [event.message for event in instance.all_events(result.run_id)] == [
            event.message for event in result.all_events
        ]
