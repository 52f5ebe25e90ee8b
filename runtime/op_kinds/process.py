"""Run one process: its lines are told as they come, and nothing of it is left behind."""

from __future__ import annotations

import os
import signal
from codecs import getincrementaldecoder
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from asyncio import StreamReader
    from asyncio.subprocess import Process
    from collections.abc import Callable, Sequence

TAIL_LINES = 20
"""How many of the last lines of standard error a failure shows."""

_CHUNK_BYTES = 65536
_GRACE_S = 2.0


class Finished(NamedTuple):
    """How a process ended: its exit code (negative: the signal), its output, the last lines of its errors."""

    code: int
    output: str
    last_errors: tuple[str, ...]


class _Lines:
    """Cuts what comes in chunks into lines; bytes that are no UTF-8 become marks of replacement."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._decoder = getincrementaldecoder("utf-8")(errors="replace")
        self._begun: list[str] = []  # in parts: a line may be very long

    def add(self, chunk: bytes) -> str:
        """Tell the lines that are complete now, and return the text of the chunk."""
        text = self._decoder.decode(chunk)
        *ends, rest = text.split("\n")
        for end in ends:
            self._tell_with(end)
        self._begun.append(rest)
        return text

    def end(self) -> str:
        """Tell the last line if nothing ended it, and return what was left of the text."""
        text = self._decoder.decode(b"", final=True)
        if text or any(self._begun):
            self._tell_with(text)
        return text

    def _tell_with(self, end: str) -> None:
        line = "".join((*self._begun, end))
        self._begun.clear()
        self._tell(line.removesuffix("\r"))


async def run_process(
    arguments: Sequence[str], tell_output: Callable[[str], None], tell_error: Callable[[str], None]
) -> Finished:
    """Run a program to its end, in a process group of its own; every line is told when it is there.

    Errors: `OSError` or `ValueError` where it cannot be started. When it is cancelled, the whole group is
    stopped: asked first, killed after two seconds.
    """
    import asyncio
    from asyncio.subprocess import DEVNULL, PIPE

    process = await asyncio.create_subprocess_exec(
        *arguments, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    last_errors: deque[str] = deque(maxlen=TAIL_LINES)

    def note_error(line: str) -> None:
        last_errors.append(line)
        tell_error(line)

    texts: list[str] = []
    try:
        await asyncio.gather(
            _read(process.stdout, tell_output, texts.append), _read(process.stderr, note_error, _forget)
        )
        code = await process.wait()
    except BaseException:
        await _stop(process)
        raise
    return Finished(code, "".join(texts), tuple(last_errors))


async def _read(stream: StreamReader, tell: Callable[[str], None], keep: Callable[[str], None]) -> None:
    """Read a stream to its end, telling its lines; all of its text is given to `keep`, part by part."""
    lines = _Lines(tell)
    while chunk := await stream.read(_CHUNK_BYTES):
        keep(lines.add(chunk))
    keep(lines.end())


def _forget(_text: str) -> None:
    """Keep nothing: of standard error the last lines are all that is asked for."""


async def _stop(process: Process) -> None:
    """Stop all that is left of a process group, and wait until its pipes are closed."""
    import asyncio

    _signal(process, signal.SIGTERM)
    try:
        async with asyncio.timeout(_GRACE_S):
            await _drained(process)
    except TimeoutError:
        _signal(process, signal.SIGKILL)
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_S):
                await _drained(process)


async def _drained(process: Process) -> None:
    for stream in (process.stdout, process.stderr):
        while stream is not None and await stream.read(_CHUNK_BYTES):
            pass
    await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    """Send a signal to the group that a process leads; one that is gone needs none."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
