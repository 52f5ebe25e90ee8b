"""SEMANTICS 9: Nothing, skipping, and what is downstream of a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.ports import In, Out
from jobc.runtime.definitions.types import Nothing
from jobc.runtime.definitions.values import Output
from jobc.runtime.errors import TypeCheckDidNotPass
from jobc.runtime.storage.events import InputData

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.execute.result import ExecuteInProcessResult


@op(out={"yes": Out(int, is_required=False), "no": Out(int, is_required=False)})
def branch() -> Iterator[Output[int]]:
    yield Output(1, "yes")


@op
def echo(value: int) -> int:
    return value


@op
def with_default(value: int = 7) -> int:
    return value


@op(ins={"start": In(Nothing)})
def after() -> int:
    return 5


@op(ins={"values": In(list[int])})
def total(values: list[int]) -> int:
    return sum(values)


@op
def fails() -> int:
    raise ZeroDivisionError("broken")


def keys(result: ExecuteInProcessResult, kind: str) -> list[str | None]:
    return [event.step_key for event in result.all_events if event.event_type_value == kind]


def test_sem_9_a_step_without_its_input_is_skipped_and_so_is_what_follows() -> None:
    @job
    def cascade() -> None:
        outputs = branch()
        echo.alias("taken")(outputs.yes)
        echo.alias("last")(echo.alias("left")(outputs.no))

    result = cascade.execute_in_process()
    assert result.success
    assert keys(result, "STEP_SKIPPED") == ["left", "last"]
    assert keys(result, "STEP_SUCCESS") == ["branch", "taken"]


def test_sem_9_a_default_does_not_save_a_connected_input() -> None:
    @job
    def defaulted() -> None:
        with_default(branch().no)

    assert keys(defaulted.execute_in_process(), "STEP_SKIPPED") == ["with_default"]


def test_sem_9_a_nothing_input_skips_too() -> None:
    @job
    def ordered() -> None:
        after(start=branch().no)

    assert keys(ordered.execute_in_process(), "STEP_SKIPPED") == ["after"]


def test_sem_9_a_fan_in_takes_what_is_there_in_order() -> None:
    @job
    def some() -> None:
        outputs = branch()
        total([echo.alias("first")(outputs.yes), outputs.no, with_default.alias("third")()])

    result = some.execute_in_process()
    assert result.output_for_node("total") == 8
    assert keys(result, "STEP_SKIPPED") == []


def test_sem_9_a_fan_in_without_anything_is_skipped() -> None:
    @job
    def none() -> None:
        outputs = branch()
        total([outputs.no, echo(outputs.no)])

    assert keys(none.execute_in_process(), "STEP_SKIPPED") == ["echo", "total"]


def test_sem_9_an_empty_fan_in_gets_an_empty_list() -> None:
    @job
    def empty() -> None:
        total([])

    assert empty.execute_in_process().output_for_node("total") == 0


def test_sem_9_what_is_downstream_of_a_failure_has_no_event_at_all() -> None:
    @job
    def broken() -> None:
        echo.alias("last")(echo.alias("next")(fails()))
        total([fails.alias("also")(), with_default()])
        echo.alias("apart")(with_default.alias("own")())

    result = broken.execute_in_process(raise_on_error=False)
    assert not result.success
    assert result.get_failed_step_keys() == {"fails", "also"}
    assert result.events_for_node("next") == []
    assert result.events_for_node("last") == []
    assert result.events_for_node("total") == []
    assert result.output_for_node("apart") == 7
    assert keys(result, "STEP_SKIPPED") == []


def test_sem_9_a_failed_step_abandons_even_what_reads_an_output_it_emitted() -> None:
    @op(out={"a": Out(), "b": Out()})
    def half() -> Iterator[Output[int]]:
        yield Output(1, "a")
        raise ZeroDivisionError

    @job
    def halves() -> None:
        echo(half().a)

    result = halves.execute_in_process(raise_on_error=False)
    assert result.output_for_node("half", "a") == 1
    assert result.events_for_node("echo") == []


def test_sem_9_nothing_orders_and_passes_no_data() -> None:
    order: list[str] = []

    @op(out=Out(Nothing))
    def first() -> None:
        order.append("first")

    @op(ins={"start": In(Nothing)})
    def second(value: int) -> int:
        order.append("second")
        return value

    @job
    def ordered() -> None:
        done = first()
        second(start=done, value=with_default())

    result = ordered.execute_in_process()
    assert order == ["first", "second"]
    inputs = [event.data for event in result.events_for_node("second") if isinstance(event.data, InputData)]
    names = [data.input_name for data in inputs if data.manager_key is None]
    assert names == ["value"]
    assert [event.event_type_value for event in result.events_for_node("first")] == [
        "STEP_START",
        "STEP_OUTPUT",
        "STEP_SUCCESS",
    ]


def test_sem_9_nothing_may_come_as_a_fan_in() -> None:
    @op(out=Out(Nothing))
    def first() -> None: ...

    @job
    def ordered() -> None:
        after(start=[first.alias("a")(), first.alias("b")()])

    assert ordered.execute_in_process().output_for_node("after") == 5


def test_sem_9_nothing_into_an_ordinary_input_is_none() -> None:
    @op(out=Out(Nothing))
    def first() -> None: ...

    @op
    def takes(value):  # type: ignore[no-untyped-def]  # any type
        return (value, "taken")

    @job
    def nones() -> None:
        takes(first())

    @job
    def numbers() -> None:
        echo(first())

    assert nones.execute_in_process().output_for_node("takes") == (None, "taken")
    with pytest.raises(
        TypeCheckDidNotPass, match="the input `value` of `echo` must be `int`, but it is of type `None`"
    ):
        numbers.execute_in_process()


def test_sem_9_an_op_annotated_with_none_has_an_output_of_type_nothing() -> None:
    @op
    def quiet() -> None: ...

    @job
    def quietly() -> None:
        after(start=quiet())

    result = quietly.execute_in_process()
    assert result.output_for_node("quiet") is None
    assert result.output_for_node("after") == 5


def order_only(later: str, *earlier: str) -> JobDefinition:
    nodes = {
        "branch": Node("branch", branch),
        "left": Node("left", echo),
        "fails": Node("fails", fails),
        "later": Node("later", with_default),
        "inner": Node("inner", _inner()),
    }
    from jobc.runtime.definitions.sources import NodeOutput

    sources = {"left": {"value": NodeOutput("branch", "no")}}
    return JobDefinition(
        graph_def=GraphDefinition.of("ordered", nodes, sources, order_only={later: tuple(earlier)})
    )


def _inner() -> GraphDefinition:
    @graph
    def inner() -> None:
        outputs = branch()
        echo.alias("taken")(outputs.yes)
        echo.alias("untaken")(outputs.no)

    return inner


ORDERED = {
    "runs_after_a_success": (("branch",), ["STEP_START"]),
    "is_skipped_after_a_skipped_node": (("left",), ["STEP_SKIPPED"]),
    "is_abandoned_after_a_failure": (("fails",), []),
    "runs_after_a_graph_of_which_something_ran": (("inner",), ["STEP_START"]),
}


@pytest.mark.parametrize(
    ("earlier", "expected"), ORDERED.values(), ids=[f"sem_9_after_{name}" for name in ORDERED]
)
def test_a_node_that_only_comes_after_another(earlier: tuple[str, ...], expected: list[str]) -> None:
    result = order_only("later", *earlier).execute_in_process(raise_on_error=False)
    assert [event.event_type_value for event in result.events_for_node("later")][:1] == expected
    started = keys(result, "STEP_START")
    if expected == ["STEP_START"]:
        assert started.index("later") > max(
            position for position, key in enumerate(started) if str(key).split(".")[0] == earlier[0]
        )
