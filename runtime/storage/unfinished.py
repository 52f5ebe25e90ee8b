"""Files that appear whole or not at all, and what is left of those whose writer was killed.

A file is written in a folder of its own, under a name of its own, and renamed to where it belongs. As long as
it is being written its writer holds a lock on it, which the system lets go of however the writer ends: a file
there that is not locked is one that nobody will finish.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from jobc.runtime.storage.locks import locked_at_once

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, data: bytes, workshop: Path) -> None:
    """Write a file by way of a folder, which is made if need be and has to be on the same file system.

    Errors: `OSError`; nothing is left of the file then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished, descriptor = _begun(workshop)
    try:
        with open(descriptor, "wb", closefd=False) as file:  # noqa: PTH123 - it is open already
            file.write(data)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def remove_abandoned(workshop: Path) -> None:
    """Remove the files whose writers ended before they did; those that others are at stay."""
    try:
        found = list(workshop.iterdir())
    except OSError:  # it is not there, or not to be looked at: there is nothing to be done
        return
    for path in found:
        with suppress(OSError), locked_at_once(path):
            path.unlink(missing_ok=True)


def _begun(workshop: Path) -> tuple[Path, int]:
    """Return a new file that no one else takes for an abandoned one, and a descriptor of it."""
    while True:
        path = workshop / f"{os.urandom(16).hex()}.tmp"
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o666)
        except FileNotFoundError:
            workshop.mkdir(parents=True, exist_ok=True)
            continue
        if _is_held(descriptor):
            return path, descriptor
        os.close(descriptor)


def _is_held(descriptor: int) -> bool:
    """Lock a new file; False if somebody took it for an abandoned one in the moment before."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nobody else can lock it either, so it stays
        return True
    return os.fstat(descriptor).st_nlink > 0
