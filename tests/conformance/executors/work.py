"""Functions of `work.yaml`."""

from __future__ import annotations

from typing import Any

from jobc import DynamicOutput


def seed(start: int = 1) -> int:
    return start


def add(left: int, right: int) -> int:
    return left + right


def items(count: int) -> list[DynamicOutput[int]]:
    return [DynamicOutput(place, f"k{place}") for place in range(count)]


def read(path: Any) -> str:
    with open(path) as file:  # noqa: PTH123 - a path or a text
        return file.read()


def session(name: str) -> Any:
    yield f"session of {name}"
    print("the session is closed")


def visit(session: str) -> str:
    return session


def fails(value: int) -> int:
    raise ValueError(f"cannot use {value}")


def page(path: str, limit: int) -> list[str]:
    return [path] * limit


def shown(context: Any) -> None:
    context.log.info(f"shown: {context.step_key}")


def flaky(context: Any) -> int:
    if context.retry_number < 1:
        raise ValueError("not yet")
    return int(context.retry_number)
