"""Entries as bytes: equal when they come back, and nothing at all when a byte is wrong."""

from __future__ import annotations

import pytest

from jobc.compiler.cache.diagnostics import from_json, to_json
from jobc.compiler.cache.entry import Entry, decode, encode
from jobc.compiler.disk import Disk
from jobc.schemas.diagnostics import Diagnostic, Edit, Location, Position, Related

PLACE = Location("shöp.yaml", Position(1, 2), Position(3, 4))
FOUND = (
    Diagnostic("JC0501", "a message", PLACE),
    Diagnostic(
        "JC0311",
        "größer als \ud83d, \u2028",
        PLACE,
        "here",
        (Related("there", PLACE), Related("", PLACE)),
        ("one", "two"),
        "do it",
        ("a", "b"),
        (Edit(PLACE, "text\n\n"),),
    ),
)
ENTRY = Entry(
    2,
    True,
    {("content", "a b.py"): "12", ("names", ""): "34", ("real", "x\udce4y"): "56"},
    {"/w/common file.yaml": "../common file.yaml"},
    (".", "src folder"),
    to_json(FOUND),
)


def parts(entry: Entry | None) -> list[object]:
    return [getattr(entry, name) for name in Entry.__slots__]


@pytest.mark.parametrize("entry", [ENTRY, Entry(0, False, {}, {}, (), b"")], ids=["full", "empty"])
def test_an_entry_comes_back_as_it_was(entry: Entry) -> None:
    assert parts(decode(encode(entry))) == parts(entry)


def test_diagnostics_come_back_as_they_were() -> None:
    assert from_json(to_json(FOUND)) == FOUND
    assert from_json(to_json(())) == ()


@pytest.mark.parametrize("name", ["a\nb.py", "a\0b.py", "half \ud83d.py"])
def test_a_name_that_no_line_can_hold_is_not_kept(name: str) -> None:
    assert encode(Entry(0, False, {("content", name): "12"}, {}, (), b"")) is None
    assert encode(Entry(0, False, {}, {"/x.yaml": name}, (), b"")) is None
    assert encode(Entry(0, False, {}, {}, (name,), b"")) is None


def test_no_byte_can_be_changed_or_left_out() -> None:
    data = encode(ENTRY)
    assert data is not None
    for at in range(len(data)):
        assert decode(data[:at]) is None
        assert decode(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]) is None
    assert decode(data + b" ") is None


@pytest.mark.parametrize("data", [None, b"", b"\n\n", b"\x80\x04K\x01.", b"{}", b"jobc check \n\n"])
def test_what_is_no_entry_is_none(data: bytes | None) -> None:
    assert decode(data) is None


@pytest.mark.parametrize(
    ("found", "has_suppressions", "is_clean"),
    [(b"", False, True), (b"", True, False), (b"[]", False, False)],
)
def test_an_entry_is_clean_if_nothing_can_be_reported(
    found: bytes, has_suppressions: bool, is_clean: bool
) -> None:
    assert Entry(1, has_suppressions, {}, {}, (), found).is_clean is is_clean


def test_an_entry_holds_while_the_disk_answers_the_same() -> None:
    answer = Disk().known("there", "/nowhere at all")
    assert Entry(0, False, {("there", "/nowhere at all"): answer}, {}, (), b"").holds(Disk())
    assert not Entry(0, False, {("there", "/"): answer}, {}, (), b"").holds(Disk())
