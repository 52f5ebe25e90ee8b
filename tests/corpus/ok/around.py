"""What stands around the ops of the specs of this folder: hooks, loggers, executors, config mappings."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from jobc import SourceHashVersionStrategy, failure_hook, logger

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def slack(token: object, room: str) -> list[str]:
    return [room, str(token)]


def journal(path: Path, level: str) -> logging.Logger:
    made = logging.getLogger(str(path))
    made.setLevel(level)
    return made


@logger(config_schema={"name": str})
def named(context: Any) -> logging.Logger:
    return logging.getLogger(context.logger_config["name"])


def carry(context: Any, size: int) -> tuple[Any, int]:
    return context, size


def alert(context: Any) -> None:
    context.resources.slack.append(context.step_key)


def watch(context: Any, events: list[Any]) -> None:
    print(context.step_key, len(events))


@failure_hook(required_resource_keys={"slack"})
def cry(context: Any) -> None:
    context.resources.slack.append(context.op_exception)


def by_day(day: date, limit: int = 3) -> dict[str, object]:
    return {"ops": {"load": {"config": {"path": f"{day}.csv", "limit": limit}}}}


def load(path: str, limit: int) -> list[str]:
    return [path] * limit


def settle(config: dict[str, object]) -> list[str]:
    return sorted(config)


class Versions(SourceHashVersionStrategy):
    """A strategy of one's own."""
