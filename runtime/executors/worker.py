"""A worker: a process that carries out tasks of runs, one after another, until nobody sends more.

It stays when a run has ended: the next run of the same job finds the job built and its modules imported.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import signal
import sys
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TextIO

from jobc.runtime.execute.failures import error_info
from jobc.runtime.execute.secrets import Mask
from jobc.runtime.execute.signals import RunTerminated
from jobc.runtime.executors.site import RunSite
from jobc.runtime.executors.tasks import Ending, JobRefused, RunTerms, StepTask

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from jobc.runtime.executors.tasks import StepMessage


class Place(NamedTuple):
    """Where a run was started, and its steps run: folder, environment, places to import from."""

    folder: str
    environment: Mapping[str, str]
    import_path: tuple[str, ...]

    @classmethod
    def here(cls) -> Place:
        """Return the place of this process."""
        return cls(os.getcwd(), dict(os.environ), tuple(sys.path))  # noqa: PTH109 - as it is passed on

    def enter(self) -> None:
        """Make this process be at the place."""
        os.chdir(self.folder)
        sys.path[:] = self.import_path
        for name in os.environ.keys() - self.environment.keys():
            del os.environ[name]
        os.environ.update(self.environment)


class RunOrders(NamedTuple):
    """The terms of a run, pickled: what they hold may need the place to be imported."""

    place: Place
    terms: bytes


def work(channel: int) -> None:
    """Be a worker: the file descriptor is that of a socket to the process that decides."""
    # Ctrl-C on a terminal reaches the process that decides; who has to stop is told by SIGTERM. A handler,
    # unlike SIG_IGN, is not passed on to the programs that ops start.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, _terminate)
    faulthandler.enable()
    sys.stdout, sys.stderr = _line_writer(1), _line_writer(2)
    desk = _Desk(Connection(channel))
    try:
        desk.serve()
    except (KeyboardInterrupt, EOFError, OSError):
        return


def _line_writer(descriptor: int) -> TextIO:
    """Return a stream to a pipe that passes on each line as it ends; a forked process inherits others."""
    return open(  # noqa: PTH123, SIM115 - a file descriptor, open as long as the process
        descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise RunTerminated("the process was asked to end")


class _Desk:
    """Takes orders and tasks in, and sends messages out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._site: RunSite | None = None

    def serve(self) -> None:
        """Do what is sent, until the connection ends or a task was interrupted.

        Errors: `EOFError`, `OSError` at its end; `KeyboardInterrupt` when this process is to end.
        """
        while True:
            received = self._connection.recv()
            if isinstance(received, RunOrders):
                self._take_orders(received)
            elif self._site is not None:
                assert isinstance(received, StepTask)
                if self._site.carry_out(received, self._tell) is Ending.INTERRUPTED:
                    return

    def _take_orders(self, orders: RunOrders) -> None:
        self._site = None
        try:
            orders.place.enter()
            terms = pickle.loads(orders.terms)  # noqa: S301 - sent by the process that started this one
            assert isinstance(terms, RunTerms)
            self._site = RunSite(terms)
        except Exception as error:  # noqa: BLE001 - told to who decides
            self._tell(JobRefused(error_info(error, Mask())))

    def _tell(self, message: StepMessage) -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        with self._lock:
            self._connection.send(message)
