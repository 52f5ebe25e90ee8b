"""Memory: the entries of the answers to one request, found by all that the request was asked with."""

from __future__ import annotations

import os

from jobc.compiler.cache.entry import decode, encode
from jobc.compiler.cache.stamp import stamp
from jobc.compiler.cache.store import Store, cache_folder
from jobc.compiler.disk import digest

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.compiler.cache.entry import Entry
    from jobc.compiler.disk import Disk
    from jobc.schemas.ir import Data

OFF = "JOBC_NO_CACHE"
"""The environment variable that, with any text in it, keeps jobc from using a cache."""


class Question:
    """What is asked about each file of a request: the settings that a file is checked with.

    `profile` is the one to check with, None for all. A file that `is_alone` must have it. `python_path` are
    absolute.
    """

    __slots__ = ("allow_outside", "is_alone", "is_strict", "profile", "python_path", "variables")

    def __init__(
        self,
        variables: Mapping[str, Data] | None = None,
        python_path: Sequence[str] = (),
        profile: str | None = None,
        *,
        allow_outside: bool = False,
        is_strict: bool = False,
        is_alone: bool = True,
    ) -> None:
        self.variables = variables or {}
        self.python_path = tuple(python_path)
        self.profile = profile
        self.allow_outside = allow_outside
        self.is_strict = is_strict
        self.is_alone = is_alone or profile is None

    @property
    def text(self) -> str:
        """The question as text; equal questions have equal ones."""
        variables = [(name, type(value).__name__, value) for name, value in sorted(self.variables.items())]
        flags = self.allow_outside, self.is_strict, self.is_alone
        return repr((variables, self.python_path, self.profile, flags))


class Memory:
    """Entries of the answers to one question."""

    def __init__(self, store: Store, question: Question) -> None:
        self._store = store
        self._begin = "\0".join([stamp(), os.getcwd(), question.text])

    def recall(self, name: str, disk: Disk) -> Entry | None:
        """Return what was found out about a file as it is now, None if that is not known."""
        content = disk.content(name)
        if isinstance(content, str):
            return None
        entry = decode(self._store.read(self._key(name, digest(content))))
        return entry if entry is not None and entry.holds(disk) else None

    def keep(self, name: str, content: bytes, entry: Entry) -> None:
        """Remember what was found out about a file with this content."""
        data = encode(entry)
        if data is not None:
            self._store.write(self._key(name, digest(content)), data)

    def _key(self, name: str, content: str) -> str:
        return digest("\0".join([self._begin, name, content]).encode("utf-8", "surrogatepass"))


def open_memory(question: Question) -> Memory | None:
    """Return the memory of a question, None if there is none to be used."""
    folder = None if os.environ.get(OFF) else cache_folder()
    try:
        return None if folder is None else Memory(Store(folder), question)
    except OSError:
        return None  # the current folder is gone
