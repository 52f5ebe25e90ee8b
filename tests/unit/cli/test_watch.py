"""`jobc validate --watch`, as a process: it checks again when something changed, until it is interrupted."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jobc.cli import INTERRUPTED
from jobc.cli.watch import CLEAR, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]
DEADLINE_S = 60
SPEC = 'jobc: 1\nops:\n  greet: {python: "shop:greet"}\ngraphs:\n  hello: {wiring: greet()}\n'
# A shell may have started the tests with interrupts switched off, which processes inherit.
PROGRAM = """\
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from jobc.cli import main
sys.exit(main())
"""


class Watcher:
    """A process that watches, with its two outputs in one."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-c", PROGRAM, "validate", "--watch", *words],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        )
        self._guard = threading.Timer(DEADLINE_S, self._process.kill)
        self._guard.start()

    def next_report(self) -> str:
        """Return what is printed up to the line that says that it waits."""
        lines: list[str] = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("waiting for changes"):
                return "".join(lines)
            lines.append(line)
        raise AssertionError(f"it ended: {''.join(lines)}")

    def interrupt(self) -> tuple[int, str]:
        self._process.send_signal(signal.SIGINT)
        rest, _ = self._process.communicate()
        return self._process.returncode, rest

    def close(self) -> None:
        self._guard.cancel()
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Callable[..., Watcher]]:
    started: list[Watcher] = []

    def start(*words: str) -> Watcher:
        started.append(Watcher(tmp_path, *words))
        return started[-1]

    yield start
    for watcher in started:
        watcher.close()


def put(path: Path, text: str) -> None:
    """Write a file in one step: half of it would be a change of its own."""
    draft = path.with_name("draft")
    draft.write_text(text)
    draft.replace(path)


def test_it_checks_again_after_each_change(tmp_path: Path, watching: Callable[..., Watcher]) -> None:
    spec, functions = tmp_path / "a.yaml", tmp_path / "shop.py"
    put(spec, SPEC)
    put(functions, "def greet() -> None: ...\n")
    watcher = watching("a.yaml")
    assert watcher.next_report() == "1 file, 0 jobs: no mistakes found\n"
    put(spec, SPEC.replace("wiring: greet", "wiring: great"))
    assert "error[JC0311]: unknown op `great`" in watcher.next_report()
    put(spec, SPEC)
    assert watcher.next_report() == "1 file, 0 jobs: no mistakes found\n"
    put(functions, "def other() -> None: ...\n")
    assert "error[JC0302]" in watcher.next_report()
    put(tmp_path / "pyproject.toml", '[tool.jobc]\nignore = ["JC0302"]\n')
    assert watcher.next_report() == "1 file, 0 jobs: no mistakes found\n"
    assert watcher.interrupt() == (INTERRUPTED, "interrupted\n")


def test_folders_are_watched_for_new_files(tmp_path: Path, watching: Callable[..., Watcher]) -> None:
    watcher = watching("--format", "github")
    assert watcher.next_report() == ""
    (tmp_path / "sub").mkdir()
    put(tmp_path / "sub" / "a.yaml", "jobc: 2\n")
    assert watcher.next_report().startswith("::error file=sub/a.yaml,line=1,")
    assert watcher.interrupt()[0] == INTERRUPTED


def test_a_terminal_is_cleared_before_each_check_and_nothing_else_is(
    tmp_path: Path, watching: Callable[..., Watcher]
) -> None:
    assert "\x1b" not in watching().next_report()
    terminal, other_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "validate", "--watch"],
        cwd=tmp_path,
        stdout=other_end,
        stderr=other_end,
        env={"PYTHONPATH": str(ROOT), "TERM": "xterm"},
    )
    guard = threading.Timer(DEADLINE_S, process.kill)
    guard.start()
    os.close(other_end)
    shown = b""
    while b"waiting for changes" not in shown:
        shown += os.read(terminal, 1000)
    process.send_signal(signal.SIGINT)
    assert process.wait() == INTERRUPTED
    guard.cancel()
    os.close(terminal)
    assert shown.startswith(CLEAR.encode())


def test_nothing_of_caches_hidden_folders_and_libraries_is_seen(tmp_path: Path) -> None:
    names = [".git/a.yaml", "__pycache__/a.py", "venv/pyvenv.cfg", "venv/lib/a.py", "a.txt"]
    for name in [*names, "b.yaml", "sub/c.py"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert set(snapshot([tmp_path])) == {tmp_path / "b.yaml", tmp_path / "sub" / "c.py"}


def test_a_file_is_watched_before_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    before = snapshot([path])
    path.write_text("{}")
    assert snapshot([path]) != before
