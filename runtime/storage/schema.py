"""The tables of an instance, version by version; a database of an older version is brought up to date."""

from __future__ import annotations

APPLICATION_ID = 0x6A6F6263
"""Marks a database as jobc's, in the place that SQLite keeps for it: `jobc` in ASCII."""

_RUNS_AND_EVENTS = (
    """
    CREATE TABLE schema_versions (
        version INTEGER PRIMARY KEY,
        since REAL NOT NULL
    )
    """,
    # `number` is the order in which runs began; `host`, `pid`, `began` are the process that runs it.
    """
    CREATE TABLE runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id TEXT NOT NULL UNIQUE,
        job_name TEXT NOT NULL,
        status TEXT NOT NULL,
        run_config TEXT NOT NULL,
        tags TEXT NOT NULL,
        parent_run_id TEXT,
        root_run_id TEXT,
        started_at REAL NOT NULL,
        ended_at REAL,
        reason TEXT,
        host TEXT NOT NULL,
        pid INTEGER NOT NULL,
        began TEXT NOT NULL
    )
    """,
    "CREATE INDEX unfinished_runs ON runs (number) WHERE status = 'STARTED'",
    """
    CREATE TABLE run_tags (
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        run INTEGER NOT NULL,
        PRIMARY KEY (key, value, run)
    ) WITHOUT ROWID
    """,
    # `body` holds the message, the node's path and the data, as JSON.
    """
    CREATE TABLE events (
        run INTEGER NOT NULL,
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        step_key TEXT,
        time REAL NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (run, number)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE dynamic_partitions (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        key TEXT NOT NULL,
        UNIQUE (name, key)
    )
    """,
)
_BACKFILLS = (
    """
    CREATE TABLE backfills (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        backfill_id TEXT NOT NULL UNIQUE,
        job_name TEXT NOT NULL,
        request TEXT NOT NULL,
        keys TEXT NOT NULL,
        started_at REAL NOT NULL,
        ended_at REAL
    )
    """,
    "CREATE UNIQUE INDEX unfinished_backfills ON backfills (request) WHERE ended_at IS NULL",
)
_MEMOISED_OUTPUTS = (
    """
    CREATE TABLE memoised_outputs (
        job_name TEXT NOT NULL,
        step_key TEXT NOT NULL,
        output_name TEXT NOT NULL,
        version TEXT NOT NULL,
        run_id TEXT NOT NULL,
        stored_at REAL NOT NULL,
        PRIMARY KEY (job_name, step_key, output_name, version)
    ) WITHOUT ROWID
    """,
)
_COMMANDS = ("ALTER TABLE runs ADD COLUMN command TEXT",)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_RUNS_AND_EVENTS, _BACKFILLS, _MEMOISED_OUTPUTS, _COMMANDS)
"""The statements that lead from each version to the next, the first from an empty file to version 1."""
