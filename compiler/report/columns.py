"""How a line of a spec looks on a terminal: which column each of its characters begins in.

Carets must stand below what they mark. Tabs, wide characters, combining marks and control characters all make
the column on the screen differ from the column in the text; a very long line is cut to the part that matters.
"""

from __future__ import annotations

from dataclasses import dataclass

TAB_COLUMNS = 4
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as it is shown.

    `starts` holds the screen column (0-based) of every character of the line and, last, of the line's end.
    """

    text: str
    starts: tuple[int, ...]

    def column(self, character: int) -> int:
        """Return the screen column of a character (0-based); what lies behind the end counts one each."""
        if character < len(self.starts):
            return self.starts[character]
        return self.starts[-1] + character - len(self.starts) + 1


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The shown part of a line and where a mark on it begins and ends, in screen columns of that part."""

    text: str
    mark_start: int
    mark_end: int


def show(line: str) -> ShownLine:
    """Lay out a line: tabs become blanks, control characters become visible, wide ones count two columns."""
    if line.isascii() and line.isprintable():
        return ShownLine(line, tuple(range(len(line) + 1)))
    column, pieces, starts = 0, [], []
    for character in line:
        starts.append(column)
        piece = _piece(character, column)
        pieces.append(piece)
        column += _width(piece)
    return ShownLine("".join(pieces), (*starts, column))


def lines_of(text: str) -> list[str]:
    """Split a text at the line ends that count as such in YAML 1.2 and TOML; the last line may be empty."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def visible(text: str) -> str:
    """Make a text safe to print: what would steer the terminal is shown as a character instead."""
    return text if text.isprintable() else "".join(c if c == "\n" else _piece(c, 0) for c in text)


def excerpt(line: str, start: int, end: int, columns: int) -> Excerpt:
    """Cut a line to at most `columns` columns around the characters from `start` to `end` (0-based).

    The mark is at least one column wide. Where something was cut away stands an ellipsis.
    """
    shown = show(line)
    mark_start = shown.column(start)
    mark_end = max(mark_start + 1, shown.column(end))
    if shown.starts[-1] <= columns:
        return Excerpt(shown.text.rstrip(), mark_start, mark_end)
    lead = max(0, min(mark_start - columns // 4, shown.starts[-1] - columns))
    return _window(line, shown, lead, lead + columns, mark_start, mark_end)


def _window(line: str, shown: ShownLine, lead: int, trail: int, mark_start: int, mark_end: int) -> Excerpt:
    inside = [i for i in range(len(line)) if lead <= shown.starts[i] and shown.starts[i + 1] <= trail]
    first, last = inside[0], inside[-1] + 1
    text = "".join(_piece(line[i], shown.starts[i]) for i in inside)
    before = ELLIPSIS if first else ""
    after = ELLIPSIS if last < len(line) else ""
    shift = len(before) - shown.starts[first]
    limit = shown.starts[last] + shift + len(after)
    mark_start = min(mark_start + shift, limit)
    return Excerpt(before + text + after, mark_start, max(mark_start + 1, min(mark_end + shift, limit)))


def _piece(character: str, column: int) -> str:
    if character == "\t":
        return " " * (TAB_COLUMNS - column % TAB_COLUMNS)
    if character.isprintable() or character == "\u3000":
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else " " if character.isspace() else "\ufffd"


def _width(piece: str) -> int:
    if piece.isascii():
        return len(piece)
    from unicodedata import category, east_asian_width

    return 0 if category(piece) in ("Mn", "Me") else 2 if east_asian_width(piece) in "WF" else 1
