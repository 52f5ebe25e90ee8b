"""Worker processes, as the process that decides sees them: started, warm for the next run, killed, lost.

A pool belongs to one run at a time and has a nursery of its own; when the run has ended it waits, with its
workers, for the next one. Everything ends with this process.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import threading
from collections import deque
from contextlib import ExitStack, suppress
from functools import cache
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING
from weakref import WeakSet

from jobc.runtime.errors import SubprocessError
from jobc.runtime.executors.nursery import (
    ENDED,
    FORK,
    RECORD,
    SIGNAL,
    SPAWN,
    STARTED,
    command_for,
)

if TYPE_CHECKING:
    from jobc.runtime.executors.tasks import StepTask

FORKSERVER = "forkserver"
SPAWNED = "spawn"
_ORDERS = {FORKSERVER: FORK, SPAWNED: SPAWN}
_TAIL = 30
"""So many lines of a worker's stderr are told when it is lost."""


class Worker:
    """One worker: its channel, what it prints, and the task it is at."""

    def __init__(self, pid: int, connection: Connection, output: int, errors: int) -> None:
        self.pid = pid
        self.connection = connection
        self.output = output
        self.errors = errors
        self.task: StepTask | None = None
        self.step_key = ""
        self.is_new = True
        self.run_id: str | None = None
        self.tail: deque[str] = deque(maxlen=_TAIL)
        self.unfinished: dict[int, bytes] = {output: b"", errors: b""}

    def close(self) -> None:
        """Let go of the channel and the pipes."""
        self.connection.close()
        os.close(self.output)
        os.close(self.errors)


class Pool:
    """The workers of one nursery."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.workers: list[Worker] = []
        self._owner = os.getpid()
        self.control, theirs = socket.socketpair()
        command = command_for("jobc.runtime.executors.nursery", "tend", theirs.fileno())
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter
            command,
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        _open.add(self)
        self._endings: dict[int, int] = {}
        self._is_broken = False

    @property
    def is_alive(self) -> bool:
        """Tell whether the nursery lives and is understood."""
        return not self._is_broken and self._process.poll() is None

    def new_worker(self) -> Worker:
        """Start a worker.

        Errors: `SubprocessError` if that is not possible.
        """
        with ExitStack() as undo, ExitStack() as passed_on:
            try:
                ours, theirs = socket.socketpair()
                undo.callback(ours.close)
                passed_on.callback(theirs.close)
                (output, output_end), (errors, errors_end) = _pipe(undo, passed_on), _pipe(undo, passed_on)
                pid = self._started([theirs.fileno(), output_end, errors_end])
            except OSError as error:
                raise SubprocessError(f"no worker process can be started: {error}") from error
            worker = Worker(pid, Connection(ours.detach()), output, errors)
            undo.pop_all()
        self.workers.append(worker)
        return worker

    def signal(self, worker: Worker, number: int) -> None:
        """Send a signal to a worker and to all it started."""
        try:
            self.control.sendall(RECORD.pack(SIGNAL, worker.pid, number))
        except OSError:
            _signal_group(worker, number)

    def ending_of(self, worker: Worker) -> str:
        """Wait until a worker has ended and say how."""
        try:
            while worker.pid not in self._endings:
                self._read_answer()
        except OSError:
            return "was ended with the process that started it"
        return _told(self._endings.pop(worker.pid))

    def forget(self, worker: Worker) -> None:
        """Let go of a worker that has ended."""
        self.workers.remove(worker)
        worker.close()

    def end_workers(self) -> None:
        """End all workers; the nursery stays."""
        for worker in list(self.workers):
            self.signal(worker, signal.SIGKILL)
            self.ending_of(worker)
            self.forget(worker)

    def close(self) -> None:
        """End the nursery, and with it all workers."""
        if os.getpid() != self._owner:
            return
        with suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)
        self.control.close()
        self._process.wait()
        for worker in list(self.workers):
            _signal_group(worker, signal.SIGKILL)
            self.forget(worker)

    def _started(self, descriptors: list[int]) -> int:
        """Let the nursery start a worker with its channel, stdout and stderr, and return its process id."""
        try:
            order = RECORD.pack(_ORDERS[self.method], 0, 0)
            socket.send_fds(self.control, [order], descriptors)
            while (pid := self._read_answer()) is None:
                pass
        except BaseException:
            self._is_broken = True  # an answer may be under way that nobody will expect
            raise
        return pid

    def _read_answer(self) -> int | None:
        """Read an answer of the nursery; return the process id if it is that of a new worker.

        Errors: `OSError` if the nursery is gone.
        """
        data = self.control.recv(RECORD.size, socket.MSG_WAITALL)
        if len(data) < RECORD.size:
            raise ConnectionResetError("the process that starts workers has ended")
        kind, pid, status = RECORD.unpack(data)
        if kind == STARTED:
            return int(pid)
        assert kind == ENDED
        self._endings[pid] = status
        return None


_open: WeakSet[Pool] = WeakSet()


def _let_go() -> None:
    """Close what a forked process inherited, so that no nursery waits for its end, too."""
    for pool in _open:
        pool.control.close()


os.register_at_fork(after_in_child=_let_go)


class Pools:
    """The pools of this process that wait for a run; where there are none, those of `stock` are taken."""

    def __init__(self, stock: Pools | None = None) -> None:
        self._idle: list[Pool] = []
        self._stock = stock
        # Whoever holds it may collect garbage, and with that retire pools.
        self._lock = threading.RLock()
        atexit.register(self.close)

    def take(self, method: str) -> Pool:
        """Return a pool of workers that are started by a method, warm if there is one."""
        with self._lock:
            for pool in self._idle:
                if pool.method == method:
                    self._idle.remove(pool)
                    if pool.is_alive:
                        return pool
                    pool.close()
                    break
        return Pool(method) if self._stock is None else self._stock.take(method)

    def prepare(self, method: str) -> None:
        """Begin to start a nursery, if none waits, so that it is ready when a run comes to need it."""
        with self._lock:
            if not any(pool.method == method for pool in self._idle):
                self._idle.append(Pool(method))

    def give_back(self, pool: Pool) -> None:
        """Let a pool wait for the next run, unless something is wrong with it."""
        if not pool.is_alive:
            pool.close()
            return
        with self._lock:
            self._idle.append(pool)

    def retire(self) -> None:
        """End all workers, and put their nurseries, which know nothing of any job, into the stock."""
        assert self._stock is not None
        with self._lock:
            while self._idle:
                pool = self._idle.pop()
                pool.end_workers()
                self._stock.give_back(pool)
        atexit.unregister(self.close)

    def close(self) -> None:
        """End all that wait."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()


def pools() -> Pools:
    """Return the pools of this process; one that was forked has its own."""
    return _pools(os.getpid())


@cache
def _pools(_pid: int) -> Pools:
    return Pools()


def _pipe(undo: ExitStack, passed_on: ExitStack) -> tuple[int, int]:
    """Return a pipe whose end to read never blocks; each end is closed with its stack."""
    ours, theirs = os.pipe()
    undo.callback(os.close, ours)
    passed_on.callback(os.close, theirs)
    os.set_blocking(ours, False)
    return ours, theirs


def _signal_group(worker: Worker, number: int) -> None:
    with suppress(OSError):
        os.killpg(worker.pid, number)


def _told(status: int) -> str:
    """Say how a process ended, by its wait status."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        hint = " (the system does so when memory runs out)" if number == signal.SIGKILL else ""
        return f"was ended by {name}{hint}"
    return f"ended with exit code {os.WEXITSTATUS(status)}"
