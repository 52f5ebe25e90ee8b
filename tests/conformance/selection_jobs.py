"""The jobs that the table of selections is asked of, each small enough to be drawn in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc import DynamicOut, DynamicOutput, Out, graph, job, op
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator


@op
def source() -> int:
    return 1


@op
def step(value: int) -> int:
    return value + 1


@op
def add(left: int, right: int) -> int:
    return left + right


@op
def total(values: list[int]) -> int:
    return sum(values)


@op(out=DynamicOut(int))
def emit() -> Iterator[DynamicOutput[int]]:
    yield DynamicOutput(1, "one")
    yield DynamicOutput(2, "two")


@job
def chain() -> None:
    """Wire a -> b -> c -> d -> e."""
    b = step.alias("b")(source.alias("a")())
    step.alias("e")(step.alias("d")(step.alias("c")(b)))


@job
def diamond() -> None:
    """Wire top -> left, right -> bottom."""
    top = source.alias("top")()
    add.alias("bottom")(step.alias("left")(top), step.alias("right")(top))


@graph
def tidy(rows: int) -> int:
    made: int = step.alias("trim")(step.alias("clean")(rows))
    return made


@job
def nested() -> None:
    """Wire load -> tidy(clean -> trim) -> save, and load -> audit."""
    rows = source.alias("load")()
    step.alias("save")(tidy(rows))
    step.alias("audit")(rows)


@graph
def inner(value: int) -> int:
    made: int = step.alias("two")(step.alias("one")(value))
    return made


@graph
def outer(value: int) -> int:
    made: int = step.alias("three")(inner(value))
    return made


@job
def deep() -> None:
    """Wire start -> outer(inner(one -> two) -> three) -> finish, and start -> again(one -> two)."""
    start = source.alias("start")()
    step.alias("finish")(outer(start))
    inner.alias("again")(start)


@job
def fan() -> None:
    """Wire s1, s2, s3 -> gather -> out."""
    step.alias("out")(total.alias("gather")([source.alias(name)() for name in ("s1", "s2", "s3")]))


@job
def dynamic() -> None:
    """Wire emit -> body -> more (mapped) -> all_of (collected)."""
    total.alias("all_of")(emit().map(step.alias("body")).map(step.alias("more")).collect())


@job
def numbers() -> None:
    """Wire 1 -> 2 -> 2b -> 10."""
    step.alias("10")(step.alias("2b")(step.alias("2")(source.alias("1")())))


@job
def islands() -> None:
    """Wire left_a -> left_b, right_a -> right_b -> right_c, and alone beside them."""
    step.alias("left_b")(source.alias("left_a")())
    step.alias("right_c")(step.alias("right_b")(source.alias("right_a")()))
    source.alias("alone")()


@op(
    tags={"team": "orders", "cost": "high"},
    required_resource_keys={"warehouse"},
    out=Out(int, asset_key="daily/orders"),
)
def load_orders() -> int:
    return 1


@op(tags={"team": "orders"}, out=Out(int, asset_key="daily/clean"))
def clean_orders(value: int) -> int:
    return value


@op(tags={"team": "ops", "note": "a b"})
def load_text(names: dict[str, int]) -> str:
    return str(names)


def _labelled() -> JobDefinition:
    """Wire load_orders -> tidied (clean_orders) -> sent (shell), and load_text beside them."""
    shell = OpDefinition.of("send", step.function, step.ins, step.outs, kind="shell")

    @job(resource_defs={"warehouse": object()})
    def labelled() -> None:
        shell.alias("sent")(clean_orders.alias("tidied").tag({"cost": "low"})(load_orders()))
        load_text()

    return labelled


labelled = _labelled()


def _ordered() -> JobDefinition:
    """Wire first, second and a graph of x and y that comes after `first`, and `last` after the graph."""
    pair = GraphDefinition.of("pair", {name: Node(name, source) for name in ("x", "y")}, {})
    nodes = {name: Node(name, source) for name in ("first", "second", "last")} | {"both": Node("both", pair)}
    order = {"both": ("first",), "last": ("both",)}
    return JobDefinition(graph_def=GraphDefinition.of("ordered", nodes, {}, order_only=order))


ordered = _ordered()

JOBS = {
    each.name: each
    for each in (chain, diamond, nested, deep, fan, dynamic, numbers, islands, labelled, ordered)
}
