"""SEMANTICS 19: the in-process run and its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.ports import GraphOut, Out
from jobc.runtime.definitions.values import Output
from jobc.runtime.errors import InvariantViolationError, JobcError
from jobc.runtime.execute.run import execute_in_process
from jobc.runtime.storage.instance import Instance
from jobc.runtime.storage.runs import RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobc.runtime.execute.result import ExecuteInProcessResult
    from jobc.runtime.storage.events import Event


@op
def one() -> int:
    return 1


@op
def fails() -> int:
    raise ZeroDivisionError("broken")


@op(out={"a": Out(int), "b": Out(int, is_required=False, asset_key="daily/b")})
def pair() -> Iterator[Output[int]]:
    yield Output(1, "a")


@op
def echo(value: int) -> int:
    return value


@graph(out={"x": GraphOut(), "y": GraphOut()})
def inner() -> Any:
    outputs = pair()
    return {"x": outputs.a, "y": echo(outputs.b)}


@graph(out={"x": GraphOut(), "n": GraphOut()})
def outer() -> Any:
    x, _ = inner()
    return {"x": x, "n": one()}


@pytest.fixture
def result() -> ExecuteInProcessResult:
    return outer.to_job(name="whole", tags={"team": "a"}).execute_in_process(run_id="r")


def test_sem_19_what_the_run_was(result: ExecuteInProcessResult) -> None:
    assert result.success
    assert result.run_id == "r"
    assert result.run.status is RunStatus.SUCCESS
    assert result.run.is_finished
    assert result.run.tags == {"team": "a"}
    assert result.run.run_config == {}
    assert result.job_def.name == "whole"


READS: dict[str, tuple[Callable[[ExecuteInProcessResult], object], object]] = {
    "op_in_a_graph": (lambda result: result.output_for_node("inner.pair", "a"), 1),
    "graph_of_a_job": (lambda result: result.output_for_node("inner", "x"), 1),
    "default_output": (lambda result: result.output_for_node("one"), 1),
    "job": (lambda result: result.output_value("x"), 1),
    "unknown_path_has_no_events": (lambda result: result.events_for_node("nobody"), []),
    "no_retries": (lambda result: result.retry_attempts_for_node("one"), 0),
    "no_failure": (lambda result: result.failure_data_for_node("one"), None),
    "no_failed_steps": (lambda result: result.get_failed_step_keys(), frozenset()),
    "graph_events_include_all_below": (
        lambda result: {event.step_key for event in result.events_for_node("inner")},
        {"inner.pair", "inner.echo"},
    ),
    "skipped": (lambda result: [e.step_key for e in result.get_step_skipped_events()], ["inner.echo"]),
    "succeeded": (
        lambda result: [e.step_key for e in result.get_step_success_events()],
        ["inner.pair", "one"],
    ),
    "node_events": (lambda result: len(result.all_node_events), len("SOHS") + len("!") + len("SOHS")),
}


@pytest.mark.parametrize(("read", "expected"), READS.values(), ids=[f"sem_19_{name}" for name in READS])
def test_reading(
    result: ExecuteInProcessResult, read: Callable[[ExecuteInProcessResult], object], expected: object
) -> None:
    assert read(result) == expected


REFUSALS: dict[str, tuple[Callable[[ExecuteInProcessResult], object], str]] = {
    "unknown_node": (
        lambda result: result.output_for_node("inne"),
        "job `whole` has no node `inne`.*`inner`",
    ),
    "unknown_inner_node": (
        lambda result: result.output_for_node("inner.pear"),
        "no node `inner.pear`.*`pair`",
    ),
    "unknown_output": (lambda result: result.output_for_node("one", "resul"), "no output `resul`.*`result`"),
    "unknown_graph_output": (
        lambda result: result.output_for_node("inner", "z"),
        "graph `inner` has no output `z`",
    ),
    "left_out": (lambda result: result.output_for_node("inner.pair", "b"), "No outputs found"),
    "skipped": (lambda result: result.output_for_node("inner.echo"), "No outputs found"),
    "graph_output_of_a_skipped_op": (lambda result: result.output_for_node("inner", "y"), "No outputs found"),
    "unknown_job_output": (lambda result: result.output_value("z"), "job `whole` has no output `z`"),
    "asset_left_out": (lambda result: result.asset_value("daily/b"), "No outputs found"),
    "unknown_asset": (
        lambda result: result.asset_value("daily/c"),
        "no output of job `whole` is the asset `daily/c`",
    ),
}


@pytest.mark.parametrize(("read", "words"), REFUSALS.values(), ids=[f"sem_19_{name}" for name in REFUSALS])
def test_reading_what_is_not_there(
    result: ExecuteInProcessResult, read: Callable[[ExecuteInProcessResult], object], words: str
) -> None:
    with pytest.raises(InvariantViolationError, match=words):
        read(result)


def test_sem_19_a_job_without_outputs_says_so() -> None:
    @job
    def plain() -> None:
        one()

    with pytest.raises(InvariantViolationError, match="has no outputs of its own"):
        plain.execute_in_process().output_value()


def test_sem_19_the_events_of_the_run_as_a_whole(result: ExecuteInProcessResult) -> None:
    assert result.get_job_success_event().message == "the run of `whole` succeeded"
    with pytest.raises(JobcError, match="did not fail"):
        result.get_job_failure_event()

    @job
    def failing() -> None:
        fails()

    failed = failing.execute_in_process(raise_on_error=False)
    assert failed.get_job_failure_event().message == "the run of `failing` failed: broken"
    with pytest.raises(JobcError, match="did not succeed"):
        failed.get_job_success_event()


def test_sem_19_the_order_of_events_of_a_plain_step() -> None:
    @job
    def two() -> None:
        echo(one())

    result = two.execute_in_process()
    assert [(event.event_type_value, event.step_key) for event in result.all_events] == [
        ("RUN_START", None),
        ("STEP_START", "one"),
        ("STEP_OUTPUT", "one"),
        ("HANDLED_OUTPUT", "one"),
        ("STEP_SUCCESS", "one"),
        ("STEP_START", "echo"),
        ("LOADED_INPUT", "echo"),
        ("STEP_INPUT", "echo"),
        ("STEP_OUTPUT", "echo"),
        ("HANDLED_OUTPUT", "echo"),
        ("STEP_SUCCESS", "echo"),
        ("RUN_SUCCESS", None),
    ]
    times = [event.time for event in result.all_events]
    assert times == sorted(times)


def test_sem_19_an_empty_job_succeeds() -> None:
    @job
    def empty() -> None: ...

    result = empty.execute_in_process()
    assert result.success
    assert [event.event_type_value for event in result.all_events] == ["RUN_START", "RUN_SUCCESS"]


def test_sem_19_ready_steps_run_by_priority_ties_as_written() -> None:
    order: list[str] = []

    @op
    def step(context: Any) -> int:
        order.append(context.step_key)
        return 1

    @op
    def last(context: Any, value: int) -> int:
        order.append(context.step_key)
        return value

    @job
    def prioritised() -> None:
        step.alias("plain")()
        step.alias("low").tag({"jobc/priority": -1})()
        step.alias("also_plain")()
        last.alias("high").tag({"jobc/priority": 5})(step.alias("feeds_high")())
        step.alias("first").tag({"jobc/priority": 10})()

    prioritised.execute_in_process()
    assert order == ["first", "plain", "also_plain", "feeds_high", "high", "low"]


def test_sem_19_an_instance_keeps_runs_and_events() -> None:
    instance = Instance.ephemeral()

    @job
    def plain() -> None:
        one()

    first = plain.execute_in_process(instance=instance)
    second = plain.execute_in_process(instance=instance)
    assert [run.run_id for run in instance.get_runs()] == [second.run_id, first.run_id]
    assert list(instance.all_events(first.run_id)) == list(first.all_events)
    assert instance.has_run(first.run_id)
    assert not instance.has_run("another")
    assert instance.get_run_by_id("another") is None
    assert instance.all_events("another") == ()


def test_an_observer_sees_events_as_they_happen() -> None:
    seen: list[str] = []

    @op
    def watched() -> int:
        seen.append("in the op")
        return 1

    def watch(event: Event) -> None:
        seen.append(event.event_type_value)

    @job
    def watching() -> None:
        watched()

    execute_in_process(watching, on_event=watch)
    assert seen == [
        "RUN_START",
        "STEP_START",
        "in the op",
        "STEP_OUTPUT",
        "HANDLED_OUTPUT",
        "STEP_SUCCESS",
        "RUN_SUCCESS",
    ]


def test_sem_19_run_tags_come_after_those_of_the_job() -> None:
    @job(tags={"team": "a", "cost": 1})
    def tagged() -> None:
        one()

    result = execute_in_process(tagged, tags={"team": "b", "rows": [1]})
    assert result.run.tags == {"team": "b", "cost": "1", "rows": "[1]"}


def test_the_repr_names_the_job_and_the_outcome(result: ExecuteInProcessResult) -> None:
    assert repr(result) == "ExecuteInProcessResult(job=whole, run_id=r, success=True)"
