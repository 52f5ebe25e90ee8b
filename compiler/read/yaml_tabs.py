"""Find tabs between the tokens of a YAML text.

YAML forbids tabs in indentation only, but its parsers disagree on tabs between tokens: the same file would be
read on one machine and refused on another. So tabs stand in strings, comments and flow collections only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jobc.compiler.read.chart import Span
from jobc.schemas.diagnostics import Diagnostic, Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.read.source import Source
    from jobc.compiler.read.yaml_events import EventStream

_BLANKS_WITH_TAB: Final = re.compile(r"[ ]*\t")


def find_tabs(source: Source, stream: EventStream) -> list[Diagnostic]:
    """Report each run of blanks that has a tab and stands between tokens (JC0108).

    `stream` is a new parse of the source, which a parser has accepted.
    """
    text = source.text
    diagnostics = []
    allowed = [*_allowed_spans(stream), Span(len(text), len(text))]
    gap_start = 0
    for span in allowed:
        # The gap between two spans may hold line ends and comments; a comment hides what follows it.
        for line in _lines(text, gap_start, span.start):
            match = _BLANKS_WITH_TAB.search(text, *line)
            if match and "#" not in text[line.start : match.start()]:
                diagnostics.append(describe_tab(source, match.start()))
        gap_start = span.end
    return diagnostics


def _allowed_spans(stream: EventStream) -> Iterator[Span]:
    """Yield the scalars and the outermost flow collections, in order.

    What stands behind the first document was never parsed: where it is no YAML, the stream ends.
    """
    flow_start, flow_depth = 0, 0
    while True:
        try:
            event = stream.next_event()
        except stream.failures:
            return
        kind = event.__class__
        if kind is stream.stream_end:
            return
        if kind is stream.mapping_start or kind is stream.sequence_start:
            if event.flow_style:
                flow_start = flow_start if flow_depth else event.start_mark.index
                flow_depth += 1
        elif flow_depth and (kind is stream.mapping_end or kind is stream.sequence_end):
            flow_depth -= 1
            if not flow_depth:
                yield Span(flow_start, event.end_mark.index)
        elif not flow_depth and kind is stream.scalar:
            yield Span(event.start_mark.index, event.end_mark.index)


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    for line in text[start:end].splitlines(keepends=True):
        yield Span(start, start + len(line))
        start += len(line)


def describe_tab(source: Source, offset: int) -> Diagnostic:
    """Report the run of blanks around `offset`, which has a tab; the fix leaves indentation alone."""
    text = source.text
    start = end = offset
    while start and text[start - 1] in " \t":
        start -= 1
    while end < len(text) and text[end] in " \t":
        end += 1
    is_first = start == 0 or text[start - 1] in "\r\n"
    is_last = end == len(text) or text[end] in "\r\n"
    location = source.location(start, end)
    edits: tuple[Edit, ...] = ()
    if is_last or not is_first:
        edits = (Edit(location, "" if is_last else " "),)
    return Diagnostic(
        "JC0108",
        "a tab stands between the parts of the text",
        location,
        label="expected nothing here" if is_last else "expected spaces",
        help="in YAML, tabs may stand in strings, comments and between `{…}` or `[…]` only",
        edits=edits,
    )
