"""The store of an ephemeral instance: everything in this process's memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobc.runtime.storage.runs import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jobc.runtime.storage.backfills import Backfill
    from jobc.runtime.storage.events import Event
    from jobc.runtime.storage.instance import EventSource
    from jobc.runtime.storage.runs import Run
    from jobc.runtime.storage.versions import MemoisedOutput


class MemoryStorage:
    """Runs are kept with the source of their events, which is asked when somebody looks."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._events: dict[str, EventSource] = {}
        self._partitions: dict[str, dict[str, None]] = {}
        self._backfills: dict[str, Backfill] = {}
        self._memoised: dict[tuple[str, str, str, str], MemoisedOutput] = {}

    def add(self, run: Run, events: EventSource) -> None:
        """Keep a run that begins, with the source of its events."""
        self._runs[run.run_id] = run
        self._events[run.run_id] = events

    def replace(self, run: Run) -> None:
        """Keep the new state of a known run."""
        self._runs[run.run_id] = run

    def fail(self, run_id: str, reason: str) -> None:
        """Turn a run that has not ended into a failure."""
        run = self._runs.get(run_id)
        if run is not None and not run.is_finished:
            self._runs[run_id] = replace(
                run, status=RunStatus.FAILURE, ended_at=run.started_at, reason=reason
            )

    def find(self, run_id: str) -> Run | None:
        """Return a run, or None when it is not known."""
        return self._runs.get(run_id)

    def runs(self, tags: Mapping[str, str]) -> Iterable[Run]:
        """Return the runs that have all these tags, the oldest first."""
        return [run for run in self._runs.values() if tags.items() <= run.tags.items()]

    def events(self, run_id: str) -> Sequence[Event]:
        """Return the events of a run, in order."""
        source = self._events.get(run_id)
        return source.events() if source is not None else ()

    def partition_keys(self, name: str) -> Sequence[str]:
        """Return the keys of a name, in the order they were added."""
        return list(self._partitions.get(name, ()))

    def has_partition_key(self, name: str, key: str) -> bool:
        """Tell whether a name has a key."""
        return key in self._partitions.get(name, ())

    def add_partition_keys(self, name: str, keys: Sequence[str]) -> None:
        """Add keys to a name; those it has stay where they are."""
        held = self._partitions.setdefault(name, {})
        for key in keys:
            held.setdefault(key)

    def delete_partition_key(self, name: str, key: str) -> None:
        """Take a key from a name, if it has it."""
        self._partitions.get(name, {}).pop(key, None)

    def begin_backfill(self, backfill: Backfill) -> Backfill:
        """Keep a backfill, or return the unfinished one of the same request."""
        for known in self._backfills.values():
            if known.request == backfill.request and known.ended_at is None:
                return known
        self._backfills[backfill.backfill_id] = backfill
        return backfill

    def end_backfill(self, backfill_id: str, ended_at: float) -> None:
        """Note that every partition of a backfill had its turn."""
        self._backfills[backfill_id] = replace(self._backfills[backfill_id], ended_at=ended_at)

    def backfills(self) -> Iterable[Backfill]:
        """Return all backfills, the oldest first."""
        return list(self._backfills.values())

    def keep_memoised(self, outputs: Sequence[MemoisedOutput]) -> None:
        """Keep what a step made; of one output at one version the latest is kept."""
        for each in outputs:
            self._memoised[each.job_name, each.step_key, each.output_name, each.version] = each

    def find_memoised(
        self, job_name: str, step_key: str, output_name: str, version: str
    ) -> MemoisedOutput | None:
        """Return what is known of an output at a version, None if it was never made."""
        return self._memoised.get((job_name, step_key, output_name, version))

    def close(self) -> None:
        """Let go of nothing: there is no file."""
