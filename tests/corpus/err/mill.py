"""Functions for specs about types at both ends of edges, and on both sides of an op."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - as in the modules of authors
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def weigh() -> list[int]:
    return [1]


def ratio() -> float:
    return 0.5


def perhaps() -> int | None:
    return None


def tell(subject: str) -> None:
    print(subject)


def names(names: list[str]) -> list[str]:
    return names


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def one(number: int, exact: float = 0.0) -> int:
    return number


def store(file: Path, choice: str = "a") -> Path:
    return file


def sacks() -> dict[str, int]:
    return {"a": 1}


def both() -> tuple[int, str]:
    return 1, "a"


def pairs() -> Iterator[tuple[str, int]]:
    yield "a", 1


def by_name() -> dict[str, int]:
    return {"first": 1, "second": 2}


async def later() -> str:
    return "late"


class Sieve:
    def __init__(self, width: int) -> None:
        self.width = width
