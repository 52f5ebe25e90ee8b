"""The layout of TOML: one way to write headers and pairs, and what stands between them.

Values stay as they are written: of an array of several lines only the blanks at the ends of lines go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.format.wiring_layout import lay_out_wiring

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_PIECE: Final = re.compile(
    r'(?P<string>"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*')"
    r"|(?P<comment>#[^\n]*)|(?P<newline>\n)|(?P<blank>[ \t]+)"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<equals>=)|(?P<other>[^\s\[\]{}=#\"']+)"
)


class Piece(NamedTuple):
    """A token of TOML text, a comment or white space."""

    kind: str
    text: str
    start: int


class Line(NamedTuple):
    """A statement, a comment on a line of its own, or an empty line: without any piece."""

    pieces: tuple[Piece, ...]

    @property
    def is_header(self) -> bool:
        """Whether it begins a table."""
        return bool(self.pieces) and self.pieces[0].kind == "open"

    @property
    def table(self) -> str:
        """The name of the table that it begins, as it is written."""
        return _joined(piece for piece in self.pieces if piece.kind != "comment").strip("[]")

    @property
    def is_comment(self) -> bool:
        """Whether it is a comment alone."""
        return bool(self.pieces) and self.pieces[0].kind == "comment"


def lay_out_toml(text: str, wirings: Collection[int]) -> tuple[str, tuple[str, ...]]:
    """Return an accepted text in its canonical layout, and its comments in order.

    Line ends must be LF. `wirings` are the offsets of the strings that hold wiring text.
    """
    pieces = [Piece(match.lastgroup or "", match.group(), match.start()) for match in _PIECE.finditer(text)]
    comments = tuple(piece.text.rstrip() for piece in pieces if piece.kind == "comment")
    rows = [_written(line, wirings) for line in _spaced(list(_lines(pieces)))]
    return "".join(f"{row}\n" for row in rows), comments


def _lines(pieces: list[Piece]) -> Iterator[Line]:
    """Cut the text where a line end ends a statement, and leave out the blanks at the ends of lines."""
    line: list[Piece] = []
    depth = 0
    for piece in [*pieces, Piece("newline", "\n", -1)]:
        depth += (piece.kind == "open") - (piece.kind == "close")
        if piece.kind == "newline":
            while line and line[-1].kind == "blank":
                line.pop()
        if piece.kind == "newline" and not depth:
            yield Line(tuple(line))
            line = []
        elif line or piece.kind != "blank":
            line.append(piece)


def _spaced(lines: list[Line]) -> Iterator[Line]:
    """Leave one empty line before each table and its comments, and elsewhere one where there are any.

    Parts of a table may follow it, and each other, at once.
    """
    written: Line | None = None
    is_apart, table = False, ""
    for number, line in enumerate(lines):
        if not line.pieces:
            is_apart = True
            continue
        if written is not None and (is_apart or _begins_table(lines[number:], written, table)):
            yield Line(())
        yield line
        written, is_apart = line, False
        if line.is_header and not line.table.startswith(f"{table}."):
            table = line.table


def _begins_table(lines: list[Line], before: Line, table: str) -> bool:
    """Tell whether lines begin with a header, or its comments, that is no part of `table`."""
    header = next((line for line in lines if not line.is_comment), Line(()))
    return header.is_header and not before.is_comment and not header.table.startswith(f"{table}.")


def _written(line: Line, wirings: Collection[int]) -> str:
    pieces = line.pieces
    trail = ""
    if pieces and pieces[-1].kind == "comment":
        trail = pieces[-1].text.rstrip()
        pieces = pieces[:-1]
    if line.is_header:
        text = _joined(pieces)
    else:
        equals = next((number for number, piece in enumerate(pieces) if piece.kind == "equals"), 0)
        text = _joined(pieces[:equals])
        if pieces:
            text += f" = {_value(pieces[equals + 1 :], wirings)}"
    return f"{text}  {trail}" if text and trail else text or trail


def _joined(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != "blank")


def _value(pieces: tuple[Piece, ...], wirings: Collection[int]) -> str:
    if len(pieces) and pieces[-1].start in wirings:
        return _wiring(pieces[-1].text)
    return "".join(piece.text.rstrip() if piece.kind == "comment" else piece.text for piece in pieces).strip()


def _wiring(string: str) -> str:
    """Lay out the wiring text in a string of several lines whose value is what is written in it."""
    quotes = string[:3]
    if quotes not in ('"""', "'''") or string[3:4] != "\n" or (quotes == '"""' and "\\" in string):
        return string
    body = string[4:-3]
    laid_out = lay_out_wiring(body)
    if laid_out is None:
        return string
    end = "\n" if laid_out and not body.rpartition("\n")[2].strip() else ""
    return f"{quotes}\n{laid_out}{end}{quotes}"
