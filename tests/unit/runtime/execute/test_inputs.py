"""SEMANTICS 8 and 3: where the inputs of steps get their values from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError, field_validator

from jobc.runtime.config import Config, InvalidConfigError
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.ports import In, Out
from jobc.runtime.definitions.sources import Constant, FanIn, GraphInput, NodeOutput
from jobc.runtime.definitions.types import resolve_type
from jobc.runtime.errors import InvalidDefinitionError, InvalidInvocationError, TypeCheckDidNotPass


@op
def echo(value: int) -> int:
    return value


@op
def fallback(value: int = 7) -> int:
    return value


@op
def gather(values: list[int]) -> list[int]:
    return values


def kinds(result: Any, path: str) -> list[str]:
    return [event.event_type_value for event in result.events_for_node(path)]


def test_sem_8_values_given_at_execution_come_before_those_of_the_job_and_before_config() -> None:
    @job(input_values={"a": 1, "b": 2})
    def given(a: Any, b: Any, c: Any, d: Any) -> None:
        echo.alias("a")(a)
        echo.alias("b")(b)
        echo.alias("c")(c)
        fallback(d)

    result = given.execute_in_process({"inputs": {"c": 3}}, input_values={"b": 20})
    assert [result.output_for_node(name) for name in ("a", "b", "c", "fallback")] == [1, 20, 3, 7]


def test_sem_8_a_value_is_handed_over_by_reference_without_any_io_manager() -> None:
    value = [1]

    @op
    def same(values: list[int]) -> list[int]:
        return values

    @job
    def referring(values: Any) -> None:
        same(values)
        same.alias("too")(values)

    result = referring.execute_in_process(input_values={"values": value})
    assert result.output_for_node("same") is value
    assert result.output_for_node("too") is value
    assert kinds(result, "same") == [
        "STEP_START",
        "STEP_INPUT",
        "STEP_OUTPUT",
        "HANDLED_OUTPUT",
        "STEP_SUCCESS",
    ]


def test_sem_8_values_are_checked_on_the_step_input() -> None:
    @job
    def given(a: Any) -> None:
        echo(a)

    for wrong in ("text", None):
        with pytest.raises(TypeCheckDidNotPass, match="the input `value` of `echo`"):
            given.execute_in_process(input_values={"a": wrong})


def test_sem_8_an_unknown_name_is_refused() -> None:
    @job
    def given(amount: Any) -> None:
        echo(amount)

    with pytest.raises(InvalidDefinitionError, match=r"`amuont`.*did you mean `amount`"):
        given.execute_in_process(input_values={"amuont": 1})


def test_sem_8_a_name_with_a_value_disappears_from_the_config() -> None:
    @job(input_values={"a": 1})
    def given(a: Any) -> None:
        echo(a)

    with pytest.raises(InvalidConfigError, match="inputs"):
        given.execute_in_process({"inputs": {"a": 2}})


def test_sem_8_a_value_that_config_cannot_give_is_missed_by_all_its_names() -> None:
    @op
    def when(moment: datetime) -> datetime:
        return moment

    @graph
    def inner(start: Any) -> None:
        when(start)

    @job
    def given(begin: Any) -> None:
        inner(begin)

    with pytest.raises(
        InvalidInvocationError, match=r"`begin`, which feeds the input `moment` of `inner.when`"
    ):
        given.execute_in_process()
    moment = datetime.fromisoformat("2024-01-01")
    assert given.execute_in_process(input_values={"begin": moment}).output_for_node("inner.when") == moment


def test_sem_8_values_reach_into_a_fan_in() -> None:
    made = JobDefinition(
        graph_def=GraphDefinition.of(
            "fan",
            {"fallback": Node("fallback", fallback), "gather": Node("gather", gather)},
            {"gather": {"values": FanIn((GraphInput("a"), NodeOutput("fallback")))}},
            ins={"a": _graph_in()},
        )
    )
    assert made.execute_in_process(input_values={"a": 1}).output_for_node("gather") == [1, 7]


def _graph_in() -> Any:
    from jobc.runtime.definitions.ports import GraphIn

    return GraphIn()


def test_sem_3_unconnected_inputs_take_values_from_config_at_every_depth() -> None:
    @graph
    def inner() -> None:
        echo()
        fallback()

    @job
    def configured() -> None:
        inner()
        echo.alias("top")()

    run_config = {
        "ops": {
            "top": {"inputs": {"value": 1}},
            "inner": {"ops": {"echo": {"inputs": {"value": {"value": 2}}}}},
        }
    }
    result = configured.execute_in_process(run_config)
    assert result.output_for_node("top") == 1
    assert result.output_for_node("inner.echo") == 2
    assert result.output_for_node("inner.fallback") == 7
    assert "LOADED_INPUT" not in kinds(result, "top")
    with pytest.raises(InvalidConfigError, match="value"):
        configured.execute_in_process()


def test_constants_of_a_spec_are_values_like_any_other() -> None:
    nodes = {"echo": Node("echo", echo), "bad": Node("bad", echo)}
    sources = {"echo": {"value": Constant(5)}, "bad": {"value": Constant("five")}}
    made = JobDefinition(graph_def=GraphDefinition.of("literal", nodes, sources))
    result = made.execute_in_process(raise_on_error=False)
    assert result.output_for_node("echo") == 5
    assert result.get_failed_step_keys() == {"bad"}


def test_a_fan_in_given_to_a_graph_is_one_list_inside() -> None:
    @graph
    def inner(values: Any) -> Any:
        return gather(values)

    @job
    def outer() -> None:
        inner([fallback(), echo(fallback.alias("again")())])

    assert outer.execute_in_process().output_for_node("inner") == [7, 7]


def test_keyword_and_positional_slots_reach_their_parameters() -> None:
    def mixed(first: int, /, second: int, *, third: int) -> tuple[int, int, int]:
        return first, second, third

    number = In(resolve_type(int))
    slots = (Slot("input", "a"), Slot("input", "second"), Slot("input", "c", keyword=True, parameter="third"))
    made = OpDefinition.of(
        "mixed", OpFunction(mixed, slots), {"a": number, "second": number, "c": number}, {"result": Out()}
    )
    sources = {"mixed": {"a": Constant(1), "second": Constant(2), "c": Constant(3)}}
    graph_def = GraphDefinition.of("mixing", {"mixed": Node("mixed", made)}, sources)
    assert JobDefinition(graph_def=graph_def).execute_in_process().output_for_node("mixed") == (1, 2, 3)


def test_functions_with_keywords_get_every_input() -> None:
    @op(ins={"a": In(int), "b": In(int)})
    def open_ended(a, **rest):  # type: ignore[no-untyped-def]  # declared by `ins`
        return a, rest

    @job
    def opening() -> None:
        open_ended(fallback(), fallback.alias("other")())

    assert opening.execute_in_process().output_for_node("open_ended") == (7, {"b": 7})


def test_explicit_ops_get_their_inputs_as_a_dict() -> None:
    def compute(context: Any, inputs: Any) -> object:
        return context.step_key, inputs

    made = OpDefinition(compute, "explicit", ins={"a": In(int)})

    @job
    def explicitly() -> None:
        made(fallback())

    assert explicitly.execute_in_process().output_for_node("explicit") == ("explicit", {"a": 7})


class Limits(Config):
    """Config with a rule of its own."""

    low: int = 1
    high: int

    @field_validator("high")
    @classmethod
    def _not_zero(cls, value: int) -> int:
        if value == 0:
            raise ValueError("high must not be 0")
        return value


def test_config_classes_are_made_for_the_op() -> None:
    @op
    def limited(context: Any, config: Limits) -> tuple[int, int, object]:
        return config.low, config.high, context.op_config

    @job
    def limiting() -> None:
        limited()

    result = limiting.execute_in_process({"ops": {"limited": {"config": {"high": 5}}}})
    assert result.output_for_node("limited")[:2] == (1, 5)
    with pytest.raises(ValidationError, match="high must not be 0"):
        limiting.execute_in_process({"ops": {"limited": {"config": {"high": 0}}}})
