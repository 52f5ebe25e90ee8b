"""SEMANTICS 12: hooks run right after their step and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.hook import event_list_hook, failure_hook, success_hook
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.policies import RetryPolicy, RetryRequested
from jobc.runtime.definitions.ports import DynamicOut, Out
from jobc.runtime.definitions.values import DynamicOutput, Output
from jobc.runtime.errors import InvalidDefinitionError, UnknownResourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.execute.result import ExecuteInProcessResult

seen: list[tuple[Any, ...]] = []


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    seen.clear()


@op
def one() -> int:
    return 1


@op
def fails() -> int:
    raise ZeroDivisionError("broken")


@op
def echo(value: int) -> int:
    return value


@success_hook
def on_success(context: Any) -> None:
    seen.append(("success", context.step_key))


@failure_hook
def on_failure(context: Any) -> None:
    seen.append(("failure", context.step_key, context.op_exception))


def hook_events(result: ExecuteInProcessResult) -> list[tuple[str, str | None]]:
    return [(event.event_type_value, event.step_key) for event in result.all_events if event.is_hook_event]


def test_sem_12_hooks_run_right_after_their_step() -> None:
    order: list[str] = []

    @op
    def first() -> int:
        order.append("first")
        return 1

    @op
    def second(value: int) -> int:
        order.append("second")
        return value

    @success_hook
    def notes(context: Any) -> None:
        order.append(f"after {context.step_key}")

    @job(hooks={notes})
    def hooked() -> None:
        second(first())

    hooked.execute_in_process()
    assert order == ["first", "after first", "second", "after second"]


def test_sem_12_the_hook_of_the_other_outcome_is_skipped() -> None:
    @job(hooks={on_success, on_failure})
    def both() -> None:
        one()
        fails()

    result = both.execute_in_process(raise_on_error=False)
    assert [entry[:2] for entry in seen] == [("success", "one"), ("failure", "fails")]
    assert hook_events(result) == [
        ("HOOK_SKIPPED", "one"),
        ("HOOK_COMPLETED", "one"),
        ("HOOK_COMPLETED", "fails"),
        ("HOOK_SKIPPED", "fails"),
    ]
    assert repr(seen[1][2]) == "ZeroDivisionError('broken')"


def test_sem_12_a_hook_applies_to_an_invocation_a_graph_and_a_job_and_runs_once() -> None:
    @graph
    def inner() -> None:
        one()
        one.alias("other").with_hooks({on_success})()

    @job(hooks={on_success})
    def outer() -> None:
        inner.with_hooks({on_success})()

    outer.execute_in_process()
    assert seen == [("success", "inner.one"), ("success", "inner.other")]

    seen.clear()

    @job
    def graph_only() -> None:
        inner.with_hooks({on_success})()
        one.alias("apart")()

    graph_only.execute_in_process()
    assert seen == [("success", "inner.one"), ("success", "inner.other")]


def test_sem_12_two_hooks_of_one_name_both_run() -> None:
    def named(mark: str) -> Any:
        @success_hook(name="same")
        def hook(_context: Any) -> None:
            seen.append((mark,))

        return hook

    @job(hooks={named("a"), named("b")})
    def hooked() -> None:
        one()

    hooked.execute_in_process()
    assert sorted(seen) == [("a",), ("b",)]


def test_sem_12_no_hook_on_skipped_or_abandoned_steps() -> None:
    @op(out=Out(int, is_required=False))
    def silent() -> Iterator[Output[int]]:
        yield from ()

    @job(hooks={on_success, on_failure})
    def partly() -> None:
        echo(silent())
        echo.alias("abandoned")(fails())

    partly.execute_in_process(raise_on_error=False)
    assert [entry[1] for entry in seen] == ["silent", "fails"]


def test_sem_12_once_at_the_end_of_all_retries_with_the_users_exception() -> None:
    @op(retry_policy=RetryPolicy(2))
    def flaky() -> int:
        raise ZeroDivisionError("again")

    @op
    def requesting() -> int:
        try:
            return 1 // 0
        except ZeroDivisionError as error:
            raise RetryRequested(max_retries=1) from error

    @job(hooks={on_failure})
    def retried() -> None:
        flaky()
        requesting()

    retried.execute_in_process(raise_on_error=False)
    assert [(entry[1], type(entry[2]).__name__) for entry in seen] == [
        ("flaky", "ZeroDivisionError"),
        ("requesting", "ZeroDivisionError"),
    ]


def test_sem_12_an_exception_in_a_hook_is_recorded_and_the_run_succeeds() -> None:
    @success_hook
    def broken(_context: Any) -> None:
        raise ZeroDivisionError("hook")

    @job(hooks={broken})
    def hooked() -> None:
        echo(one())

    result = hooked.execute_in_process()
    assert result.success
    assert hook_events(result) == [("HOOK_ERRORED", "one"), ("HOOK_ERRORED", "echo")]
    (event, _) = result.filter_events(lambda event: event.is_hook_event)
    assert event.data is not None
    assert event.data.error.root.message == "hook"  # type: ignore[union-attr]  # hook data


def test_sem_12_the_context() -> None:
    @success_hook(required_resource_keys={"store"})
    def looks(context: Any) -> None:
        seen.append(
            (
                context.hook_def.name,
                context.op.name,
                dict(context.op.tags),
                context.step_key,
                context.run_id,
                context.job_name,
                context.op_config,
                context.op_exception,
                context.op_output_values,
                context.resources.store,
                context.required_resource_keys,
                context.op_output_metadata["result"]["rows"].value,
            )
        )

    @op(config_schema={"x": int}, tags={"team": "a"})
    def configured(context: Any) -> int:
        context.add_output_metadata({"rows": 3})
        return int(context.op_config["x"])

    @job(hooks={looks}, resource_defs={"store": "a store", "other": 1})
    def hooked() -> None:
        configured.alias("renamed").tag({"cost": "high"})()

    hooked.execute_in_process({"ops": {"renamed": {"config": {"x": 4}}}}, run_id="r")
    assert seen == [
        (
            "looks",
            "renamed",
            {"team": "a", "cost": "high"},
            "renamed",
            "r",
            "hooked",
            {"x": 4},
            None,
            {"result": 4},
            "a store",
            frozenset({"store"}),
            3,
        )
    ]


def test_sem_12_output_values_of_dynamic_outputs_and_of_failures_so_far() -> None:
    @op(out={"a": Out(), "b": Out()})
    def half() -> Iterator[Output[int]]:
        yield Output(1, "a")
        raise ZeroDivisionError

    @op(out=DynamicOut())
    def parts() -> Iterator[DynamicOutput[int]]:
        yield DynamicOutput(1, "x")
        yield DynamicOutput(2, "y")

    @event_list_hook
    def looks(context: Any, _events: Any) -> None:
        seen.append((context.step_key, context.op_output_values))

    @job(hooks={looks})
    def hooked() -> None:
        half()
        parts()

    hooked.execute_in_process(raise_on_error=False)
    assert seen == [("half", {"a": 1}), ("parts", {"result": {"x": 1, "y": 2}})]


def test_sem_12_an_event_list_hook_gets_the_events_of_its_step() -> None:
    @event_list_hook
    def lists(context: Any, events: Any) -> None:
        seen.append((context.step_key, [event.event_type_value for event in events]))

    @job(hooks={lists})
    def hooked() -> None:
        echo(one())

    hooked.execute_in_process()
    assert seen[1] == (
        "echo",
        ["STEP_START", "LOADED_INPUT", "STEP_INPUT", "STEP_OUTPUT", "HANDLED_OUTPUT", "STEP_SUCCESS"],
    )


def test_sem_12_only_the_declared_resources() -> None:
    @success_hook
    def curious(context: Any) -> None:
        try:
            _ = context.resources.store
        except UnknownResourceError as error:
            seen.append((str(error),))

    @job(hooks={curious}, resource_defs={"store": 1})
    def hooked() -> None:
        one()

    hooked.execute_in_process()
    assert "hook `curious` does not declare the resource `store`" in seen[0][0]


def test_sem_12_a_missing_resource_is_refused() -> None:
    @success_hook(required_resource_keys={"stor"})
    def needs(_context: Any) -> None: ...

    with pytest.raises(InvalidDefinitionError, match="`stor` is required by hook `needs`"):

        @job(hooks={needs}, resource_defs={"store": 1})
        def hooked() -> None:
            one()
