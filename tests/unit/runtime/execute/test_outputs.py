"""SEMANTICS 9: what an op returns or yields, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import pytest
from pydantic import AfterValidator

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.graph_decorator import job
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.op_function import OpFunction
from jobc.runtime.definitions.ports import DynamicOut, In, Out
from jobc.runtime.definitions.types import JobcType, Nothing, TypeCheck
from jobc.runtime.definitions.values import (
    SKIP,
    AssetMaterialization,
    AssetObservation,
    DynamicOutput,
    ExpectationResult,
    Output,
)
from jobc.runtime.errors import (
    ExecutionStepExecutionError,
    InvariantViolationError,
    StepOutputNotFoundError,
    TypeCheckDidNotPass,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.execute.result import ExecuteInProcessResult

TWO = {"a": Out(int), "b": Out(str)}
OPTIONAL = {"a": Out(is_required=False), "b": Out(is_required=False)}


def returning(value: object, **options: Any) -> OpDefinition:
    @op(name="made", **options)
    def made():  # type: ignore[no-untyped-def]  # an annotation would declare a type
        return value

    return made


def yielding(*items: object, **options: Any) -> OpDefinition:
    @op(name="made", **options)
    def made():  # type: ignore[no-untyped-def]  # as above
        yield from items

    return made


def plain(value: object, outs: dict[str, Out]) -> OpDefinition:
    return OpDefinition.of("made", OpFunction(lambda: value, emission="plain"), {}, outs)


def plainly_yielding(items: tuple[object, ...], outs: dict[str, Out]) -> OpDefinition:
    def made() -> Iterator[object]:
        yield from items

    return OpDefinition.of("made", OpFunction(made, style="generator", emission="plain"), {}, outs)


def run(made: OpDefinition) -> ExecuteInProcessResult:
    return JobDefinition(
        graph_def=GraphDefinition.of("one", {"made": Node("made", made)}, {})
    ).execute_in_process()


def emitted(result: ExecuteInProcessResult) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in result.job_def.graph.nodes["made"].definition.outs:
        try:
            found[name] = result.output_for_node("made", name)
        except InvariantViolationError:
            continue
    return found


GIVES: dict[str, tuple[OpDefinition, dict[str, object]]] = {
    "value": (returning(3), {"result": 3}),
    "none_is_a_value": (returning(None), {"result": None}),
    "output_object": (returning(Output(3)), {"result": 3}),
    "output_object_for_a_named_output": (returning(Output(3, "x"), out={"x": Out()}), {"x": 3}),
    "tuple_for_several": (returning((1, "x"), out=TWO), {"a": 1, "b": "x"}),
    "tuple_of_outputs": (returning((Output(1, "a"), Output("x", "b")), out=TWO), {"a": 1, "b": "x"}),
    "tuple_is_a_value_for_one": (returning((1, 2)), {"result": (1, 2)}),
    "no_outputs": (returning(None, out={}), {}),
    "optional_returns_none": (returning(None, out=Out(is_required=False)), {"result": None}),
    "yield_outputs": (yielding(Output("x", "b"), Output(1, "a"), out=TWO), {"a": 1, "b": "x"}),
    "yield_leaves_optional_out": (yielding(Output(1, "a"), out=OPTIONAL), {"a": 1}),
    "yield_nothing_at_all": (yielding(out=OPTIONAL), {}),
    "nothing_counts_as_emitted": (yielding(out=Out(Nothing)), {"result": None}),
    "bool_is_an_int": (returning(True, out=Out(int)), {"result": True}),
    "dynamic_list": (
        returning([DynamicOutput(1, "x"), DynamicOutput(2, "y")], out=DynamicOut()),
        {"result": {"x": 1, "y": 2}},
    ),
    "dynamic_none_emitted": (yielding(out=DynamicOut()), {"result": {}}),
    "plain_tuple": (plain((1, "x"), TWO), {"a": 1, "b": "x"}),
    "plain_dict_by_name": (plain({"b": "x", "a": 1}, TWO), {"a": 1, "b": "x"}),
    "plain_dict_may_leave_optional_out": (plain({"a": 1}, OPTIONAL), {"a": 1}),
    "plain_dict_is_a_value_for_one": (plain({"a": 1}, {"result": Out()}), {"result": {"a": 1}}),
    "plain_skip_in_a_tuple": (plain((SKIP, 2), OPTIONAL), {"b": 2}),
    "plain_skip_alone": (plain(SKIP, {"result": Out(is_required=False)}), {}),
    "plain_yields_outputs": (plainly_yielding((Output(1, "a"),), OPTIONAL), {"a": 1}),
    "plain_dynamic_dict": (plain({"x": 1, "y": 2}, {"r": DynamicOut()}), {"r": {"x": 1, "y": 2}}),
    "plain_dynamic_pairs": (plain([("x", 1), ("y", 2)], {"r": DynamicOut()}), {"r": {"x": 1, "y": 2}}),
    "plain_dynamic_generator": (
        plainly_yielding((("x", 1), ("y", 2)), {"r": DynamicOut()}),
        {"r": {"x": 1, "y": 2}},
    ),
}


@pytest.mark.parametrize(("made", "expected"), GIVES.values(), ids=[f"sem_9_{name}" for name in GIVES])
def test_an_op_gives(made: OpDefinition, expected: dict[str, object]) -> None:
    result = run(made)
    assert result.success
    assert emitted(result) == expected


Wrong = InvariantViolationError
REFUSES: dict[str, tuple[OpDefinition, type[Exception], str]] = {
    "value_without_outputs": (returning(1, out={}), Wrong, "declares no outputs"),
    "list_for_several": (
        returning([1, "x"], out=TWO),
        Wrong,
        "must return a tuple in the order of the outputs",
    ),
    "dict_for_several": (returning({"a": 1, "b": "x"}, out=TWO), Wrong, "must return a tuple"),
    "short_tuple": (returning((1,), out=TWO), Wrong, "returned a tuple of 1"),
    "output_in_a_wrong_place": (
        returning((Output("x", "b"), Output(1, "a")), out=TWO),
        Wrong,
        "an Output for `b` in the place of `a`",
    ),
    "unknown_name_returned": (returning(Output(1, "resul")), Wrong, "did you mean `result`?"),
    "unknown_name_yielded": (yielding(Output(1, "c"), out=TWO), Wrong, "no output `c`: it has `a` and `b`"),
    "raw_yield": (yielding(1), Wrong, "yielded a value of type `int`"),
    "twice": (yielding(Output(1), Output(2)), Wrong, "emitted its output `result` twice"),
    "returned_event": (returning(AssetMaterialization("x")), Wrong, "returned an event"),
    "never_emitted": (yielding(), StepOutputNotFoundError, "`result`, which is required"),
    "type": (returning("x", out=Out(int)), TypeCheckDidNotPass, "must be `int`, but it is of type `str`"),
    "generic_type": (returning([1, "x"], out=Out(list[int])), TypeCheckDidNotPass, "must be `list[int]`"),
    "nothing_with_a_value": (returning(1, out=Out(Nothing)), TypeCheckDidNotPass, "must be `nothing`"),
    "output_on_dynamic": (
        yielding(Output(1), out=DynamicOut()),
        Wrong,
        "takes `DynamicOutput`, not `Output`",
    ),
    "dynamic_on_plain_out": (yielding(DynamicOutput(1, "x")), Wrong, "is not dynamic"),
    "dynamic_returned_on_plain_out": (returning(DynamicOutput(1, "x")), Wrong, "is not dynamic"),
    "dynamic_key_twice": (
        yielding(DynamicOutput(1, "x"), DynamicOutput(2, "x"), out=DynamicOut()),
        Wrong,
        "twice under the mapping key `x`",
    ),
    "dynamic_not_a_list": (
        returning(DynamicOutput(1, "x"), out=DynamicOut()),
        Wrong,
        "a list of DynamicOutput",
    ),
    "dynamic_list_of_values": (returning([1], out=DynamicOut()), Wrong, "a list of DynamicOutput"),
    "plain_skip_of_required": (plain(SKIP, {"result": Out()}), StepOutputNotFoundError, "is required"),
    "plain_unknown_name": (plain({"a": 1, "c": 2}, OPTIONAL), Wrong, "no output `c`"),
    "plain_missing_name": (plain({"a": 1}, TWO), StepOutputNotFoundError, "`b`, which is required"),
    "plain_not_a_tuple": (plain(1, TWO), Wrong, "or a dict by their names"),
    "plain_dynamic_not_pairs": (plain([1], {"r": DynamicOut()}), Wrong, "pairs of a text key and a value"),
    "plain_dynamic_not_iterable": (plain(1, {"r": DynamicOut()}), Wrong, "a dict or an iterable"),
}


@pytest.mark.parametrize(
    ("made", "error", "words"), REFUSES.values(), ids=[f"sem_9_{name}" for name in REFUSES]
)
def test_an_op_may_not_give(made: OpDefinition, error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        run(made)
    assert words in str(caught.value)
    assert "`made`" in str(caught.value)


def test_sem_9_outputs_emitted_before_a_missing_one_are_stored() -> None:
    @op(out=TWO)
    def half() -> Iterator[Output[int]]:
        yield Output(1, "a")

    @job
    def halves() -> None:
        half()

    result = halves.execute_in_process(raise_on_error=False)
    assert not result.success
    assert result.output_for_node("half", "a") == 1
    failure = result.failure_data_for_node("half")
    assert failure is not None
    assert failure.error.class_name == "StepOutputNotFoundError"


def test_sem_9_yielded_events_are_recorded_in_order() -> None:
    materialised, observed = AssetMaterialization("orders"), AssetObservation("orders")
    expected = ExpectationResult(success=False, label="rows")

    @op
    def reports() -> Iterator[object]:
        yield materialised
        yield observed
        yield Output(1)
        yield expected

    @job
    def reporting() -> None:
        reports()

    result = reporting.execute_in_process()
    assert result.asset_materializations_for_node("reports") == [materialised]
    assert result.asset_observations_for_node("reports") == [observed]
    assert result.expectation_results_for_node("reports") == [expected]
    assert [event.event_type_value for event in result.events_for_node("reports")] == [
        "STEP_START",
        "ASSET_MATERIALIZATION",
        "ASSET_OBSERVATION",
        "STEP_OUTPUT",
        "HANDLED_OUTPUT",
        "STEP_EXPECTATION_RESULT",
        "STEP_SUCCESS",
    ]


def checked_by(answer: object) -> JobcType:
    return JobcType(lambda _context, _value: answer, name="Even")


CHECKS: dict[str, tuple[object, type[Exception] | None, str]] = {
    "true": (True, None, ""),
    "false": (False, TypeCheckDidNotPass, "must be `Even`"),
    "type_check": (TypeCheck(success=True, metadata={"rows": 3}), None, ""),
    "type_check_fails": (TypeCheck(success=False, description="odd"), TypeCheckDidNotPass, "odd"),
    "another_answer": ("yes", InvariantViolationError, "bool or a TypeCheck"),
}


@pytest.mark.parametrize(
    ("answer", "error", "words"), CHECKS.values(), ids=[f"sem_9_{name}" for name in CHECKS]
)
def test_a_custom_check_may_answer(answer: object, error: type[Exception] | None, words: str) -> None:
    made = returning(2, out=Out(checked_by(answer)))
    if error is None:
        assert run(made).output_for_node("made") == 2
        return
    with pytest.raises(error, match=words):
        run(made)


def test_sem_9_metadata_of_a_type_check_is_in_the_event() -> None:
    made = returning(2, out=Out(checked_by(TypeCheck(success=True, metadata={"rows": 3}))))
    (event,) = run(made).filter_events(lambda event: event.is_successful_output)
    assert event.data is not None
    assert event.data.metadata["rows"].value == 3  # type: ignore[union-attr]  # output data


def test_sem_9_an_exception_in_a_check_leaves_as_it_is_and_is_recorded_under_a_wrapper() -> None:
    def broken(_context: object, _value: object) -> bool:
        raise ZeroDivisionError("check")

    made = returning(2, out=Out(JobcType(broken, name="Broken")))
    with pytest.raises(ZeroDivisionError):
        run(made)
    graph = GraphDefinition.of("one", {"made": Node("made", made)}, {})
    result = JobDefinition(graph_def=graph).execute_in_process(raise_on_error=False)
    failure = result.failure_data_for_node("made")
    assert failure is not None
    assert failure.error.class_name == "TypeCheckError"
    assert failure.error.root.class_name == "ZeroDivisionError"


def test_sem_9_inputs_are_checked_where_they_enter() -> None:
    @op
    def text() -> str:
        return "x"

    @op
    def number(value: int) -> int:
        return value

    @job
    def mismatch() -> None:
        number(text())

    with pytest.raises(TypeCheckDidNotPass, match="the input `value` of `number` must be `int`"):
        mismatch.execute_in_process()
    result = mismatch.execute_in_process(raise_on_error=False)
    assert result.get_failed_step_keys() == {"number"}
    assert [event.event_type_value for event in result.events_for_node("number")] == [
        "STEP_START",
        "LOADED_INPUT",
        "STEP_INPUT",
        "STEP_FAILURE",
    ]


def test_sem_9_a_default_of_another_type_is_refused_when_it_is_used() -> None:
    @op
    def lists(value: list[int] = ["x"]) -> int:  # type: ignore[list-item]  # noqa: B006 - the mistake under test
        return len(value)

    @job
    def defaults() -> None:
        lists()

    with pytest.raises(TypeCheckDidNotPass, match="the input `value` of `lists`"):
        defaults.execute_in_process()


def test_sem_9_a_type_error_does_not_show_the_value() -> None:
    with pytest.raises(TypeCheckDidNotPass) as caught:
        run(returning("s3cret", out=Out(int)))
    assert "s3cret" not in str(caught.value)


def test_sem_9_output_metadata_reaches_the_event() -> None:
    made = returning(Output(1, metadata={"rows": 3}))
    (event,) = run(made).filter_events(lambda event: event.is_successful_output)
    assert event.data is not None
    assert event.data.metadata["rows"].value == 3  # type: ignore[union-attr]  # output data


def test_sem_9_a_generator_is_closed_when_its_step_fails() -> None:
    closed: list[str] = []

    @op
    def tidy() -> Iterator[object]:
        try:
            yield "raw"
        finally:
            closed.append("tidy")

    @job
    def tidying() -> None:
        tidy()

    result = tidying.execute_in_process(raise_on_error=False)
    assert closed == ["tidy"]
    failure = result.failure_data_for_node("tidy")
    assert failure is not None
    assert failure.error.class_name != ExecutionStepExecutionError.__name__


def explode(value: int) -> int:
    raise ZeroDivisionError(f"cannot look at {value}")


Exploding = Annotated[int, AfterValidator(explode)]


@pytest.mark.parametrize("side", ["input", "output"])
def test_sem_9_a_type_that_cannot_be_asked_fails_the_step_at_that_place(side: str) -> None:
    @op(out=Out(Exploding if side == "output" else int))
    def source() -> int:
        return 1

    @op(ins={"value": In(Exploding if side == "input" else int)})
    def target(value: int) -> int:
        return value

    @job
    def asking() -> None:
        target(source())

    with pytest.raises(ZeroDivisionError, match="cannot look at 1"):
        asking.execute_in_process()
    result = asking.execute_in_process(raise_on_error=False)
    failure = result.failure_data_for_node("target" if side == "input" else "source")
    assert failure is not None
    assert failure.error.class_name == "TypeCheckError"
    starts = [event.step_key for event in result.all_events if event.is_step_start]
    assert starts == (["source", "target"] if side == "input" else ["source"])
