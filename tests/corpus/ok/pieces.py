"""Functions for specs about dynamic outputs, nodes, and the graphs of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def list_files(day: date, limit: int = 3) -> dict[str, Path]:
    return {}


def read(file: Path, scale: float = 1.0) -> float:
    return scale


def halves(count: float) -> dict[str, float]:
    return {"low": count / 2, "high": count / 2}


def total(counts: list[float], start: float = 0.0) -> float:
    return sum(counts, start)


def tune(counts: list[float], low: int, high: int, labels: dict[str, str]) -> str:
    return f"{low}-{high}"


def note() -> None: ...


def alert(context: object) -> None: ...


class Store:
    def handle_output(self, context: object, value: object) -> None: ...

    def load_input(self, context: object) -> None: ...


def store() -> Store:
    return Store()
