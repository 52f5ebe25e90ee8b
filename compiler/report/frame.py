"""One frame of a diagnostic: the lines it quotes, with the mark below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.report.columns import excerpt, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobc.compiler.report.palette import Palette
    from jobc.schemas.diagnostics import Location

QUOTE_COLUMNS = 120
QUOTE_LINES = 6


class Frame(NamedTuple):
    """What a frame shows: `arrow` stands before the place, `mark` below the text, `label` behind the mark."""

    arrow: str
    mark: str
    location: Location
    label: str
    colour: str

    @property
    def last_line(self) -> int:
        """The largest line number that the frame shows; a span that ends before a line does not show it."""
        start, end = self.location.start, self.location.end
        return end.line - 1 if end.column == 1 and end.line > start.line else end.line


def quoted_lines(frame: Frame, lines: Sequence[str], gutter: int, palette: Palette) -> Iterator[str]:
    """Yield the quoted lines of a frame and its mark; nothing when the file's lines are not at hand.

    A place just behind the last line (the end of a text) is shown as an empty line.
    """
    first = frame.location.start.line
    if not lines or first > len(lines) + 1:
        return
    if frame.last_line > first:
        yield from _several(frame, lines, gutter, palette)
        return
    line = lines[first - 1] if first <= len(lines) else ""
    start = frame.location.start.column - 1
    end = frame.location.end.column - 1 if frame.location.end.line == first else len(line)
    part = excerpt(line, start, end, QUOTE_COLUMNS)
    marked = " " * part.mark_start + _marked(frame, frame.mark * (part.mark_end - part.mark_start), palette)
    yield _row(str(first), part.text, gutter, palette)
    yield _row("", marked, gutter, palette)


def _several(frame: Frame, lines: Sequence[str], gutter: int, palette: Palette) -> Iterator[str]:
    """Quote a span of several lines: a bar at the left joins its first line with the mark below its last.

    The bar begins with a slash where the span begins its line, else with a line that leads to its start.
    """
    first, last = frame.location.start.line, min(frame.last_line, len(lines))
    start = frame.location.start.column - 1
    begins = not lines[first - 1][:start].strip()
    head = excerpt(lines[first - 1], start, len(lines[first - 1]), QUOTE_COLUMNS)
    slash = palette.paint(frame.colour, "/") if begins else " "
    yield _row(str(first), f"{slash} {head.text}", gutter, palette)
    if not begins:
        yield _row(
            "", palette.paint(frame.colour, f" {'_' * (head.mark_start + 1)}{frame.mark}"), gutter, palette
        )
    bar = palette.paint(frame.colour, "|")
    for number in _middle(first, last):
        text = excerpt(lines[number - 1], 0, 0, QUOTE_COLUMNS).text if number else "..."
        yield _row(str(number) if number else "", f"{bar} {text}", gutter, palette)
    tail = excerpt(lines[last - 1], _last_character(frame, lines[last - 1], last), 0, QUOTE_COLUMNS)
    yield _row(str(last), f"{bar} {tail.text}", gutter, palette)
    yield _row("", _marked(frame, f"|{'_' * (tail.mark_start + 1)}{frame.mark}", palette), gutter, palette)


def _middle(first: int, last: int) -> Iterator[int]:
    """Yield the lines between the first and the last; in a long span, 0 stands for those left out."""
    between = range(first + 1, last)
    if len(between) <= QUOTE_LINES - 2:
        yield from between
        return
    yield from between[: QUOTE_LINES - 3]
    yield 0


def _last_character(frame: Frame, line: str, number: int) -> int:
    end = frame.location.end
    return max(0, (end.column - 1 if end.line == number else len(line)) - 1)


def _marked(frame: Frame, mark: str, palette: Palette) -> str:
    label = " ".join(visible(frame.label).split())
    return palette.paint(frame.colour, f"{mark} {label}" if label else mark)


def _row(number: str, text: str, gutter: int, palette: Palette) -> str:
    return f"{palette.paint(palette.frame, f'{number:>{gutter}} |')} {text}"
