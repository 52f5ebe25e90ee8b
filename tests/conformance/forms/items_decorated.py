"""The jobs of `items.yaml`, written with decorators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobc import DynamicOut, DynamicOutput, JobDefinition, Out, Output, RetryPolicy, graph, op, success_hook
from tests.conformance.forms import items

if TYPE_CHECKING:
    from collections.abc import Iterator

double, add, total = op(items.double), op(items.add), op(items.total)
halves = op(out={"low": Out(int), "high": Out(int)})(items.halves)
fails_at_one = op(items.fails_at_one)
alert = success_hook(items.alert)


@op(out={"items": DynamicOut(int)})
def letters(count: int) -> Iterator[DynamicOutput[int]]:
    for key, value in items.letters(count).items():
        yield DynamicOutput(value, key, "items")


@op(out={"items": DynamicOut(int, is_required=False)})
def some_letters(count: int) -> Iterator[DynamicOutput[int]]:
    for key, value in items.letters(count).items():
        yield DynamicOutput(value, key, "items")


@op(out=Out(int, is_required=False))
def odd(value: int) -> Iterator[Output[int]]:
    if value % 2:
        yield Output(value)


@op
def flaky() -> int:
    return items.flaky()


@graph
def fourfold(value: Any) -> Any:
    return double(double(value))


@graph
def doubled(count: Any) -> Any:
    return letters(count).map(double)


@graph
def mapped(count: Any) -> None:
    letters(count).map(double.alias("doubled"))
    letters(count).map(double)


@graph
def collected(count: Any) -> None:
    found = letters(count)
    total.alias("all")(found.collect())
    total(found.map(double).collect())


@graph
def mapped_twice(count: Any) -> None:
    def each(item: Any) -> Any:
        fours = double(double(item))
        add.alias("sums")(item, fours)
        return fours

    total(letters(count).map(each).collect())


@graph
def mapped_graph(count: Any, more: Any) -> None:
    fours = letters(count).map(fourfold)
    total(fours.map(lambda value: add(value, more)).collect())


@graph
def graph_of_items(count: Any) -> None:
    total(doubled(count).map(double).collect())


@graph
def several(count: Any) -> None:
    low, high = letters(count).map(halves)
    total.alias("lows")(low.collect())
    total.alias("highs")(high.map(double).collect())


@graph
def left_out(count: Any) -> None:
    total(letters(count).map(odd).collect())


@graph
def none(count: Any) -> None:
    total(letters(count).map(double).collect())
    total.alias("skipped")(some_letters(count).map(double).collect())


@graph
def one_fails(count: Any) -> None:
    values = letters(count).map(fails_at_one)
    values.map(double)
    total(values.collect())


@graph
def options() -> None:
    value = flaky.alias("tried").with_retry_policy(RetryPolicy(max_retries=2)).tag({"team": "items"})()
    double.with_hooks({alert})(value)
    fourfold.with_hooks({alert}).tag({"cost": "high"})(value)


JOBS: dict[str, JobDefinition] = {
    "mapped": mapped.to_job(input_values={"count": 3}),
    "collected": collected.to_job(),
    "mapped_twice": mapped_twice.to_job(input_values={"count": 3}),
    "mapped_graph": mapped_graph.to_job(input_values={"count": 2, "more": 5}),
    "graph_of_items": graph_of_items.to_job(input_values={"count": 3}),
    "several": several.to_job(input_values={"count": 3}),
    "left_out": left_out.to_job(input_values={"count": 3}),
    "none": none.to_job(input_values={"count": 0}),
    "one_fails": one_fails.to_job(input_values={"count": 3}),
    "options": options.to_job(),
}
