"""Store: entries as files in a folder of the user's own, as many as there is room for.

Processes may use one store at once: an entry is put in place whole. A store that cannot be used, because it
is on a disk that is full or read-only, holds nothing, and nobody is told.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ENTRIES = 10_000
MOST_BYTES = 64_000_000
ENTRY_BYTES = 1_000_000
"""An entry that is larger is neither written nor read."""

_DAY_S = 86_400
_HOUR_S = 3_600
_REGULAR, _KIND = 0o100000, 0o170000
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_SWEEPING = ("00", "40", "80", "c0")
"""How the names of entries begin with which, when they are written, the store is swept: one in 64."""


def cache_folder() -> str | None:
    """Return where entries are kept: in `$XDG_CACHE_HOME` or `~/.cache`; None if there is no such place."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "jobc", "checks") if os.path.isabs(base) else None


class Store:
    """Entries by name, which is hexadecimal; those that were of no use for longest go first."""

    def __init__(self, folder: str, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_entries = most_entries
        self._most_bytes = most_bytes
        self._is_swept = False

    def read(self, name: str) -> bytes | None:
        """Return an entry, None if there is none that is this user's own and of a size that can be right."""
        try:
            file = os.open(os.path.join(self._folder, name), _READ)
        except OSError:
            return None
        try:
            status = os.fstat(file)
            is_fit = status.st_mode & _KIND == _REGULAR and status.st_size <= ENTRY_BYTES
            if not is_fit or status.st_uid != _user(status.st_uid):
                return None
            if status.st_mtime < time.time() - _DAY_S:
                _touch(os.path.join(self._folder, name))
            return os.read(file, status.st_size)
        except OSError:
            return None
        finally:
            os.close(file)

    def write(self, name: str, data: bytes) -> None:
        """Put an entry in its place; where that cannot be, leave things as they are."""
        if len(data) > ENTRY_BYTES:
            return
        path = os.path.join(self._folder, name)
        draft = f"{path}.{os.getpid()}"
        try:
            _write(self._folder, draft, data)
            os.replace(draft, path)
        except OSError:
            _remove(draft)
            return
        if name.startswith(_SWEEPING) and not self._is_swept:
            self._is_swept = True
            self.sweep()

    def sweep(self) -> None:
        """Make room: where there is more than there may be, remove what was not used for longest."""
        try:
            with os.scandir(self._folder) as entries:
                found = sorted((each.stat().st_mtime, each.stat().st_size, each.path) for each in entries)
        except OSError:
            return
        drafts = [path for used, _, path in found if "." in os.path.basename(path) if _is_old(used)]
        _remove(*drafts, *self._surplus(found))

    def _surplus(self, found: list[tuple[float, int, str]]) -> Iterable[str]:
        """Return what is above three quarters of the bounds, if it is above the bounds."""
        total = sum(size for _, size, _ in found)
        if len(found) <= self._most_entries and total <= self._most_bytes:
            return []
        surplus, count = [], len(found)
        for _, size, path in found:
            if count <= self._most_entries * 3 // 4 and total <= self._most_bytes * 3 // 4:
                break
            surplus.append(path)
            count, total = count - 1, total - size
        return surplus


def _write(folder: str, draft: str, data: bytes) -> None:
    try:
        file = os.open(draft, _WRITE, 0o600)
    except FileNotFoundError:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        file = os.open(draft, _WRITE, 0o600)
    try:
        os.write(file, data)
    finally:
        os.close(file)


def _user(other: int) -> int:
    """Return the number of this user; where users have none, any other one's."""
    return os.geteuid() if hasattr(os, "geteuid") else other


def _touch(path: str) -> None:
    try:
        os.utime(path)
    except OSError:
        return


def _is_old(used: float) -> bool:
    return used < time.time() - _HOUR_S


def _remove(*paths: str) -> None:
    for path in paths:
        try:
            os.unlink(path)
        except OSError:
            continue
