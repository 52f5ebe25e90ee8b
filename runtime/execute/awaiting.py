"""Async ops: one event loop per run, made when the first of them is met."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Coroutine, Iterator
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")


class Awaiter:
    """Runs coroutines to their end, from code that is not async.

    Inside a loop that already runs (a notebook) the work is done in a thread with a loop of its own.
    """

    def __init__(self) -> None:
        self._runner: asyncio.Runner | None = None
        self._thread: ThreadPoolExecutor | None = None

    def wait_for(self, awaitable: Coroutine[object, object, T], timeout_s: float | None) -> T:
        """Return what a coroutine returns.

        Errors: what it raises; `TimeoutError` after `timeout_s` seconds, once the coroutine was cancelled.
        """
        if timeout_s is None:
            return self._run(awaitable)
        return self._run(_limited(awaitable, timeout_s))

    def iterate(self, generator: AsyncGenerator[T, None], timeout_s: float | None) -> Iterator[T]:
        """Yield what an async generator yields; the limit holds for the time spent in it as a whole.

        Errors: what it raises; `TimeoutError`.
        """
        from time import monotonic

        left = timeout_s
        while True:
            began = monotonic()
            try:
                item = self.wait_for(_next(generator), left)
            except _EndedError:
                return
            if left is not None:
                left = max(0.0, left - (monotonic() - began))
            yield item

    def close_generator(self, generator: AsyncGenerator[object, None]) -> None:
        """Let an async generator run its cleanup."""
        self._run(_close(generator))

    def close(self) -> None:
        """Close the loop, if one was made: what is still pending is cancelled and cleaned up."""
        if self._runner is not None:
            if self._thread is None:
                self._runner.close()
            else:
                self._thread.submit(self._runner.close).result()
                self._thread.shutdown()
            self._runner = self._thread = None

    def _run(self, awaitable: Coroutine[object, object, T]) -> T:
        import asyncio

        if self._runner is None:
            self._runner = asyncio.Runner()
            if _loop_runs_here():
                from concurrent.futures import ThreadPoolExecutor

                self._thread = ThreadPoolExecutor(1, "jobc-async")
                self._thread.submit(self._runner.get_loop).result()
        if self._thread is None:
            return _run_here(self._runner, awaitable)
        return _run_there(self._runner, self._thread, awaitable)


def _run_here(runner: asyncio.Runner, awaitable: Coroutine[object, object, T]) -> T:
    """Run a coroutine in this thread; one that an interruption left behind is cancelled and cleans up."""
    try:
        return runner.run(awaitable)
    except KeyboardInterrupt:
        runner.get_loop().run_until_complete(_cancel_others())
        raise


def _run_there(
    runner: asyncio.Runner, thread: ThreadPoolExecutor, awaitable: Coroutine[object, object, T]
) -> T:
    """Run a coroutine in another thread, which an interruption of this one does not reach by itself.

    The interruption may come as soon as the coroutine is handed over, before there is a future to wait for;
    what waits behind it in that one thread has its turn once the coroutine has ended and cleaned up.
    """
    future = None
    try:
        future = thread.submit(runner.run, awaitable)
        return future.result()
    except KeyboardInterrupt:
        if future is None or not future.done():
            runner.get_loop().call_soon_threadsafe(_cancel_all)
            thread.submit(runner.get_loop).result()
        raise


def _loop_runs_here() -> bool:
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def _limited(awaitable: Coroutine[object, object, T], timeout_s: float) -> T:
    import asyncio

    limit = asyncio.timeout(timeout_s)
    try:
        async with limit:
            return await awaitable
    except TimeoutError:
        if limit.expired():
            raise TimeoutError(f"it took longer than {timeout_s:g} s and was stopped") from None
        raise


def _cancel_all() -> None:
    import asyncio

    for task in asyncio.all_tasks():
        task.cancel()


async def _cancel_others() -> None:
    import asyncio

    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _next(generator: AsyncGenerator[T, None]) -> T:
    try:
        return await anext(generator)
    except StopAsyncIteration as ended:
        raise _EndedError from ended


async def _close(generator: AsyncGenerator[object, None]) -> None:
    await generator.aclose()


class _EndedError(Exception):
    """An async generator ended; a coroutine may not raise `StopAsyncIteration` itself."""
