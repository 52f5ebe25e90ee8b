from __future__ import annotations

import math
from pathlib import PurePosixPath

import pytest

from jobc.cli.run_outputs import fits_json, json_outputs, output_lines, short_repr


class Silent:
    """An object whose repr fails."""

    def __repr__(self) -> str:
        raise ValueError("no")


CYCLE: list[object] = []
CYCLE.append(CYCLE)


def test_every_output_is_a_line() -> None:
    outputs: dict[str, dict[str, object]] = {
        "read": {"orders": [1, 2]},
        "sub.clean": {"good": "a\nb", "bad": None},
    }
    assert list(output_lines(outputs)) == [
        "read.orders    = [1, 2]",
        "sub.clean.good = 'a\\nb'",
        "sub.clean.bad  = None",
    ]
    assert list(output_lines({})) == []


@pytest.mark.parametrize(
    "value", ["x" * 10_000, list(range(10_000)), {"k": {"k": ["x" * 200] * 50}}, 10**4000]
)
def test_a_long_value_is_shortened(value: object) -> None:
    text = short_repr(value)
    assert len(text) <= 100
    assert "..." in text or "…" in text


def test_a_repr_that_fails_does_not_matter() -> None:
    assert "Silent" in short_repr(Silent())
    assert "Silent object at" in str(json_outputs({"a": {"x": Silent()}})["a"]["x"])


@pytest.mark.parametrize("value", [None, True, 1, 1.5, "é", [], [1, [2]], {"a": {"b": (1, 2)}}, 10**30])
def test_what_json_holds_is_given_as_it_is(value: object) -> None:
    assert fits_json(value)
    assert json_outputs({"n": {"o": value}}) == {"n": {"o": value}}


@pytest.mark.parametrize(
    "value", [math.nan, [math.inf], {1: 2}, [{"a": {2: 1}}], {1}, b"x", PurePosixPath("a"), CYCLE], ids=repr
)
def test_what_json_cannot_hold_is_given_by_its_repr(value: object) -> None:
    assert not fits_json(value)
    assert json_outputs({"n": {"o": value}}) == {"n": {"o": {"repr": repr(value)}}}
