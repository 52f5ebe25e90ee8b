"""Locks between processes, held on files: the system lets go of them when a process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes out while the block runs; waits until they are out."""
    with _held(path, fcntl.LOCK_EX):
        yield


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Let in only those that share, too; waits until one that keeps others out is gone."""
    with _held(path, fcntl.LOCK_SH):
        yield


@contextmanager
def locked_at_once(path: Path) -> Iterator[None]:
    """Keep other processes out while the block runs; `BlockingIOError` if one is in already."""
    with _held(path, fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def _held(path: Path, operation: int) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, operation)
        yield
    finally:
        os.close(descriptor)
