"""Functions that the specs of this folder name."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path


def load() -> list[str]:
    """Give the rows that there are."""
    return ["apples", "pears"]


def read(day: str) -> list[str]:
    return [day]


def page(path: str, limit: int = 10) -> list[str]:
    return [path] * limit


def clean(rows: list[str], threshold: float = 0.5) -> list[str]:
    return rows if threshold else []


def split(rows: list[str]) -> tuple[list[str], list[str]]:
    return rows, []


def count(rows: list[str]) -> int:
    return len(rows)


def merge(counts: list[int]) -> int:
    return sum(counts)


def notify(subject: str, level: int = 1, options: dict[str, Any] | None = None) -> None:
    print(subject, level, options)


def plan(day: date, target: Path, sizes: list[int], note: str | None = None) -> None:
    print(day, target, sizes, note)


def store(rows: list[str], warehouse: list[str]) -> int:
    warehouse.extend(rows)
    return len(rows)


def describe(context: Any, config: dict[str, Any], rows: list[str]) -> str:
    return f"{context} {config} {rows}"


async def fetch(path: str) -> bytes:
    return path.encode()


def warehouse(path: str, credentials: str) -> Iterator[list[str]]:
    yield [path, credentials]


def credentials() -> str:
    return "token"


@contextlib.contextmanager
def session(timeout_s: float) -> Iterator[float]:
    yield timeout_s


class Ledger:
    """A resource that is a class."""

    def __init__(self, path: str) -> None:
        self.path = path


def book(rows: list[str], ledger: Ledger, session: float) -> None:
    print(rows, ledger.path, session)


def for_region(partition_key: str) -> dict[str, Any]:
    return {"ops": {"page": {"config": {"path": f"{partition_key}.csv"}}}}


def for_window(start: datetime, end: datetime) -> dict[str, Any]:
    return {"ops": {"page": {"config": {"path": f"{start:%d}-{end:%d}.csv"}}}}
