"""Running a run again: what is selected, what is taken over (SEMANTICS 20)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jobc import (
    CheckError,
    ExecutionStepNotFoundError,
    Instance,
    InvalidInvocationError,
    InvalidSubsetError,
    InvariantViolationError,
    ReexecutionOptions,
    SecretText,
    execute_job,
    job,
    op,
    reconstructable,
)
from tests.conformance import executor_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc import JobDefinition, JobExecutionResult

EXECUTORS: dict[str, dict[str, Any]] = {
    "in_process": {"in_process": {}},
    "multiprocess": {"multiprocess": {"max_concurrent": 2}},
}


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with Instance.open(tmp_path / "instance") as opened:
        yield opened


@pytest.fixture(params=EXECUTORS)
def config(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {"execution": {"config": EXECUTORS[request.param]}}


def again(
    job: JobDefinition, instance: Instance, parent: JobExecutionResult, *selection: str
) -> JobExecutionResult:
    options = ReexecutionOptions(parent.run_id, selection)
    return execute_job(reconstructable(job), instance, reexecution_options=options)


def started(result: JobExecutionResult) -> set[str | None]:
    return {event.step_key for event in result.all_events if event.is_step_start}


def test_sem_20_inputs_of_selected_steps_come_from_the_parent_run(
    instance: Instance, config: dict[str, Any]
) -> None:
    parent = execute_job(reconstructable(executor_jobs.chain), instance, config)
    with again(executor_jobs.chain, instance, parent, "third") as result:
        assert started(result) == {"third"}
        assert result.output_for_node("third") == 3
    assert (result.run.parent_run_id, result.run.root_run_id) == (parent.run_id, parent.run_id)
    with again(executor_jobs.chain, instance, result, "second") as grandchild:
        assert started(grandchild) == {"second"}
        assert grandchild.output_for_node("third") == 3
    assert (grandchild.run.parent_run_id, grandchild.run.root_run_id) == (result.run_id, parent.run_id)
    assert grandchild.run.run_config == config


def test_sem_20_no_selection_runs_everything(instance: Instance, config: dict[str, Any]) -> None:
    parent = execute_job(reconstructable(executor_jobs.mapped), instance, config)
    result = again(executor_jobs.mapped, instance, parent)
    assert result.success
    assert started(result) == started(parent)


def test_sem_20_what_the_parent_run_never_stored_fails_the_step(
    instance: Instance, config: dict[str, Any]
) -> None:
    parent = execute_job(reconstructable(executor_jobs.fails), instance, config)
    result = again(executor_jobs.fails, instance, parent, "increased")
    failure = result.failure_data_for_node("increased")
    assert failure is not None
    assert failure.error.class_name == "ExecutionLoadInputError"


@pytest.mark.parametrize(
    ("selection", "error", "told"),
    [
        (["fourth"], ExecutionStepNotFoundError, "no step `fourth`"),
        (["**third"], InvalidSubsetError, "step_selection"),
    ],
)
def test_sem_20_a_selection_has_to_fit(
    instance: Instance, selection: list[str], error: type[Exception], told: str
) -> None:
    parent = execute_job(reconstructable(executor_jobs.chain), instance)
    with pytest.raises(error, match=told):
        again(executor_jobs.chain, instance, parent, *selection)


def test_sem_20_an_unknown_parent_is_refused(instance: Instance) -> None:
    options = ReexecutionOptions("nowhere")
    with pytest.raises(CheckError, match="there is no run `nowhere`"):
        execute_job(reconstructable(executor_jobs.chain), instance, reexecution_options=options)


def test_sem_20_a_selection_of_ops_does_not_go_with_it(instance: Instance) -> None:
    parent = execute_job(reconstructable(executor_jobs.chain), instance)
    with pytest.raises(InvariantViolationError, match="give one of them"):
        execute_job(
            reconstructable(executor_jobs.chain),
            instance,
            op_selection=["third"],
            reexecution_options=ReexecutionOptions(parent.run_id),
        )


def test_sem_20_instances_of_mapped_steps_are_selected_by_their_keys(
    instance: Instance, config: dict[str, Any]
) -> None:
    parent = execute_job(reconstructable(executor_jobs.mapped), instance, config)
    with again(executor_jobs.mapped, instance, parent, "tripled[n1]", "listed") as result:
        assert started(result) == {"tripled[n1]", "listed"}
        assert result.output_for_node("listed") == [10, 4, 7]
    with again(executor_jobs.mapped, instance, parent, "numbers", "tripled[?]") as result:
        assert started(result) == {"numbers", "tripled[n3]", "tripled[n1]", "tripled[n2]"}
    with pytest.raises(ExecutionStepNotFoundError, match=r"select `tripled\[\?\]`"):
        again(executor_jobs.mapped, instance, parent, "numbers", "tripled[n1]")


_MARK = "mended"


@op(config_schema={"folder": str})
def mendable(context: Any, value: int) -> int:
    if value == 3 and not Path(context.op_config["folder"], _MARK).exists():
        raise ValueError("not mended yet")
    return value


@job
def breakable() -> None:
    good, bad = executor_jobs.sorted_out()
    executor_jobs.increased.alias("skipped")(bad)
    found = executor_jobs.numbers().map(mendable)
    executor_jobs.listed(found.map(executor_jobs.tripled).collect())
    executor_jobs.increased.alias("fine")(good)


def test_sem_20_from_failure_runs_what_is_missing_and_nothing_else(
    instance: Instance, config: dict[str, Any], tmp_path: Path
) -> None:
    given = {**config, "ops": {"mendable": {"config": {"folder": str(tmp_path)}}}}
    parent = execute_job(reconstructable(breakable), instance, given)
    assert parent.get_failed_step_keys() == {"mendable[n3]"}
    (tmp_path / _MARK).touch()
    options = ReexecutionOptions.from_failure(parent.run_id, instance)
    with execute_job(reconstructable(breakable), instance, reexecution_options=options) as result:
        assert result.success
        assert started(result) == {"mendable[n3]", "tripled[n3]", "listed"}
        assert result.output_for_node("listed") == [9, 3, 6]
        assert not result.get_step_skipped_events()


def test_sem_20_a_run_that_succeeded_has_nothing_left(instance: Instance) -> None:
    parent = execute_job(reconstructable(executor_jobs.chain), instance)
    with pytest.raises(CheckError, match="succeeded: there is nothing left"):
        ReexecutionOptions.from_failure(parent.run_id, instance)


@op(config_schema={"token": SecretText})
def secretive(context: Any) -> None:
    raise ValueError("always")


@job
def with_secret() -> None:
    secretive()


def test_a_recorded_config_with_a_secret_has_to_be_given_again(instance: Instance) -> None:
    config = {"ops": {"secretive": {"config": {"token": "hush-hush"}}}}
    parent = execute_job(reconstructable(with_secret), instance, config)
    with pytest.raises(InvalidInvocationError, match=r"a secret at `ops.secretive.config.token`"):
        again(with_secret, instance, parent)
    options = ReexecutionOptions.from_failure(parent.run_id, instance)
    result = execute_job(reconstructable(with_secret), instance, config, reexecution_options=options)
    assert result.get_failed_step_keys() == {"secretive"}
