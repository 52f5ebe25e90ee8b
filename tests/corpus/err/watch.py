"""Functions for the specs of this folder that are about what stands around ops."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date


def load() -> list[str]:
    return ["apples"]


def page(config: dict[str, object]) -> list[str]:
    return list(config)


def lines(path: str, limit: int) -> list[str]:
    return [path] * limit


def warehouse(path: str, tries: int, token: str | None = None) -> list[str]:
    return [path, str(tries), str(token)]


def alert(context: Any) -> None:
    print(context.step_key)


def journal(path: str) -> logging.Logger:
    return logging.getLogger(path)


def by_day(day: date) -> dict[str, object]:
    return {"ops": {"page": {"config": {"path": f"{day}.csv"}}}}
