"""The disk, as checking sees it: every answer is noted, so that one can ask later whether it still holds.

Checking reads more than spec files: Python modules, the names in folders where modules are looked for, links,
marks of a project's root. A file is as it was when all those answers are as they were. Contents are compared
by digest, never by time.

This module is loaded by `jobc validate` of files that have not changed, which has no time for more than that.
"""

from __future__ import annotations

import os
from _blake2 import blake2b

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Names: TypeAlias = tuple[frozenset[str], frozenset[str]]
    """The names in a folder: files, and folders."""

_MODULES = (".py", ".pyc", ".pyi", ".pyd", ".so")
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_REGULAR, _KIND = 0o100000, 0o170000
_NOT_REGULAR = "it is no regular file"
_CHUNK = 1 << 20


def digest(data: bytes) -> str:
    """Return what content is known by: 32 hexadecimal digits."""
    return blake2b(data, digest_size=16).hexdigest()


def read_bytes(path: str, most: int | None = None) -> bytes | str:
    """Return the content of a regular file, or of its beginning, or why it cannot be read."""
    try:
        file = os.open(path, _READ)
    except OSError as error:
        return str(error.strerror)
    try:
        status = os.fstat(file)
        if status.st_mode & _KIND != _REGULAR:
            return _NOT_REGULAR
        size = status.st_size + 1  # what is read at once is given room at once
        return os.read(file, min(most, size)) if most else _read_all(file, size)
    except OSError as error:
        return str(error.strerror)
    finally:
        os.close(file)


def _read_all(file: int, size: int) -> bytes:
    data = os.read(file, size)
    if len(data) < size:
        return data
    pieces = [data]
    while pieces[-1]:
        pieces.append(os.read(file, _CHUNK))
    return b"".join(pieces)


def module_names(folder: str) -> Names | None:
    """Return the names in a folder that modules can have, None where it may not be read.

    A folder that is not there has none.
    """
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if not name.partition(".")[0].isidentifier() or name == "__pycache__":
                    continue
                if name.endswith(_MODULES) and not entry.is_dir():
                    files.append(name)
                elif "." not in name and entry.is_dir():
                    folders.append(name)
    except (FileNotFoundError, NotADirectoryError):
        return frozenset(), frozenset()
    except OSError:
        return None
    return frozenset(files), frozenset(folders)


class Disk:
    """Answers of the disk; each question is asked once, and all who ask it get one answer."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes | str] = {}
        self._names: dict[str, Names | None] = {}
        self._known: dict[tuple[str, str], str] = {}

    def content(self, path: str) -> bytes | str:
        """Return the content of a file, or why it cannot be read."""
        if path not in self._contents:
            self._contents[path] = read_bytes(path)
        return self._contents[path]

    def head(self, path: str, size: int) -> bytes | str:
        """Return the first bytes of a file, or why it cannot be read."""
        if path not in self._contents:
            head = read_bytes(path, size)
            if len(head) == size:
                return head
            self._contents[path] = head
        return self._contents[path][:size]

    def names(self, folder: str) -> Names | None:
        """Return the names in a folder, as `module_names` does."""
        if folder not in self._names:
            self._names[folder] = module_names(folder)
        return self._names[folder]

    def known(self, question: str, about: str) -> str:
        """Return what the answer to a question is known by; questions are the keys of QUESTIONS."""
        key = question, about
        if key not in self._known:
            self._known[key] = QUESTIONS[question](self, about)
        return self._known[key]


class View:
    """The disk as one analysis sees it: `asked` holds every question and what its answer is known by."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.asked: dict[tuple[str, str], str] = {}

    def content(self, path: str) -> bytes | str:
        """Return the content of a file, or why it cannot be read."""
        self.note("content", path)
        return self._disk.content(path)

    def names(self, folder: str) -> Names | None:
        """Return the names in a folder that modules can have, None where it may not be read."""
        self.note("names", folder)
        return self._disk.names(folder)

    def real(self, path: str) -> str:
        """Return a path with all links followed, as it is now."""
        self.note("real", path)
        return os.path.realpath(path)

    def is_there(self, path: str) -> bool:
        """Tell whether a path is in use, if by a broken link."""
        self.note("there", path)
        return os.path.lexists(path)

    def note(self, question: str, about: str) -> None:
        """Note that an answer matters which was given elsewhere; questions are the keys of QUESTIONS."""
        if (question, about) not in self.asked:
            self.asked[question, about] = self._disk.known(question, about)

    def note_content(self, path: str, data: bytes) -> None:
        """Note that the content of a file matters, which was read elsewhere."""
        self.asked["content", path] = digest(data)


def _content(disk: Disk, path: str) -> str:
    content = disk.content(path)
    return f"!{digest(content.encode())}" if isinstance(content, str) else digest(content)


def _names(disk: Disk, folder: str) -> str:
    names = disk.names(folder)
    if names is None:
        return "!"
    text = "\n".join([*sorted(names[0]), "", *sorted(names[1])])
    return digest(os.fsencode(text))


def _real(_: Disk, path: str) -> str:
    return digest(os.fsencode(os.path.realpath(path)))


def _there(_: Disk, path: str) -> str:
    return str(os.path.lexists(path))


def _plug_in(_: Disk, kind: str) -> str:
    from jobc.runtime.op_kinds.plug_ins import plug_in

    return str(plug_in(kind) is not None)


QUESTIONS: dict[str, Callable[[Disk, str], str]] = {
    "content": _content,
    "names": _names,
    "real": _real,
    "there": _there,
    "plug-in": _plug_in,
}
"""What checking asks of the world outside the spec's own text, and how an answer is known again."""
