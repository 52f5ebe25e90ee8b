"""Plain functions of `flow.yaml`: values on their way from op to op."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jobc
from tests.conformance.forms.journal import note

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


def one() -> int:
    return 1


def two() -> int:
    return 2


def add(a: int, b: int) -> int:
    return a + b


def double(value: int) -> int:
    return value * 2


def divide(total: int, by: int) -> tuple[int, int]:
    return total // by, total % by


def by_name(total: int) -> dict[str, int]:
    return {"high": total * 10, "low": -total}


def join(parts: list[int]) -> str:
    return "+".join(map(str, parts))


def scale(value: int, factor: int = 3) -> int:
    return value * factor


def greet(name: str, times: int) -> str:
    return name * times


def count(rows: list[int]) -> int:
    return len(rows)


def anything(value: Any) -> str:
    return repr(value)


def keeps_even(value: int) -> Any:
    if value % 2:
        return jobc.SKIP
    return value


def sorts(value: int) -> Iterator[jobc.Output[int]]:
    if value % 2:
        yield jobc.Output(value, "odd")
    else:
        yield jobc.Output(value, "even")


def announce(text: str) -> None:
    note(f"announced {text}")


def mark() -> int:
    note("marked")
    return 1


def last() -> str:
    note("last")
    return "done"


def numbers() -> Iterator[jobc.Output[int] | jobc.AssetMaterialization]:
    yield jobc.Output(1, "first")
    yield jobc.AssetMaterialization("numbers", description="both of them")
    yield jobc.Output(2, "second", metadata={"rows": 7})


async def later(value: int) -> int:
    return value + 100


async def stream() -> AsyncIterator[jobc.Output[int]]:
    yield jobc.Output(1, "first")
    yield jobc.Output(2, "second")


def reports(context: Any) -> int:
    context.log_event(jobc.AssetObservation("seen"))
    context.add_output_metadata({"rows": 3})
    return len(context.op_name)
