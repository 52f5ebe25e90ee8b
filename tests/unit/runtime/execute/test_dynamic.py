"""SEMANTICS 10: dynamic outputs, mapping over them and collecting what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.ports import DynamicOut, Out
from jobc.runtime.definitions.values import DynamicOutput, Output
from jobc.runtime.errors import InvariantViolationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobc.runtime.execute.result import ExecuteInProcessResult


@op(out=DynamicOut(int))
def parts() -> Iterator[DynamicOutput[int]]:
    yield DynamicOutput(2, "two")
    yield DynamicOutput(1, "one")


@op(out=DynamicOut(int))
def no_parts() -> Iterator[DynamicOutput[int]]:
    yield from ()


@op(out=DynamicOut(int, is_required=False))
def perhaps_parts() -> Iterator[DynamicOutput[int]]:
    yield from ()


@op
def double(value: int) -> int:
    return value * 2


@op
def add(value: int, other: int) -> int:
    return value + other


@op
def ten() -> int:
    return 10


@op
def gather(values: list[int]) -> list[int]:
    return values


@op
def picky(value: int) -> int:
    if value == 1:
        raise ZeroDivisionError("one")
    return value


@op(out=Out(int, is_required=False))
def selective(value: int) -> Iterator[Output[int]]:
    if value != 1:
        yield Output(value)


def keys(result: ExecuteInProcessResult, kind: str) -> list[str | None]:
    return [event.step_key for event in result.all_events if event.event_type_value == kind]


def test_sem_10_keys_keep_the_order_of_emission_everywhere() -> None:
    @job
    def mapped() -> None:
        gather(parts().map(double).collect())

    result = mapped.execute_in_process()
    assert result.output_for_node("parts") == {"two": 2, "one": 1}
    assert result.output_for_node("double") == {"two": 4, "one": 2}
    assert result.output_for_node("gather") == [4, 2]
    assert keys(result, "STEP_SUCCESS") == ["parts", "double[two]", "double[one]", "gather"]
    assert [event.step_key for event in result.events_for_node("double")][:1] == ["double[two]"]


def test_sem_10_a_dynamic_output_is_collected_without_mapping() -> None:
    @job
    def collected() -> None:
        gather(parts().collect())

    assert collected.execute_in_process().output_for_node("gather") == [2, 1]


def test_sem_10_map_with_a_body_of_several_ops_and_an_input_from_outside() -> None:
    @job
    def mapped() -> None:
        base = ten()

        def body(part: Any) -> Any:
            return add(double(part), base)

        gather(parts().map(body).collect())

    result = mapped.execute_in_process()
    assert result.output_for_node("gather") == [14, 12]
    assert keys(result, "STEP_SUCCESS")[-5:] == [
        "double[two]",
        "double[one]",
        "add[two]",
        "add[one]",
        "gather",
    ]


def test_sem_10_results_of_a_map_can_be_mapped_again() -> None:
    @job
    def twice() -> None:
        gather(parts().map(double).map(double.alias("again")).collect())

    assert twice.execute_in_process().output_for_node("gather") == [8, 4]


def test_sem_10_graphs_are_mapped_like_ops_and_their_steps_have_the_key_at_the_end() -> None:
    @graph
    def quadruple(value: int) -> Any:
        return double.alias("second")(double.alias("first")(value))

    @job
    def mapped() -> None:
        gather(parts().map(quadruple).collect())

    result = mapped.execute_in_process()
    assert result.output_for_node("gather") == [8, 4]
    assert result.output_for_node("quadruple") == {"two": 8, "one": 4}
    assert "quadruple.first[two]" in keys(result, "STEP_SUCCESS")


def test_sem_10_a_dynamic_output_leaves_a_graph() -> None:
    @graph
    def inner() -> Any:
        return parts()

    @job
    def outer() -> None:
        gather(inner().map(double).collect())

    result = outer.execute_in_process()
    assert result.output_for_node("gather") == [4, 2]
    assert result.output_for_node("inner") == {"two": 2, "one": 1}


def test_sem_10_no_keys_of_a_required_output_collect_to_an_empty_list() -> None:
    @job
    def empty() -> None:
        gather(no_parts().map(double).collect())

    result = empty.execute_in_process()
    assert result.output_for_node("gather") == []
    assert result.output_for_node("double") == {}
    assert keys(result, "STEP_SKIPPED") == []


def test_sem_10_no_keys_of_an_optional_output_skip_the_collector() -> None:
    @job
    def empty() -> None:
        gather(perhaps_parts().map(double).collect())

    result = empty.execute_in_process()
    assert result.success
    assert keys(result, "STEP_SKIPPED") == ["double[?]", "gather"]


def test_sem_10_siblings_of_a_failed_instance_run_and_the_collector_does_not() -> None:
    @job
    def failing() -> None:
        gather(parts().map(picky).map(double).collect())

    result = failing.execute_in_process(raise_on_error=False)
    assert not result.success
    assert result.get_failed_step_keys() == {"picky[one]"}
    assert keys(result, "STEP_SUCCESS") == ["parts", "picky[two]", "double[two]"]
    assert result.events_for_node("gather") == []
    assert result.output_for_node("picky") == {"two": 2}


def test_sem_10_a_skipped_instance_is_absent_from_the_list() -> None:
    @job
    def selecting() -> None:
        gather(parts().map(selective).map(double).collect())

    result = selecting.execute_in_process()
    assert result.output_for_node("gather") == [4]
    assert keys(result, "STEP_SKIPPED") == ["double[one]"]


def test_sem_10_a_failed_emitter_abandons_its_instances_and_the_collector() -> None:
    @op(out=DynamicOut(int))
    def broken() -> Iterator[DynamicOutput[int]]:
        yield DynamicOutput(1, "one")
        raise ZeroDivisionError

    @job
    def breaking() -> None:
        gather(broken().map(double).collect())

    result = breaking.execute_in_process(raise_on_error=False)
    assert keys(result, "STEP_START") == ["broken"]
    assert keys(result, "STEP_SKIPPED") == []
    assert result.output_for_node("broken") == {"one": 1}


def test_sem_10_a_mapped_op_may_emit_dynamic_outputs_that_nothing_reads() -> None:
    @op(out=DynamicOut(int))
    def split(value: int) -> list[DynamicOutput[int]]:
        return [DynamicOutput(value, "a"), DynamicOutput(-value, "b")]

    @job
    def splitting() -> None:
        parts().map(split)

    assert splitting.execute_in_process().output_for_node("split") == {
        "two": {"a": 2, "b": -2},
        "one": {"a": 1, "b": -1},
    }


def test_sem_10_the_context_knows_the_key() -> None:
    @op
    def tell(context: Any, value: int) -> str:
        return f"{context.get_mapping_key()}={value} in {context.step_key}"

    @op
    def tell_plain(context: Any) -> object:
        return context.get_mapping_key()

    @job
    def telling() -> None:
        parts().map(tell)
        tell_plain()

    result = telling.execute_in_process()
    assert result.output_for_node("tell")["one"] == "one=1 in tell[one]"
    assert result.output_for_node("tell_plain") is None


def test_sem_10_config_is_per_op_and_retries_are_per_instance() -> None:
    tries: list[tuple[str, int]] = []

    @op(config_schema={"factor": int}, retry_policy=RetryPolicy(max_retries=1))
    def scale(context: Any, value: int) -> int:
        tries.append((context.get_mapping_key(), context.retry_number))
        if value == 1 and context.retry_number == 0:
            raise ZeroDivisionError
        return int(value * context.op_config["factor"])

    @job
    def scaling() -> None:
        gather(parts().map(scale).collect())

    result = scaling.execute_in_process({"ops": {"scale": {"config": {"factor": 3}}}})
    assert result.output_for_node("gather") == [6, 3]
    assert tries == [("two", 0), ("one", 0), ("one", 1)]
    assert keys(result, "STEP_RESTARTED") == ["scale[one]"]


BAD_KEYS: Sequence[str] = ("", "a-b", "a.b", "a b", "é")


@pytest.mark.parametrize("key", BAD_KEYS, ids=[f"sem_10_key_{index}" for index in range(len(BAD_KEYS))])
def test_a_mapping_key_is_a_name(key: str) -> None:
    @op(out=DynamicOut())
    def emits() -> Iterator[DynamicOutput[int]]:
        yield DynamicOutput(1, key)

    @job
    def emitting() -> None:
        emits()

    with pytest.raises(Exception, match="not a"):
        emitting.execute_in_process()


def test_sem_10_an_output_nobody_emitted_is_not_found() -> None:
    @job
    def selecting() -> None:
        no_parts().map(double)
        perhaps_parts().map(double.alias("never"))

    result = selecting.execute_in_process()
    assert result.output_for_node("double") == {}
    with pytest.raises(InvariantViolationError, match="No outputs found"):
        result.output_for_node("never")
