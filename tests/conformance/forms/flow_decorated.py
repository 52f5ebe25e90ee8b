"""The jobs of `flow.yaml`, written with decorators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobc import GraphOut, In, JobDefinition, Nothing, Out, Output, graph, job, op
from tests.conformance.forms import flow
from tests.conformance.forms.journal import note

if TYPE_CHECKING:
    from collections.abc import Iterator

one, two, add, double = op(flow.one), op(flow.two), op(flow.add), op(flow.double)
join, scale, greet, count = op(flow.join), op(flow.scale), op(flow.greet), op(flow.count)
anything, later, reports = op(flow.anything), op(flow.later), op(flow.reports)
divide = op(out={"quotient": Out(), "rest": Out()})(flow.divide)
sorts = op(out={"odd": Out(int, is_required=False), "even": Out(int, is_required=False)})(flow.sorts)
mark = op(tags={"team": "flow", "cost": "low"})(flow.mark)
last = op(flow.last)
numbers = op(out={"first": Out(int), "second": Out(int)})(flow.numbers)
stream = op(out={"first": Out(int), "second": Out(int)})(flow.stream)


@op(out={"high": Out(int), "low": Out(int)})
def by_name(total: int) -> tuple[int, int]:
    return total * 10, -total


@op(out=Out(int, is_required=False))
def keeps_even(value: int) -> Iterator[Output[int]]:
    if value % 2 == 0:
        yield Output(value)


@job
def single() -> None:
    one()


@graph(name="chain")
def chain_graph() -> Any:
    return double(double(one()))


chain = chain_graph.to_job()


@graph(out={"high": GraphOut(), "low": GraphOut()})
def outputs_by_position_graph() -> Any:
    four = double.alias("four")(two())
    divisor = two.alias("divisor")()
    quotient, rest = divide(add(two(), four), divisor)
    return {"high": double(quotient), "low": rest}


@job
def outputs_by_name() -> None:
    parts = by_name(two())
    add(parts.high, parts.low)


@job
def fan_in() -> None:
    join([two(), one(), double(one())])


@job
def fan_in_of_nothing() -> None:
    join([])


@job
def aliases() -> None:
    add(one(), one())
    add.alias("total")(one.alias("uno")(), add(two(), two()))


@job
def skipped() -> None:
    double(keeps_even(one()))
    keeps_even.alias("kept")(two())


@job
def branches() -> None:
    odd, even = sorts(one())
    double.alias("of_odd")(odd)
    double.alias("of_even")(even)
    join([odd, even])


@graph
def inner(x: int) -> Any:
    return double(double.alias("first")(x))


@graph(out={"total": GraphOut(), "raw": GraphOut()})
def middle(x: int, y: int) -> Any:
    return {"total": add(inner.alias("left")(x), inner.alias("right")(y)), "raw": add.alias("raw")(x, y)}


@graph(out={"sum": GraphOut()})
def outer() -> Any:
    parts = middle(one(), two())
    return {"sum": add.alias("sum")(parts.total, parts.raw)}


nested = outer.to_job(name="nested")


@op(ins={"start": In(Nothing), "text": In(str, default_value="b")})
def announce(text: str) -> None:
    note(f"announced {text}")


@op(name="last", ins={"start": In(Nothing)})
def last_of_all() -> str:
    return flow.last()


@job
def ordered() -> None:
    second = announce.alias("second")(start=mark.alias("late")())
    last_of_all([second, mark()])


@job
def ordered_after_graph() -> None:
    last_of_all(inner(one()))


@op(name="scale")
def scale_by_five(value: int, factor: int = 5) -> int:
    return value * factor


@job
def literals() -> None:
    scale_by_five(two())


@job
def defaults() -> None:
    scale(two())


@job
def top_inputs(name: str, times: int) -> None:
    greet(name, times)


@job
def own_inputs() -> None:
    greet(times=two())
    count()


@job
def any_input(value: Any) -> None:
    anything(value)


@job
def shared_input(x: int) -> None:
    inner(x)
    double(x)


@job(tags={"team": "forms", "limits": {"rows": 10}})
def labels() -> None:
    mark()
    mark.alias("urgent").tag({"cost": "high", "jobc/priority": 5})()
    last.alias("soon").tag({"jobc/priority": 3, "list": [1, 2]})()


@job
def generators() -> None:
    first, second = numbers()
    add(first, second)


@job
def awaited() -> None:
    first, second = stream()
    add(later(first), later(second))


@job
def reported() -> None:
    reports()


outputs_by_position = outputs_by_position_graph.to_job(name="outputs_by_position")

JOBS: dict[str, JobDefinition] = {
    each.name: each for each in list(globals().values()) if isinstance(each, JobDefinition)
}
