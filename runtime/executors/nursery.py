"""The nursery: a small process that starts workers, says how they ended, and lets none outlive its parent.

It imports what workers need once and forks them from there, which takes a few milliseconds each (method
`forkserver`), or lets each begin as a new interpreter (`spawn`). It runs no code of a user, has one thread,
and does nothing but wait, so it can always act: when the process it belongs to is gone, however that ended,
its socket says so, and every worker is killed with all it started.

Orders and answers are records of a fixed size, so that their ends are known on a stream; an order to start a
worker comes with its channel, stdout and stderr as file descriptors.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

RECORD = struct.Struct("=cxxxiq")
"""What is ordered or answered, and two numbers."""
FORK: Final = b"F"
SPAWN: Final = b"S"
SIGNAL: Final = b"K"
"""Orders: start a worker (no numbers); send a worker's group (process id) a signal (its number)."""
STARTED: Final = b"P"
ENDED: Final = b"X"
"""Answers: the process id of the worker that was started; of one that ended, with its wait status."""

_BOOT = "import sys; sys.path[:] = {path!r}; from {module} import {function}; {function}({argument})"


def command_for(module: str, function: str, argument: int) -> list[str]:
    """Return the command line of a new interpreter that calls a function, with this one's import path."""
    code = _BOOT.format(path=sys.path, module=module, function=function, argument=argument)
    return [sys.executable, "-c", code]


def tend(control: int) -> None:
    """Be a nursery until the socket ends: the file descriptor is that of its stream."""
    import jobc.runtime.executors.worker
    import jobc.runtime.reconstruct  # noqa: F401 - workers are forked with it

    _Nursery(socket.socket(fileno=control)).serve()
    os._exit(0)  # there is nothing to flush, and who waits for the end waits no longer than it must


class _Nursery:
    """The workers that live, by process id."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: set[int] = set()
        self._bell, self._ringer = socket.socketpair()
        for end in (self._bell, self._ringer):
            end.setblocking(False)

    def serve(self) -> None:
        """Follow orders, and answer how workers ended, until the socket ends; then end all workers."""
        signal.set_wakeup_fd(self._ringer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.freeze()
        with suppress(OSError):
            while self._serve_once():
                pass
        for child in self._children:
            _kill_tree(child)

    def _serve_once(self) -> bool:
        """Follow one order or note what ended; False at the end of the socket."""
        readable, _, _ = select.select([self._control, self._bell], [], [])
        if self._bell in readable:
            self._bell.recv(4096)
            self._note_ended()
        if self._control not in readable:
            return True
        data, descriptors, _, _ = socket.recv_fds(self._control, RECORD.size, 3)
        if len(data) < RECORD.size:
            return False
        order, first, second = RECORD.unpack(data)
        self._follow(order, first, second, descriptors)
        return True

    def _follow(self, order: bytes, first: int, second: int, descriptors: list[int]) -> None:
        if order == SIGNAL:
            if first in self._children:
                self._signal(first, second)
            return
        child = os.fork()
        if child == 0:
            self._become_worker(order, descriptors)
        self._children.add(child)
        for each in descriptors:
            os.close(each)
        self._control.sendall(RECORD.pack(STARTED, child, 0))

    def _signal(self, child: int, number: int) -> None:
        if number == signal.SIGKILL:
            _kill_tree(child)
        else:
            _signal_group(child, number)

    def _become_worker(self, order: bytes, descriptors: list[int]) -> NoReturn:
        """Be a worker from now on, with a session of its own, so that all it starts can be ended with it."""
        code = 1
        try:
            channel, output, errors = descriptors
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (self._control, self._bell, self._ringer):
                end.close()
            for source, target in ((output, 1), (errors, 2)):
                os.dup2(source, target)
                os.close(source)
            if order == SPAWN:
                os.set_inheritable(channel, True)
                os.execv(sys.executable, command_for("jobc.runtime.executors.worker", "work", channel))  # noqa: S606
            from jobc.runtime.executors.worker import work

            work(channel)
            code = 0
        finally:
            _end_process(code)

    def _note_ended(self) -> None:
        for child in list(self._children):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                self._children.remove(child)
                _signal_group(child, signal.SIGKILL)
                self._control.sendall(RECORD.pack(ENDED, child, status))


def _signal_group(leader: int, number: int) -> None:
    with suppress(OSError):
        os.killpg(leader, number)


def _kill_tree(leader: int) -> None:
    """Kill a worker with all it started, in whatever session; it is stopped first, to start no more."""
    _signal_group(leader, signal.SIGSTOP)
    started = _descendants(leader)
    _signal_group(leader, signal.SIGKILL)
    for each in started:
        with suppress(OSError):
            os.kill(each, signal.SIGKILL)


def _descendants(ancestor: int) -> list[int]:
    """Return the processes below one, as far as the system tells: on Linux all of them."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found: list[int] = []
    waiting = [ancestor]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _end_process(code: int) -> NoReturn:
    """End a forked worker without what the nursery would do at its own end."""
    error = sys.exc_info()[1]
    if error is not None:
        import traceback

        traceback.print_exception(error)
    with suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
