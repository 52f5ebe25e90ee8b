"""Config that a node has of its own, and defaults of graph inputs: what only specs can say."""

from __future__ import annotations

from typing import Any

import pytest

import jobc
from jobc.runtime.config.overlay import laid_over, with_values
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.ports import GraphIn
from jobc.runtime.definitions.sources import FanIn, GraphInput, NodeOutput
from jobc.runtime.definitions.types import resolve_type


@jobc.op(config_schema={"size": jobc.Field(int, default_value=1), "name": str})
def sized(context) -> Any:  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN401
    return context.op_config


@jobc.op(config_schema=jobc.Permissive({"size": jobc.Field(int, default_value=1)}))
def open_ended(context) -> Any:  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN401
    return context.op_config


@jobc.op(config_schema=int)
def number(context) -> Any:  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN401
    return context.op_config


@jobc.op
def show(value: int) -> int:
    return value


@jobc.op
def listed(values: list[int]) -> list[int]:
    return values


def graph_of(*nodes: Node) -> GraphDefinition:
    return GraphDefinition.of("g", {node.name: node for node in nodes}, {})


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        ({}, {"a": 1}, {"a": 1}),
        ({"a": 1}, {}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
        ({"a": [1]}, {"a": [2]}, {"a": [2]}),
        ({"a": 1}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    ],
)
def test_values_are_laid_over_each_other(
    below: dict[str, object], above: dict[str, object], expected: dict[str, object]
) -> None:
    assert laid_over(below, above) == expected


def test_a_node_gives_values_to_fields() -> None:
    graph = graph_of(Node("a", sized, config={"name": "x"}), Node("b", sized))
    config = {"ops": {"b": {"config": {"name": "y"}}}}
    result = graph.execute_in_process(run_config=config)
    assert result.output_for_node("a") == {"size": 1, "name": "x"}
    assert result.output_for_node("b") == {"size": 1, "name": "y"}


def test_an_open_config_takes_other_keys_too() -> None:
    result = graph_of(Node("a", open_ended, config={"more": [1]})).execute_in_process()
    assert result.output_for_node("a") == {"size": 1, "more": [1]}


def test_the_outermost_word_counts() -> None:
    inner = graph_of(Node("a", sized, config={"name": "inner", "size": 2}))
    outer = GraphDefinition.of(
        "outer", {"g": Node("g", inner, config={"ops": {"a": {"config": {"name": "outer"}}}})}, {}
    )
    assert outer.execute_in_process().output_for_node("g.a") == {"size": 2, "name": "outer"}
    assert inner.execute_in_process().output_for_node("a") == {"size": 2, "name": "inner"}


def test_values_that_do_not_fit_are_refused() -> None:
    field = sized.config_field
    with pytest.raises(jobc.InvalidDefinitionError, match="`nam`"):
        with_values("op `sized`", field, {"nam": "x"})
    with pytest.raises(jobc.InvalidConfigError):
        with_values("op `sized`", field, {"name": 1})
    with pytest.raises(jobc.InvalidConfigError):
        with_values("op `number`", number.config_field, {"name": 1})


def graph_with_default(default: object) -> GraphDefinition:
    return GraphDefinition.of(
        "g",
        {"show": Node("show", show), "listed": Node("listed", listed)},
        {
            "show": {"value": GraphInput("x")},
            "listed": {"values": FanIn((GraphInput("x"), NodeOutput("show")))},
        },
        ins={"x": GraphIn(None, default, resolve_type(int))},
        outputs={"result": NodeOutput("listed")},
    )


def test_the_default_of_a_graph_input_comes_last() -> None:
    graph = graph_with_default(7)
    assert graph.execute_in_process().output_value() == [7, 7]
    assert graph.execute_in_process(run_config={"inputs": {"x": 3}}).output_value() == [3, 3]
    assert graph.execute_in_process(input_values={"x": 4}).output_value() == [4, 4]
    assert graph.to_job(input_values={"x": 5}).execute_in_process().output_for_node("listed") == [5, 5]


def test_a_nested_graph_uses_its_default() -> None:
    outer = GraphDefinition.of(
        "outer",
        {"one": Node("one", graph_with_default(7))},
        {},
        outputs={"result": NodeOutput("one")},
    )
    assert outer.execute_in_process().output_value() == [7, 7]
    config = {"ops": {"one": {"inputs": {"x": 3}}}}
    assert outer.execute_in_process(run_config=config).output_value() == [3, 3]


def test_a_stated_type_counts_where_the_ops_do_not_agree() -> None:
    assert graph_with_default(7).input_type("x").name == "int"
