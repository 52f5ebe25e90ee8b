"""The clusters that the `dask` executor can use: one that runs already, or one of its own on this machine.

The own one lives in a process of its own, apart from the terminal: Ctrl-C does not reach its workers before
they are told to stop, a script without a guard around its main part is not imported by them, and when the
process that started it is gone, however that ended, the cluster ends too.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from jobc.runtime.errors import SubprocessError, UnmetExecutorRequirementsError
from jobc.runtime.executors.nursery import command_for

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOSING_S = 10.0
"""So long an own cluster has time to end; then it is killed."""


class Cluster(Protocol):
    """A cluster during one run."""

    def start(self) -> str:
        """Return the address of its scheduler, once there is one."""
        ...

    def stop(self) -> None:
        """Leave it."""
        ...

    def environment(self) -> Mapping[str, str] | None:
        """Return the environment of steps, None for that of its workers."""
        ...


class RunningCluster:
    """A cluster that others started: it is neither changed nor ended."""

    def __init__(self, address: str) -> None:
        self._address = address

    def start(self) -> str:
        """Return the address of the scheduler."""
        return self._address

    def stop(self) -> None:
        """Leave it as it is."""

    def environment(self) -> None:
        """Let its workers keep their environment."""


class OwnCluster:
    """A cluster of worker processes on this machine, for one run."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it and return the address of its scheduler.

        Errors: `SubprocessError` if it does not start.
        """
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter
                command_for("jobc.runtime.executors.dask_cluster", "keep", theirs.fileno()),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._control.sendall(f"{self._workers}\n".encode())
        address = self._control.makefile("r", encoding="utf-8").readline().strip()
        if not address:
            raise SubprocessError("the local dask cluster did not start; what it wrote to stderr tells why")
        return address

    def stop(self) -> None:
        """End it, with all its processes."""
        if self._process is None:
            return
        self._control.close()
        try:
            self._process.wait(_CLOSING_S)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def environment(self) -> Mapping[str, str]:
        """Return that of this process."""
        return dict(os.environ)


def check_installed() -> None:
    """Refuse to go on without dask.

    Errors: `UnmetExecutorRequirementsError`.
    """
    try:
        import distributed  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise UnmetExecutorRequirementsError(
            f"the `dask` executor needs dask.distributed, which cannot be imported ({error}): install it "
            "with `pip install 'jobc[dask]'`"
        ) from None


def keep(control: int) -> None:
    """Be the process of an own cluster until the socket ends: the file descriptor is that of its stream."""
    from dask.config import set as settings
    from distributed import LocalCluster

    unseen = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    with (
        socket.socket(fileno=control) as stream,
        stream.makefile("rw", encoding="utf-8") as texts,
        settings({"distributed.scheduler.http.routes": []}),
    ):
        workers = int(texts.readline())
        cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, scheduler_kwargs=unseen
        )
        with cluster:
            texts.write(f"{cluster.scheduler_address}\n")
            texts.flush()
            texts.readline()
