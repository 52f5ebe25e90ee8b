"""How failures of a run are told: the step, what the user's code raised and where, the place in the spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.storage.events import EventKind, FailureData, ResourceData

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from jobc.runtime.definitions.origin import SourceOrigin
    from jobc.runtime.storage.errors import ErrorInfo
    from jobc.runtime.storage.events import Event

# Errors that only say where another one happened; the heading above the frames says that already.
WRAPPERS = frozenset(("ExecutionStepExecutionError", "ExecutionHandleOutputError", "ExecutionLoadInputError"))
NOTHING = frozenset[str]()
FAILURES = {EventKind.STEP_FAILURE, EventKind.RESOURCE_INIT_FAILURE, EventKind.RUN_FAILURE}


def failure_texts(
    events: Iterable[Event], origins: Mapping[str, SourceOrigin], hidden: AbstractSet[str] = WRAPPERS
) -> Iterator[str]:
    """Yield a text for each failure among the events of a run: a heading and its errors.

    A failure of the run as a whole counts only where no step or resource failed. `origins` tells by node path
    where an op is declared. `hidden` names the classes of errors that are left out where they have a cause;
    with none of them hidden the frames of jobc are shown, too.
    """
    told = False
    for event in events:
        error = failure_of(event)
        if error is not None and not (told and event.kind is EventKind.RUN_FAILURE):
            told = True
            yield f"{_heading(event, origins)}\n{error_text(error, hidden)}"


def failure_of(event: Event) -> ErrorInfo | None:
    """Return the error of an event that reports a failed step, resource or run, None for any other event."""
    if event.kind in FAILURES and isinstance(event.data, FailureData | ResourceData):
        return event.data.error
    return None


def error_text(error: ErrorInfo, hidden: AbstractSet[str] = WRAPPERS) -> str:
    """Write an error and its causes, the first cause first, with the user's frames."""
    links: list[ErrorInfo] = []
    link: ErrorInfo | None = error
    while link is not None:
        if link.cause is None or link.class_name not in hidden:
            links.append(link)
        link = link.cause
    return "\nwhich led to\n".join(
        _link_text(link, link.frames if hidden else link.all_frames) for link in reversed(links)
    )


def _link_text(link: ErrorInfo, frames: Sequence[str]) -> str:
    trace = f"Traceback (most recent call last):\n{''.join(frames)}" if frames else ""
    return f"{trace}{link.class_name}: {link.message}".removesuffix(": ") + "\n"


def _heading(event: Event, origins: Mapping[str, SourceOrigin]) -> str:
    if isinstance(event.data, ResourceData):
        return f"resource {', '.join(f'`{key}`' for key in event.data.keys)} failed to open"
    if event.step_key is None:
        return "the run failed"
    origin = origins.get(event.node_path or "")
    place = f"; its op is declared at {origin.file}:{origin.line}" if origin else ""
    return f"step `{event.step_key}` failed{place}"
