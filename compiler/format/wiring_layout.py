"""The layout of wiring text: spaces, indentation and empty lines (DESIGN 3, "Wiring text")."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from jobc.compiler.syntax.wiring import parse_wiring
from jobc.compiler.syntax.wiring_lines import ATOM, CLOSING

INDENT: Final = 2
_PIECE: Final = re.compile(
    rf"(?P<atom>{ATOM})|(?P<comment>#[^\n\r]*)|(?P<newline>\r\n?|\n)|(?P<blank>[ \t\f]+)"
    r"|(?P<word>-?[0-9](?:[eE][+-](?=[0-9])|[\w.])*|\w+)|(?P<mark>.)"
)


class Piece(NamedTuple):
    """A token of wiring text, or a comment; `breaks` counts the line ends before it."""

    text: str
    breaks: int
    is_comment: bool = False


def lay_out_wiring(text: str) -> str | None:
    """Return the text in its canonical layout, without a line end behind it; None if it has a mistake.

    A statement keeps its lines. Spaces stand around the `=` of a statement and behind commas, none around
    the `=` of a named input or output, nor inside brackets. Lines inside brackets are indented by two.
    """
    if parse_wiring(text)[1]:
        return None
    return _Layout().run(_pieces(text))


def is_same_wiring(one: str, other: str) -> bool:
    """Tell whether two texts differ in white space alone, and in none that means something."""
    return _statements(one) == _statements(other)


def _statements(text: str) -> list[list[str]]:
    """Return the tokens and comments of a text, cut where a line end means something."""
    lines: list[list[str]] = [[]]
    depth = 0
    for piece in _pieces(text):
        if piece.breaks and not depth and lines[-1]:
            lines.append([])
        lines[-1].append(piece.text)
        if not piece.is_comment:
            depth += (piece.text in CLOSING) - (piece.text in CLOSING.values())
    return lines


def _pieces(text: str) -> list[Piece]:
    pieces = []
    breaks = 0
    for match in _PIECE.finditer(text):
        kind = match.lastgroup
        if kind == "newline":
            breaks += 1
        elif kind != "blank":
            pieces.append(Piece(match.group().rstrip(), breaks, kind == "comment"))
            breaks = 0
    return pieces


class _Layout:
    """Write pieces one after another; the stack has the indentation of each line that opened a bracket."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._brackets: list[int] = []
        self._indent = 0
        self._previous: Piece | None = None
        self._is_return = False

    def run(self, pieces: list[Piece]) -> str:
        for piece in pieces:
            self._write(piece)
        return "".join(self._out)

    def _write(self, piece: Piece) -> None:
        if self._previous is None:
            self._is_return = piece.text == "return"
        elif piece.breaks:
            self._begin_line(piece)
        else:
            self._out.append(self._gap(self._previous, piece))
        self._out.append(piece.text)
        if not piece.is_comment:
            if piece.text in CLOSING:
                self._brackets.append(self._indent)
            elif piece.text in CLOSING.values() and self._brackets:
                self._brackets.pop()
        self._previous = piece

    def _begin_line(self, piece: Piece) -> None:
        if not self._brackets:
            self._indent = 0
            self._is_return = piece.text == "return"
        elif piece.text in CLOSING.values() and not piece.is_comment:
            self._indent = self._brackets[-1]
        else:
            self._indent = self._brackets[-1] + INDENT
        self._out.append(("\n\n" if piece.breaks > 1 else "\n") + " " * self._indent)

    def _gap(self, previous: Piece, piece: Piece) -> str:
        """Return what stands between two pieces of one line."""
        before, after = previous.text, piece.text
        if piece.is_comment:
            return "  "
        if after == "=" or before == "=":
            return "" if self._brackets or self._is_return else " "
        if before in (",", ":"):
            return "" if after in CLOSING.values() else " "
        if before in CLOSING or before == "." or after in (",", ":", ".") or after in CLOSING.values():
            return ""
        return "" if after == "(" else " "
