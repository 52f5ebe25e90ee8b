"""The carrier of the `multiprocess` executor: tasks go to warm worker processes of this machine."""

from __future__ import annotations

import os
import pickle
import select
import selectors
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from jobc.runtime.errors import UnmetExecutorRequirementsError
from jobc.runtime.executors.pool import Pools, Worker, pools
from jobc.runtime.executors.tasks import JobRefused, StepEnded, StepLost
from jobc.runtime.executors.worker import Place, RunOrders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from jobc.runtime.executors.tasks import RunTerms, StepMessage, StepTask

CLOSING_S = 5.0
"""So long a worker that is interrupted has time to close what it opened; then it is killed."""
_CHUNK = 65536
"""So many bytes are read at a time; a pipe holds no more."""

Told = tuple[int, "StepMessage"]


class Workers:
    """Carries tasks to the workers of a pool, each of which takes one at a time.

    The pool is one of those that all runs of this process share, or of `shared`.
    """

    def __init__(self, count: int, method: str, shared: Pools | None = None) -> None:
        self._count = count
        self._method = method
        self._pools = shared or pools()
        self._selector = selectors.DefaultSelector()
        self._watched: list[Worker] = []
        self._told: deque[Told] = deque()
        self._stopped: set[Worker] = set()

    @property
    def capacity(self) -> int:
        """How many tasks run at a time."""
        return self._count

    def __enter__(self) -> Self:
        self._pool = self._pools.take(self._method)
        for worker in self._pool.workers:
            self._watch(worker)
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers that are still at a task; the others wait for the next run."""
        busy = [worker for worker in self._watched if worker.task is not None]
        try:
            self._interrupt(busy)
        finally:
            for worker in busy:
                if worker in self._watched:
                    self._lose(worker)
            self._selector.close()
            self._pools.give_back(self._pool)

    def open(self, terms: RunTerms) -> None:
        """Learn the terms of the run.

        Errors: `UnmetExecutorRequirementsError` for config that cannot be sent to another process.
        """
        self.obey(terms.run.run_id, RunOrders(Place.here(), packed(terms)))

    def obey(self, run_id: str, orders: RunOrders) -> None:
        """Learn the orders of the run, which no other run of the same pool calls by this id."""
        self._run_id = run_id
        self._orders = orders

    def start(self, task: StepTask, step_key: str) -> None:
        """Give a task to an idle worker, a new one if there is none."""
        self._give(self._idle_worker() or self._new_worker(), task, step_key)

    def stop(self, ticket: int, reason: str) -> None:  # noqa: ARG002 - who asks says it in the step's error
        """Kill the worker of a task and everything it started."""
        for worker in self._watched:
            if worker.task is not None and worker.task.ticket == ticket:
                self._stopped.add(worker)
                self._pool.signal(worker, signal.SIGKILL)

    def messages(self, timeout_s: float | None) -> Iterable[Told]:
        """Wait for messages of workers; what they print is passed on meanwhile."""
        ends_at = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._told:
            left = None if ends_at is None else max(0.0, ends_at - time.monotonic())
            ready = self._selector.select(left)
            for each, _ in ready:
                self._read(*each.data)
            if not ready or left == 0.0:  # what prints without end does not keep us
                break
        while self._told:
            yield self._told.popleft()

    def _idle_worker(self) -> Worker | None:
        """Return a worker without a task; those that died meanwhile are let go of."""
        for worker in [each for each in self._watched if each.task is None]:
            readable, _, _ = select.select([worker.connection.fileno()], [], [], 0)
            if not readable:
                return worker
            self._lose(worker)
        return None

    def _give(self, worker: Worker, task: StepTask, step_key: str) -> None:
        worker.task, worker.step_key = task, step_key
        worker.tail.clear()
        # One that dies at this moment cannot take the task: it is noticed as if it died of it.
        with suppress(OSError):
            if worker.run_id != self._run_id:
                worker.run_id = self._run_id
                worker.connection.send(self._orders)
            worker.connection.send(task)

    def _read(self, worker: Worker, descriptor: int) -> None:
        if worker not in self._watched:  # it was let go of while others were read
            return
        if descriptor == worker.connection.fileno():
            self._receive(worker)
        elif self._pass_on(worker, descriptor) == 0:
            self._selector.unregister(descriptor)

    def _receive(self, worker: Worker) -> None:
        try:
            message: StepMessage = worker.connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            self._lose(worker)
            return
        task = worker.task
        if task is None:
            return
        self._drain(worker)
        if isinstance(message, JobRefused) and not worker.is_new:
            self._replace(worker, task)
            return
        if isinstance(message, StepEnded):
            worker.task, worker.is_new = None, False
        self._told.append((task.ticket, message))
        if worker.task is None and worker in self._stopped:  # it ended its task while its end was on the way
            self._lose(worker)

    def _replace(self, worker: Worker, task: StepTask) -> None:
        """Give a task to a new worker where one that has been here long knows another version of the job."""
        step_key = worker.step_key
        worker.task = None
        self._lose(worker)
        self._give(self._new_worker(), task, step_key)

    def _lose(self, worker: Worker) -> None:
        """Let go of a worker that has ended, and tell how if it was at a task."""
        for descriptor in (worker.connection.fileno(), worker.output, worker.errors):
            with suppress(KeyError):
                self._selector.unregister(descriptor)
        self._watched.remove(worker)
        self._stopped.discard(worker)
        # It may have closed its channel and live on.
        self._pool.signal(worker, signal.SIGKILL)
        ending = self._pool.ending_of(worker)
        self._drain(worker)
        if worker.task is not None:
            self._told.append((worker.task.ticket, StepLost(ending, tuple(worker.tail))))
        self._pool.forget(worker)

    def _new_worker(self) -> Worker:
        worker = self._pool.new_worker()
        self._watch(worker)
        return worker

    def _watch(self, worker: Worker) -> None:
        self._watched.append(worker)
        for descriptor in (worker.connection.fileno(), worker.output, worker.errors):
            self._selector.register(descriptor, selectors.EVENT_READ, (worker, descriptor))

    def _drain(self, worker: Worker) -> None:
        """Pass on what a worker has printed so far, no more than a pipe holds: it may go on printing."""
        for descriptor in (worker.output, worker.errors):
            left = _CHUNK
            while left > 0 and (count := self._pass_on(worker, descriptor)):
                left -= count
            self._print_rest(worker, descriptor)

    def _pass_on(self, worker: Worker, descriptor: int) -> int | None:
        """Print the lines that a worker printed and return how much was read: 0 at its end, else None."""
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return None
        *lines, rest = (worker.unfinished[descriptor] + data).split(b"\n")
        worker.unfinished[descriptor] = rest
        for line in lines:
            _print(worker, descriptor, line)
        return len(data)

    def _print_rest(self, worker: Worker, descriptor: int) -> None:
        rest = worker.unfinished[descriptor]
        if rest:
            worker.unfinished[descriptor] = b""
            _print(worker, descriptor, rest)

    def _interrupt(self, busy: list[Worker]) -> None:
        """Interrupt workers as by Ctrl-C, and wait until they have ended, but no longer than is fair."""
        for worker in busy:
            self._pool.signal(worker, signal.SIGTERM)
        ends_at = time.monotonic() + CLOSING_S
        while any(worker in self._watched for worker in busy) and time.monotonic() < ends_at:
            for each, _ in self._selector.select(max(0.0, ends_at - time.monotonic())):
                self._read(*each.data)


def packed(terms: RunTerms) -> bytes:
    """Return the terms of a run in a form that can be sent.

    Errors: `UnmetExecutorRequirementsError` for config that cannot be sent to another process.
    """
    try:
        return pickle.dumps(terms)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise UnmetExecutorRequirementsError(
            f"the run config or an input value cannot be sent to a worker process ({error}): "
            "give plain values, or run the job in this process"
        ) from error


def _print(worker: Worker, descriptor: int, line: bytes) -> None:
    text = line.decode(errors="backslashreplace")
    if descriptor == worker.errors:
        worker.tail.append(text)
    stream = sys.stderr if descriptor == worker.errors else sys.stdout
    stream.write(f"{worker.step_key} | {text}\n")
    stream.flush()
