"""Functions that the specs of this folder name."""

from __future__ import annotations

from functools import partial

LIMIT = 5


def read_orders(day: str) -> list[str]:
    return [day]


def load() -> list[str]:
    return ["apples"]


def clean(rows: list[str], threshold: float = 0.5) -> list[str]:
    return rows if threshold else []


def split(rows: list[str]) -> tuple[list[str], list[str]]:
    return rows, []


def count(rows: list[str]) -> int:
    return len(rows)


def merge(counts: list[int]) -> int:
    return sum(counts)


def notify(subject: str, level: int = 1) -> None:
    print(subject, level)


def store(rows: list[str], warehouse: list[str]) -> int:
    warehouse.extend(rows)
    return len(rows)


def page(path: str, limit: int = 10) -> list[str]:
    return [path] * limit


def settle(path: str, config: dict[str, object]) -> list[str]:
    return [path, *config]


def table(path: str, table: str | None = None) -> list[str]:
    return [path, table or ""]


def warehouse(path: str) -> list[str]:
    return [path]


def credentials() -> str:
    return "token"


late = partial(read_orders, day="sunday")
