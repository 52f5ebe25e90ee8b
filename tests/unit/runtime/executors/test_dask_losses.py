"""The `dask` executor when workers, the scheduler or the process that decides are lost (SEMANTICS 20)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jobc import (
    Instance,
    ReexecutionOptions,
    RunStatus,
    dask_executor,
    execute_job,
    reconstructable,
)
from jobc.runtime.executors.job_run import JobOrder, run_order
from tests.conformance.test_executors import happened, outputs
from tests.unit.runtime.executors import dask_jobs as jobs
from tests.unit.runtime.executors.dask_processes import ROOT, ClusterProcesses, in_thread, is_gone, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobc import JobDefinition, JobExecutionResult

CHAIN = ("noted", "held", "split")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[ClusterProcesses]:
    with ClusterProcesses(tmp_path / "cluster", 2) as running:
        yield running


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with Instance.open(tmp_path / "instance") as opened:
        yield opened


def run(
    job: JobDefinition, instance: Instance, config: dict[str, Any], cluster: ClusterProcesses
) -> JobExecutionResult:
    run_config = {**config, "execution": {"config": {"address": cluster.address}}}
    order = JobOrder(reconstructable(job), instance, run_config=run_config, executor=dask_executor)
    return run_order(order)


def in_folder(folder: Path, *names: str) -> dict[str, Any]:
    return {"ops": {name: {"config": {"folder": str(folder)}} for name in names}}


def processes_at(path: Path) -> list[list[int]]:
    """Return, for each line that a held step wrote, its process and the dask worker above it."""
    return [[int(pid) for pid in line.split()] for line in path.read_text().splitlines()]


def lines_in(path: Path) -> int:
    return path.read_text().count("\n") if path.exists() else 0


def test_the_loss_of_a_worker_runs_again_what_was_lost_and_nothing_else(
    instance: Instance, cluster: ClusterProcesses, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = in_folder(tmp_path, *CHAIN)

    def kill_the_worker() -> None:
        wait_until(lambda: lines_in(tmp_path / "held") == 1)
        ((process, worker),) = processes_at(tmp_path / "held")
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: is_gone(process))
        wait_until(lambda: lines_in(tmp_path / "held") == 2)
        (tmp_path / "held.go").touch()

    with in_thread(kill_the_worker), run(jobs.held_chain, instance, config, cluster) as result:
        assert result.success
        known, course = outputs(result), happened(result)
    (_, before), (_, after) = processes_at(tmp_path / "held")
    assert before != after
    assert "`held` is carried out again: the dask worker that was at it was lost" in capsys.readouterr().err
    assert lines_in(tmp_path / "noted") == 1
    assert int((tmp_path / "noted").read_text()) == before  # so its report was lost with the worker
    here = {**config, "execution": {"config": {"in_process": {}}}}
    with execute_job(reconstructable(jobs.held_chain), instance, here) as undisturbed:
        assert outputs(undisturbed) == known
    assert happened(undisturbed) == course


def test_a_worker_that_ends_in_good_order_leaves_its_step_to_another(
    instance: Instance, cluster: ClusterProcesses, tmp_path: Path
) -> None:
    def end_the_worker() -> None:
        wait_until(lambda: lines_in(tmp_path / "held") == 1)
        ((process, worker),) = processes_at(tmp_path / "held")
        os.kill(worker, signal.SIGTERM)
        wait_until(lambda: lines_in(tmp_path / "held") == 2)
        wait_until(lambda: is_gone(process))
        (tmp_path / "held.go").touch()

    with in_thread(end_the_worker):
        assert run(jobs.held_chain, instance, in_folder(tmp_path, *CHAIN), cluster).success
    assert lines_in(tmp_path / "noted") == 1


def test_a_step_that_takes_its_workers_with_it_fails_in_the_end(instance: Instance, tmp_path: Path) -> None:
    with ClusterProcesses(tmp_path / "cluster", 2, allowed_failures=1) as cluster:
        result = run(jobs.poisonous, instance, {}, cluster)
    failure = result.failure_data_for_node("killing_workers")
    assert failure is not None
    assert "`killing_workers` was lost with its dask worker 2 times" in failure.error.message


def test_an_interrupted_run_is_canceled_and_leaves_a_running_cluster_as_it_was(
    instance: Instance, cluster: ClusterProcesses, tmp_path: Path
) -> None:
    config = in_folder(tmp_path, "holding", "never_reached")
    config["resources"] = {"opened": {"config": {"folder": str(tmp_path)}}}

    def interrupt() -> None:
        wait_until(lambda: lines_in(tmp_path / "holding") == 1)
        os.kill(os.getpid(), signal.SIGINT)

    with in_thread(interrupt), pytest.raises(KeyboardInterrupt):
        run(jobs.interruptible, instance, config, cluster)
    ((process, _),) = processes_at(tmp_path / "holding")
    assert is_gone(process)
    assert (tmp_path / "opened").read_text() == "open close "
    (record,) = instance.get_runs()
    assert record.status is RunStatus.CANCELED
    (tmp_path / "holding.go").touch()
    assert run(jobs.interruptible, instance, config, cluster).success
    assert lines_in(tmp_path / "holding") == 2
    assert lines_in(tmp_path / "never_reached") == 1


def test_the_loss_of_the_scheduler_ends_the_run_which_can_be_resumed(
    instance: Instance, cluster: ClusterProcesses, tmp_path: Path
) -> None:
    def kill_the_scheduler() -> None:
        wait_until(lambda: lines_in(tmp_path / "held") == 1)
        cluster.scheduler.kill()

    with in_thread(kill_the_scheduler):
        lost = run(jobs.held_chain, instance, in_folder(tmp_path, *CHAIN), cluster)
    assert lost.run.status is RunStatus.FAILURE
    told = f"the dask scheduler at `{cluster.address}` was lost"
    assert told in lost.get_job_failure_event().message
    ((process, _),) = processes_at(tmp_path / "held")
    wait_until(lambda: is_gone(process))
    (tmp_path / "held.go").touch()
    with ClusterProcesses(tmp_path / "another", 1) as another:
        order = JobOrder(
            reconstructable(jobs.held_chain),
            instance,
            run_config={**lost.run.run_config, "execution": {"config": {"address": another.address}}},
            reexecution=ReexecutionOptions.from_failure(lost.run_id, instance),
            executor=dask_executor,
        )
        with run_order(order) as result:
            assert result.output_for_node("increased") == 3
    assert lines_in(tmp_path / "noted") == 1
    assert lines_in(tmp_path / "held") == 2


SCRIPT = """
import sys
from pathlib import Path
from jobc import Instance, dask_executor, reconstructable
from jobc.runtime.executors.job_run import JobOrder, run_order
from tests.unit.runtime.executors.dask_jobs import held_chain

folder, *address = sys.argv[1:]
ops = {name: {"config": {"folder": folder}} for name in ("noted", "held", "split")}
config = {"address": address[0]} if address else {"max_concurrent": 1}
order = JobOrder(
    reconstructable(held_chain),
    Instance.open(Path(folder, "instance")),
    run_config={"ops": ops, "execution": {"config": config}},
    executor=dask_executor,
)
run_order(order)
"""


@pytest.mark.parametrize("is_own", [False, True])
def test_the_loss_of_the_process_that_decides_ends_its_steps(
    request: pytest.FixtureRequest, tmp_path: Path, is_own: bool
) -> None:
    address = [] if is_own else [request.getfixturevalue("cluster").address]
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    words = [sys.executable, str(script), str(tmp_path), *address]
    decider = subprocess.Popen(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        wait_until(lambda: decider.poll() is not None or lines_in(tmp_path / "held") == 1)
    finally:
        decider.kill()
        decider.wait()
    ((process, worker),) = processes_at(tmp_path / "held")
    wait_until(lambda: is_gone(process))
    if is_own:
        wait_until(lambda: is_gone(worker))


def test_a_step_that_succeeded_is_not_run_again_when_its_hooks_are_lost(
    instance: Instance, cluster: ClusterProcesses, tmp_path: Path
) -> None:
    config = in_folder(tmp_path, "noted")
    config["resources"] = {"opened": {"config": {"folder": str(tmp_path)}}}

    def kill_the_worker() -> None:
        wait_until(lambda: lines_in(tmp_path / "hook") == 1)
        os.kill(int((tmp_path / "noted").read_text()), signal.SIGKILL)

    with in_thread(kill_the_worker), run(jobs.held_in_hook, instance, config, cluster) as result:
        assert result.success
        assert result.output_for_node("increased") == 2
    assert lines_in(tmp_path / "noted") == 1
    course = happened(result)
    assert course["STEP_SUCCESS", "noted"] == 1
    told = "the hooks of `noted` did not end: the worker process of `noted` was lost with its dask worker"
    assert told in [event.message for event in result.all_events]
