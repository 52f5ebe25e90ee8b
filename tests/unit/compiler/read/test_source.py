from __future__ import annotations

import pytest

from jobc.compiler.read.source import Source, decode
from jobc.schemas.diagnostics import Diagnostic, Position


@pytest.mark.parametrize(
    ("text", "offset", "position"),
    [
        ("", 0, (1, 1)),
        ("ab\ncd", 0, (1, 1)),
        ("ab\ncd", 2, (1, 3)),
        ("ab\ncd", 3, (2, 1)),
        ("ab\ncd", 5, (2, 3)),
        ("ab\r\ncd", 3, (1, 4)),
        ("ab\r\ncd", 4, (2, 1)),
        ("ab\rcd", 3, (2, 1)),
        ("\n\n\nx", 3, (4, 1)),
        ("\U0001f600\u00e9x\ny", 2, (1, 3)),
        ("a\u2028b", 2, (1, 3)),
    ],
)
def test_offsets_become_lines_and_columns(text: str, offset: int, position: tuple[int, int]) -> None:
    location = Source("x", text).location(offset, offset)
    assert location == ("x", Position(*position), Position(*position))


def test_a_location_spans_lines() -> None:
    assert Source("x", "ab\ncd").location(1, 4) == ("x", (1, 2), (2, 2))


def test_a_byte_order_mark_is_dropped() -> None:
    source = decode("x", "\ufeffa".encode())
    assert isinstance(source, Source)
    assert source.text == "a"


@pytest.mark.parametrize(
    ("data", "code", "place", "words"),
    [
        ("a: 1".encode("utf-16"), "JC0102", (1, 1), "UTF-16"),
        ("a: 1".encode("utf-32"), "JC0102", (1, 1), "UTF-32"),
        (b"\xfe\xff\x00a", "JC0102", (1, 1), "UTF-16"),
        (b"\x00\x00\xfe\xff\x00\x00\x00a", "JC0102", (1, 1), "UTF-32"),
        ("a: 1".encode("utf-16-le"), "JC0108", (1, 2), "U+0000"),
        (b"a: 1\nb: \xe9\n", "JC0102", (2, 4), "0xe9"),
        (b"\xef\xbb\xbfab\xff", "JC0102", (1, 3), "0xff"),
        (b"a: \xed\xa0\x80", "JC0102", (1, 4), "0xed"),
        (b"a: \xc3", "JC0102", (1, 4), "0xc3"),
        (b"a: \x00", "JC0108", (1, 4), "U+0000"),
        (b"a\n\x1b[0m", "JC0108", (2, 1), "U+001B"),
        (b"a\x7f", "JC0108", (1, 2), "U+007F"),
    ],
)
def test_what_is_no_plain_text_is_placed(data: bytes, code: str, place: tuple[int, int], words: str) -> None:
    diagnostic = decode("x", data)
    assert isinstance(diagnostic, Diagnostic)
    assert diagnostic.code == code
    assert diagnostic.location.start == place
    assert words in diagnostic.message
    assert diagnostic.help


def test_another_encoding_gets_told_how_to_save() -> None:
    diagnostic = decode("x", "a".encode("utf-16"))
    assert isinstance(diagnostic, Diagnostic)
    assert diagnostic.help == "save the file as UTF-8"
