"""SEMANTICS 10: dynamic outputs, as far as definitions decide about them."""

# The bodies of ops and jobs here have the shapes that the rules speak of.
# ruff: noqa: ARG002, ARG005, PLW0108

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.ports import DynamicOut, In, Out
from jobc.runtime.definitions.sources import Collected, Mapped, NodeOutput
from jobc.runtime.definitions.types import Nothing
from jobc.runtime.definitions.values import DynamicOutput
from jobc.runtime.errors import CheckError, InvalidDefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable


@op
def one() -> int:
    return 1


@op
def echo(x: int) -> int:
    return x


@op
def add(a: int, b: int) -> int:
    return a + b


@op(out={"good": Out(int), "bad": Out(int)})
def split(x: int) -> Any:
    return x, x


@op(out=DynamicOut(int))
def many() -> Any:
    return []


@op(out=DynamicOut(int))
def spread(x: int) -> Any:
    return []


@op
def total(xs: list) -> int:  # type: ignore[type-arg]
    return sum(xs)


@op
def mixed(x: int, xs: list) -> int:  # type: ignore[type-arg]
    return x


@op(ins={"start": In(Nothing)})
def later() -> None:
    pass


@graph
def echo_twice(x):  # type: ignore[no-untyped-def]
    return echo(echo(x))


@graph
def emits():  # type: ignore[no-untyped-def]
    return many().map(echo)


@graph
def spreads_inside(x):  # type: ignore[no-untyped-def]
    return total(spread(x).map(echo).collect())


@graph
def spreads_out(x):  # type: ignore[no-untyped-def]
    return spread(x)


@graph
def spreads_one_of_two(x, y):  # type: ignore[no-untyped-def]
    echo(x)
    return total(spread(y).collect())


@graph
def adds(x, y):  # type: ignore[no-untyped-def]
    return add(x, y)


def map_and_collect() -> None:
    total(many().map(echo).map(echo).collect())


def test_sem_10_maps_and_collects() -> None:
    made = job(name="j")(map_and_collect).graph
    assert made.sources["echo"] == {"x": Mapped(NodeOutput("many"))}
    assert made.sources["echo_2"] == {"x": NodeOutput("echo")}
    assert made.sources["total"] == {"xs": Collected(NodeOutput("echo_2"))}


def test_sem_10_map_calls_its_function_once() -> None:
    calls: list[object] = []

    def body() -> None:
        many().map(calls.append)

    job(name="j")(body)
    assert len(calls) == 1


def test_sem_10_map_gives_the_shape_its_function_gives() -> None:
    seen: list[Any] = []

    def body() -> None:
        both = many().map(split)
        seen.append(both)
        pair = many().map(lambda x: (echo(x), echo(x)))
        seen.append(pair)
        total(both.good.collect())

    job(name="j")(body)
    assert seen[0]._fields == ("good", "bad")
    assert type(seen[1]) is tuple


def mapped_with_a_constant_side() -> None:
    start = one()
    many().map(lambda x: add(x, start))


def two_inputs_of_one_axis() -> None:
    many().map(lambda x: add(x, echo(x)))


def collect_directly() -> None:
    total(many().collect())


def emits_below_an_axis_with_nothing_after() -> None:
    many().map(spread)


def graph_below_an_axis() -> None:
    total(many().map(echo_twice).collect())


def graph_that_emits() -> None:
    total(emits().map(echo).collect())
    total.alias("direct")(emits().collect())


def collected_then_mapped_elsewhere() -> None:
    values = many()
    values.map(echo)
    total(values.collect())


def another_axis_after_collecting() -> None:
    spread(total(many().collect())).map(echo)


def inner_emitter_beside_the_axis() -> None:
    many().map(lambda x: spreads_one_of_two(x, one()))


def nothing_input() -> None:
    many().map(echo).map(later)


ALLOWED = [
    mapped_with_a_constant_side,
    two_inputs_of_one_axis,
    collect_directly,
    emits_below_an_axis_with_nothing_after,
    graph_below_an_axis,
    graph_that_emits,
    collected_then_mapped_elsewhere,
    another_axis_after_collecting,
    inner_emitter_beside_the_axis,
    nothing_input,
]


@pytest.mark.parametrize("body", ALLOWED, ids=[body.__name__ for body in ALLOWED])
def test_sem_10_allowed(body: Callable[[], None]) -> None:
    assert job(name="j")(body).graph.has_dynamic


def two_upstream() -> None:
    first, second = many(), many()
    first.map(lambda x: second.map(lambda y: add(x, y)))


def two_upstream_through_ops() -> None:
    first = many().map(echo)
    second = many().map(echo)
    first.map(lambda x: second.map(lambda y: add(x, y)))


def two_upstream_through_a_graph() -> None:
    first, second = many(), many()
    first.map(lambda x: second.map(lambda y: adds(x, y)))


def nested() -> None:
    many().map(spread).map(echo)


def nested_collect() -> None:
    total(many().map(spread).collect())


def nested_inside_a_graph() -> None:
    many().map(spreads_inside)


def nested_out_of_a_graph() -> None:
    many().map(spreads_out).map(echo)


def map_and_collect_into_one() -> None:
    values = many()
    values.map(lambda x: mixed(x, values.collect()))


def map_and_collect_through_an_op() -> None:
    values = many()
    values.map(lambda x: mixed(x, values.map(echo).collect()))


FORBIDDEN = [
    (two_upstream, "more than one dynamic output"),
    (two_upstream_through_ops, "more than one dynamic output"),
    (two_upstream_through_a_graph, "more than one dynamic output"),
    (nested, "more than one dynamic output"),
    (nested_collect, "more than one dynamic output"),
    (nested_inside_a_graph, "more than one dynamic output"),
    (nested_out_of_a_graph, "more than one dynamic output"),
    (map_and_collect_into_one, "both maps over and collects"),
    (map_and_collect_through_an_op, "both maps over and collects"),
    (lambda: total([many().collect()]), "dynamic outputs cannot stand in a list"),
    (lambda: total([many()]), "directly; go through"),
    (lambda: many().map(lambda x: total([x])), "dynamic outputs cannot stand in a list"),
    (lambda: echo(many()), "directly; go through"),
]


@pytest.mark.parametrize(
    "case", FORBIDDEN, ids=[f"{index}_{case[0].__name__}" for index, case in enumerate(FORBIDDEN)]
)
def test_sem_10_forbidden(case: tuple[Callable[[], object], str]) -> None:
    def body() -> None:
        case[0]()

    with pytest.raises(InvalidDefinitionError, match=case[1]):
        job(name="j")(body)


def test_sem_10_a_dynamic_output_must_not_be_read_in_an_outer_graph_either() -> None:
    with pytest.raises(InvalidDefinitionError, match="directly; go through"):
        job(name="j")(lambda: echo(emits()) and None)


@pytest.mark.parametrize("returned", [3, [1], "text", {"a": 1}], ids=repr)
def test_sem_10_what_a_mapped_function_may_return(returned: object) -> None:
    with pytest.raises(CheckError, match="must return an output, a tuple of outputs or None"):
        job(name="j")(lambda: many().map(lambda x: returned) and None)


def test_sem_10_a_graph_passes_on_what_is_dynamic() -> None:
    assert emits.dynamic_outputs == {"result"}
    assert spreads_out.dynamic_outputs == {"result"}
    assert spreads_inside.dynamic_outputs == frozenset()
    assert echo_twice.dynamic_outputs == frozenset()


def test_sem_10_mapping_keys_are_names() -> None:
    with pytest.raises(InvalidDefinitionError, match="`a-b` is not a valid name for the mapping key"):
        DynamicOutput(1, mapping_key="a-b")
    assert DynamicOutput(1, mapping_key="1st").mapping_key == "1st"
