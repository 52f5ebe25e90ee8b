"""Functions for specs about dynamic outputs, outputs and nodes."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - as in the modules of authors


def list_files() -> dict[str, Path]:
    return {}


def split(file: Path) -> dict[str, int]:
    return {}


def read(file: Path, other: object = 1) -> int:
    return 0


def both(file: Path) -> tuple[int, int]:
    return 0, 0


def total(counts: list[int]) -> int:
    return sum(counts)


def publish(token: str, day: object, limit: int = 10) -> None: ...


def alert(context: object) -> None: ...


def tune(low: int, high: int) -> int:
    return high - low
