"""SEMANTICS 11: what a failure raises, what is recorded of it, and what runs on."""

from __future__ import annotations

from typing import Any

import pytest

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.hook import failure_hook
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.op_function import OpFunction
from jobc.runtime.definitions.origin import SourceOrigin
from jobc.runtime.definitions.policies import Failure
from jobc.runtime.definitions.ports import Out
from jobc.runtime.execute.failures import user_traceback
from jobc.runtime.execute.run import execute_in_process
from jobc.runtime.storage.instance import Instance
from jobc.runtime.storage.runs import RunStatus


@op
def fails() -> int:
    raise ZeroDivisionError("broken")


@op
def one() -> int:
    return 1


@op
def echo(value: int) -> int:
    return value


@job
def failing() -> None:
    echo(fails())
    echo.alias("apart")(one())


def test_sem_11_the_original_exception_propagates_and_later_steps_do_not_start() -> None:
    instance = Instance.ephemeral()
    with pytest.raises(ZeroDivisionError, match="broken"):
        failing.execute_in_process(instance=instance, run_id="r")
    run = instance.get_run_by_id("r")
    assert run is not None
    assert run.status is RunStatus.FAILURE
    kinds = [(event.event_type_value, event.step_key) for event in instance.all_events("r")]
    assert kinds == [
        ("RUN_START", None),
        ("STEP_START", "fails"),
        ("STEP_FAILURE", "fails"),
        ("RUN_FAILURE", None),
    ]


def test_sem_11_failure_hooks_do_not_run_when_the_exception_propagates() -> None:
    ran: list[str] = []

    @failure_hook
    def notes(context: Any) -> None:
        ran.append(context.step_key)

    hooked = failing.with_hooks({notes})
    with pytest.raises(ZeroDivisionError):
        hooked.execute_in_process()
    assert ran == []
    hooked.execute_in_process(raise_on_error=False)
    assert ran == ["fails"]


def test_sem_11_otherwise_everything_not_downstream_runs() -> None:
    result = failing.execute_in_process(raise_on_error=False)
    assert not result.success
    assert result.run.status is RunStatus.FAILURE
    assert result.output_for_node("apart") == 1
    assert result.get_failed_step_keys() == {"fails"}
    assert result.get_job_failure_event().kind.value == "RUN_FAILURE"


def test_sem_11_the_record_says_where_with_the_users_exception_as_cause() -> None:
    failure = failing.execute_in_process(raise_on_error=False).failure_data_for_node("fails")
    assert failure is not None
    assert failure.error.class_name == "ExecutionStepExecutionError"
    assert failure.error.message == "op `fails` raised an exception"
    assert failure.error.cause is not None
    assert failure.error.cause.class_name == "ZeroDivisionError"
    assert failure.error.cause.message == "broken"
    assert [frame.split(", in ")[1].split("\n")[0] for frame in failure.error.cause.frames] == ["fails"]
    assert 'raise ZeroDivisionError("broken")' in failure.error.to_string()


def test_sem_11_a_failure_is_raised_and_recorded_as_itself() -> None:
    @op
    def gives_up() -> int:
        raise Failure("no more rows", metadata={"rows": 3})

    @job
    def giving_up() -> None:
        gives_up()

    with pytest.raises(Failure, match="no more rows"):
        giving_up.execute_in_process()
    failure = giving_up.execute_in_process(raise_on_error=False).failure_data_for_node("gives_up")
    assert failure is not None
    assert failure.error.class_name == "Failure"
    assert failure.description == "no more rows"
    assert failure.metadata["rows"].value == 3  # type: ignore[attr-defined]  # a metadata value
    assert failure.user_failure_data is failure


def test_sem_11_system_exit_is_a_failure_of_the_step() -> None:
    @op
    def leaves() -> int:
        raise SystemExit(3)

    @job
    def leaving() -> None:
        leaves()
        one()

    assert leaving.execute_in_process(raise_on_error=False).get_failed_step_keys() == {"leaves"}
    with pytest.raises(SystemExit):
        leaving.execute_in_process()


def failing_from_spec() -> JobDefinition:
    def body() -> int:
        raise ZeroDivisionError("broken")

    made = OpDefinition.of(
        "clean", OpFunction(body), {}, {"result": Out()}, origin=SourceOrigin("shop.yaml", 18)
    )
    inner = GraphDefinition.of("ingest", {"tidy": Node("tidy", made)}, {})
    outer = GraphDefinition.of("outer", {"ingest": Node("ingest", inner)}, {})
    return JobDefinition(graph_def=outer)


def test_the_exception_tells_the_op_the_step_and_the_place_in_the_spec() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        failing_from_spec().execute_in_process()
    assert caught.value.__notes__ == ["in op `clean` (step `ingest.tidy`), declared at shop.yaml:18"]
    failure = (
        failing_from_spec().execute_in_process(raise_on_error=False).failure_data_for_node("ingest.tidy")
    )
    assert failure is not None
    assert failure.error.message.startswith("op `clean` (step `ingest.tidy`), declared at shop.yaml:18")
    assert failure.error.root.message == "broken"


def test_a_users_traceback_shows_their_frames_and_none_of_ours() -> None:
    def deeper() -> int:
        return 1 // 0

    @op
    def outer_frame() -> int:
        try:
            return deeper()
        except ZeroDivisionError as error:
            raise ValueError("wrapped") from error

    @job
    def tracing() -> None:
        outer_frame()

    with pytest.raises(ValueError, match="wrapped") as caught:
        tracing.execute_in_process()
    text = user_traceback(caught.value)
    assert "in deeper" in text
    assert "in outer_frame" in text
    assert "jobc/runtime" not in text
    assert (
        text.index("ZeroDivisionError")
        < text.index("The above exception")
        < text.index("ValueError: wrapped")
    )
    assert text.endswith("in op `outer_frame`\n")


def test_a_note_is_added_once_however_often_the_exception_passes() -> None:
    error = ZeroDivisionError("shared")

    @op
    def same() -> int:
        raise error

    @job
    def sharing() -> None:
        same()

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            sharing.execute_in_process()
    assert error.__notes__ == ["in op `same`"]


def test_events_hold_no_live_exception() -> None:
    import pickle

    result = failing.execute_in_process(raise_on_error=False)
    assert pickle.loads(pickle.dumps(list(result.all_events))) == list(result.all_events)


def test_a_cycle_of_causes_ends() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert user_traceback(first).count("ValueError: first") == 1


def test_sem_11_config_errors_raise_regardless() -> None:
    from jobc.runtime.config import InvalidConfigError

    with pytest.raises(InvalidConfigError):
        failing.execute_in_process({"nonsense": 1}, raise_on_error=False)


def test_sem_11_run_ids_are_used_once() -> None:
    from jobc.runtime.errors import ParameterCheckError, RunAlreadyExists

    @graph
    def single() -> None:
        one()

    instance = Instance.ephemeral()
    made = JobDefinition(graph_def=single)
    assert execute_in_process(made, instance=instance, run_id="any text").run_id == "any text"
    with pytest.raises(RunAlreadyExists, match="any text"):
        execute_in_process(made, instance=instance, run_id="any text")
    with pytest.raises(ParameterCheckError, match="must not be empty"):
        execute_in_process(made, run_id="")
