"""A file's text with a name, and the way from offsets in it to lines and columns.

Nothing is normalised but the byte order mark, which is dropped: offsets count the characters of the file, so
that a location, and an edit made at it, is right whatever the file's line ends are. Lines end at LF, CR LF or
a lone CR.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import field
from typing import Final

from jobc.schemas.diagnostics import Diagnostic, Location, Position
from jobc.schemas.records import dataclass

BYTE_ORDER_MARK: Final = "\ufeff"
_LINE_END: Final = re.compile(r"\r\n?|\n")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROL_BYTES: Final = bytes({*range(32), 127} - {9, 10, 13})
_OTHER_ENCODINGS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_SAVE_AS_UTF8: Final = "save the file as UTF-8"


@dataclass(frozen=True, slots=True)
class Source:
    """Hold one text under the name that diagnostics show; one `is_marked` began with a byte order mark."""

    name: str
    text: str = field(repr=False)
    is_marked: bool = field(default=False, repr=False)
    _line_starts: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def data(self) -> bytes:
        """The bytes of the file that the text was read from."""
        return (BYTE_ORDER_MARK * self.is_marked + self.text).encode()

    def location(self, start: int, end: int) -> Location:
        """Return where the characters from `start` up to `end` stand (0-based offsets into `text`)."""
        return Location(self.name, self._position(start), self._position(end))

    def _position(self, offset: int) -> Position:
        if not self._line_starts:
            self._line_starts.append(0)
            self._line_starts.extend(match.end() for match in _LINE_END.finditer(self.text))
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)


def decode(name: str, data: bytes) -> Source | Diagnostic:
    """Read `data` as UTF-8 text without control characters; return the first thing that is not.

    Errors: JC0102 (another encoding, bytes that are no UTF-8), JC0108 (NUL and other control characters).
    """
    for mark, encoding in _OTHER_ENCODINGS:
        if data.startswith(mark):
            return _wrong_encoding(name, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _wrong_byte(name, data, error.start)
    source = Source(name, text.removeprefix(BYTE_ORDER_MARK), text.startswith(BYTE_ORDER_MARK))
    if len(data.translate(None, _CONTROL_BYTES)) != len(data):
        return find_control(source) or source
    return source


def find_control(source: Source) -> Diagnostic | None:
    """Return the first control character or lone surrogate of the text as a diagnostic (JC0108)."""
    match = _CONTROL.search(source.text)
    if match is None:
        return None
    if match.group() == "\0":
        help_text = f"the file may be binary or UTF-16: expected plain text; {_SAVE_AS_UTF8}"
    else:
        help_text = "delete it, or write it as an escape in a double-quoted string"
    return Diagnostic(
        "JC0108",
        f"control character `U+{ord(match.group()):04X}` in the text",
        source.location(match.start(), match.end()),
        label="expected printable text",
        help=help_text,
    )


def shortened(text: str) -> str:
    """Cut a quotation that is too long for a message."""
    return text if len(text) <= 40 else text[:39] + "…"


def end_name(text: str, offset: int) -> str:
    """Say what ends at `offset`, where no more token stands in its line."""
    return "the end of the line" if text[offset:].strip() else "the end of the file"


def _wrong_encoding(name: str, encoding: str) -> Diagnostic:
    return Diagnostic(
        "JC0102",
        f"the file is {encoding} text, expected UTF-8",
        Location(name, Position(1, 1), Position(1, 1)),
        label=f"the file begins with the byte order mark of {encoding}",
        help=_SAVE_AS_UTF8,
    )


def _wrong_byte(name: str, data: bytes, offset: int) -> Diagnostic:
    before = data[:offset].decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    return Diagnostic(
        "JC0102",
        f"the byte `0x{data[offset]:02x}` is not UTF-8 text",
        Source(name, before).location(len(before), len(before) + 1),
        label="expected a character in UTF-8",
        help=f"{_SAVE_AS_UTF8}; it may be Latin-1 or Windows-1252 text",
    )
