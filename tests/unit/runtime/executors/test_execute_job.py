"""`execute_job`: what it takes and refuses, and how its config is kept (SEMANTICS 20)."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from jobc import (
    EventKind,
    Instance,
    InvalidConfigError,
    InvariantViolationError,
    ParameterCheckError,
    RunStatus,
    UnmetExecutorRequirementsError,
    execute_job,
    reconstructable,
)
from tests.conformance import executor_jobs
from tests.unit.runtime.executors import worker_jobs as jobs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with Instance.open(tmp_path / "instance") as opened:
        yield opened


def multiprocess(**config: Any) -> dict[str, Any]:
    return {"execution": {"config": {"multiprocess": config}}}


def in_process() -> dict[str, Any]:
    return {"execution": {"config": {"in_process": {}}}}


def test_sem_20_a_plain_job_is_refused(instance: Instance) -> None:
    with pytest.raises(ParameterCheckError, match=r"made by `jobc.reconstructable`"):
        execute_job(executor_jobs.chain, instance)  # type: ignore[arg-type]  # that is the point


def test_sem_20_an_ephemeral_instance_is_refused() -> None:
    with pytest.raises(UnmetExecutorRequirementsError, match="ephemeral instance"):
        execute_job(reconstructable(executor_jobs.chain), Instance.ephemeral())


def test_sem_20_the_executor_in_process_takes_an_ephemeral_instance() -> None:
    config = in_process()
    with execute_job(reconstructable(executor_jobs.chain), Instance.ephemeral(), config) as result:
        assert result.output_for_node("third") == 3


def test_sem_20_outputs_kept_in_memory_are_refused(instance: Instance) -> None:
    with pytest.raises(
        UnmetExecutorRequirementsError, match="the output `result` of `one` is kept in memory"
    ):
        execute_job(reconstructable(jobs.in_memory), instance)
    assert instance.get_runs() == []


def test_sem_20_outputs_are_readable_inside_the_with_statement_only(instance: Instance) -> None:
    result = execute_job(reconstructable(executor_jobs.chain), instance)
    assert result.success
    with pytest.raises(InvariantViolationError, match="open only inside `with execute_job"):
        result.output_for_node("third")
    with result:
        assert result.output_for_node("third") == 3
        with pytest.raises(InvariantViolationError, match="has no node `fourth`"):
            result.output_for_node("fourth")
    with pytest.raises(InvariantViolationError, match="open only inside"):
        result.output_for_node("third")


def test_sem_20_a_job_exposes_the_config_of_its_own_executor(instance: Instance) -> None:
    config: dict[str, Any] = {"execution": {"config": {"retries": {"disabled": {}}}}}
    with execute_job(reconstructable(jobs.here), instance, config) as result:
        assert result.output_for_node("who")[0] == os.getpid()
    with pytest.raises(InvalidConfigError, match="multiprocess"):
        execute_job(reconstructable(jobs.here), instance, multiprocess())


def test_sem_20_a_negative_number_of_processes_fails_the_run(instance: Instance) -> None:
    result = execute_job(reconstructable(executor_jobs.chain), instance, multiprocess(max_concurrent=-1))
    assert result.run.status is RunStatus.FAILURE
    assert "`max_concurrent` must not be negative" in result.get_job_failure_event().message


def test_sem_20_retries_can_be_disabled(instance: Instance) -> None:
    config = multiprocess(retries={"disabled": {}})
    result = execute_job(reconstructable(executor_jobs.retries), instance, config)
    assert result.get_failed_step_keys() == {"third_time", "never"}
    assert not [event for event in result.all_events if event.is_step_up_for_retry]


def test_sem_20_errors_of_steps_are_not_raised(instance: Instance) -> None:
    result = execute_job(reconstructable(executor_jobs.fails), instance, raise_on_error=True)
    assert result.get_failed_step_keys() == {"broken"}
    config = in_process()
    with pytest.raises(ValueError, match="cannot take 1"):
        execute_job(reconstructable(executor_jobs.fails), instance, config, raise_on_error=True)


@pytest.mark.parametrize(
    "limit",
    [
        {"key": "pool", "limit": 1},
        {"key": "pool", "value": "db", "limit": 1},
        {"key": "pool", "value": {"applyLimitPerUniqueValue": True}, "limit": 1},
    ],
)
def test_sem_20_steps_with_a_tag_can_be_limited(instance: Instance, limit: dict[str, object]) -> None:
    config = multiprocess(max_concurrent=4, tag_concurrency_limits=[limit])
    with execute_job(reconstructable(jobs.limited_by_tag), instance, config) as result:
        spans = sorted(result.output_for_node(f"limited_{number}") for number in range(4))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_sem_20_a_limit_of_none_is_refused(instance: Instance) -> None:
    config = multiprocess(tag_concurrency_limits=[{"key": "pool", "limit": 0}])
    result = execute_job(reconstructable(jobs.limited_by_tag), instance, config)
    assert "the limit for the tag `pool` must be at least 1" in result.get_job_failure_event().message


def test_sem_19_ready_steps_begin_by_priority(instance: Instance) -> None:
    result = execute_job(reconstructable(jobs.by_priority), instance, multiprocess(max_concurrent=1))
    started = [event.step_key for event in result.all_events if event.kind is EventKind.STEP_START]
    assert started == ["p3", "p2", "p1"]


def test_sem_20_a_selection_and_tags_are_kept(instance: Instance) -> None:
    pointer = reconstructable(executor_jobs.chain)
    with execute_job(pointer, instance, op_selection=["*second"], tags={"team": "orders"}) as result:
        assert result.output_for_node("second") == 2
        assert result.run.tags["team"] == "orders"
        with pytest.raises(InvariantViolationError, match="has no node `third`"):
            result.output_for_node("third")


def test_sem_20_the_record_is_that_of_the_result(instance: Instance) -> None:
    result = execute_job(reconstructable(executor_jobs.mapped), instance)
    assert instance.get_run_by_id(result.run_id) == result.run
    assert [event.kind for event in instance.all_events(result.run_id)] == [
        event.kind for event in result.all_events
    ]
