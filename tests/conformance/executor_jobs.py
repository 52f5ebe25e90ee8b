"""Jobs whose runs have to be alike on every executor, and one that a test can hold and kill."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobc import (
    DynamicOut,
    DynamicOutput,
    Failure,
    In,
    Nothing,
    Out,
    Output,
    RetryPolicy,
    failure_hook,
    graph,
    job,
    op,
    resource,
    success_hook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@op
def one() -> int:
    return 1


@op
def increased(value: int) -> int:
    return value + 1


@op
def added(values: list[int]) -> int:
    return sum(values)


@job
def chain() -> None:
    increased.alias("third")(increased.alias("second")(one()))


@job
def fan_in() -> None:
    added([one(), increased(one.alias("other")())])


@graph
def two_more(value: int) -> int:
    result: int = increased.alias("second")(increased.alias("first")(value))
    return result


@job
def nested() -> None:
    two_more.alias("outer")(two_more(one()))


@op(out=DynamicOut(int))
def numbers() -> list[DynamicOutput[int]]:
    return [DynamicOutput(number, mapping_key=f"n{number}") for number in (3, 1, 2)]


@op
def tripled(value: int) -> int:
    return 3 * value


@op
def all_but_one(value: int) -> int:
    if value == 1:
        raise Failure("one is refused", {"value": value})
    return value


@op
def listed(values: list[int]) -> list[int]:
    return values


@job
def mapped() -> None:
    listed(numbers().map(lambda value: increased(tripled(value))).collect())


@job
def one_of_many_fails() -> None:
    found = numbers().map(all_but_one)
    listed(found.map(tripled).collect())


@op(out=DynamicOut(int, is_required=False))
def no_numbers() -> Iterator[DynamicOutput[int]]:
    yield from ()


@job
def nothing_to_map() -> None:
    listed(no_numbers().map(tripled).map(increased).collect())


@op(out={"good": Out(int, is_required=False), "bad": Out(int, is_required=False)})
def sorted_out() -> Iterator[Output[int]]:
    yield Output(1, "good")


@job
def skips() -> None:
    good, bad = sorted_out()
    listed([increased.alias("after_good")(good), increased.alias("after_bad")(bad)])
    increased.alias("alone")(increased.alias("skipped")(bad))


@op(ins={"before": In(Nothing)})
def afterwards() -> str:
    return "done"


@op(out=Out(Nothing))
def quiet() -> None:
    return None


@job
def ordered() -> None:
    afterwards(quiet())


@op
def broken(value: int) -> int:
    raise ValueError(f"cannot take {value}")


@job
def fails() -> None:
    increased(broken(one()))
    increased.alias("unharmed")(one.alias("another")())


@op(retry_policy=RetryPolicy(max_retries=2))
def third_time(context: Any) -> int:
    if context.retry_number < 2:
        raise ValueError("not yet")
    return int(context.retry_number)


@op(retry_policy=RetryPolicy(max_retries=1, delay=0.01))
def never() -> int:
    raise ValueError("never")


@job
def retries() -> None:
    increased(third_time())
    never()


@resource
def base(_context: Any) -> Iterator[int]:
    yield 10


@op(required_resource_keys={"base"})
def based(context: Any, value: int) -> int:
    return int(context.resources.base) + value


@success_hook(required_resource_keys={"base"})
def noted(context: Any) -> None:
    context.log.debug(f"{context.op_output_values} {context.resources.base}")


@failure_hook
def alarmed(context: Any) -> None:
    raise RuntimeError(str(context.op_exception))


@job(resource_defs={"base": base}, hooks={noted, alarmed})
def with_hooks_and_resources() -> None:
    broken(based(one()))


@op(config_schema={"add": int})
def configured(context: Any, value: int) -> int:
    return value + int(context.op_config["add"])


@job(config={"ops": {"configured": {"config": {"add": 41}}}})
def with_config() -> None:
    configured(one())


@op
def wrong_type() -> int:
    return "text"  # type: ignore[return-value]


@job
def mistyped() -> None:
    increased(wrong_type())


@op
async def awaited() -> int:
    return 7


@job
def asynchronous() -> None:
    increased(awaited())


ALIKE = (
    chain,
    fan_in,
    nested,
    mapped,
    one_of_many_fails,
    nothing_to_map,
    skips,
    ordered,
    fails,
    retries,
    with_hooks_and_resources,
    with_config,
    mistyped,
    asynchronous,
)
"""Every one of these takes the same course, and has the same outputs, on every executor."""


def reached(name: str) -> None:
    """Note in the folder `$HOLD` that this point was reached, and stay until a file `NAME.go` is there."""
    folder = Path(os.environ["HOLD"])
    with (folder / name).open("a") as marks:
        marks.write(f"{os.getpid()}\n")
    while not (folder / f"{name}.go").exists():
        time.sleep(0.005)


@op
def held(context: Any, value: int) -> int:
    reached(context.step_key)
    return value + 1


@job
def held_chain() -> None:
    """Two held steps one after the other, and one beside them."""
    held.alias("last")(held.alias("middle")(one()))
    increased.alias("beside")(one.alias("other")())
