"""Where YAML events come from: libyaml when it is there, and the referee.

PyYAML's wheels carry libyaml 0.2.5; its event loop is the fastest that gives exact marks, and it does not
recurse. Its verdicts are not always those of YAML 1.2, so whatever it rejects is read again by ruamel.yaml's
parser, which alone decides then and words the position; where libyaml is missing, ruamel.yaml serves alone.
Both give events of the same shape, and marks whose `index` counts characters.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class EventStream(NamedTuple):
    """One parse under way: how to get the next event, what that may raise, and the classes of events."""

    next_event: Callable[[], Any]
    failures: tuple[type[Exception], ...]
    scalar: type
    alias: type
    mapping_start: type
    mapping_end: type
    sequence_start: type
    sequence_end: type
    document_start: type
    stream_end: type


class Rejection(NamedTuple):
    """A parser's verdict that a text is no YAML: in its own words, and where.

    `context_offset` is where the part began in which the parser was. An `offset` of None means that the
    parser broke down and knows no place.
    """

    context: str
    problem: str
    offset: int | None
    context_offset: int | None


_SURROGATE: Final = re.compile("[\ud800-\udfff]")

# What ruamel.yaml's parser lets escape on texts that are no YAML, besides its own errors.
_ESCAPES = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    AssertionError,
    ArithmeticError,
    RecursionError,
)


@cache
def has_libyaml() -> bool:
    """Tell whether PyYAML came with libyaml."""
    try:
        import yaml._yaml  # noqa: F401
    except ImportError:
        return False
    return True


def libyaml_events(text: str) -> EventStream:
    """Parse `text` with libyaml."""
    from yaml import YAMLError, events
    from yaml._yaml import CParser

    return _stream(CParser(text).get_event, events, (YAMLError,))


def referee_events(text: str) -> EventStream:
    """Parse `text` with ruamel.yaml's own parser."""
    from ruamel.yaml import YAML, events
    from ruamel.yaml.error import YAMLError

    parse = YAML(typ="safe", pure=True).parse(text)

    def next_event() -> Any:
        event = next(parse)
        if event.__class__ is events.ScalarEvent and _SURROGATE.search(event.value):
            event.value = _joined(event)
        return event

    return _stream(next_event, events, (YAMLError, *_ESCAPES))


def _joined(event: Any) -> str:
    """Join surrogate pairs, as JSON writes characters above U+FFFF."""
    from ruamel.yaml.error import MarkedYAMLError

    try:
        return str(event.value).encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        mark = event.start_mark
        raise MarkedYAMLError("in a quoted scalar", mark, "half of a surrogate pair", mark) from None


def rejection(error: Exception, length: int) -> Rejection:
    """Turn what a parser raised on a text of `length` characters into its verdict."""
    marks = (getattr(error, "problem_mark", None), getattr(error, "context_mark", None))
    offsets = [None if mark is None else min(mark.index, length) for mark in marks]
    offset = next((offset for offset in offsets if offset is not None), None)
    context, problem = getattr(error, "context", None), getattr(error, "problem", None)
    return Rejection(str(context or ""), str(problem or ""), offset, offsets[1])


def _stream(next_event: Callable[[], Any], events: Any, failures: tuple[type[Exception], ...]) -> EventStream:
    return EventStream(
        next_event,
        failures,
        events.ScalarEvent,
        events.AliasEvent,
        events.MappingStartEvent,
        events.MappingEndEvent,
        events.SequenceStartEvent,
        events.SequenceEndEvent,
        events.DocumentStartEvent,
        events.StreamEndEvent,
    )
