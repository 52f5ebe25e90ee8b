"""DESIGN 8: Ctrl-C and SIGTERM interrupt the running op; resources are closed, the run is CANCELED."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph_decorator import job
from jobc.runtime.definitions.hook import failure_hook
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.resource import resource
from jobc.runtime.definitions.values import Output
from jobc.runtime.execute.signals import RunTerminated
from jobc.runtime.storage.instance import Instance
from jobc.runtime.storage.runs import RunStatus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

log: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    log.clear()


@resource
def first() -> Iterator[int]:
    yield 1
    log.append("close first")


@resource(required_resource_keys={"first"})
def second(_context: Any) -> Iterator[int]:
    yield 2
    log.append("close second")


HOW: dict[str, tuple[Callable[[], None], type[BaseException]]] = {
    "ctrl_c": (lambda: signal.raise_signal(signal.SIGINT), KeyboardInterrupt),
    "sigterm": (lambda: signal.raise_signal(signal.SIGTERM), RunTerminated),
}


@pytest.mark.parametrize(("interrupt", "error"), HOW.values(), ids=list(HOW))
@pytest.mark.parametrize("raise_on_error", [True, False])
def test_an_interruption_closes_everything_and_cancels_the_run(
    interrupt: Callable[[], None], error: type[BaseException], raise_on_error: bool
) -> None:
    @failure_hook
    def notes(context: Any) -> None:
        log.append(f"hook of {context.step_key}")

    @op(required_resource_keys={"second"})
    def works(_context: Any) -> int:
        log.append("working")
        try:
            interrupt()
        finally:
            log.append("interrupted")
        return 1

    @op
    def later(value: int) -> int:
        log.append("later")
        return value

    @job(resource_defs={"first": first, "second": second}, hooks={notes})
    def interrupted() -> None:
        later(works())

    instance = Instance.ephemeral()
    with pytest.raises(error):
        interrupted.execute_in_process(instance=instance, run_id="r", raise_on_error=raise_on_error)
    assert log == ["working", "interrupted", "close second", "close first"]
    run = instance.get_run_by_id("r")
    assert run is not None
    assert run.status is RunStatus.CANCELED
    kinds = [(event.event_type_value, event.step_key) for event in instance.all_events("r")]
    assert kinds[-2:] == [("STEP_FAILURE", "works"), ("RUN_CANCELED", None)]


@pytest.mark.parametrize(("interrupt", "error"), HOW.values(), ids=list(HOW))
def test_an_interrupted_async_op_runs_its_cleanup(
    interrupt: Callable[[], None], error: type[BaseException]
) -> None:
    @op(required_resource_keys={"first"})
    async def waits(_context: Any) -> int:
        try:
            interrupt()
            await asyncio.Event().wait()
        finally:
            log.append("cleaned up")
        return 1

    @job(resource_defs={"first": first})
    def waiting() -> None:
        waits()

    with pytest.raises(error):
        waiting.execute_in_process()
    assert log == ["cleaned up", "close first"]


@pytest.mark.parametrize("style", ["coroutine", "generator"])
def test_an_async_op_that_waits_when_the_signal_comes_runs_its_cleanup(style: str) -> None:
    async def wait() -> None:
        try:
            asyncio.get_running_loop().call_later(0, lambda: os.kill(os.getpid(), signal.SIGTERM))
            await asyncio.Event().wait()
        finally:
            log.append("cleaned up")

    @op(required_resource_keys={"first"})
    async def waits(_context: Any) -> None:
        await wait()

    @op(required_resource_keys={"first"})
    async def waits_once(_context: Any) -> AsyncIterator[Output[int]]:
        await wait()
        yield Output(1)

    @job(resource_defs={"first": first})
    def waiting() -> None:
        (waits if style == "coroutine" else waits_once)()

    with pytest.raises(RunTerminated):
        waiting.execute_in_process()
    assert log == ["cleaned up", "close first"]


def test_an_async_op_in_the_thread_of_a_notebook_runs_its_cleanup() -> None:
    @op(required_resource_keys={"first"})
    async def waits(_context: Any) -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
        finally:
            log.append("cleaned up")

    @job(resource_defs={"first": first})
    def waiting() -> None:
        waits()

    async def notebook_cell() -> None:
        with pytest.raises(RunTerminated):
            waiting.execute_in_process()

    asyncio.run(notebook_cell())
    assert log == ["cleaned up", "close first"]


def test_sigterm_means_what_it_meant_after_the_run() -> None:
    @op
    def looks() -> bool:
        return signal.getsignal(signal.SIGTERM) is signal.SIG_DFL

    @job
    def looking() -> None:
        looks()

    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert looking.execute_in_process().output_for_node("looks") is False
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_program_that_handles_sigterm_keeps_its_handler() -> None:
    received: list[int] = []

    @op
    def works() -> int:
        signal.raise_signal(signal.SIGTERM)
        return 1

    @job
    def working() -> None:
        works()

    before = signal.signal(signal.SIGTERM, lambda number, _frame: received.append(number))
    try:
        assert working.execute_in_process().success
    finally:
        signal.signal(signal.SIGTERM, before)
    assert received == [signal.SIGTERM]


def test_a_run_in_another_thread_leaves_signals_alone() -> None:
    @op
    def works() -> int:
        return 1

    @job
    def working() -> None:
        works()

    results: list[bool] = []
    thread = threading.Thread(target=lambda: results.append(working.execute_in_process().success))
    thread.start()
    thread.join()
    assert results == [True]


def test_an_interruption_while_closing_closes_the_others_all_the_same() -> None:
    @resource(required_resource_keys={"first"})
    def stubborn(_context: Any) -> Iterator[int]:
        yield 2
        raise KeyboardInterrupt

    @op(required_resource_keys={"stubborn"})
    def works(_context: Any) -> int:
        return 1

    @job(resource_defs={"first": first, "stubborn": stubborn})
    def closing() -> None:
        works()

    instance = Instance.ephemeral()
    with pytest.raises(KeyboardInterrupt):
        closing.execute_in_process(instance=instance, run_id="r")
    assert log == ["close first"]
    run = instance.get_run_by_id("r")
    assert run is not None
    assert run.status is RunStatus.CANCELED


def test_an_interruption_while_opening_closes_what_is_open() -> None:
    @resource(required_resource_keys={"first"})
    def slow(_context: Any) -> int:
        raise KeyboardInterrupt

    @op(required_resource_keys={"slow"})
    def works(_context: Any) -> int:
        return 1

    @job(resource_defs={"first": first, "slow": slow})
    def opening() -> None:
        works()

    with pytest.raises(KeyboardInterrupt):
        opening.execute_in_process(raise_on_error=False)
    assert log == ["close first"]
