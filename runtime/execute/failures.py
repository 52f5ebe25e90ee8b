"""Failures: what is recorded of an exception, and how a user's own frames are told from ours."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from jobc.runtime.definitions.policies import Failure
from jobc.runtime.storage.errors import ErrorInfo
from jobc.runtime.storage.events import FailureData

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.execute.secrets import Mask

# Those of jobc, and of the loop that async ops run in.
_NOT_THEIRS = (str(Path(__file__).parents[2]), str(Path(traceback.__file__).with_name("asyncio")))
_LONGEST_CHAIN = 20


class PlaceNote(str):
    """A note by which an exception that leaves a run tells where in the job it was raised."""

    __slots__ = ()


def user_traceback(error: BaseException) -> str:
    """Render an exception and what caused it, without the frames of jobc itself.

    The text ends in a newline; the first cause comes first, as Python prints it.
    """
    parts: list[str] = []
    for link in reversed(list(_chain(error))):
        if parts:
            parts.append("\nThe above exception was the cause of the following one:\n\n")
        frames = user_frames(link.__traceback__)
        if frames:
            parts.extend(["Traceback (most recent call last):\n", *frames])
        parts.extend(traceback.format_exception_only(link))
    return "".join(parts)


def user_frames(trace: TracebackType | None) -> tuple[str, ...]:
    """Return the frames of a traceback that are not jobc's own, outermost first, rendered one text each."""
    theirs = [frame for frame in traceback.extract_tb(trace) if not frame.filename.startswith(_NOT_THEIRS)]
    return tuple(traceback.format_list(theirs))


def error_info(error: BaseException, mask: Mask) -> ErrorInfo:
    """Turn an exception and its causes into data, with secrets masked."""
    info: ErrorInfo | None = None
    for link in reversed(list(_chain(error))):
        notes = [note for note in getattr(link, "__notes__", ()) if not isinstance(note, PlaceNote)]
        text = "\n".join([text_of(link), *map(str, notes)])
        info = ErrorInfo(
            type(link).__name__,
            mask.apply(text),
            tuple(map(mask.apply, user_frames(link.__traceback__))),
            info,
            tuple(map(mask.apply, traceback.format_tb(link.__traceback__))),
        )
    assert info is not None
    return info


def text_of(error: BaseException) -> str:
    """Return what an exception says; one whose `__str__` raises says nothing."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a user's `__str__` may raise anything
        return "(the text of this exception cannot be shown)"


def failure_data(error: BaseException, mask: Mask) -> FailureData:
    """Turn an exception into a failure's record; a `Failure` in its chain gives description and metadata."""
    for link in _chain(error):
        if isinstance(link, Failure):
            return FailureData(error_info(error, mask), link.description, link.metadata)
    return FailureData(error_info(error, mask))


def place_of(op: OpDefinition, step_key: str) -> str:
    """Say which op a failure belongs to and, for an op of a spec, where it is declared."""
    named = f"op `{op.name}`" if op.name == step_key else f"op `{op.name}` (step `{step_key}`)"
    if op.origin is None:
        return named
    return f"{named}, declared at {op.origin.file}:{op.origin.line}"


def add_place(error: BaseException, op: OpDefinition, step_key: str) -> None:
    """Note on an exception where in the job it was raised; once, however often it passes by."""
    note = PlaceNote(f"in {place_of(op, step_key)}")
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Follow the causes of an exception, itself first; ends at a cycle or after a sane number."""
    seen: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in seen and len(seen) < _LONGEST_CHAIN:
        seen.append(link)
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
