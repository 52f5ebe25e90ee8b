"""Find where the keys and values of a TOML text stand.

The values come from tomli; this scanner runs when the first location is asked for. It may assume that tomli
accepted the text. On a text that was refused it finds the statements before the refusal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.read.chart import Span
from jobc.compiler.read.toml_chart import chart_string
from jobc.compiler.read.tree import Entry

if TYPE_CHECKING:
    from jobc.compiler.read.tree import Path

_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*+").match
_KEY: Final = re.compile(r"[ \t]*([A-Za-z0-9_-]++|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*')[ \t]*(\.?)").match
_SCALAR: Final = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*'"
    r"|\d{4}-\d\d-\d\d[ ]\d\d:\d\d[^\s,\[\]{}#]*"
    r"|[^\s,\[\]{}#\"'=]+"
)


class Key(NamedTuple):
    """One step of a written key: the path up to it, where it stands, and what stood there before it."""

    path: Path
    span: Span
    earlier: Entry | None


class _Mismatch(Exception):  # noqa: N818 - ends the scan of a refused text
    """The text does not go on as TOML does."""


class TomlScanner:
    """Scan one text once. Afterwards `places` has an entry for each path, the root aside.

    `statement` holds the keys of the last statement, one list per `key =` or header, outermost first. `at` is
    where the scan ended: on a refused text, at the token that it could not follow.
    """

    __slots__ = ("_end", "_lengths", "_text", "at", "places", "statement")

    def __init__(self, text: str) -> None:
        self.places: dict[Path, Entry] = {}
        self.statement: list[list[Key]] = []
        self._text = text
        self.at = 0
        self._end = 0
        self._lengths: dict[Path, int] = {}

    def scan(self, stop: int) -> None:
        """Scan the statements that begin before the offset `stop`."""
        table: Path = ()
        try:
            while self._blank() < min(stop, len(self._text)):
                self.statement = []
                if self._text.startswith("[", self.at):
                    table = self._header()
                else:
                    self._pair(table)
                self._extend(table)
        except _Mismatch:
            return

    def _blank(self) -> int:
        match = _BLANK(self._text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _take(self, token: str) -> bool:
        """Step over blanks, then over `token` if it stands there."""
        text, at = self._text, self.at
        is_there = text.startswith(token, at) or text.startswith(token, self._blank())
        if is_there:
            self.at += len(token)
        self._end = self.at
        return is_there

    def _names(self) -> list[tuple[str, Span]]:
        names = []
        while True:
            match = _KEY(self._text, self.at)
            if match is None:
                raise _Mismatch
            span = Span(*match.span(1))
            name = match.group(1)
            names.append((_unquoted(self._text, span) if name[0] in "\"'" else name, span))
            self.at = match.end()
            if not match.group(2):
                return names

    def _header(self) -> Path:
        start = self.at
        is_array = self._text.startswith("[[", start)
        self.at += 2 if is_array else 1
        names = self._names()
        if not self._take("]]" if is_array else "]"):
            raise _Mismatch
        header = Span(start, self._end)
        path: Path = ()
        keys: list[Key] = []
        for number, (name, span) in enumerate(names, 1):
            path = (*path, name)
            earlier = self.places.get(path)
            keys.append(Key(path, span, earlier))
            if earlier is None or (number == len(names) and not is_array):
                self.places[path] = Entry(span, header)
            if number == len(names) and is_array:
                self._lengths[path] = self._lengths.get(path, 0) + 1
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        self.statement.append(keys)
        self.places.setdefault(path, Entry(None, header))
        return path

    def _pair(self, base: Path) -> None:
        path = base
        keys: list[Key] = []
        for name, span in self._names():
            path = (*path, name)
            keys.append(Key(path, span, self.places.get(path)))
        self.statement.append(keys)
        if not self._take("="):
            raise _Mismatch
        value = self._value(path)
        for key in keys[:-1]:
            first = self.places.get(key.path, Entry(key.span, key.span))
            self.places[key.path] = Entry(first.key, Span(first.value.start, value.end))
        self.places[path] = Entry(keys[-1].span, value)

    def _value(self, path: Path) -> Span:
        start = self._blank()
        if self._take("["):
            self._items(path)
        elif self._take("{"):
            self._pairs(path)
        else:
            match = _SCALAR.match(self._text, start)
            if match is None:
                raise _Mismatch
            self.at = self._end = match.end()
        return Span(start, self._end)

    def _items(self, path: Path) -> None:
        index = 0
        while not self._take("]"):
            item = (*path, index)
            self.places[item] = Entry(None, self._value(item))
            index += 1
            self._separator("]")

    def _pairs(self, path: Path) -> None:
        while not self._take("}"):
            self._pair(path)
            self._separator("}")

    def _separator(self, closing: str) -> None:
        if not self._take(",") and not self._text.startswith(closing, self.at):
            raise _Mismatch

    def _extend(self, table: Path) -> None:
        """Let a table, and the array that it is an item of, reach to the end of the last statement."""
        paths = [table] if table else []
        if table and isinstance(table[-1], int):
            paths.append(table[:-1])
        for path in paths:
            key, span = self.places[path]
            self.places[path] = Entry(key, Span(span.start, max(span.end, self._end)))


def _unquoted(text: str, span: Span) -> str:
    return "".join(chart_string(text, span).pieces)
