"""A dask cluster of processes that tests start, kill and stop: a scheduler and workers, over TCP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from jobc import Instance

ROOT = Path(__file__).parents[4]
PATIENCE_S = 60.0


def wait_until(is_true: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < ends_at, "it took too long"
        time.sleep(0.005)


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


class ClusterProcesses:
    """A scheduler on a free port of the loopback and its workers, one thread each, in order of start."""

    def __init__(self, folder: Path, workers: int, allowed_failures: int = 3) -> None:
        self._folder = folder
        self._count = workers
        self._settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._folder.mkdir(exist_ok=True)
        where = self._folder / "scheduler.json"
        options = ["--no-dashboard", "--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(where)]
        self.scheduler = self._dask("scheduler", "--host", "127.0.0.1", "--port", "0", *options)
        wait_until(lambda: where.exists() and where.read_text().endswith("}"))
        self.address: str = json.loads(where.read_text())["address"]
        for _ in range(self._count):
            self.start_worker()
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def start_worker(self) -> subprocess.Popen[bytes]:
        options = ["--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1"]
        scratch = ["--local-directory", str(self._folder)]
        worker = self._dask("worker", self.address, *options, *scratch)
        self.workers.append(worker)
        return worker

    def _dask(self, *words: str) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={**os.environ, **self._settings},
            )


@contextmanager
def in_thread(function: Callable[[], object]) -> Iterator[None]:
    """Let a function run beside the block; what it raises is raised at the end of the block."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(function)
        yield
        done.result()


def dependencies(dask_scheduler: Any) -> dict[str, set[str]]:
    """Return what the tasks of a scheduler depend on, by the names of steps."""
    tasks = dask_scheduler.tasks.values()
    return {name_of(task): {name_of(each) for each in task.dependencies} for task in tasks}


def name_of(task: Any) -> str:
    return str(task.key).split("-")[0]


def files_of_receipts(instance: Instance) -> list[Path]:
    assert instance.folder is not None
    return [path for path in (instance.folder / "dask").rglob("*") if path.is_file()]
