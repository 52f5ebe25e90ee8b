"""The functions of `items.yaml`: items that are mapped and collected, and nodes with options."""

from __future__ import annotations

from typing import Any

from jobc import SKIP
from tests.conformance.forms.journal import note


def letters(count: int) -> dict[str, int]:
    return {"abc"[number]: number for number in range(count)}


def double(value: int) -> int:
    return value * 2


def add(left: int, right: int) -> int:
    return left + right


def total(values: list[int]) -> int:
    return sum(values)


def halves(value: int) -> tuple[int, int]:
    return value // 2, value - value // 2


def odd(value: int) -> object:
    return value if value % 2 else SKIP


def fails_at_one(value: int) -> int:
    if value == 1:
        raise ValueError(f"cannot use {value}")
    return value


def flaky(tries: dict[str, Any] = {"count": 0}) -> int:  # noqa: B006 - it counts over the tries
    tries["count"] += 1
    if tries["count"] % 3:
        raise ValueError("not yet")
    return 3


def alert(context: Any) -> None:  # noqa: ANN401
    note(f"{context.step_key} has ended")
