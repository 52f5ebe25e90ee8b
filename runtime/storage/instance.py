"""The instance: where runs and their events are kept. It knows nothing of ops, plans or values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from jobc.runtime.errors import ParameterCheckError, RunAlreadyExists
from jobc.runtime.partition_keys import checked_keys
from jobc.runtime.storage.memory import MemoryStorage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from os import PathLike
    from typing import Self

    from jobc.runtime.storage.backfills import Backfill
    from jobc.runtime.storage.events import Event
    from jobc.runtime.storage.runs import Run
    from jobc.runtime.storage.versions import MemoisedOutput

T = TypeVar("T")

FILE_NAME = "instance.sqlite"
"""The file that makes a folder an instance."""


class EventSource(Protocol):
    """Events of one run that can be read at any time; they may be made only when read."""

    def events(self) -> Sequence[Event]:
        """Return the events so far, in order."""
        ...

    def masked(self, data: T) -> T:
        """Return plain data of the run with its secrets shown as asterisks."""
        ...


class Storage(Protocol):
    """What an instance needs of a store: runs by id, and a source of events per run."""

    def add(self, run: Run, events: EventSource) -> Callable[[Event], None] | None:
        """Keep a run that begins, with the source of its events.

        Return what is to be called with each event as it happens, or None where the source is enough.
        """
        ...

    def replace(self, run: Run) -> None:
        """Keep the new state of a known run."""
        ...

    def fail(self, run_id: str, reason: str) -> None:
        """Turn a run that has not ended into a failure."""
        ...

    def find(self, run_id: str) -> Run | None:
        """Return a run, or None when it is not known."""
        ...

    def runs(self, tags: Mapping[str, str]) -> Iterable[Run]:
        """Return the runs that have all these tags, the oldest first."""
        ...

    def events(self, run_id: str) -> Sequence[Event]:
        """Return the events of a run, in order; empty when it is not known."""
        ...

    def partition_keys(self, name: str) -> Sequence[str]:
        """Return the keys of a name, in the order they were added."""
        ...

    def has_partition_key(self, name: str, key: str) -> bool:
        """Tell whether a name has a key."""
        ...

    def add_partition_keys(self, name: str, keys: Sequence[str]) -> None:
        """Add keys to a name; those it has stay where they are."""
        ...

    def delete_partition_key(self, name: str, key: str) -> None:
        """Take a key from a name, if it has it."""
        ...

    def begin_backfill(self, backfill: Backfill) -> Backfill:
        """Keep a backfill, or return the unfinished one of the same request."""
        ...

    def end_backfill(self, backfill_id: str, ended_at: float) -> None:
        """Note that every partition of a backfill had its turn."""
        ...

    def backfills(self) -> Iterable[Backfill]:
        """Return all backfills, the oldest first."""
        ...

    def keep_memoised(self, outputs: Sequence[MemoisedOutput]) -> None:
        """Keep what a step made; of one output at one version the latest is kept."""
        ...

    def find_memoised(
        self, job_name: str, step_key: str, output_name: str, version: str
    ) -> MemoisedOutput | None:
        """Return what is known of an output at a version, None if it was never made."""
        ...

    def close(self) -> None:
        """Let go of the files that are open."""
        ...


class Instance:
    """Runs, their events, and the keys of dynamic partitions.

    Made by `Instance.ephemeral()` or `Instance.open(folder)`; it can be used in a `with` statement, which
    closes it. Several processes, and several threads of each, may use one folder at once.
    """

    def __init__(self, storage: Storage, folder: Path | None = None) -> None:
        self._storage = storage
        self._folder = folder
        self._directory = None if folder is None else folder / "storage"

    @classmethod
    def ephemeral(cls) -> Instance:
        """Make an instance that lives and dies with this process."""
        return cls(MemoryStorage())

    @classmethod
    def open(cls, path: str | PathLike[str]) -> Instance:
        """Open the instance in a folder, which is made if it is not there.

        Errors: `InstanceError` that names the file, of a class that tells what is wrong with it; then
        nothing was changed.
        """
        from jobc.runtime.storage.sqlite import SqliteStorage

        folder = Path(path).absolute()
        return cls(SqliteStorage(folder / FILE_NAME), folder)

    @staticmethod
    def exists(path: str | PathLike[str]) -> bool:
        """Tell whether a folder holds an instance; nothing is opened."""
        return Path(path, FILE_NAME).exists()

    @property
    def folder(self) -> Path | None:
        """Return the folder that was opened; None for an instance that lives in this process alone."""
        return self._folder

    def close(self) -> None:
        """Let go of the files that are open; the instance cannot be used any more."""
        self._storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def storage_directory(self) -> str:
        """Return the folder for stored outputs; of an ephemeral instance one that vanishes with it."""
        if self._directory is None:
            from shutil import rmtree
            from tempfile import mkdtemp
            from weakref import finalize

            self._directory = Path(mkdtemp(prefix="jobc-"))
            finalize(self, rmtree, self._directory, ignore_errors=True)
        return str(self._directory)

    def begin_run(self, run: Run, events: EventSource) -> Callable[[Event], None] | None:
        """Record a run that starts; `RunAlreadyExists` if its id is taken.

        What is returned, unless it is None, is to be called with each event of the run as it happens.
        """
        if self._storage.find(run.run_id) is not None:
            raise RunAlreadyExists(
                f"a run with the id `{run.run_id}` exists already: give another `run_id`, or none"
            )
        return self._storage.add(run, events)

    def update_run(self, run: Run) -> None:
        """Record the new state of a run that began before."""
        self._storage.replace(run)

    def fail_run(self, run_id: str, reason: str) -> None:
        """Record that a run failed whose own process cannot say so; one that has ended stays as it is."""
        self._storage.fail(run_id, reason)

    def get_run_by_id(self, run_id: str) -> Run | None:
        """Return a run, or None when the instance does not know it."""
        return self._storage.find(run_id)

    def has_run(self, run_id: str) -> bool:
        """Tell whether the instance knows a run of this id."""
        return self._storage.find(run_id) is not None

    def get_runs(self, tags: Mapping[str, str] | None = None) -> list[Run]:
        """Return all runs, or those that have all the tags given, the newest first."""
        return list(reversed(list(self._storage.runs(tags or {}))))

    def all_events(self, run_id: str) -> Sequence[Event]:
        """Return the events of a run, in order; empty when the run is not known."""
        return self._storage.events(run_id)

    def add_dynamic_partitions(self, partitions_def_name: str, partition_keys: Sequence[str]) -> None:
        """Add keys to the dynamic partitions of a name; a key that is there already stays where it is.

        Errors: `ParameterCheckError` for what is no list of texts, `InvalidDefinitionError` for a key that
        cannot be one (SEMANTICS 16); then none is added.
        """
        name = _checked_name(partitions_def_name)
        self._storage.add_partition_keys(name, checked_keys(partition_keys, "`partition_keys`"))

    def get_dynamic_partitions(self, partitions_def_name: str) -> Sequence[str]:
        """Return the keys of a name, in the order they were added; empty for an unknown name."""
        return self._storage.partition_keys(_checked_name(partitions_def_name))

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Tell whether a key was added to a name."""
        return self._storage.has_partition_key(*_checked_pair(partitions_def_name, partition_key))

    def delete_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> None:
        """Take a key from a name; nothing happens if it is not there."""
        self._storage.delete_partition_key(*_checked_pair(partitions_def_name, partition_key))

    def keep_memoised(self, outputs: Sequence[MemoisedOutput]) -> None:
        """Record what a step of a memoised run made, at which version."""
        self._storage.keep_memoised(outputs)

    def find_memoised(
        self, job_name: str, step_key: str, output_name: str, version: str
    ) -> MemoisedOutput | None:
        """Return what is known of an output at a version; None if no memoised run made it.

        The empty `output_name` asks for the step as a whole.
        """
        return self._storage.find_memoised(job_name, step_key, output_name, version)

    def begin_backfill(self, backfill: Backfill) -> Backfill:
        """Record a backfill that starts, or return the unfinished one of the same request."""
        return self._storage.begin_backfill(backfill)

    def end_backfill(self, backfill_id: str, ended_at: float) -> None:
        """Record that every partition of a backfill had its turn."""
        self._storage.end_backfill(backfill_id, ended_at)

    def get_backfills(self) -> list[Backfill]:
        """Return all backfills, the newest first."""
        return list(reversed(list(self._storage.backfills())))


def _checked(what: str, text: object) -> str:
    if not isinstance(text, str) or not text:
        raise ParameterCheckError(f"{what} must be a text, not {text!r}")
    return text


def _checked_name(name: object) -> str:
    return _checked("the name of dynamic partitions", name)


def _checked_pair(name: object, key: object) -> tuple[str, str]:
    return _checked_name(name), _checked("a partition key", key)
