"""What is written at a place, and which keys stand beside it, told from the lines of a text alone.

Diagnostics of many files are looked at once more when their trees are gone; lines are enough for what is
asked here, and where they are not, the answer is the careful one.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jobc.schemas.diagnostics import Location

LINE_END: Final = re.compile(r"\r\n?|\n")
_KEY_END: Final = re.compile(r"[ \t]*[:=](?!=)")
_DOTTED: Final = re.compile(r"\[?\[?(?:[A-Za-z_]\w*\.)+")


class Written(NamedTuple):
    """What stands at a place of one line: the text, its quotes (or none), and what is between them.

    `before` is what stands before it in its line.
    """

    text: str
    quote: str
    bare: str
    before: str

    def with_bare(self, bare: str) -> str:
        """Return another word in the same quotes."""
        return f"{self.quote}{bare}{self.quote}"


class Lines:
    """The lines of texts by file name; a text is cut when the first place in it is asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, list[str]] = {}

    def of(self, file: str) -> Sequence[str]:
        """Return the lines of a file without their ends; none if its text is not at hand."""
        if file not in self._lines:
            text = self._texts.get(file)
            self._lines[file] = [] if text is None else LINE_END.split(text)
        return self._lines[file]

    def count(self, file: str, word: str) -> int:
        """Count how often a word stands in a file, as a word of its own."""
        pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        return sum(len(pattern.findall(row)) for row in self.of(file))

    def written_at(self, location: Location) -> Written | None:
        """Return what stands at a place; None if it is empty, of several lines, or not at hand."""
        lines, (_, start, end) = self.of(location.file), location
        if start.line != end.line or not start.line <= len(lines):
            return None
        line = lines[start.line - 1]
        text, before = line[start.column - 1 : end.column - 1], line[: start.column - 1]
        if len(text) >= 2 and text[0] in "\"'" and text[-1] == text[0]:
            quote, bare = text[0], text[1:-1]
            return None if "\\" in bare or quote in bare else Written(text, quote, bare, before)
        return Written(text, "", text, before) if text else None


def has_key_beside(name: str, location: Location, lines: Lines) -> bool:
    """Tell whether a key of this name may stand beside the key at a place; False if no key is there.

    Beside it are the keys of its line, and those that begin in its column in the lines around, up to one
    that stands less deep or is the header of a table; beside a part of a dotted key, what begins like it.
    """
    file, start, end = location
    rows, column = lines.of(file), start.column - 1
    row = rows[start.line - 1]
    if _DOTTED.fullmatch(row[:column]):
        dotted = re.compile(rf"{re.escape(row[:column])}{re.escape(name)}(?![\w-])")
        return any(dotted.match(each) for each in rows)
    if start.line != end.line or not _KEY_END.match(row, end.column - 1):
        return False
    key = re.compile(rf"(?<![\w.-])[\"']?{re.escape(name)}[\"']?[ \t]*[:=.]")
    if any(match.start() != column for match in key.finditer(row)):
        return True
    if row[:column].strip(" -"):
        return False
    above = () if row[:column].strip() else reversed(rows[: start.line - 1])
    below = takewhile(lambda each: not _is_item(each, column), rows[start.line :])
    return any(_stands_in(each, column, key) for each in (above, below))


def _is_item(row: str, column: int) -> bool:
    """Tell whether a row begins a list item whose keys stand in a column."""
    return column >= 2 and row.startswith(f"{' ' * (column - 2)}- ")


def _stands_in(rows: Iterable[str], column: int, key: re.Pattern[str]) -> bool:
    """Tell whether a key begins in a column, before the rows leave the mapping that has its keys there."""
    for row in rows:
        # The first key of a list item stands behind its dash, as deep as the others.
        bare = re.sub(r"^( *)-(?= )", r"\1 ", row)
        begin = len(bare) - len(bare.lstrip(" "))
        if not bare.strip() or bare[begin] == "#":
            continue
        if begin == column and key.match(bare, begin):
            return True
        if begin < column or row.startswith("[") or _is_item(row, column):
            return False
    return False
