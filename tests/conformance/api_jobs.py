"""Ops, graphs and config that the tests of the Jobs API share."""

from __future__ import annotations

from typing import Any

import jobc


@jobc.op
def return_one() -> int:
    return 1


@jobc.op
def add_one(number: int) -> int:
    return number + 1


@jobc.op(config_schema={"path": str})
def reads(context: Any) -> str:
    return str(context.op_config["path"])


def path_config(path: object) -> dict[str, Any]:
    return {"ops": {"reads": {"config": {"path": path}}}}


@jobc.graph
def counting() -> Any:
    return add_one(return_one())


@jobc.graph
def reading() -> None:
    reads()


class Reading(jobc.Config):
    path: str
    limit: int = 10


@jobc.op
def reads_typed(config: Reading) -> str:
    return f"{config.path}:{config.limit}"
