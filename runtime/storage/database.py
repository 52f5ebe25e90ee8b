"""One SQLite file that several processes write: opening, bringing up to date, transactions, errors.

What is wrong with a file is read from its first hundred bytes, before SQLite gets to see it: even a look
into a database in WAL mode may write beside it or into it.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from weakref import finalize

from jobc.runtime.errors import (
    InstanceBusyError,
    InstanceCorruptError,
    InstanceError,
    InstanceNewerError,
    InstanceReadOnlyError,
    ParameterCheckError,
)
from jobc.runtime.storage.locks import locked
from jobc.runtime.storage.schema import APPLICATION_ID, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_MAGIC = b"SQLite format 3\x00"
_HEADER = struct.Struct(">16s2xBB40xI4xI28x")
"""The database header of the SQLite file format: write and read version, user version, application id."""
_WAL_VERSION = 2
BUSY_TIMEOUT_S = 5.0
BUSY_TRIES = 12
"""A write waits this often this long for other processes; between two tries an interruption gets through."""

_ASKS_AS_EFFECTIVE_USER = os.access in os.supports_effective_ids


class _Header(NamedTuple):
    is_wal: bool
    version: int
    application_id: int


class Database:
    """Gives a connection per process to one file, with one transaction at a time.

    Errors: on opening and in every method `InstanceError`s that name the file.
    """

    def __init__(self, path: Path, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
        self.path = path
        self._lock = threading.RLock()
        header = _checked_header(path, len(migrations))
        with _translated(path):
            if header is None or header.version < len(migrations) or not header.is_wal:
                _prepare(path, migrations)
            self._connect()

    def read(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Return all rows of a query."""
        with self._lock, _translated(self.path):
            return self._current().execute(query, parameters).fetchall()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Make everything that the block does with the connection one commit, or nothing of it."""
        with self._lock, _translated(self.path):
            connection = self._current()
            try:
                _begin(connection)
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        self._finalizer()

    def _connect(self) -> None:
        self._pid = os.getpid()
        self._connection = _connection(self.path)
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._finalizer = finalize(self, self._connection.close)

    def _current(self) -> sqlite3.Connection:
        """Return the connection; a forked process makes its own and leaves the inherited one untouched."""
        if os.getpid() != self._pid:
            self._inherited = self._connection
            self._finalizer.detach()
            self._connect()
        return self._connection


def _connection(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)


def _begin(connection: sqlite3.Connection) -> None:
    """Begin a transaction that writes, waiting for those of other processes."""
    for tries_left in reversed(range(BUSY_TRIES)):
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not tries_left or _code(error) not in _BUSY:
                raise
        else:
            return


def _checked_header(path: Path, newest: int) -> _Header | None:
    """Return the header of the file, None for one that is missing or empty; refuse what is not ours."""
    header = _header(path)
    if header is not None:
        if header.application_id != APPLICATION_ID and (header.application_id or header.version):
            raise InstanceCorruptError(f"`{path}` is a database of another program, not of jobc", str(path))
        if header.version > newest:
            raise InstanceNewerError(
                f"`{path}` was written by a newer jobc: its schema has version {header.version}, and this "
                f"jobc knows versions up to {newest}; upgrade jobc, or use another folder",
                str(path),
            )
    for place in (path, path.parent):
        if place.exists() and not os.access(place, os.W_OK, effective_ids=_ASKS_AS_EFFECTIVE_USER):
            raise _read_only(place)
    return header


def _header(path: Path) -> _Header | None:
    try:
        with path.open("rb") as file:
            raw = file.read(_HEADER.size)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InstanceError(f"`{path}` cannot be read: {error.strerror}", str(path)) from error
    if not raw:
        return None
    if len(raw) < _HEADER.size or not raw.startswith(_MAGIC):
        raise InstanceCorruptError(
            f"`{path}` is no SQLite database: it is damaged, or something else; move it away, or use another "
            "folder",
            str(path),
        )
    _, write_version, _, version, application_id = _HEADER.unpack(raw)
    return _Header(write_version == _WAL_VERSION, version, application_id)


def _prepare(path: Path, migrations: Sequence[Sequence[str]]) -> None:
    """Make the tables, or bring them up to date; of several processes one does it and the others wait.

    The version is in the file itself, not in its log, before anybody uses the new tables: a file that is new
    is made without a log, and that of an older version is emptied.
    """
    with locked(path.with_suffix(".lock")):
        connection = _connection(path)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if not version and connection.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
                raise InstanceCorruptError(
                    f"`{path}` is a database of another program, not of jobc", str(path)
                )
            if version < len(migrations):
                _migrate(connection, migrations)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
    _begin(connection)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, statements in enumerate(migrations[version:], start=version + 1):
        for statement in statements:
            connection.execute(statement)
        connection.execute("INSERT INTO schema_versions VALUES (?, ?)", (number, time.time()))
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("COMMIT")


_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}


def _code(error: sqlite3.Error) -> int:
    """Return the primary code of an error of SQLite, 0 for one of Python's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """Turn errors of SQLite into those of an instance."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise ParameterCheckError(f"the text {error.object!r} cannot be stored: it is no Unicode") from error
    except sqlite3.Error as error:
        code = _code(error)
        if not code and "decode" in str(error):  # raised by Python itself, with the bytes in its text
            message = f"the database `{path}` is damaged: it holds text that is no UTF-8"
            raise InstanceCorruptError(message, str(path)) from error
        if code in _BUSY:
            waited = BUSY_TIMEOUT_S * BUSY_TRIES
            message = f"other processes kept `{path}` locked for {waited:.0f} s"
            raise InstanceBusyError(message, str(path)) from error
        if code in _DAMAGED:
            raise InstanceCorruptError(f"the database `{path}` is damaged: {error}", str(path)) from error
        if code in _UNWRITABLE:
            raise _read_only(path) from error
        raise InstanceError(f"the database `{path}` cannot be used: {error}", str(path)) from error


def _read_only(path: Path) -> InstanceReadOnlyError:
    return InstanceReadOnlyError(f"`{path}` cannot be written: it is read-only", str(path))
