"""Charts: the way from an offset in a string's value back to where that character is written.

Quotes, escapes, folded lines and stripped indents make the written text differ from the value. A chart is a
list of runs; in a run either every character is written as itself, or the whole run stands for one stretch of
the text (an escape, a folded line end).
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a text: 0-based offsets, `end` excluded."""

    start: int
    end: int


class Chart:
    """Collect the runs of one string in reading order, then map offsets of its value to the source."""

    __slots__ = ("_ends", "_length", "_origin", "_starts", "_values", "pieces")

    def __init__(self, origin: int) -> None:
        """Begin a chart; `origin` is where the content begins (after an opening quote)."""
        self.pieces: list[str] = []
        self._origin = origin
        self._length = 0
        self._values: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, piece: str, start: int, end: int) -> None:
        """Append a run: `piece` of the value is what is written from `start` to `end`."""
        if piece:
            self.pieces.append(piece)
            self._values.append(self._length)
            self._starts.append(start)
            self._ends.append(end)
            self._length += len(piece)

    def span(self, start: int, end: int) -> Span:
        """Map the part of the value from `start` to `end` to the source; an empty part to an empty span."""
        start = max(0, min(start, self._length))
        if end <= start:
            return self._point(start)
        first, last = self._run(start), self._run(min(end, self._length) - 1)
        begin = self._starts[first]
        if self._is_verbatim(first):
            begin += start - self._values[first]
        stop = self._ends[last]
        if self._is_verbatim(last):
            stop = self._starts[last] + min(end, self._length) - self._values[last]
        return Span(begin, max(begin, stop))

    def _point(self, offset: int) -> Span:
        if offset < self._length:
            begin = self.span(offset, offset + 1).start
        elif text := "".join(self.pieces).rstrip("\n"):
            begin = self.span(len(text) - 1, len(text)).end
        else:
            begin = self._origin
        return Span(begin, begin)

    def _run(self, offset: int) -> int:
        return bisect_right(self._values, offset) - 1

    def _is_verbatim(self, run: int) -> bool:
        return len(self.pieces[run]) == self._ends[run] - self._starts[run]
