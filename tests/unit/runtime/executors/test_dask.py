"""The `dask` executor on a running cluster, and on one of its own (SEMANTICS 20)."""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from jobc import (
    Instance,
    InvalidConfigError,
    RunStatus,
    UnmetExecutorRequirementsError,
    dask_executor,
    execute_job,
    multiprocess_executor,
    reconstructable,
)
from jobc.runtime.executors.job_run import JobOrder, run_order
from tests.conformance import executor_jobs
from tests.conformance.test_executors import happened, outputs
from tests.unit.runtime.executors import dask_jobs as jobs
from tests.unit.runtime.executors.dask_processes import (
    ClusterProcesses,
    dependencies,
    files_of_receipts,
    in_thread,
    is_gone,
    wait_until,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobc import JobDefinition, JobExecutionResult


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterProcesses]:
    with ClusterProcesses(tmp_path_factory.mktemp("cluster"), 2) as running:
        yield running


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with Instance.open(tmp_path / "instance") as opened:
        yield opened


def run(
    job: JobDefinition, instance: Instance, address: str | None, ops: Any = None, **config: Any
) -> JobExecutionResult:
    given = config if address is None else {"address": address, **config}
    run_config = {"ops": ops or {}, "execution": {"config": given}}
    order = JobOrder(reconstructable(job), instance, run_config=run_config, executor=dask_executor)
    return run_order(order)


def error_of(result: JobExecutionResult, step: str) -> str:
    failure = result.failure_data_for_node(step)
    assert failure is not None
    return f"{failure.error.class_name}: {failure.error.message}"


def in_folder(folder: Path, *names: str) -> dict[str, Any]:
    return {name: {"config": {"folder": str(folder)}} for name in names}


@pytest.mark.parametrize("job", executor_jobs.ALIKE, ids=lambda job: job.name)
def test_sem_20_a_job_takes_the_same_course_on_a_cluster(
    job: JobDefinition, instance: Instance, cluster: ClusterProcesses
) -> None:
    here: dict[str, Any] = {"execution": {"config": {"in_process": {}}}}
    with execute_job(reconstructable(job), instance, here) as expected:
        known, course = outputs(expected), happened(expected)
    with run(job, instance, cluster.address) as result:
        assert outputs(result) == known
    assert happened(result) == course
    assert result.run.status is expected.run.status
    assert [event.message for event in instance.all_events(result.run_id)] == [
        event.message for event in result.all_events
    ]


@pytest.mark.parametrize(
    "job",
    [jobs.deadly, jobs.slow_then_quick, jobs.dies_in_hook, jobs.deadly_with_hook],
    ids=lambda job: job.name,
)
def test_sem_20_losses_and_limits_take_the_course_they_take_with_worker_processes(
    job: JobDefinition, instance: Instance, cluster: ClusterProcesses
) -> None:
    order = JobOrder(reconstructable(job), instance, executor=multiprocess_executor)
    with run_order(order) as expected:
        known, course = outputs(expected), happened(expected)
    with run(job, instance, cluster.address) as result:
        assert outputs(result) == known
    assert happened(result) == course
    assert result.run.status is expected.run.status


def test_sem_20_a_lost_process_fails_its_step_alone(instance: Instance, cluster: ClusterProcesses) -> None:
    with run(jobs.deadly, instance, cluster.address) as result:
        assert result.output_for_node("beside") == 2
    assert error_of(result, "dying") == (
        "SubprocessError: the worker process of `dying` ended with exit code 7; "
        "the last it wrote to stderr:\n    these are my last words"
    )


def test_a_step_over_its_time_is_ended_with_all_it_started(
    instance: Instance, cluster: ClusterProcesses, tmp_path: Path
) -> None:
    result = run(jobs.over_time, instance, cluster.address, in_folder(tmp_path, "endless"))
    assert result.get_failed_step_keys() == {"endless"}
    assert error_of(result, "endless") == (
        "StepTimeoutError: `endless` took longer than its `timeout_s` of 0.3 s and was ended"
    )
    process, child = map(int, (tmp_path / "endless").read_text().split())
    assert is_gone(process)
    wait_until(lambda: is_gone(child))


def test_what_steps_log_reaches_the_run_in_order(
    instance: Instance, cluster: ClusterProcesses, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(jobs.talking, instance, cluster.address).success
    printed = capsys.readouterr().err
    assert printed.index("INFO talkative - first\n") < printed.index("WARNING talkative - second\n")


def test_a_process_of_a_run_stays_warm_for_its_next_step_and_ends_with_the_run(
    instance: Instance, cluster: ClusterProcesses
) -> None:
    with run(jobs.whereabouts, instance, cluster.address, max_concurrent=1) as result:
        first, second = result.output_for_node("who"), result.output_for_node("who_next")
    assert first == second
    wait_until(lambda: is_gone(first[0]))


def test_sem_20_steps_with_a_tag_can_be_limited(instance: Instance, cluster: ClusterProcesses) -> None:
    limits = [{"key": "pool", "limit": 1}]
    with run(jobs.limited_by_tag, instance, cluster.address, tag_concurrency_limits=limits) as result:
        spans = sorted(result.output_for_node(f"limited_{number}") for number in range(4))
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_sem_20_retries_can_be_disabled(instance: Instance, cluster: ClusterProcesses) -> None:
    result = run(executor_jobs.retries, instance, cluster.address, retries={"disabled": {}})
    assert result.get_failed_step_keys() == {"third_time", "never"}


def test_the_scheduler_knows_the_graph_of_the_job(
    instance: Instance, cluster: ClusterProcesses, tmp_path: Path
) -> None:
    from distributed import Client

    edges: dict[str, set[str]] = {}

    def watch() -> None:
        wait_until((tmp_path / "held").exists)
        with Client(cluster.address, set_as_default=False) as client:
            edges.update(client.run_on_scheduler(dependencies))
        (tmp_path / "held.go").touch()

    with in_thread(watch):
        result = run(
            jobs.held_chain, instance, cluster.address, in_folder(tmp_path, "noted", "held", "split")
        )
    assert result.success
    assert edges["held"] == {"noted", "orders"}
    assert edges["noted"] == {"orders"}


def test_a_cluster_of_its_own_is_where_the_run_was_started_and_ends_with_it(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MARK", "set here")
    config = {"execution": {"config": {"max_concurrent": 1}}}
    with execute_job(reconstructable(jobs.with_own_executor), instance, config) as result:
        pid, folder, mark = result.output_for_node("who")
    assert (folder, mark) == (str(tmp_path), "set here")
    assert pid != os.getpid()
    wait_until(lambda: is_gone(pid))
    assert not files_of_receipts(instance)


def test_no_files_but_outputs_are_left(instance: Instance, cluster: ClusterProcesses) -> None:
    assert run(executor_jobs.chain, instance, cluster.address).success
    assert not files_of_receipts(instance)


def test_without_dask_it_says_what_to_install(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UnmetExecutorRequirementsError, match=r"`pip install 'jobc\[dask\]'`"):
        run(executor_jobs.chain, instance, None)
    assert instance.get_runs() == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("tcp://127.0.0.1:1", "no dask scheduler answers at `tcp://127.0.0.1:1` within 0.2 s"),
        ("carrier-pigeon://home", "no dask scheduler answers at `carrier-pigeon://home`"),
        ("127.0.0.1", "no dask scheduler answers at `127.0.0.1`"),
    ],
)
def test_a_scheduler_that_does_not_answer_fails_the_run(instance: Instance, address: str, told: str) -> None:
    result = run(executor_jobs.chain, instance, address, connect_timeout_s=0.2)
    assert result.run.status is RunStatus.FAILURE
    assert told in result.get_job_failure_event().message


def test_sem_20_an_ephemeral_instance_is_refused() -> None:
    with pytest.raises(UnmetExecutorRequirementsError, match=r"`dask` executor .* ephemeral instance"):
        run(executor_jobs.chain, Instance.ephemeral(), None)


def test_sem_20_a_negative_number_of_steps_at_once_fails_the_run(instance: Instance) -> None:
    result = run(executor_jobs.chain, instance, None, max_concurrent=-1)
    assert "`max_concurrent` must not be negative" in result.get_job_failure_event().message


def test_config_is_checked_before_a_run_begins(instance: Instance) -> None:
    with pytest.raises(InvalidConfigError, match="adress"):
        run(executor_jobs.chain, instance, None, adress="tcp://127.0.0.1:1")
    assert instance.get_runs() == []


def test_a_worker_that_does_not_see_the_instance_refuses_the_run(
    instance: Instance, cluster: ClusterProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobc.runtime.executors.dask_receipts.Receipts.create", lambda _: None)
    result = run(executor_jobs.chain, instance, cluster.address)
    assert "does not see the instance" in result.get_job_failure_event().message
