"""Where in a text for the shell values are put in: outside of quotes, or inside something.

Every value is quoted when it is put in. Inside quotes of the author's own that quoting would be text, and
what the value holds might be read by the shell; the same goes for comments, backquotes and here-documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.runtime.expressions.templates import Template

_BARE = "remove the quotes: every value is quoted when it is put in"
_OUTSIDE = 'put the value into a variable first: `name=${…}` on a line of its own, then `"$name"`'
_ADVICE = {
    "inside quotes": _BARE,
    "behind a backslash": "remove the backslash: every value is quoted when it is put in",
    "inside backquotes": "write `$(…)` in place of the backquotes",
    "into a comment": "remove it from the comment",
    "into a here-document": _OUTSIDE,
}
_ENDS = {"'": "'", '"': '"', "`": "`", "#": "\n", "(": ")", "((": ")"}


class Enclosed(NamedTuple):
    """An expression that stands inside something: where, in words, its span in the text, and what to do."""

    where: str
    start: int
    end: int
    advice: str


def enclosed(template: Template) -> Iterator[Enclosed]:
    """Yield the expressions of a shell's text that do not stand free."""
    scanner = _Scanner()
    for part in template.parts:
        if isinstance(part, str):
            scanner.read(part)
        else:
            if (where := scanner.where()) is not None:
                yield Enclosed(where, part.start, part.end, _ADVICE[where])
            scanner.put()


class _Scanner:
    """Follows quotes and their like through a text, as far as values must know of them.

    `_open` are the signs that opened what is not at its end yet, the outermost first: in double quotes there
    may be a `$(` or backquotes, which may hold quotes again.
    """

    def __init__(self) -> None:
        self._last = "\n"
        self._open: list[str] = []
        self._is_escaped = False
        self._documents = _Documents()

    def where(self) -> str | None:
        """Return where the next character would stand; None outside of everything."""
        if "'" in self._open or '"' in self._open:
            return "inside quotes"
        if "`" in self._open:
            return "inside backquotes"
        if "#" in self._open:
            return "into a comment"
        if self._documents.is_open:
            return "into a here-document"
        return "behind a backslash" if self._is_escaped else None

    def read(self, text: str) -> None:
        """Go on through a text."""
        for sign in text:
            is_plain = self._is_escaped and sign != "\n"
            if not self._documents.take(sign):
                self._read_sign(sign)
            self._last = "x" if is_plain else sign

    def put(self) -> None:
        """Go on behind a value that is put in."""
        self._documents.put()
        self._last = "x"

    def _read_sign(self, sign: str) -> None:
        inside = self._open[-1] if self._open else ""
        if self._is_escaped:
            self._is_escaped = False
        elif sign == "\\" and inside not in ("'", "#"):
            self._is_escaped = True
        elif sign == _ENDS.get(inside):
            self._open.pop()
        elif inside == '"':
            if sign == "`" or (sign == "(" and self._last == "$"):
                self._open.append(sign)
        elif inside == "(" == sign == self._last:
            self._open[-1] = "(("
        elif inside in ("", "(", "(("):
            self._read_code(sign, inside)

    def _read_code(self, sign: str, inside: str) -> None:
        """Go on through a character that the shell does not take for text."""
        is_comment = sign == "#" and self._last in (" ", "\t", "\n", ";", "&", "|", "(")
        if sign in ("'", '"', "`", "(") or is_comment:
            self._open.append(sign)
        elif sign == "<" and self._last == "<" and inside != "((":  # which is arithmetic: a shift
            self._documents.announce()


# A sign that no line of a text has, so that what holds it is the end of no here-document.
_NOWHERE = "\0"


class _Documents:
    """Follows here-documents: each goes from the line behind `<<END` to the line that is `END`."""

    def __init__(self) -> None:
        self._ends: list[str] = []
        self._word: str | None = None
        self._quote = ""
        self._line: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the next character stands in a document, or in the word that ends one."""
        return self._line is not None or self._word is not None

    def announce(self) -> None:
        """Go on behind `<<`, where the word follows that ends the document."""
        self._word = ""

    def put(self) -> None:
        """Go on behind a value: nobody knows whether that is an end."""
        if self._word is not None:
            self._word += _NOWHERE
        if self._line is not None:
            self._line += _NOWHERE

    def take(self, sign: str) -> bool:
        """Go on through a character; tell whether it belongs to a document or to the word that ends one."""
        if self._line is not None:
            self._take_of_line(sign, self._line)
            return True
        if self._word is not None:
            return self._take_of_word(sign, self._word)
        if sign == "\n" and self._ends:
            self._line = ""
        return False

    def _take_of_line(self, sign: str, line: str) -> None:
        if sign != "\n":
            self._line = line + sign
            return
        if line.endswith("\\"):  # The shell may join this line with the next.
            self._line = line + _NOWHERE
            return
        end = self._ends[0]
        is_end = line.lstrip("\t") == end[1:] if end.startswith("-") else line == end
        if is_end:
            self._ends.pop(0)
        self._line = "" if self._ends else None

    def _take_of_word(self, sign: str, word: str) -> bool:
        if self._quote or sign in ("'", '"'):
            self._quote = "" if sign == self._quote else self._quote or sign
            self._word = word if sign in ("'", '"') else word + (_NOWHERE if sign.isspace() else sign)
        elif sign == "<" and not word:
            self._word = None
        elif sign not in " \t\n;&|<>()":
            self._word = word if sign == "\\" else word + sign
        elif word.strip("-") or sign not in " \t":
            self._ends.append(word)
            self._word = None
            return self.take(sign)
        return True
