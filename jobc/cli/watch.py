"""`jobc validate --watch`: check again whenever a file changes.

Files are asked for their times; no service of the operating system is needed, and none is missed on network
drives and in containers.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from jobc.cli.checking import check
from jobc.cli.terminal import is_terminal
from jobc.cli.validate import report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobc.cli.checking import Check
    from jobc.cli.validate import ValidateRequest

POLL_S = 0.3
SUFFIXES = (".json", ".py", ".toml", ".yaml", ".yml")
CLEAR = "\x1b[2J\x1b[3J\x1b[H"


class State(NamedTuple):
    """What tells that a file was changed."""

    changed_ns: int
    size: int
    inode: int


def watch(request: ValidateRequest) -> NoReturn:
    """Check, print, and do it again after each change of a file that may matter, until interrupted."""
    places = _folders(Path(path) for path in request.paths or (".",))
    while True:
        # Taken before the check: what changes meanwhile is seen afterwards.
        before = snapshot(places)
        if is_terminal(sys.stdout):
            sys.stdout.write(CLEAR)
            sys.stdout.flush()
        done = check(request)
        report(done, request.form)
        sys.stdout.flush()
        print("waiting for changes; Ctrl-C ends", file=sys.stderr, flush=True)
        wider = places | _read_from(done)
        before.update(snapshot(wider - places))
        places = wider
        while snapshot(places) == before:
            time.sleep(POLL_S)


def snapshot(places: Iterable[Path]) -> dict[Path, State | None]:
    """Return the state of files, and of those in folders and below that specs may be made of.

    It is None for a file that is not there.
    """
    return {path: _state(path) for place in places for path in _files(place)}


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
    for root, folders, files in os.walk(place):
        folders[:] = [name for name in folders if _may_matter(Path(root, name))]
        yield from (Path(root, name) for name in files if name.endswith(SUFFIXES))


def _may_matter(folder: Path) -> bool:
    """Leave out hidden folders, caches, and the libraries of virtual environments."""
    is_cache = folder.name.startswith(".") or folder.name in {"__pycache__", "node_modules"}
    return not is_cache and not (folder / "pyvenv.cfg").is_file()


def _state(path: Path) -> State | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return State(status.st_mtime_ns, status.st_size, status.st_ino)


def _read_from(done: Check) -> frozenset[Path]:
    """Return the folders and files that a check read from."""
    settings, found = done.settings, done.found
    paths = [Path(name) for name in (*found.names, *settings.paths, *settings.python_path)]
    files = [Path(name).resolve() for name in (settings.file, settings.baseline) if name is not None]
    return _folders([*paths, *found.folders]).union(files)


def _folders(paths: Iterable[Path]) -> frozenset[Path]:
    return frozenset((path if path.is_dir() else path.parent).resolve() for path in paths)
