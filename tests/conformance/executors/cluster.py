"""A dask cluster that is complete before anything is run on it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.unit.runtime.executors.dask_processes import PATIENCE_S, ClusterProcesses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def whole_cluster(folder: Path, workers: int) -> Iterator[ClusterProcesses]:
    """Start a scheduler and workers on free ports of the loopback; wait until all of them know each other."""
    from distributed import Client

    with ClusterProcesses(folder, workers) as cluster:
        with Client(cluster.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE_S)
        yield cluster
