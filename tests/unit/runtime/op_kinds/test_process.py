"""Processes: told line by line, ended with all they started."""

from __future__ import annotations

import asyncio
import os
import select
import sys

import pytest

from jobc.runtime.op_kinds.process import TAIL_LINES, Finished, run_process


def run(*arguments: str) -> tuple[Finished, list[str], list[str]]:
    printed: list[str] = []
    errors: list[str] = []
    return asyncio.run(run_process(arguments, printed.append, errors.append)), printed, errors


def python(text: str) -> tuple[str, str, str]:
    return sys.executable, "-c", text


def test_output_is_kept_whole_and_told_by_line() -> None:
    ended, printed, errors = run(*python("print('one'); print('two', end='')"))
    assert ended == Finished(0, "one\ntwo", ())
    assert (printed, errors) == (["one", "two"], [])


def test_lines_longer_than_any_buffer_stay_one_line() -> None:
    ended, printed, _ = run(*python("print('x' * 1_000_000)"))
    assert [len(line) for line in printed] == [1_000_000]
    assert len(ended.output) == 1_000_001


def test_the_last_lines_of_errors_are_kept() -> None:
    text = f"import sys\nfor number in range({TAIL_LINES + 5}): print(number, file=sys.stderr)\nsys.exit(3)"
    ended, _, errors = run(*python(text))
    assert ended.code == 3
    assert ended.last_errors == tuple(str(number) for number in range(5, TAIL_LINES + 5))
    assert len(errors) == TAIL_LINES + 5


def test_text_that_is_cut_between_bytes_is_whole_and_bytes_that_are_no_text_do_no_harm() -> None:
    text = "import sys; sys.stdout.buffer.write('é'.encode() * 70_000 + bytes([255]))"
    ended, _, _ = run(*python(text))
    assert ended.output == "é" * 70_000 + "\N{REPLACEMENT CHARACTER}"


def test_windows_line_ends_are_not_told() -> None:
    assert run(*python("print('a', end=chr(13) + chr(10))"))[1] == ["a"]


def test_the_signal_that_ended_a_process_is_its_negative_code() -> None:
    assert run(*python("import os; os.kill(os.getpid(), 9)"))[0].code == -9


def test_there_is_nothing_to_read_on_standard_input() -> None:
    assert run(*python("import sys; print(repr(sys.stdin.read()))"))[1] == ["''"]


@pytest.mark.parametrize("arguments", [("no-such-program-here",), (), ("echo", "a\0b")])
def test_what_cannot_be_started_raises(arguments: tuple[str, ...]) -> None:
    with pytest.raises((OSError, ValueError, TypeError)):
        run(*arguments)


CHILD = """
import os, signal, subprocess, sys
if {deaf}:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
child.wait()
"""


def is_over(process: int) -> bool:
    """Wait for a process to end, though not for long; one that is gone has ended."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("deaf", [False, True], ids=["listens", "does not listen"])
def test_when_cancelled_the_whole_group_is_ended(deaf: bool) -> None:
    printed: list[str] = []

    async def cancelled() -> None:
        started = asyncio.Event()

        def tell(line: str) -> None:
            printed.append(line)
            started.set()

        task = asyncio.create_task(run_process(python(CHILD.format(deaf=deaf)), tell, printed.append))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    (line,) = printed
    assert all(map(is_over, map(int, line.split())))
