"""What runs on the workers of a dask cluster: one step at a time for each of their threads.

A thread cannot be ended, so the step itself is carried out by a child process of the dask worker, a worker of
the kind that `multiprocess` has: it builds the job once, stays for the next step of the same run, and can be
ended with everything it started. The thread waits for it and watches whether the step is still wanted.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
import threading
import weakref
from dataclasses import dataclass
from enum import Enum
from logging import WARNING
from typing import TYPE_CHECKING, NamedTuple

from jobc.runtime.errors import UnmetExecutorRequirementsError
from jobc.runtime.execute.failures import error_info
from jobc.runtime.execute.secrets import Mask
from jobc.runtime.executors.dask_receipts import Receipts, StepReport
from jobc.runtime.executors.multiprocess import CLOSING_S, Workers
from jobc.runtime.executors.pool import FORKSERVER, Pools
from jobc.runtime.executors.pool import pools as stock
from jobc.runtime.executors.tasks import (
    JobRefused,
    StepBegan,
    StepEnded,
    StepLog,
    StepLost,
    StepMessage,
    StepRecords,
    StepTask,
)
from jobc.runtime.executors.worker import Place, RunOrders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from distributed import Worker

WATCH_S = 0.1
"""So often a thread looks whether its step is still wanted."""
_FINAL = StepEnded | StepLost | JobRefused


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class ClusterOrders:
    """What workers have to know of a run; they hold it as long as its client is there.

    `terms` are the pickled `RunTerms`. `environment` is None where workers keep their own.
    """

    client_id: str
    run_id: str
    instance: str
    terms: bytes
    folder: str
    import_path: tuple[str, ...]
    environment: Mapping[str, str] | None

    def place(self) -> Place:
        """Return where steps run on this worker; its own places to import from come first."""
        if self.environment is not None:
            return Place(self.folder, self.environment, self.import_path)
        more = (folder for folder in self.import_path if folder not in sys.path)
        return Place(self.folder, dict(os.environ), (*sys.path, *more))


class LiveMessage(NamedTuple):
    """A message that is told before its task has ended; `place` is its index in the report, if it has one."""

    ticket: int
    turn: int
    place: int | None
    message: StepMessage


class Wish(Enum):
    """What is wanted of a step that runs: that it goes on, is killed, or is interrupted as by Ctrl-C."""

    GO_ON = "go on"
    KILL = "kill"
    INTERRUPT = "interrupt"


class _Watch:
    """A step that runs in this process's charge, and what is wanted of it."""

    def __init__(self, client_id: str, ticket: int) -> None:
        self.client_id = client_id
        self.ticket = ticket
        self.wish = Wish.GO_ON
        self.has_ended = threading.Event()


_watches: set[_Watch] = set()
_pools: weakref.WeakKeyDictionary[ClusterOrders, Pools] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def hand_on(orders: ClusterOrders) -> ClusterOrders:
    """Return the orders of a run: the task that each of its steps depends on."""
    return orders


def carry_out_step(
    orders: ClusterOrders,
    task: StepTask,
    step_key: str,
    upstream: list[StepReport],  # noqa: ARG001 - dask places a step where those before it ended
) -> StepReport:
    """Carry out a task, unless that was done before, and return what there is to tell of it."""
    from distributed import get_worker

    receipts = Receipts(orders.instance, orders.run_id)
    try:
        turn = receipts.begin(task.ticket)
    except FileNotFoundError:
        return StepReport(0, (_not_shared(orders, get_worker()),))
    earlier = receipts.find(task.ticket) if turn else None
    if earlier is None:
        teller = _Teller(get_worker(), orders.client_id, task.ticket, turn, receipts)
        _carry_out(orders, task, step_key, teller)
    elif isinstance(earlier.messages[-1], _FINAL):
        return earlier
    else:
        lost = StepLost("was lost with its dask worker")
        return StepReport(earlier.turn, (*earlier.messages, lost))
    return teller.report()


async def end_steps(client_id: str, ticket: int | None, wish: Wish) -> None:
    """End what a client has running here, or one task of it, and return when nothing of it runs any more."""
    ending = [
        watch for watch in tuple(_watches) if watch.client_id == client_id and ticket in (None, watch.ticket)
    ]
    for watch in ending:
        watch.wish = wish
    for watch in ending:
        await asyncio.to_thread(watch.has_ended.wait, 2 * CLOSING_S)


def _carry_out(orders: ClusterOrders, task: StepTask, step_key: str, teller: _Teller) -> None:
    """Let a child process carry out a task and tell what it tells.

    Errors: `Reschedule` if this worker is about to end, so that another one takes the task.
    """
    watch = _Watch(orders.client_id, task.ticket)
    _watches.add(watch)
    try:
        if teller.turn:
            text = f"`{step_key}` is carried out again: the dask worker that was at it was lost"
            teller.tell(StepLog(WARNING, text))
        with Workers(1, FORKSERVER, _pools_of(orders)) as workers:
            workers.obey(orders.client_id, RunOrders(orders.place(), orders.terms))
            workers.start(task, step_key)
            _attend(workers, watch, teller)
    finally:
        _watches.discard(watch)
        watch.has_ended.set()


def _attend(workers: Workers, watch: _Watch, teller: _Teller) -> None:
    from distributed import Reschedule

    while not teller.has_ended:
        for _, message in workers.messages(WATCH_S):
            teller.tell(message)
        if watch.wish is Wish.KILL:
            workers.stop(watch.ticket, "its time was over")
        elif watch.wish is Wish.INTERRUPT or not teller.is_wanted():
            raise Reschedule


def _pools_of(orders: ClusterOrders) -> Pools:
    """Return the child processes of a run, which end when the cluster forgets the run's orders."""
    with _lock:
        pools = _pools.get(orders)
        if pools is None:
            pools = _pools[orders] = Pools(stock())
            weakref.finalize(orders, pools.retire)
        return pools


class _Teller:
    """Collects the messages of a task for its report, and sends ahead those that cannot wait."""

    def __init__(self, worker: Worker, client_id: str, ticket: int, turn: int, receipts: Receipts) -> None:
        self._worker = worker
        self._key = worker.get_current_task()
        self._topic = client_id
        self._ticket = ticket
        self._receipts = receipts
        self._messages: list[StepMessage] = []
        self.turn = turn

    @property
    def has_ended(self) -> bool:
        """Tell whether the last message was told."""
        return bool(self._messages) and isinstance(self._messages[-1], _FINAL)

    def tell(self, message: StepMessage) -> None:
        """Take in a message; before a success is told anywhere, there is a receipt of it."""
        if isinstance(message, StepBegan):
            self._send(None, message)
            return
        self._messages.append(message)
        if isinstance(message, StepRecords | _FINAL):
            self._receipts.keep(self._ticket, self.report())
        if not isinstance(message, _FINAL):
            self._send(len(self._messages) - 1, message)

    def report(self) -> StepReport:
        """Return what was told so far."""
        return StepReport(self.turn, tuple(self._messages))

    def is_wanted(self) -> bool:
        """Tell whether the cluster still waits for the task, and this worker goes on."""
        task = self._worker.state.tasks.get(self._key)
        is_running = self._worker.status.name in ("running", "paused", "closing_gracefully")
        return is_running and task is not None and task.state != "cancelled"

    def _send(self, place: int | None, message: StepMessage) -> None:
        live = LiveMessage(self._ticket, self.turn, place, message)
        self._worker.log_event(self._topic, pickle.dumps(live))


def _not_shared(orders: ClusterOrders, worker: Worker) -> JobRefused:
    error = UnmetExecutorRequirementsError(
        f"the dask worker at {worker.address} does not see the instance `{orders.instance}` of the run: the "
        "folder has to be on a disk that all workers share, under the same path"
    )
    return JobRefused(error_info(error, Mask()))
