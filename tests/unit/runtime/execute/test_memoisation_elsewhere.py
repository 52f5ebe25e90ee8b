"""Memoised runs whose steps are carried out by worker processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc import (
    Instance,
    InvariantViolationError,
    ReexecutionOptions,
    build_reconstructable_job,
    execute_job,
)
from tests.unit.runtime.execute import memoised_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobc import ReconstructableJob
    from jobc.runtime.executors.result import JobExecutionResult

HERE: dict[str, object] = {"execution": {"config": {"in_process": {}}}}
WORKERS: dict[str, object] = {"execution": {"config": {"multiprocess": {"max_concurrent": 1}}}}


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with Instance.open(tmp_path / "instance") as opened:
        yield opened


def job_at(**versions: str) -> ReconstructableJob:
    return build_reconstructable_job(memoised_jobs.__name__, "make", None, versions)


def config(executor: dict[str, object], *, fails: bool = False) -> dict[str, object]:
    return {**executor, "ops": {"report": {"config": {"fails": fails}}}}


def started(result: JobExecutionResult) -> set[str | None]:
    return {event.step_key for event in result.all_events if event.is_step_start}


def test_sem_18_workers_store_and_find_outputs_at_their_versions(instance: Instance) -> None:
    with execute_job(job_at(), instance, config(WORKERS)) as first:
        assert first.success
        assert started(first) == {"read", "total", "report", "prepare", "notify"}
        assert first.output_for_node("report") == "6 rows"
    with execute_job(job_at(), instance, config(WORKERS)) as second:
        assert second.success
        assert second.all_node_events == []
    with execute_job(job_at(total="2"), instance, config(WORKERS)) as third:
        assert third.success
        assert started(third) == {"total", "report"}
        assert third.output_for_node("report") == "6 rows"
        with pytest.raises(InvariantViolationError, match="No outputs found: `read`"):
            third.output_for_node("read")


def test_sem_18_executors_find_what_the_other_stored(instance: Instance) -> None:
    with execute_job(job_at(), instance, config(WORKERS)) as first:
        assert first.success
    with execute_job(job_at(), instance, config(HERE)) as second:
        assert started(second) == set()
    with execute_job(job_at(read="2"), instance, config(HERE)) as third:
        assert started(third) == {"read", "total", "report"}
    with execute_job(job_at(read="2"), instance, config(WORKERS)) as fourth:
        assert started(fourth) == set()
    result = job_at(report="2").get_definition().execute_in_process(config(HERE), instance)
    assert [event.step_key for event in result.get_step_success_events()] == ["report"]


def test_sem_18_a_failed_run_is_taken_up_where_it_failed(instance: Instance) -> None:
    with execute_job(job_at(), instance, config(HERE, fails=True)) as failed:
        assert failed.get_failed_step_keys() == {"report"}
    with execute_job(job_at(), instance, config(HERE)) as again:
        assert again.success
        assert started(again) == {"report"}


def test_sem_18_a_step_of_an_earlier_run_reads_what_was_stored_before_it(instance: Instance) -> None:
    with execute_job(job_at(), instance, config(HERE)) as first:
        assert first.success
    with execute_job(job_at(report="2"), instance, config(HERE, fails=True)) as failed:
        assert started(failed) == {"report"}
    again = ReexecutionOptions(failed.run_id, ["report"])
    with execute_job(job_at(report="2"), instance, config(HERE), reexecution_options=again) as result:
        assert result.success
        assert started(result) == {"report"}
        assert result.output_for_node("report") == "6 rows"
