from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.compiler.format import UnsafeLayoutError, format_text, formatter
from jobc.compiler.format.proof import is_same_value

if TYPE_CHECKING:
    from jobc.compiler.read import Value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        (None, ""),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([1, 2], [1]),
        ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}),
        ({"text": "f()"}, {"text": "f( )"}),
        ({"wiring": "f()"}, {"wiring": "g()"}),
        (0.0, -0.0),
    ],
)
def test_values_that_differ(one: Value, other: Value) -> None:
    assert not is_same_value(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": [1, None, float("nan")]}, {"a": [1, None, float("nan")]}),
        ({"wiring": "f( )"}, {"wiring": "f()\n"}),
    ],
)
def test_values_that_are_the_same(one: Value, other: Value) -> None:
    assert is_same_value(one, other)


@pytest.mark.parametrize("broken", ["a: 1\n", "a: 1\nb: 2  # d\n", "a: 1\n  b: 2 # c\n", "[a: 1b: 2# c"])
def test_a_layout_that_loses_something_is_refused(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    monkeypatch.setattr(formatter, "_lay_out", lambda *_: (broken, ("# c",)))
    with pytest.raises(UnsafeLayoutError, match=r"`x\.yaml` would .*; the file is left as it is"):
        format_text("x.yaml", "a: 1\nb: 2 # c\n")
