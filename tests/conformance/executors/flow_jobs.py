"""Jobs of the table whose point is how values and order pass between steps."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from jobc import (
    AssetMaterialization,
    AssetObservation,
    DynamicOut,
    DynamicOutput,
    ExpectationResult,
    GraphOut,
    In,
    JobDefinition,
    MetadataValue,
    Nothing,
    Out,
    Output,
    graph,
    job,
    op,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@op
def one() -> int:
    return 1


@op
def two() -> int:
    return 2


@op
def add(left: int, right: int) -> int:
    return left + right


@op
def double(value: int) -> int:
    return 2 * value


@op
def total(values: list[int]) -> int:
    return sum(values)


@op
def text_of(value: Any) -> str:
    return repr(value)


@op(out={"quotient": Out(int), "rest": Out(int, metadata={"unit": "apples"})})
def divide(value: int) -> tuple[int, int]:
    return divmod(value, 3)


@op(out={"first": Out(int), "second": Out(str), "third": Out()})
def numbers(context: Any) -> Iterator[Any]:
    yield AssetMaterialization("made", metadata={"rows": 3, "where": MetadataValue.path("/made")})
    yield Output(1, "first", metadata={"place": 1})
    context.add_output_metadata({"place": 2}, output_name="second")
    yield Output("two", "second")
    yield ExpectationResult(False, label="third is odd", metadata={"third": 3})
    yield Output(None, "third")


@job
def several_outputs() -> None:
    quotient, rest = divide(add(two(), double(two.alias("again")())))
    add.alias("both")(quotient, rest)
    numbers()


@job
def no_fan_in() -> None:
    total([])


@job
def wide() -> None:
    total([double.alias(f"double_{place}")(one.alias(f"one_{place}")()) for place in range(12)])


@graph(out={"sum": GraphOut(), "raw": GraphOut()})
def both_ways(left: int, right: int) -> dict[str, Any]:
    return {"sum": add(double(left), right), "raw": add.alias("plain")(left, right)}


@graph
def deeper(value: int) -> Any:
    parts = both_ways(value, one())
    return total([parts.sum, parts.raw])


@job
def graphs_in_graphs() -> None:
    double(deeper.alias("outer")(deeper(two())))


@op(ins={"factor": In(int, default_value=3)})
def scaled(value: int, factor: int) -> int:
    return value * factor


@graph
def from_outside(value: int, name: str) -> Any:
    text_of(name)
    return scaled(value)


@job
def inputs_from_outside(value: int, name: str) -> None:
    from_outside(value, name)


def inputs_of_the_job() -> JobDefinition:
    """Return a job that another process cannot find by its name."""
    return from_outside.to_job(name="inputs_of_the_job", input_values={"value": 5, "name": "own"})


@job
def inputs_from_config() -> None:
    scaled.alias("three_times")(one())
    scaled.alias("configured")()


@op(out=Out(Nothing))
def announced(context: Any) -> None:
    context.log.info("it begins")


@op(out={"even": Out(int, is_required=False), "odd": Out(int, is_required=False)})
def sorted_out(value: int) -> Iterator[Output[int]]:
    yield Output(value, "odd" if value % 2 else "even")


@op(ins={"before": In(Nothing)})
def afterwards() -> str:
    return "done"


@job
def order_alone() -> None:
    afterwards([announced.alias("first")(), announced.alias("second")(), one()])


@job
def skips_by_order() -> None:
    even, odd = sorted_out(one())
    afterwards.alias("skipped")(even)
    afterwards.alias("then")(afterwards.alias("reached")(odd))
    total([double.alias("never")(even)])
    total.alias("some")([even, odd, two()])


@op(out=Out(is_required=False))
def none_at_all() -> Any:
    return None


@op
def nothing_to_say() -> None:
    return None


@job
def emits_none() -> None:
    text_of.alias("of_optional")(none_at_all())
    nothing_to_say()


@op(out={"low": DynamicOut(int), "high": DynamicOut(int)})
def two_kinds() -> Iterator[DynamicOutput[int]]:
    for number in (3, 1, 2):
        yield DynamicOutput(number, f"low{number}", output_name="low")
        yield DynamicOutput(10 * number, f"high{number}", output_name="high")


@job
def two_dynamic_outputs() -> None:
    low, high = two_kinds()
    total.alias("lows")(low.map(double).collect())
    text_of.alias("highs")(high.collect())


@op(out=DynamicOut(int))
def letters(count: int) -> list[DynamicOutput[int]]:
    return [DynamicOutput(place, "abcdefgh"[place]) for place in range(count)]


@op(out={"left": Out(int), "right": Out(int, is_required=False)})
def halves(context: Any, value: int) -> Iterator[Output[int]]:
    yield Output(value, "left", metadata={"key": context.get_mapping_key()})
    if value % 2:
        yield Output(-value, "right")


@job
def mapped_in_parts() -> None:
    """Instances that leave outputs out are absent from what is collected."""
    left, right = letters(double(two())).map(halves)
    total.alias("lefts")(left.collect())
    text_of.alias("rights")(right.map(double.alias("of_right")).collect())


@graph
def fourfold(value: int) -> Any:
    return double.alias("second")(double.alias("first")(value))


@job
def mapped_graphs() -> None:
    found = letters(two()).map(lambda value: add(fourfold(value), one.alias("beside")()))
    total(found.collect())


@op(out=DynamicOut(int))
def spread(value: int) -> list[DynamicOutput[int]]:
    return [DynamicOutput(value, f"k{place}") for place in range(value)]


@job
def mapped_emitter() -> None:
    letters(two()).map(spread)


@op
def zero() -> int:
    return 0


@job
def no_keys() -> None:
    total(letters(zero()).map(double).collect())


@op(tags={"team": "flow", "jobc/priority": "2"})
def tagged(context: Any) -> list[str | None]:
    return [context.get_tag("team"), context.get_tag("day"), context.job_def.name, context.op_name]


@job(tags={"team": "orders"})
def tags_and_priorities() -> None:
    tagged()
    tagged.alias("first").tag({"jobc/priority": "9"})()
    tagged.alias("last").tag({"jobc/priority": "-1"})()


@op
async def awaited(value: int) -> int:
    await asyncio.sleep(0)
    return sum(await asyncio.gather(_later(value), _later(value)))


async def _later(value: int) -> int:
    await asyncio.sleep(0.001)
    return value


@op(out={"first": Out(int), "second": Out(int)})
async def streamed() -> AsyncIterator[Output[int]]:
    yield Output(1, "first")
    await asyncio.sleep(0.001)
    yield Output(2, "second")


@job
def asynchronous() -> None:
    first, second = streamed()
    add(awaited(first), second)


@op
def large() -> bytes:
    return bytes(range(256)) * 20_000


@op
def length(value: bytes) -> int:
    return len(value)


@job
def large_values() -> None:
    length(large())


@op
def reports(context: Any) -> Output[int]:
    context.log_event(AssetObservation("seen", metadata={"rows": 1, "text": "a\nb"}))
    context.log_event(AssetMaterialization(["deep", "made"], partition="2024", tags={"owner": "ada"}))
    context.log_event(ExpectationResult(True, label="it holds", description="as expected"))
    context.add_output_metadata({"table": {"rows": [1, 2]}, "ratio": 0.5})
    return Output(7, metadata={"url": MetadataValue.url("https://example.com")})


@job
def reported() -> None:
    double(reports())


@op
def talks(context: Any, value: int) -> int:
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(context.log, level)(f"{level} of {value}")
    context.log.info("with %s", "arguments")
    return value


@job
def talking() -> None:
    talks.alias("again")(talks(one()))


@op
def mutated(value: list[int]) -> list[int]:
    value.append(len(value))
    return value


@op
def empty_list() -> list[int]:
    return []


@job
def changed_in_place() -> None:
    """Each reader gets a list of its own, for values are stored in between."""
    start = empty_list()
    text_of.alias("ends")(mutated.alias("second")(mutated.alias("first")(start)))
    text_of.alias("starts")(start)


@job
def anything(value: Any) -> None:
    text_of(value)
