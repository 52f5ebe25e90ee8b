"""Many files shared among processes: one answer, in the order of the files, whoever finds it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

import jobc.compiler.crew
from jobc.compiler.analysis import analyse_all
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = 12
SPEC = """\
jobc: 1
ops:
  greet: {python: "shop:greet", inputs: {times: int}}
graphs:
  hello:
    wiring: greet(times=TIMES)
jobs:
  hello: {graph: hello}
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no workers without fork")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write specs that are worth workers, every third with a mistake."""
    monkeypatch.chdir(tmp_path)
    for number in range(FILES):
        text = SPEC.replace("TIMES", '"3"' if number % 3 == 0 else "3")
        (tmp_path / f"s{number:02}.yaml").write_text(text + "#" * number * 20_000)
    (tmp_path / "shop.py").write_text("def greet(times: int): ...\n")
    return tmp_path


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the processes that are started."""
    started = []
    fork = os.fork

    def noting() -> int:
        process = fork()
        started.append(process)
        return process

    monkeypatch.setattr(os, "fork", noting)
    return started


@pytest.mark.parametrize(("processes", "expected"), [(1, 0), (2, 1), (3, 2), (100, 11)])
def test_any_number_of_processes_has_one_answer(
    processes: int, expected: int, folder: Path, workers: list[int]
) -> None:
    alone = validate(["."])
    together = validate(["."], processes=processes)
    assert together == alone
    assert list(together.texts) == list(alone.texts)
    assert [each.location.file for each in together.diagnostics] == [f"s{n:02}.yaml" for n in range(0, 12, 3)]
    assert len(workers) == expected
    assert_all_ended(workers)


def assert_all_ended(workers: list[int]) -> None:
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def test_a_small_request_needs_no_worker(folder: Path, workers: list[int]) -> None:
    assert validate(["s00.yaml", "s01.yaml"], processes=2).files == 2
    assert workers == []


def test_a_process_with_threads_does_not_fork(folder: Path, workers: list[int]) -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    assert validate(["."], processes=2).files == FILES
    done.set()
    thread.join()
    assert workers == []


def die(code: int) -> Callable[..., object]:
    return lambda *_, **__: os._exit(code)


def be_killed(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(*_: object, **__: object) -> None:
    raise ZeroDivisionError("by nothing")


@pytest.mark.parametrize("end", [die(0), die(1), be_killed, fail])
def test_what_a_worker_did_not_do_is_done_here(
    end: Callable[..., object], folder: Path, workers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = validate(["."])
    home = os.getpid()

    def only_here(*arguments: object, **named: object) -> object:
        return (analyse_all if os.getpid() == home else end)(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(jobc.compiler.crew, "analyse_all", only_here)
    assert validate(["."], processes=3) == expected
    assert_all_ended(workers)


def test_where_no_process_can_be_started_the_work_is_done_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = validate(["."])

    def refuse() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    assert validate(["."], processes=3) == expected


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_no_worker_is_left_when_this_process_fails(
    error: type[BaseException], folder: Path, workers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = os.getpid()

    def fail_here(*_: object, **__: object) -> None:
        if os.getpid() == home:
            raise error
        signal.pause()

    monkeypatch.setattr(jobc.compiler.crew, "analyse_all", fail_here)
    with pytest.raises(error):
        validate(["."], processes=3)
    assert len(workers) == 2
    assert_all_ended(workers)


def test_workers_remember_what_they_found(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOBC_NO_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    first = validate(["."], processes=2, is_cached=True)
    monkeypatch.setattr(jobc.compiler.crew, "analyse_all", fail)
    assert validate(["."], processes=2, is_cached=True) == first


def test_an_interrupt_ends_the_command_and_all_of_its_processes(folder: Path) -> None:
    program = (
        "import os, signal, sys, jobc.cli.checking as checking, jobc.compiler.crew as crew\n"
        "home = os.getpid()\n"
        "def wait(*_, **__):\n"
        "    if os.getpid() == home: os.killpg(0, signal.SIGINT)\n"
        "    signal.pause()\n"
        "crew.analyse_all, checking._processes = wait, lambda: 3\n"
        "from jobc.cli import main\n"
        "sys.exit(main(['validate']))\n"
    )
    command = [sys.executable, "-c", program]
    outcome = subprocess.run(
        command, capture_output=True, check=False, text=True, start_new_session=True, timeout=60
    )
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (130, "", "interrupted\n")
