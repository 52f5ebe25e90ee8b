"""Find the comments of a YAML or TOML text: real ones, not `#` in strings and blocks.

No reader keeps comments, and few texts are asked for theirs, so they are found in a pass of their own. In
YAML the parser says where scalars stand, and what lies between them is searched (YAML 1.2.2, 6.6); in TOML
strings are the only place where `#` means something else (TOML 1.0.0, "Comment").
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.read.chart import Span
from jobc.compiler.read.yaml_events import has_libyaml, libyaml_events, referee_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.read.source import Source
    from jobc.compiler.read.yaml_events import EventStream

_YAML_COMMENT: Final = re.compile(r"(?<!\S)#[^\r\n]*")
_TOML_TOKEN: Final = re.compile(
    r'(?P<text>"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*')"
    r"|(?P<comment>#[^\r\n]*)"
)
_LINE: Final = re.compile(r"[^\r\n]*")
_PROPERTIES: Final = re.compile(r"(?:[!&]\S*\s+(?:#[^\r\n]*\s+)*)*+")


class Comment(NamedTuple):
    """A comment, from its `#` to the end of its line; `stands_alone` if its line holds nothing else."""

    span: Span
    stands_alone: bool


class Comments(NamedTuple):
    """The comments of a text in order, and the stretches of its values that are longer than a line."""

    comments: tuple[Comment, ...]
    long_texts: tuple[Span, ...]


def find_comments(source: Source) -> Comments:
    """Return the comments of a text that the reader accepts; the name's suffix tells the language."""
    is_toml = PurePath(source.name).suffix.lower() == ".toml"
    spans, texts = _toml_parts(source.text) if is_toml else _yaml_parts(source.text)
    comments = tuple(Comment(span, _stands_alone(source.text, span.start)) for span in spans)
    return Comments(comments, tuple(span for span in texts if _is_long(source.text, span)))


def _toml_parts(text: str) -> tuple[list[Span], list[Span]]:
    comments: list[Span] = []
    texts: list[Span] = []
    for token in _TOML_TOKEN.finditer(text):
        (comments if token.lastgroup == "comment" else texts).append(Span(*token.span()))
    return comments, texts


def _yaml_parts(text: str) -> tuple[list[Span], list[Span]]:
    texts = _yaml_scalars(text)
    comments: list[Span] = []
    at = 0
    for scalar in texts:
        comments += _between(text, at, scalar.start)
        at = scalar.end
        if text[scalar.start : scalar.start + 1] in {"|", ">"}:
            # The header of a block may end with a comment, its lines hold none.
            header = _LINE.match(text, scalar.start)
            comments += _between(text, scalar.start, header.end() if header else scalar.start)
    comments += _between(text, at, len(text))
    return comments, texts


def _between(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _YAML_COMMENT.finditer(text, start, end):
        yield Span(*match.span())


def _yaml_scalars(text: str) -> list[Span]:
    stream = libyaml_events(text) if has_libyaml() else referee_events(text)
    try:
        return list(_scalar_spans(text, stream))
    except stream.failures:
        # As in reading: what libyaml refuses, the referee may accept.
        return list(_scalar_spans(text, referee_events(text)))


def _scalar_spans(text: str, stream: EventStream) -> Iterator[Span]:
    """Yield where scalars stand, tags and anchors left out: a comment may follow those."""
    while True:
        event = stream.next_event()
        kind = event.__class__
        if kind is stream.stream_end:
            return
        if kind is stream.scalar:
            start, end = event.start_mark.index, event.end_mark.index
            properties = _PROPERTIES.match(text, start, end)
            yield Span(properties.end() if properties else start, end)


def _stands_alone(text: str, start: int) -> bool:
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    return not text[line_start:start].strip()


def _is_long(text: str, span: Span) -> bool:
    written = text[span.start : span.end].rstrip()
    return "\n" in written or "\r" in written
