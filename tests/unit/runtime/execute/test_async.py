"""SEMANTICS 19: async ops are awaited; asyncio is met only with the first of them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.graph_decorator import job
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.op_function import OpFunction
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.ports import DynamicOut, Out
from jobc.runtime.definitions.values import DynamicOutput, Output

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    log.clear()


@op
async def slow_one() -> int:
    await asyncio.sleep(0)
    return 1


@op(out={"a": Out(int), "b": Out(int)})
async def pair() -> AsyncIterator[Output[int]]:
    try:
        yield Output(1, "a")
        await asyncio.sleep(0)
        yield Output(2, "b")
    finally:
        log.append("closed")


@op(out=DynamicOut(int))
async def parts() -> AsyncIterator[DynamicOutput[int]]:
    for key in ("x", "y"):
        yield DynamicOutput(1, key)


@op
async def add(a: int, b: int) -> int:
    return a + b


@job
def asynchronous() -> None:
    a, b = pair()
    add(add.alias("first")(a, b), slow_one())
    parts()


def test_sem_19_coroutines_and_async_generators() -> None:
    result = asynchronous.execute_in_process()
    assert result.output_for_node("add") == 4
    assert result.output_for_node("parts") == {"x": 1, "y": 1}
    assert log == ["closed"]


def test_sem_19_inside_a_loop_that_runs_already() -> None:
    async def notebook_cell() -> int:
        return int(asynchronous.execute_in_process().output_for_node("add"))

    assert asyncio.run(notebook_cell()) == 4


def test_an_exception_leaves_an_async_op_like_any_other() -> None:
    @op(retry_policy=RetryPolicy(1))
    async def flaky(context: Any) -> int:
        await asyncio.sleep(0)
        if context.retry_number == 0:
            raise ZeroDivisionError
        return 1

    @op(out={"a": Out(), "b": Out()})
    async def half() -> AsyncIterator[Output[int]]:
        try:
            yield Output(1, "a")
            raise ZeroDivisionError("half")
        finally:
            log.append("closed")

    @job
    def failing() -> None:
        flaky()
        half()

    result = failing.execute_in_process(raise_on_error=False)
    assert result.output_for_node("flaky") == 1
    assert result.output_for_node("half", "a") == 1
    assert log == ["closed"]
    failure = result.failure_data_for_node("half")
    assert failure is not None
    assert failure.error.root.message == "half"


def test_a_mistake_in_an_output_closes_the_async_generator() -> None:
    @op
    async def raw() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            log.append("closed")

    @job
    def mistaken() -> None:
        raw()

    assert not mistaken.execute_in_process(raise_on_error=False).success
    assert log == ["closed"]


def limited(function: Any, style: Any, timeout_s: float) -> JobDefinition:
    made = OpDefinition.of(
        "limited", OpFunction(function, style=style), {}, {"result": Out()}, timeout_s=timeout_s
    )
    return JobDefinition(graph_def=GraphDefinition.of("one", {"limited": Node("limited", made)}, {}))


def test_a_timeout_cancels_a_coroutine_and_fails_the_step() -> None:
    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            log.append("cancelled")

    with pytest.raises(TimeoutError):
        limited(forever, "async", 0.001).execute_in_process()
    assert log == ["cancelled"]


def test_a_timeout_counts_the_time_in_an_async_generator_as_a_whole() -> None:
    async def forever() -> AsyncIterator[object]:
        yield Output(1)
        try:
            await asyncio.Event().wait()
        finally:
            log.append("cancelled")

    result = limited(forever, "async_generator", 0.001).execute_in_process(raise_on_error=False)
    assert result.output_for_node("limited") == 1
    assert result.get_failed_step_keys() == {"limited"}
    assert log == ["cancelled"]


def test_a_timeout_that_is_not_reached_changes_nothing() -> None:
    async def quick() -> int:
        return 5

    assert limited(quick, "async", 60).execute_in_process().output_for_node("limited") == 5


def test_a_job_without_async_ops_does_not_import_asyncio() -> None:
    program = (
        "import sys\n"
        "from jobc.runtime.definitions.graph_decorator import job\n"
        "from jobc.runtime.definitions.op_decorator import op\n"
        "@op\n"
        "def one() -> int: return 1\n"
        "@job\n"
        "def plain(): one()\n"
        "assert plain.execute_in_process().success\n"
        "print('asyncio' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
