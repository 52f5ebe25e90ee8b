"""Row P9: selections on graphs of 1,000 to 100,000 nodes, against a plain walk over adjacency lists."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.ports import In, Out
from jobc.runtime.definitions.sources import NodeOutput
from jobc.runtime.selection.catalogue import catalogue_of
from jobc.runtime.selection.clauses import parsed_clause
from jobc.runtime.selection.select import select
from jobc.runtime.selection.subset import reduced_job
from tests.bench.timing import call, exponent, interleave

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.table import Table

SIZES = (1_000, 10_000, 100_000)
REACH = 50
REPEATS = 20
NAMES = "ab"

Adjacency = dict[str, list[str]]


def noop_0() -> int:
    return 0


def noop_1(a: int = 0) -> int:
    return a


def noop_2(a: int = 0, b: int = 0) -> int:
    return a


FUNCTIONS: tuple[Callable[..., int], ...] = (noop_0, noop_1, noop_2)


def measure_selection(table: Table, rounds: int) -> None:
    """Row P9: parsing, evaluating, and building the job that is selected."""
    table.heading("P9", "selection")
    plain = interleave({"parse": call(_parse_plain)}, rounds)["parse"]
    table.figure("parse a plain clause, nothing cached", plain, REPEATS)
    ours: dict[str, list[float]] = {"*n500+++": [], "n5*": []}
    for size in SIZES:
        job, up, down = _sample(size)
        for query, seconds in ours.items():
            seconds.append(_compare(table, job, (query, up, down), rounds))
    for query, seconds in ours.items():
        table.note(f"growth of `{query}` with size: exponent {exponent(SIZES, seconds):.2f}")


def _compare(table: Table, job: JobDefinition, asked: tuple[str, Adjacency, Adjacency], rounds: int) -> float:
    query, up, down = asked
    graph = catalogue_of(job).query_graph
    ops = frozenset(select([query], graph).ops)
    floor = _floor(query, up, down)
    assert {graph.paths[op] for op in ops} == floor()

    medians = interleave(
        {
            "floor": call(_repeated(floor)),
            "jobc": call(_repeated(lambda: select([query], graph))),
            "subset": call(_repeated(lambda: reduced_job(job, ops))),
        },
        rounds,
    )
    size = len(up)
    table.figure(f"plain walk, `{query}` of {size:,} ({len(ops):,} hits)", medians["floor"], REPEATS)
    table.figure("jobc, evaluate", medians["jobc"], REPEATS)
    table.ratio(f"`{query}` of {size:,}: jobc / plain walk", medians["jobc"] / medians["floor"], most=3)
    table.figure("jobc, build and check the job", medians["subset"], REPEATS)
    whole = (medians["jobc"] + medians["subset"]) / medians["floor"]
    table.ratio(f"`{query}` of {size:,}: jobc with the job built / plain walk", whole, most=50)
    return medians["jobc"]


def _repeated(function: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        for _ in range(REPEATS):
            function()

    return run


def _parse_plain() -> None:
    parsed_clause.cache_clear()
    for number in range(REPEATS):
        parsed_clause(f"*sub.n{number}+++")


def _floor(query: str, up: Adjacency, down: Adjacency) -> Callable[[], set[str]]:
    """Return the walk that the query asks for, written out for it."""
    if query == "n5*":
        return lambda: _walk("n5", down)

    def around() -> set[str]:
        found = _walk("n500", up)
        front = {"n500"}
        for _ in range(3):
            front = {after for name in front for after in down[name]} - found
            found |= front
        return found

    return around


def _walk(start: str, edges: Adjacency) -> set[str]:
    seen = {start}
    waiting = [start]
    while waiting:
        for name in edges[waiting.pop()]:
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen


def _sample(size: int) -> tuple[JobDefinition, Adjacency, Adjacency]:
    """Return a job whose nodes read from up to two of the nodes just before them, and its edges both ways."""
    chance = random.Random(9)
    ops = [_op(function, count) for count, function in enumerate(FUNCTIONS)]
    nodes, sources = {}, {}
    up: Adjacency = {}
    for number in range(size):
        before = (
            sorted({chance.randrange(max(0, number - REACH), number) for _ in range(2)}) if number else []
        )
        name = f"n{number}"
        nodes[name] = Node(name, ops[len(before)])
        sources[name] = {NAMES[place]: NodeOutput(f"n{other}") for place, other in enumerate(before)}
        up[name] = [f"n{other}" for other in before]
    down: Adjacency = {name: [] for name in up}
    for name, earlier in up.items():
        for other in earlier:
            down[other].append(name)
    return JobDefinition(graph_def=GraphDefinition.of("big", nodes, sources)), up, down


def _op(function: Callable[..., int], count: int) -> OpDefinition:
    slots = tuple(Slot("input", NAMES[place]) for place in range(count))
    ins = {NAMES[place]: In(int, default_value=0) for place in range(count)}
    return OpDefinition.of(f"noop_{count}", OpFunction(function, slots), ins, {"result": Out(int)})


if __name__ == "__main__":
    from tests.bench.table import Table as PrintedTable

    measure_selection(PrintedTable(), 5)
