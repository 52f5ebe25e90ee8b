"""What a stranger may try with the Python API, and what is said to it."""

from __future__ import annotations

from typing import Any

import pytest

import jobc
from tests.conformance.api_jobs import (
    Reading,
    add_one,
    counting,
    reads_typed,
    return_one,
)

log: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    log.clear()


def test_an_op_that_is_called_directly_sees_processed_config() -> None:
    @jobc.op(config_schema={"factor": jobc.Field(int, default_value=3)})
    def scale(context: Any, value: int) -> int:
        return value * int(context.op_config["factor"])

    assert scale(jobc.build_op_context(), 2) == 6
    assert scale(jobc.build_op_context(op_config={"factor": 5}), value=2) == 10
    with pytest.raises(jobc.InvalidConfigError, match=r"op `scale`[\s\S]*factor"):
        scale(jobc.build_op_context(op_config={"factor": "5"}), 2)
    double = scale.configured({"factor": 2}, name="double")
    assert double(jobc.build_op_context(), 2) == 4
    with pytest.raises(jobc.InvalidInvocationError, match=r"`value`; its first argument is the context"):
        scale(2)


@jobc.op
def reads_with_context(context: Any, config: Reading, suffix: str) -> str:
    return f"{context.op_config['path']} {config.path}{suffix}"


def test_a_context_made_by_hand_brings_the_config_object() -> None:
    context = jobc.build_op_context(op_config={"path": "a"})
    assert reads_typed(context) == "a:10"
    assert reads_typed(Reading(path="b")) == "b:10"
    assert reads_with_context(context, suffix="!") == "a a!"
    with pytest.raises(jobc.InvalidConfigError, match="path"):
        reads_typed(jobc.build_op_context())


def test_a_body_that_is_not_a_plain_function_is_refused() -> None:
    async def waits() -> None:
        return_one()

    def yields() -> Any:
        yield return_one()

    for body in (waits, yields):
        for decorator in (jobc.job, jobc.graph):
            with pytest.raises(jobc.InvalidDefinitionError, match="must be a plain function"):
                decorator(body)


def test_an_async_resource_is_refused() -> None:
    async def opens(_context: Any) -> int:
        return 1

    with pytest.raises(jobc.InvalidDefinitionError, match="resource `opens` is async"):
        jobc.resource(opens)


def test_a_dynamic_output_takes_dynamic_outputs() -> None:
    @jobc.op(out=jobc.DynamicOut(int))
    def numbers() -> Any:
        return [1, 2]

    @jobc.job
    def mapping() -> None:
        numbers().map(add_one)

    with pytest.raises(jobc.InvariantViolationError, match="a list that holds a value of type `int`"):
        mapping.execute_in_process()


def test_resources_of_a_run_must_be_a_mapping() -> None:
    with pytest.raises(jobc.CheckError, match="`resources`"):
        counting.to_job().execute_in_process(resources=["database"])  # type: ignore[arg-type]


def test_an_exception_whose_text_cannot_be_shown_is_a_failure_like_any_other() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    @jobc.op
    def fails() -> None:
        raise MuteError

    @jobc.job
    def failing() -> None:
        fails()

    result = failing.execute_in_process(raise_on_error=False)
    failure = result.failure_data_for_node("fails")
    assert failure is not None
    assert failure.error.root.class_name == "MuteError"
    with pytest.raises(MuteError):
        failing.execute_in_process()


def test_what_is_printed_of_a_placeholder_says_what_it_stands_for() -> None:
    @jobc.job
    def printing() -> None:
        log.append(repr(return_one()))

    assert log == ["<the output `result` of `return_one`>"]


@jobc.op(timeout_s=0.001)
async def never_ends() -> None:
    import asyncio

    try:
        await asyncio.Event().wait()
    finally:
        log.append("cancelled")


def test_the_time_in_an_async_op_can_be_limited() -> None:
    @jobc.job
    def waiting() -> None:
        never_ends()

    with pytest.raises(TimeoutError):
        waiting.execute_in_process()
    result = waiting.execute_in_process(raise_on_error=False)
    assert result.get_failed_step_keys() == {"never_ends"}
    assert log == ["cancelled", "cancelled"]
    assert never_ends.timeout_s == 0.001


def test_a_limit_that_one_process_cannot_keep_is_told() -> None:
    limited = jobc.op(timeout_s=1, name="sync")(lambda: None)
    result = jobc.GraphDefinition("g", node_defs=[limited]).to_job().execute_in_process()
    told = [event.message for event in result.all_events if event.kind is jobc.EventKind.ENGINE_EVENT]
    assert len(told) == 1
    assert told[0].startswith("the limit of 1 s for op `sync` is not enforced")


def test_a_limit_that_makes_no_sense_is_refused() -> None:
    async def quick() -> None:
        pass

    for wrong in (0, -1, float("nan")):
        with pytest.raises(jobc.InvalidDefinitionError, match="more than 0 seconds"):
            jobc.op(timeout_s=wrong)(quick)
    for kind in ("1", True):
        with pytest.raises(jobc.CheckError, match="number of seconds"):
            jobc.op(timeout_s=kind)(quick)  # type: ignore[arg-type]
