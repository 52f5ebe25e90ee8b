"""The carrier of the `dask` executor: tasks become futures of a dask cluster.

A task depends on the futures of the steps before its own. They hold what those told, not what they made: dask
knows the graph, puts a step where the one before it was, and drops nothing that is still needed; whether a
step runs at all is decided before it is submitted.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import queue
import sys
import time
from collections import defaultdict
from concurrent.futures import CancelledError as ThreadCancelledError
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobc.runtime.errors import SubprocessError, UnmetExecutorRequirementsError
from jobc.runtime.execute.failures import error_info
from jobc.runtime.execute.secrets import Mask
from jobc.runtime.executors.dask_receipts import Receipts, StepReport
from jobc.runtime.executors.dask_worker import (
    ClusterOrders,
    LiveMessage,
    Wish,
    carry_out_step,
    end_steps,
    hand_on,
)
from jobc.runtime.executors.multiprocess import CLOSING_S, packed
from jobc.runtime.executors.tasks import Ending, JobRefused, StepEnded, StepLog, StepLost
from jobc.runtime.plan.order import PRIORITY_TAG, priority_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Self

    from distributed import Client, Future

    from jobc.runtime.executors.dask_cluster import Cluster
    from jobc.runtime.executors.tasks import RunTerms, StepMessage, StepTask
    from jobc.runtime.plan.steps import ExecutionPlan

_LOOK_S = 0.5
"""So often the scheduler is looked after while nothing is told."""
_ANSWER_S = 3 * CLOSING_S
"""So long workers may take to end steps."""

Told = tuple[int, "StepMessage"]


@dataclass(slots=True, eq=False)
class _Flight:
    """A task under way: its future, and how much of its report was told already, in which turn."""

    task: StepTask
    step_key: str
    future: Future[StepReport]
    turn: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class _Landed:
    """How the future of a task ended: with a report or with an error."""

    ticket: int
    outcome: StepReport | BaseException


class DaskCarrier:
    """Carries tasks to the workers of a dask cluster.

    `capacity` is how many are submitted at a time, `patience_s` how long the scheduler may take to answer.
    """

    def __init__(self, plan: ExecutionPlan, cluster: Cluster, capacity: int, patience_s: float) -> None:
        self._plan = plan
        self._cluster = cluster
        self._capacity = capacity
        self._patience_s = patience_s
        self._inbox: queue.SimpleQueue[LiveMessage | _Landed] = queue.SimpleQueue()
        self._told: list[Told] = []
        self._flights: dict[int, _Flight] = {}
        self._done: defaultdict[int, dict[str | None, Future[StepReport]]] = defaultdict(dict)
        self._receipts: Receipts | None = None

    @property
    def capacity(self) -> int:
        """How many tasks are submitted at a time."""
        return self._capacity

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self._cluster.stop)
            self._address = self._cluster.start()
            self._client = connected(self._address, self._patience_s)
            undo.pop_all()
        self._client.subscribe_topic(self._client.id, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs of the run, on every worker, and leave the cluster."""
        with ExitStack() as leaving:
            leaving.callback(self._cluster.stop)
            leaving.callback(self._close_client)
            if self._receipts is not None:
                self._receipts.remove()
            if self._client.status == "running":
                self._client.unsubscribe_topic(self._client.id)
                self._end_flights()

    def open(self, terms: RunTerms) -> None:
        """Learn the terms of the run.

        Errors: `UnmetExecutorRequirementsError` for config that cannot be sent to another process.
        """
        orders = ClusterOrders(
            client_id=self._client.id,
            run_id=terms.run.run_id,
            instance=terms.instance,
            terms=packed(terms),
            folder=os.getcwd(),  # noqa: PTH109 - as it is passed on
            import_path=tuple(sys.path),
            environment=self._cluster.environment(),
        )
        if terms.run.parent_run_id is not None:  # what a run that was killed left
            Receipts(terms.instance, terms.run.parent_run_id).remove()
        self._receipts = Receipts(terms.instance, terms.run.run_id)
        self._receipts.create()
        self._has_workers = bool(self._client.nthreads())
        self._orders = self._client.submit(hand_on, orders, key=f"orders-{self._client.id}")

    def start(self, task: StepTask, step_key: str) -> None:
        """Submit a task, which depends on the futures of the steps before it."""
        self._look_after_scheduler()
        tags = self._plan.steps[task.step].tags
        future = self._client.submit(
            carry_out_step,
            self._orders,
            task,
            step_key,
            list(self._upstream(task)),
            key=f"{step_key}-{self._client.id}-{task.ticket}",
            priority=priority_of(tags, step_key) if PRIORITY_TAG in tags else 0,
        )
        self._flights[task.ticket] = _Flight(task, step_key, future)
        if not self._has_workers:
            self._has_workers = True
            text = f"the dask cluster at `{self._address}` has no workers: steps wait until it has one"
            self._told.append((task.ticket, StepLog(logging.WARNING, text)))
        loop = self._client.loop
        assert loop is not None
        loop.add_callback(self._follow, task.ticket, future)

    def stop(self, ticket: int, reason: str) -> None:
        """Kill the process of a task, wherever it is, and everything it started."""
        flight = self._flights.pop(ticket, None)
        if flight is not None:
            self._client.cancel([flight.future])
            self._end_steps(ticket, Wish.KILL)
            self._told.append((ticket, StepLost(f"was ended: {reason}")))

    def messages(self, timeout_s: float | None) -> Iterable[Told]:
        """Wait for news of the cluster.

        Errors: `SubprocessError` when its scheduler is lost.
        """
        ends_at = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._told:
            left = _LOOK_S if ends_at is None else min(_LOOK_S, ends_at - time.monotonic())
            self._read_inbox(max(0.0, left))
            self._look_after_scheduler()
            if ends_at is not None and time.monotonic() >= ends_at:
                break
        told, self._told = self._told, []
        return told

    def _upstream(self, task: StepTask) -> Iterator[Future[StepReport]]:
        """Yield the futures of the steps before a task; of a step mapped alike that of its own key alone."""
        steps = self._plan.steps
        axis = steps[task.step].axis
        for index in steps[task.step].upstream:
            done = self._done[index]
            if axis is None or steps[index].axis != axis:
                yield from done.values()
            elif task.key in done:
                yield done[task.key]

    def _read_inbox(self, timeout_s: float) -> None:
        """Wait for news and take all there are."""
        with suppress(queue.Empty):
            news = self._inbox.get(timeout=timeout_s)
            while True:
                self._take(news)
                news = self._inbox.get_nowait()

    def _take(self, news: LiveMessage | _Landed) -> None:
        flight = self._flights.get(news.ticket)
        if flight is None:  # it was stopped meanwhile
            return
        if isinstance(news, _Landed):
            del self._flights[news.ticket]
            self._take_end(flight, news.outcome)
        elif news.place is None:
            self._told.append((news.ticket, news.message))
        else:
            self._take_from(flight, news.turn, news.place, (news.message,))

    def _take_end(self, flight: _Flight, outcome: StepReport | BaseException) -> None:
        if not isinstance(outcome, StepReport):
            self._told.append((flight.task.ticket, self._ending_for(outcome)))
            return
        self._take_from(flight, outcome.turn, 0, outcome.messages)
        last = outcome.messages[-1]
        if isinstance(last, StepEnded) and last.ending is Ending.SUCCEEDED:
            self._done[flight.task.step][flight.task.key] = flight.future

    def _take_from(self, flight: _Flight, turn: int, start: int, messages: Sequence[StepMessage]) -> None:
        """Tell the messages of a turn, which begin at a place of its report, that were not told before."""
        if turn > flight.turn:
            flight.turn, flight.told = turn, 0
        for index, message in enumerate(messages, start):
            if turn == flight.turn and index >= flight.told:
                flight.told = index + 1
                self._told.append((flight.task.ticket, message))

    def _ending_for(self, error: BaseException) -> StepLost | JobRefused:
        """Return the last message of a task whose future has no result.

        Errors: `SubprocessError` when that is because the scheduler was lost.
        """
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            last = error.last_worker.address
            return StepLost(
                f"was lost with its dask worker {error.allowed_failures + 1} times, at last on {last}"
            )
        if isinstance(error, asyncio.CancelledError | ThreadCancelledError):
            if getattr(error, "reason", None) == "scheduler-connection-lost":
                raise self._scheduler_lost()
            return StepLost("was cancelled on the cluster by another client")
        return JobRefused(error_info(error, Mask()))

    def _look_after_scheduler(self) -> None:
        if self._client.status != "running":
            raise self._scheduler_lost()

    def _scheduler_lost(self) -> SubprocessError:
        return SubprocessError(
            f"the dask scheduler at `{self._address}` was lost, and with it the steps that were under way; "
            "those that had ended are recorded and need not run again when the run is resumed"
        )

    def _close_client(self) -> None:
        """Close the client without its word that it tried for long to find a lost scheduler again."""
        logger = logging.getLogger("distributed.client")
        level = logger.level
        logger.setLevel(logging.CRITICAL)
        self._client.close(CLOSING_S)
        logger.setLevel(level)

    def _end_flights(self) -> None:
        if self._flights:
            self._client.cancel([flight.future for flight in self._flights.values()])
            self._end_steps(None, Wish.INTERRUPT)

    def _end_steps(self, ticket: int | None, wish: Wish) -> None:
        """End what runs of the run, or one task of it, and wait until workers have done so."""

        async def ask() -> None:
            await self._client.run(end_steps, self._client.id, ticket, wish, on_error="ignore")

        with suppress(TimeoutError, OSError):
            self._client.sync(ask, callback_timeout=_ANSWER_S)

    def _hear(self, event: tuple[float, object]) -> None:
        """Take an event of the topic of this client, to which dask writes, too."""
        if isinstance(event[1], bytes):
            self._inbox.put(pickle.loads(event[1]))  # noqa: S301 - sent by a worker of the run

    async def _follow(self, ticket: int, future: Future[StepReport]) -> None:
        """Wait for a future in the thread of the client, and pass on how it ended."""
        try:
            outcome: StepReport | BaseException = await future
        except (Exception, asyncio.CancelledError, ThreadCancelledError) as error:  # noqa: BLE001 - passed on
            outcome = error
        self._inbox.put(_Landed(ticket, outcome))


def connected(address: str, patience_s: float) -> Client:
    """Return a client of the scheduler at an address.

    Errors: `UnmetExecutorRequirementsError` if none answers.
    """
    from distributed import Client

    try:
        # A client that was made in vain cannot be closed, so that somebody is there is found out before.
        with ThreadPoolExecutor(1) as apart:
            apart.submit(asyncio.run, _greet(address, patience_s)).result()
        return Client(address, timeout=patience_s, set_as_default=False, name="jobc")
    except (OSError, ValueError) as error:
        raise UnmetExecutorRequirementsError(
            f"no dask scheduler answers at `{address}` within {patience_s:g} s ({error}): start one with "
            "`dask scheduler`, or correct `address` in the config of the executor"
        ) from None  # whose own story is one of sockets


async def _greet(address: str, patience_s: float) -> None:
    """Open a connection to a scheduler and close it again.

    Errors: `OSError` if nobody answers; `ValueError` for what is no address.
    """
    from distributed import Security
    from distributed.comm.core import connect

    comm = await connect(address, timeout=patience_s, **Security().get_connection_args("client"))
    await comm.close()
