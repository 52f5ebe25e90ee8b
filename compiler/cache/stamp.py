"""Stamp: what the answers of this very program are known by, apart from all that it was asked."""

from __future__ import annotations

import os
import sys

import jobc

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = 1
"""The form of entries; another one is another cache."""

_CODE = (".py", ".lark", ".json")
_ZONES = "/usr/share/zoneinfo"


def stamp() -> str:
    """Return what changes with jobc, with Python, and with the libraries and time zones beside them.

    Libraries are told by the folders they are installed to, which change with each installation. Code that is
    not installed but edited in place is told by the sizes and times of its files.
    """
    house = os.path.dirname(os.path.abspath(jobc.__file__))
    is_edited = os.path.lexists(os.path.join(os.path.dirname(house), ".git"))
    parts = [
        str(FORM),
        jobc.__version__,
        sys.version,
        os.__file__,
        house,
        os.environ.get("PYTHONTZPATH", ""),
        *(_changed(folder) for folder in (*_libraries(), _ZONES)),
        *(sorted(_code(house)) if is_edited else ()),
    ]
    return "\n".join(parts)


def _libraries() -> Iterator[str]:
    return (folder for folder in sys.path if folder.endswith(("site-packages", "dist-packages")))


def _changed(folder: str) -> str:
    try:
        return f"{folder} {os.stat(folder).st_mtime_ns}"
    except OSError:
        return folder


def _code(folder: str) -> Iterator[str]:
    """Yield the state of each file of code in a folder and below, links followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(_CODE):
                status = entry.stat()
                yield f"{entry.path} {status.st_mtime_ns} {status.st_size}"
            elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                yield from _code(entry.path)
