"""Functions for specs about types of inputs, classes and awaited things."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def report(day: date, folder: Path, tries: int = 1) -> str:
    return f"{folder}/{day}/{tries}"


def open_with(password: str) -> str:
    return password


def anything(**options: object) -> dict[str, object]:
    return options


def watched(context: object) -> None:
    print(context)


async def awaited() -> str:
    return "late"


class Gate:
    def opened(self) -> str:
        return "open"

    @staticmethod
    def named() -> str:
        return "gate"


def for_day(start: object, end: object) -> dict[str, object]:
    return {"ops": {"page": {"config": {"path": f"{start}-{end}"}}}}
