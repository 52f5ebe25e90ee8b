"""No-op graphs on several engines: ours, and those of the `bench` extra where they are installed."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from itertools import count
from typing import TYPE_CHECKING, Any

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.ports import In, Out
from jobc.runtime.definitions.sources import NodeOutput

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

Edges = list[tuple[int, ...]]
_COUNTER = count()


def no_op(*values: int) -> int:
    return len(values)


def noop_0() -> int:
    return 0


def noop_1(a: int) -> int:
    return a


def noop_3(a: int, b: int, c: int) -> int:
    return a


NAMES = "abc"
FUNCTIONS: dict[int, Callable[..., int]] = {0: noop_0, 1: noop_1, 3: noop_3}


def floor(edges: Edges) -> Callable[[], object]:
    """Slots in a loop: what any engine has to do at the least."""
    functions = [FUNCTIONS[len(sources)] for sources in edges]

    def run() -> object:
        slots: list[int] = []
        for function, sources in zip(functions, edges, strict=True):
            slots.append(function(*[slots[source] for source in sources]))
        return slots[-1]

    return run


def jobc(edges: Edges) -> Callable[[], object]:
    """Our engine, in process: events recorded, types checked, values in memory."""
    ops = {}
    for number, function in FUNCTIONS.items():
        slots = tuple(Slot("input", NAMES[place]) for place in range(number))
        ins = {NAMES[place]: In(int) for place in range(number)}
        ops[number] = OpDefinition.of(
            f"noop_{number}", OpFunction(function, slots), ins, {"result": Out(int)}
        )
    nodes = {f"n{number}": Node(f"n{number}", ops[len(sources)]) for number, sources in enumerate(edges)}
    sources = {
        f"n{number}": {NAMES[place]: NodeOutput(f"n{source}") for place, source in enumerate(row)}
        for number, row in enumerate(edges)
    }
    job = JobDefinition(graph_def=GraphDefinition.of("work", nodes, sources))

    def run() -> object:
        result = job.execute_in_process()
        assert result.success
        return result

    return run


def dask(edges: Edges) -> Callable[[], object] | None:
    """Dask's synchronous scheduler on a plain graph."""
    if find_spec("dask") is None:
        return None
    import dask as engine

    sinks = _sinks(edges)
    graph = {
        f"n{number}": (FUNCTIONS[len(row)], *(f"n{source}" for source in row))
        for number, row in enumerate(edges)
    }
    return lambda: engine.get(graph, sinks)  # type: ignore[attr-defined]


def hamilton(edges: Edges) -> Callable[[], object] | None:
    """Hamilton's driver: one function a node, no events, no checks."""
    if find_spec("hamilton") is None:
        return None
    import os

    os.environ["HAMILTON_TELEMETRY_ENABLED"] = "false"
    sys.setrecursionlimit(100_000)  # its driver walks a chain recursively
    from hamilton import driver
    from hamilton.ad_hoc_utils import create_temporary_module

    lines = [_hamilton_function(number, row) for number, row in enumerate(edges)]
    namespace: dict[str, Any] = {}
    exec("\n".join(lines), namespace)
    functions = [namespace[f"n{number}"] for number in range(len(edges))]
    module: ModuleType = create_temporary_module(*functions, module_name=f"work_{next(_COUNTER)}")
    built = driver.Builder().with_modules(module).build()
    sinks = _sinks(edges)
    return lambda: built.execute(sinks)


def _sinks(edges: Edges) -> list[str]:
    """Name the nodes nobody reads: an engine that is asked for these has to run all."""
    read = {source for row in edges for source in row}
    return [f"n{number}" for number in range(len(edges)) if number not in read]


def _hamilton_function(number: int, row: tuple[int, ...]) -> str:
    parameters = ", ".join(f"n{source}: int" for source in row)
    return f"def n{number}({parameters}) -> int:\n    return {number}\n"


def dagster(edges: Edges) -> Callable[[], object] | None:
    """Dagster's `execute_in_process`."""
    if find_spec("dagster") is None:
        return None
    from dagster import DependencyDefinition, GraphDefinition, In, NodeInvocation, Out, op

    ops = [
        op(name=f"noop_{number}", ins={NAMES[place]: In(int) for place in range(number)}, out=Out(int))(
            function
        )
        for number, function in FUNCTIONS.items()
        if number in {len(row) for row in edges}
    ]
    dependencies = {
        NodeInvocation(f"noop_{len(row)}", alias=f"n{number}"): {
            NAMES[place]: DependencyDefinition(f"n{source}") for place, source in enumerate(row)
        }
        for number, row in enumerate(edges)
    }
    job = GraphDefinition("work", node_defs=ops, dependencies=dependencies).to_job()
    run: Callable[[], object] = job.execute_in_process
    return run
