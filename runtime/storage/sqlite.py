"""The store of a durable instance: one SQLite file in its folder (what is durable when: see the package)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from jobc.runtime.errors import InstanceError, InstanceReadOnlyError
from jobc.runtime.storage.backfills import Backfill
from jobc.runtime.storage.database import Database
from jobc.runtime.storage.errors import ErrorInfo
from jobc.runtime.storage.events import Event, EventData, EventKind, FailureData
from jobc.runtime.storage.processes import ProcessMark, has_ended, this_process
from jobc.runtime.storage.runs import PROCESS_ENDED, Run, RunStatus
from jobc.runtime.storage.stored_values import from_text, to_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from jobc.runtime.storage.instance import EventSource
    from jobc.runtime.storage.versions import MemoisedOutput

_RUN_COLUMNS = (
    "runs.run_id, runs.job_name, runs.status, runs.run_config, runs.tags, runs.parent_run_id, "
    "runs.root_run_id, runs.started_at, runs.ended_at, runs.reason, runs.command"
)
_BACKFILL_COLUMNS = "backfill_id, job_name, request, keys, started_at, ended_at"
_BOUNDARIES = frozenset(
    (
        EventKind.RESOURCE_INIT_STARTED,
        EventKind.RESOURCE_INIT_FAILURE,
        EventKind.STEP_START,
        EventKind.STEP_SUCCESS,
        EventKind.STEP_FAILURE,
        EventKind.STEP_SKIPPED,
        EventKind.STEP_UP_FOR_RETRY,
    )
)
"""The events that are written at once, with those before them; the end of a run comes with its own commit."""
_MOST_WAITING = 500

_EventRow = tuple[int, int, str, str | None, float, str]
_RunRow = tuple[str, str, str, str, str, str | None, str | None, float, float | None, str | None, str | None]


class SqliteStorage:
    """Everything in one file; its folder is made if it is not there."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            _make_folder(path.parent)
        self._database = Database(path)
        self._recorders: dict[str, _Recorder] = {}

    def add(self, run: Run, events: EventSource) -> Callable[[Event], None]:
        """Keep a run that begins; what is returned wants every event of it."""
        config, tags = events.masked(run.run_config), events.masked(run.tags)
        row = (
            *(run.run_id, run.job_name, run.status.value, to_text(config), to_text(tags)),
            *(run.parent_run_id, run.root_run_id, run.started_at, run.ended_at, run.reason),
            *this_process(),
            events.masked(run.command),
        )
        with self._database.write() as connection:
            number = connection.execute(f"INSERT INTO runs VALUES (NULL{', ?' * len(row)})", row).lastrowid  # noqa: S608
            connection.executemany(
                "INSERT INTO run_tags VALUES (?, ?, ?)", [(key, value, number) for key, value in tags.items()]
            )
        recorder = _Recorder(self._database, cast("int", number))
        self._recorders[run.run_id] = recorder
        return recorder.observe

    def replace(self, run: Run) -> None:
        """Keep the new state of a known run, and in the same commit the last of its events."""
        recorder = self._recorders.get(run.run_id)
        with self._database.write() as connection:
            if recorder is not None:
                recorder.write_to(connection)
            connection.execute(
                "UPDATE runs SET status = ?, ended_at = ?, reason = ? WHERE run_id = ?",
                (run.status.value, run.ended_at, run.reason, run.run_id),
            )
        if run.is_finished:
            self._recorders.pop(run.run_id, None)

    def fail(self, run_id: str, reason: str) -> None:
        """Turn a run that has not ended into a failure, as of its last event."""
        with self._database.write() as connection:
            found = connection.execute(
                "SELECT number, job_name, started_at FROM runs WHERE run_id = ? AND status = 'STARTED'",
                (run_id,),
            ).fetchone()
            if found is not None:
                number, job_name, started_at = found
                last = connection.execute(
                    "SELECT number, time FROM events WHERE run = ? ORDER BY number DESC LIMIT 1", (number,)
                ).fetchone()
                place, time = (0, started_at) if last is None else (last[0] + 1, last[1])
                event = _loss(run_id, job_name, reason, time)
                connection.execute(_INSERT_EVENT, _event_row(number, place, event))
                connection.execute(
                    "UPDATE runs SET status = 'FAILURE', ended_at = ?, reason = ? WHERE number = ?",
                    (time, reason, number),
                )

    def find(self, run_id: str) -> Run | None:
        """Return a run, or None when it is not known."""
        self._fail_lost_runs()
        rows = self._database.read(f"SELECT {_RUN_COLUMNS} FROM runs WHERE run_id = ?", (run_id,))  # noqa: S608
        return _run_of(rows[0]) if rows else None

    def runs(self, tags: Mapping[str, str]) -> Sequence[Run]:
        """Return the runs that have all these tags, the oldest first."""
        self._fail_lost_runs()
        joins = "".join(
            f" JOIN run_tags AS t{place} ON t{place}.run = runs.number AND t{place}.key = ?"
            f" AND t{place}.value = ?"
            for place in range(len(tags))
        )
        query = f"SELECT {_RUN_COLUMNS} FROM runs{joins} ORDER BY runs.number"  # noqa: S608 - no text of a user
        parameters = [text for pair in tags.items() for text in pair]
        return [_run_of(row) for row in self._database.read(query, parameters)]

    def events(self, run_id: str) -> Sequence[Event]:
        """Return the events of a run, in order; empty when it is not known."""
        recorder = self._recorders.get(run_id)
        if recorder is not None:
            recorder.flush()
        self._fail_lost_runs()
        rows = self._database.read(
            "SELECT kind, step_key, time, body, job_name FROM events JOIN runs ON runs.number = events.run "
            "WHERE run_id = ? ORDER BY events.number",
            (run_id,),
        )
        return [_event_of(run_id, row) for row in rows]

    def partition_keys(self, name: str) -> Sequence[str]:
        """Return the keys of a name, in the order they were added."""
        rows = self._database.read(
            "SELECT key FROM dynamic_partitions WHERE name = ? ORDER BY number", (name,)
        )
        return [cast("str", key) for (key,) in rows]

    def has_partition_key(self, name: str, key: str) -> bool:
        """Tell whether a name has a key."""
        query = "SELECT 1 FROM dynamic_partitions WHERE name = ? AND key = ?"
        return bool(self._database.read(query, (name, key)))

    def add_partition_keys(self, name: str, keys: Sequence[str]) -> None:
        """Add keys to a name; those it has stay where they are."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO dynamic_partitions (name, key) VALUES (?, ?)",
                [(name, str(key)) for key in keys],
            )

    def delete_partition_key(self, name: str, key: str) -> None:
        """Take a key from a name, if it has it."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM dynamic_partitions WHERE name = ? AND key = ?", (name, key))

    def begin_backfill(self, backfill: Backfill) -> Backfill:
        """Keep a backfill, or return the unfinished one of the same request."""
        known = f"SELECT {_BACKFILL_COLUMNS} FROM backfills WHERE request = ? AND ended_at IS NULL"  # noqa: S608
        row = (backfill.backfill_id, backfill.job_name, backfill.request, json.dumps(backfill.keys))
        with self._database.write() as connection:
            found = connection.execute(known, (backfill.request,)).fetchone()
            if found is None:
                connection.execute(
                    "INSERT INTO backfills VALUES (NULL, ?, ?, ?, ?, ?, NULL)", (*row, backfill.started_at)
                )
        return backfill if found is None else _backfill_of(found)

    def end_backfill(self, backfill_id: str, ended_at: float) -> None:
        """Note that every partition of a backfill had its turn."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE backfills SET ended_at = ? WHERE backfill_id = ?", (ended_at, backfill_id)
            )

    def backfills(self) -> Sequence[Backfill]:
        """Return all backfills, the oldest first."""
        rows = self._database.read(f"SELECT {_BACKFILL_COLUMNS} FROM backfills ORDER BY number")  # noqa: S608
        return [_backfill_of(row) for row in rows]

    def keep_memoised(self, outputs: Sequence[MemoisedOutput]) -> None:
        """Keep what a step made, in one commit; of one output at one version the latest is kept."""
        with self._database.write() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO memoised_outputs VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        each.job_name,
                        each.step_key,
                        each.output_name,
                        each.version,
                        each.run_id,
                        each.stored_at,
                    )
                    for each in outputs
                ],
            )

    def find_memoised(
        self, job_name: str, step_key: str, output_name: str, version: str
    ) -> MemoisedOutput | None:
        """Return what is known of an output at a version, None if it was never made."""
        from jobc.runtime.storage.versions import MemoisedOutput

        rows = self._database.read(
            "SELECT run_id, stored_at FROM memoised_outputs "
            "WHERE job_name = ? AND step_key = ? AND output_name = ? AND version = ?",
            (job_name, step_key, output_name, version),
        )
        for run_id, stored_at in cast("list[tuple[str, float]]", rows):
            return MemoisedOutput(job_name, step_key, output_name, version, run_id, stored_at)
        return None

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _fail_lost_runs(self) -> None:
        """Note the failure of every run whose process is gone."""
        rows = self._database.read("SELECT run_id, host, pid, began FROM runs WHERE status = 'STARTED'")
        for run_id, host, pid, began in cast("list[tuple[str, str, int, str]]", rows):
            if has_ended(ProcessMark(host, pid, began)):
                self.fail(run_id, PROCESS_ENDED)


class _Recorder:
    """Gathers the events of one run and writes them at its boundaries.

    A write that fails (a full disk) is tried again at the next boundary, with all that waits; the end of the
    run is the last chance and raises. Until then the run is one that did less than it did, which is safe.
    """

    def __init__(self, database: Database, run: int) -> None:
        self._database = database
        self._run = run
        self._waiting: list[_EventRow] = []
        self._count = 0

    def observe(self, event: Event) -> None:
        """Take an event; at a boundary, write it and all before it."""
        self._waiting.append(_event_row(self._run, self._count, event))
        self._count += 1
        if event.kind in _BOUNDARIES or len(self._waiting) % _MOST_WAITING == 0:
            try:
                self.flush()
            except InstanceError:  # said at the end of the run, should it last until then
                return

    def flush(self) -> None:
        """Write the events that wait."""
        with self._database.write() as connection:
            written = self.write_to(connection)
        del self._waiting[:written]

    def write_to(self, connection: sqlite3.Connection) -> int:
        """Write the events that wait as part of a larger commit and return how many; again does no harm."""
        rows = list(self._waiting)
        connection.executemany(_INSERT_EVENT, rows)
        return len(rows)


_INSERT_EVENT = "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?)"


def _event_row(run: int, number: int, event: Event) -> _EventRow:
    body = to_text([event.message, event.node_path, event.data])
    return run, number, event.kind.value, event.step_key, event.time, body


def _event_of(run_id: str, row: tuple[object, ...]) -> Event:
    kind, step_key, time, body, job_name = cast("tuple[str, str | None, float, str, str]", row)
    message, node_path, data = cast("tuple[str, str | None, EventData | None]", from_text(body))
    return Event(EventKind(kind), message, time, run_id, job_name, step_key, node_path, data)


def _loss(run_id: str, job_name: str, reason: str, time: float) -> Event:
    """Return the last event of a run whose process could not record one."""
    data = FailureData(ErrorInfo("ProcessEnded", reason))
    message = f"the run of `{job_name}` failed: {reason}"
    return Event(EventKind.RUN_FAILURE, message, time, run_id, job_name, data=data)


def _run_of(row: tuple[object, ...]) -> Run:
    run_id, job, status, config, tags, parent, root, started, ended, reason, command = cast("_RunRow", row)
    return Run(
        run_id=run_id,
        job_name=job,
        status=RunStatus(status),
        run_config=cast("Mapping[str, object]", from_text(config)),
        tags=cast("Mapping[str, str]", from_text(tags)),
        parent_run_id=parent,
        root_run_id=root,
        started_at=started,
        ended_at=ended,
        reason=reason,
        command=command,
    )


def _backfill_of(row: tuple[object, ...]) -> Backfill:
    backfill_id, job, request, keys, started, ended = cast(
        "tuple[str, str, str, str, float, float | None]", row
    )
    return Backfill(backfill_id, job, request, tuple(json.loads(keys)), started, ended)


def _make_folder(folder: Path) -> None:
    """Make the folder of an instance, kept out of version control; one that is there stays as it is."""
    if folder.is_dir():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
    except PermissionError as error:
        raise InstanceReadOnlyError(
            f"the folder `{folder}` cannot be made: it is not allowed", str(folder)
        ) from error
    except OSError as error:
        raise InstanceError(f"the folder `{folder}` cannot be made: {error.strerror}", str(folder)) from error
