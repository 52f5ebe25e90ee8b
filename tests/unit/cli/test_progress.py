from __future__ import annotations

import io

import pytest
from rich.console import Console

from jobc.cli.progress import LiveProgress, PlainProgress, progress_for_people, seconds
from jobc.runtime.storage.errors import ErrorInfo
from jobc.runtime.storage.events import Event, EventKind, RetryData, SuccessData

ERROR = ErrorInfo("ValueError", "no")


def event(kind: EventKind, step: str | None, data: SuccessData | RetryData | None = None) -> Event:
    return Event(kind, "", 0.0, "run", "etl", step, step, data)


EVENTS = [
    event(EventKind.RUN_START, None),
    event(EventKind.STEP_START, "read"),
    event(EventKind.STEP_OUTPUT, "read"),
    event(EventKind.STEP_SUCCESS, "read", SuccessData(12.3)),
    event(EventKind.STEP_START, "sub.clean[a]"),
    event(EventKind.STEP_UP_FOR_RETRY, "sub.clean[a]", RetryData(ERROR, 1, 0.5)),
    event(EventKind.STEP_RESTARTED, "sub.clean[a]"),
    event(EventKind.STEP_FAILURE, "sub.clean[a]"),
    event(EventKind.STEP_SKIPPED, "store"),
    event(EventKind.RUN_FAILURE, None),
]
LINES = [
    "step read ... ok (12 ms)",
    "step sub.clean[a] ... failed, will be tried again in 500 ms",
    "step sub.clean[a] ... failed",
    "step store ... skipped",
]


def test_every_ended_step_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with PlainProgress() as progress:
        for one in EVENTS:
            progress.observe(one)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == LINES


def test_a_terminal_shows_what_runs_and_keeps_what_ended() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80, color_system=None, highlight=False)
    with LiveProgress(console) as progress:
        for one in EVENTS:
            progress.observe(one)
    written = [line.strip() for line in screen.getvalue().splitlines()]
    places = [next(n for n, line in enumerate(written) if line.endswith(expected)) for expected in LINES]
    assert places == sorted(places)


def test_without_a_terminal_progress_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(progress_for_people(), PlainProgress)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert isinstance(progress_for_people(), LiveProgress)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(progress_for_people(), PlainProgress)


@pytest.mark.parametrize(
    ("duration", "text"),
    [(0.0004, "0 ms"), (0.25, "250 ms"), (1.25, "1.2 s"), (59.94, "59.9 s"), (125, "2 min 5 s")],
)
def test_durations_have_as_many_digits_as_matter(duration: float, text: str) -> None:
    assert seconds(duration) == text
