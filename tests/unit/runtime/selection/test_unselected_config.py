"""Config and values for what a selection leaves out are known, and ignored (SEMANTICS 6)."""

from __future__ import annotations

from typing import Any

import pytest

from jobc import InvalidConfigError, InvalidDefinitionError, InvalidSubsetError, graph, job, op


@op(config_schema={"x": int})
def start(context: Any) -> int:
    value: int = context.op_config["x"]
    return value


@op(config_schema={"y": int})
def add(context: Any, value: int) -> int:
    return value + int(context.op_config["y"])


@op
def double(value: int) -> int:
    return value * 2


@graph
def inner(number: int) -> Any:
    return double(add(number))


@job
def whole() -> None:
    double.alias("last")(inner(start()))


@job
def from_outside(left: int, right: int) -> None:
    double.alias("first")(left)
    double.alias("second")(right)


CONFIG: dict[str, Any] = {
    "ops": {"start": {"config": {"x": 1}}, "inner": {"ops": {"add": {"config": {"y": 1}}}}},
}


@pytest.mark.parametrize(
    ("selection", "config", "steps"),
    [
        (["start"], CONFIG, ["start"]),
        (["*last"], CONFIG, ["start", "inner.add", "inner.double", "last"]),
        (
            ["inner"],
            {"ops": {**CONFIG["ops"], "inner": {**CONFIG["ops"]["inner"], "inputs": {"number": 5}}}},
            ["inner.add", "inner.double"],
        ),
        (
            ["inner.double"],
            {"ops": {"inner": {"ops": {"double": {"inputs": {"value": 4}}, "add": {"config": {"y": 1}}}}}},
            ["inner.double"],
        ),
    ],
    ids=["sem_6-node", "sem_6-everything", "sem_6-input_from_config", "sem_6-inside_a_graph"],
)
def test_config_of_unselected_nodes_is_ignored(
    selection: list[str], config: dict[str, Any], steps: list[str]
) -> None:
    result = whole.execute_in_process(config, op_selection=selection)
    assert [event.step_key for event in result.get_step_success_events()] == steps


def test_sem_6_config_of_unknown_nodes_is_an_error() -> None:
    with pytest.raises(InvalidConfigError, match="unknown entry `nope`"):
        whole.execute_in_process({"ops": {**CONFIG["ops"], "nope": {}}}, op_selection=["start"])


def test_sem_6_a_selected_input_without_a_value_is_an_error() -> None:
    with pytest.raises(InvalidConfigError, match="inner"):
        whole.execute_in_process(CONFIG, op_selection=["inner"])


def test_sem_6_input_values_of_unselected_inputs_are_ignored() -> None:
    result = from_outside.execute_in_process(op_selection=["first"], input_values={"left": 2, "right": 3})
    assert result.output_for_node("first") == 4
    result = from_outside.execute_in_process({"inputs": {"left": 2, "right": 3}}, op_selection=["second"])
    assert result.output_for_node("second") == 6


def test_sem_6_input_values_of_unknown_inputs_are_refused() -> None:
    with pytest.raises(InvalidDefinitionError, match="middle"):
        from_outside.execute_in_process(op_selection=["first"], input_values={"left": 2, "middle": 3})


def test_sem_6_to_job_makes_a_subset_for_good() -> None:
    subset = inner.to_job(op_selection=["double"])
    result = subset.execute_in_process({"ops": {"double": {"inputs": {"value": 3}}}}, op_selection=["*"])
    assert result.output_for_node("double") == 6
    with pytest.raises(InvalidSubsetError, match="add"):
        subset.execute_in_process(op_selection=["add"])
