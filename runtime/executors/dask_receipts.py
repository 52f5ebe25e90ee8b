"""Receipts: what a task told, in a file beside the outputs, so that a task that has ended never runs twice.

dask computes a result again whenever the worker that held it is lost and somebody still needs it. The result
of a step is no value but the news of what happened, and no step must happen again for the sake of its news.
Who carries out a task therefore leaves a receipt, and who is asked for it once more hands out the receipt.
"""

from __future__ import annotations

import pickle
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jobc.runtime.executors.tasks import StepMessage

_FOLDER = "dask"


class StepReport(NamedTuple):
    """The messages of one task, but for `StepBegan`; `turn` counts how often it was begun before."""

    turn: int
    messages: tuple[StepMessage, ...]


class Receipts:
    """The receipts of one run, in the folder of its instance."""

    def __init__(self, instance: str, run_id: str) -> None:
        self._folder = Path(instance, _FOLDER, sha256(run_id.encode()).hexdigest()[:32])

    def create(self) -> None:
        """Make their folder: where it is not seen, the instance is another one."""
        self._folder.mkdir(parents=True, exist_ok=True)

    def remove(self) -> None:
        """Remove them, with their folder."""
        rmtree(self._folder, ignore_errors=True)

    def begin(self, ticket: int) -> int:
        """Note that a task begins, and return how often it was begun before.

        Errors: `FileNotFoundError` if the folder is not there, or no more.
        """
        turn = 0
        while True:
            try:
                self._path(ticket, f"begun{turn}").touch(exist_ok=False)
            except FileExistsError:
                turn += 1
            else:
                return turn

    def keep(self, ticket: int, report: StepReport) -> None:
        """Keep what a task told so far, in place of what it told before."""
        fresh = self._path(ticket, f"fresh{report.turn}")
        fresh.write_bytes(pickle.dumps(report))
        fresh.replace(self._path(ticket, "told"))

    def find(self, ticket: int) -> StepReport | None:
        """Return what a task told, None if nothing was kept."""
        try:
            found = pickle.loads(self._path(ticket, "told").read_bytes())  # noqa: S301 - written by `keep`
        except FileNotFoundError:
            return None
        assert isinstance(found, StepReport)
        return found

    def _path(self, ticket: int, suffix: str) -> Path:
        return self._folder / f"{ticket}.{suffix}"
