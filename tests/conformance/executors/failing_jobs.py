"""Jobs of the table whose point is how steps fail and are tried again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from jobc import (
    Backoff,
    DynamicOut,
    DynamicOutput,
    Failure,
    In,
    Out,
    Output,
    RetryPolicy,
    RetryRequested,
    TypeCheck,
    job,
    op,
)
from jobc.runtime.definitions.types import JobcType
from tests.conformance.executors.flow_jobs import double, letters, one, text_of, total, two

if TYPE_CHECKING:
    from collections.abc import Iterator


class OddError(Exception):
    """Takes what cannot be pickled, and more than pickle would give back."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"{number} is odd: {reason}")
        self.look = lambda: number


class SilentError(Exception):
    """Has no text."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


@op
def odd(value: int) -> int:
    try:
        raise KeyError("inner")
    except KeyError as error:
        raise OddError(value, "always") from error


@op
def silent() -> int:
    raise SilentError


@op
def noted() -> int:
    error = ValueError("with notes")
    error.add_note("look here")
    raise error


@job
def odd_errors() -> None:
    double(odd(one()))
    silent()
    noted()
    double.alias("unharmed")(two())


@op(out={"first": Out(int), "second": Out(int)})
def fails_between() -> Iterator[Output[int]]:
    yield Output(1, "first")
    raise ValueError("between")


@job
def fails_after_an_output() -> None:
    first, second = fails_between()
    double.alias("of_first")(first)
    double.alias("of_second")(second)


@op
def gives_up() -> int:
    raise Failure("no more", {"tries": 1, "why": "tired"}, allow_retries=False)


@op
def gives_up_later() -> int:
    raise Failure("not yet", {"tries": 2})


@job(op_retry_policy=RetryPolicy(max_retries=1))
def failures() -> None:
    gives_up()
    gives_up_later()


@op
def succeeds_at(context: Any, attempt: int) -> int:
    if context.retry_number < attempt:
        raise ValueError(f"try {context.retry_number} is none of {attempt}")
    return int(context.retry_number)


LINEAR = RetryPolicy(max_retries=3, delay=0.01, backoff=Backoff.LINEAR)
EXPONENTIAL = RetryPolicy(max_retries=2, delay=0.01, backoff=Backoff.EXPONENTIAL)


@job(op_retry_policy=RetryPolicy(max_retries=1))
def backs_off() -> None:
    double.alias("of_linear")(succeeds_at.alias("linear").with_retry_policy(LINEAR)(two()))
    succeeds_at.alias("exponential").with_retry_policy(EXPONENTIAL)(two.alias("two_more")())
    succeeds_at.alias("of_job")(two.alias("too_many")())


@op(retry_policy=RetryPolicy(max_retries=9))
def asks_again(context: Any, times: int) -> int:
    if context.retry_number < times:
        raise RetryRequested(max_retries=1, seconds_to_wait=0.01) from ValueError("busy")
    return int(context.retry_number)


@job
def requested() -> None:
    double(asks_again.alias("once")(one()))
    asks_again.alias("twice")(two())


@op(out=DynamicOut(int), retry_policy=RetryPolicy(max_retries=1))
def keys_at_last(context: Any) -> Iterator[DynamicOutput[int]]:
    yield DynamicOutput(1, "early")
    if context.retry_number == 0:
        raise ValueError("halfway")
    yield DynamicOutput(2, "late")


@op(retry_policy=RetryPolicy(max_retries=1))
def picky(context: Any, value: int) -> int:
    if value == 2 or context.retry_number == 0:
        raise ValueError(f"refuses {context.get_mapping_key()}")
    return value


@job
def retries_of_instances() -> None:
    kept = keys_at_last().map(picky)
    kept.map(double)
    total(kept.collect())


@op
def refuses_zero(value: int) -> int:
    if value == 0:
        raise Failure("zero", {"value": value})
    return value


@job
def one_instance_fails() -> None:
    kept = letters(two()).map(refuses_zero)
    text_of(kept.collect())
    one()


@op
def takes_text(value: str) -> str:
    return value


@op(out=Out(int))
def gives_text() -> Any:
    return "text"


def _even(_context: object, value: object) -> TypeCheck:
    is_even = isinstance(value, int) and value % 2 == 0
    return TypeCheck(is_even, "it is odd", metadata={"rest": 1})


def _raises(_context: object, _value: object) -> bool:
    raise RuntimeError("cannot tell")


Even = JobcType(_even, "Even")
Unknowable = JobcType(_raises, "Unknowable")


@op(ins={"value": In(Even)})
def takes_even(value: Any) -> Any:
    return value


@op(out=Out(Unknowable), retry_policy=RetryPolicy(max_retries=1))
def gives_unknown() -> Any:
    return 1


@job
def wrong_types() -> None:
    takes_text(one())
    double(gives_text())
    takes_even.alias("even")(two())
    takes_even(one.alias("uneven")())
    gives_unknown()


@op(out={"first": Out(int), "second": Out(int)})
def forgets() -> Iterator[Output[int]]:
    yield Output(1, "first")


@op
def strange_name() -> Iterator[Output[int]]:
    yield Output(1, "strange")


@op
def raw() -> Iterator[Any]:
    yield 1


@op(out={"first": Out(int), "second": Out(int)})
def too_many() -> Any:
    return 1, 2, 3


@op(out=DynamicOut(int))
def same_key() -> list[DynamicOutput[int]]:
    return [DynamicOutput(1, "key"), DynamicOutput(2, "key")]


@op(out={})
def no_outputs() -> Any:
    return 1


@job
def broken_rules() -> None:
    first, second = forgets()
    double.alias("of_first")(first)
    double.alias("of_second")(second)
    strange_name()
    raw()
    too_many()
    same_key().map(double)
    no_outputs()


@op
def unpicklable() -> Any:
    return lambda: 1


@job
def cannot_be_stored() -> None:
    text_of(unpicklable())
    one()


@op(timeout_s=0.1)
async def slow() -> int:
    await asyncio.sleep(60)
    return 1


@op(timeout_s=60.0)
async def quick_enough() -> int:
    await asyncio.sleep(0)
    return 1


@op(timeout_s=0.1, retry_policy=RetryPolicy(max_retries=1))
async def slow_at_first(context: Any) -> int:
    await asyncio.sleep(60 if context.retry_number == 0 else 0)
    return 1


@job
def over_time() -> None:
    double(slow())
    double.alias("in_time")(quick_enough())
    double.alias("second_time")(slow_at_first())


@op
def undivided() -> float:
    return 1 / 0


@job
def several_fail() -> None:
    for place in range(4):
        undivided.alias(f"fails_{place}")()
    total([one(), two()])


@op
def leaves() -> int:
    raise SystemExit(3)


@job
def exits() -> None:
    double(leaves())
    one()
