"""Progress of a backfill: a bar on a terminal, a line for each partition elsewhere; on stderr."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from jobc.cli.progress import seconds
from jobc.cli.terminal import is_terminal
from jobc.runtime.storage.runs import RunStatus

if TYPE_CHECKING:
    from typing import Self

    from rich.console import Console

    from jobc.cli.backfill_runs import Outcome

_WORDS = {RunStatus.SUCCESS: "ok", RunStatus.FAILURE: "failed", RunStatus.CANCELED: "canceled"}


class BackfillProgress(AbstractContextManager["BackfillProgress"], Protocol):
    """Something that follows a backfill: entered before it, told every outcome, left after it."""

    def observe(self, outcome: Outcome) -> None:
        """Take note of a partition that had its turn."""
        ...


def progress_for(total: int, done: int) -> BackfillProgress:
    """Choose how to show progress; `done` of the `total` partitions had their turn before."""
    return LiveBackfill(total, done) if is_terminal(sys.stderr) else PlainBackfill()


def ending(outcome: Outcome) -> str:
    """Say how a partition went: `ok (1.2 s)`, `failed (12 ms): ValueError: no such file`."""
    text = f"{_WORDS[outcome.status]} ({seconds(outcome.duration_s)})"
    return text if outcome.error is None else f"{text}: {outcome.error}"


class PlainBackfill(BackfillProgress):
    """Print a line for each partition: `partition 2024-01-01 ... ok (12 ms)`."""

    def __exit__(self, *_: object) -> None:
        pass

    def observe(self, outcome: Outcome) -> None:
        """Print a line."""
        print(f"partition {outcome.key} ... {ending(outcome)}", file=sys.stderr, flush=True)


class LiveBackfill(BackfillProgress):
    """Show a bar with the time that is left, and failed partitions as lines above it."""

    def __init__(self, total: int, done: int, console: Console | None = None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._console = console or Console(stderr=True, highlight=False)
        self._display = Progress(
            TextColumn("partitions"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            redirect_stdout=sys.stdout.isatty(),
        )
        self._bar = self._display.add_task("", total=total, completed=done)

    def __enter__(self) -> Self:
        self._display.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._display.stop()

    def observe(self, outcome: Outcome) -> None:
        """Move the bar; a partition that did not succeed is named."""
        from rich.markup import escape

        if outcome.status is not RunStatus.SUCCESS:
            text = escape(f"partition {outcome.key} ... {ending(outcome)}")
            self._console.print(f"[bold red]{text}[/]")
        self._display.advance(self._bar)
