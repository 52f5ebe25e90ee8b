"""Live progress of a run: a line for each step that ended, and on a terminal what is running right now.

Progress goes to stderr; stdout is for what the run produced.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from jobc.cli.terminal import is_terminal
from jobc.runtime.storage.events import EventKind, RetryData, SuccessData

if TYPE_CHECKING:
    from typing import Self

    from rich.console import Console
    from rich.progress import TaskID

    from jobc.runtime.storage.events import Event

ENDINGS = {
    EventKind.STEP_SUCCESS: "ok",
    EventKind.STEP_FAILURE: "failed",
    EventKind.STEP_SKIPPED: "skipped",
    EventKind.STEP_UP_FOR_RETRY: "failed, will be tried again",
}
STYLES = {
    EventKind.STEP_SUCCESS: "green",
    EventKind.STEP_FAILURE: "bold red",
    EventKind.STEP_SKIPPED: "dim",
    EventKind.STEP_UP_FOR_RETRY: "yellow",
}


class Progress(Protocol):
    """Something that follows a run: entered before it, told every event, left after it."""

    def __enter__(self) -> object:
        """Begin to show."""

    def __exit__(self, *_: object) -> None:
        """End to show."""

    def observe(self, event: Event) -> None:
        """Take note of an event."""


def progress_for_people() -> Progress:
    """Choose how to show progress: live where stderr is a terminal, else as plain lines."""
    return LiveProgress() if is_terminal(sys.stderr) else PlainProgress()


def ending(event: Event) -> str:
    """Say how a step ended: `ok (1.2 s)`, `failed`, `skipped`; empty for an event that ends no attempt."""
    text = ENDINGS.get(event.kind, "")
    if isinstance(event.data, SuccessData):
        return f"{text} ({seconds(event.data.duration_ms / 1000)})"
    if isinstance(event.data, RetryData) and text:
        return f"{text} in {seconds(event.data.seconds_to_wait)}"
    return text


def seconds(duration: float) -> str:
    """Write a duration in seconds with as many digits as matter: `12 ms`, `1.2 s`, `2 min 5 s`."""
    if duration < 1:
        return f"{duration * 1000:.0f} ms"
    if duration < 60:
        return f"{duration:.1f} s"
    minutes, rest = divmod(round(duration), 60)
    return f"{minutes} min {rest} s"


class PlainProgress:
    """Print a line for each step that ended: `step read_orders ... ok (12 ms)`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def observe(self, event: Event) -> None:
        """Print a line if the event ends an attempt at a step."""
        how = ending(event)
        if how:
            print(f"step {event.step_key} ... {how}", file=sys.stderr, flush=True)


class LiveProgress:
    """Show running steps with a spinner and the time they took so far, and ended ones as lines above."""

    def __init__(self, console: Console | None = None) -> None:
        from rich.console import Console
        from rich.progress import Progress as Display
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        self._console = console or Console(stderr=True, highlight=False)
        self._running: dict[str, TaskID] = {}
        self._display = Display(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=self._console,
            redirect_stdout=sys.stdout.isatty(),
            transient=True,
        )

    def __enter__(self) -> Self:
        self._display.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._display.stop()

    def observe(self, event: Event) -> None:
        """Begin or end the line of a step."""
        from rich.markup import escape

        key = event.step_key or ""
        if event.kind in {EventKind.STEP_START, EventKind.STEP_RESTARTED} and key not in self._running:
            self._running[key] = self._display.add_task(escape(key), total=None)
        how = ending(event)
        if not how:
            return
        style = STYLES[event.kind]
        self._console.print(f"[{style}]step {escape(key)} ... {how}[/]")
        if key in self._running:
            self._display.remove_task(self._running.pop(key))
