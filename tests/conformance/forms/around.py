"""Functions of `around.yaml`: what stands around ops, and config with parts."""

from __future__ import annotations

from typing import Any

from tests.conformance.forms.journal import LINES


def settle(config: dict[str, Any]) -> str:
    return repr(config)


def page(path: str, limit: int) -> list[str]:
    return [path] * limit


def flaky(context: Any) -> int:
    if context.retry_number < 1:
        raise ValueError("not yet")
    return context.retry_number  # type: ignore[no-any-return]


def fails() -> int:
    raise ValueError("never")


def won(context: Any) -> None:
    LINES.append(f"won {context.step_key} {context.op_output_values} {context.resources.room}")


def lost(context: Any) -> None:
    LINES.append(f"lost {context.step_key} {context.op_exception}")


def seen(context: Any, events: list[Any]) -> None:
    LINES.append(f"seen {context.step_key} {[event.kind.value for event in events]}")


def breaks(context: Any) -> None:
    raise KeyError(context.step_key)


def room(name: str) -> str:
    return name.upper()


def by_hand(day: str, limit: int) -> dict[str, Any]:
    return {"ops": {"page": {"config": {"path": f"{day}.csv", "limit": limit + 1}}}}
