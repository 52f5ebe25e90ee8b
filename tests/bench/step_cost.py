"""PERFORMANCE P6: what an op costs in a run, beyond its own work; run as a script.

Every figure is the best of several runs, interleaved with its floor: the same calls from a bare loop over
slots. Processor time is counted, not the clock on the wall, since other programs share the machine. The
last column is the growth exponent from the smallest to the largest job: 1 is linear.
"""

from __future__ import annotations

import gc
import math
from time import process_time
from typing import TYPE_CHECKING

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.ports import typed_in, typed_out
from jobc.runtime.definitions.sources import NodeOutput, Source
from jobc.runtime.definitions.types import resolve_type
from jobc.runtime.plan.builder import PlanBuilder
from jobc.runtime.plan.plan import build_plan

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (100, 1_000, 10_000)
WIDTH = 10
INT = resolve_type(int)
Wiring = tuple[dict[str, Node], dict[str, dict[str, Source]]]


def no_op(
    name: str, function: Callable[..., object], inputs: str = "", context: bool = False
) -> OpDefinition:
    """Return an op that does nothing, with one int input per letter."""
    slots = tuple(Slot("input", each) for each in inputs)
    taken = OpFunction(function, (Slot("context", ""), *slots) if context else slots)
    return OpDefinition.of(name, taken, {each: typed_in(INT) for each in inputs}, {"result": typed_out(INT)})


SOURCE = no_op("source", lambda: 1)
ONE = no_op("one", lambda a: a, "a")
THREE = no_op("three", lambda a, _b, _c: a, "abc")
TALKER = no_op("talker", lambda _context, a: a, "a", context=True)


def chain(size: int, link: OpDefinition = ONE) -> Wiring:
    """Each op reads from the one before."""
    nodes = {"n0": Node("n0", SOURCE)} | {f"n{i}": Node(f"n{i}", link) for i in range(1, size)}
    return nodes, {f"n{i}": {"a": NodeOutput(f"n{i - 1}")} for i in range(1, size)}


def chain_with_contexts(size: int) -> Wiring:
    """Each op reads from the one before and takes the context."""
    return chain(size, TALKER)


def fan(size: int) -> Wiring:
    """All ops read from the first."""
    nodes = {"n0": Node("n0", SOURCE)} | {f"n{i}": Node(f"n{i}", ONE) for i in range(1, size)}
    return nodes, {f"n{i}": {"a": NodeOutput("n0")} for i in range(1, size)}


def layered(size: int) -> Wiring:
    """Layers of ten ops, each op reading from three of the layer before."""
    nodes = {f"n{i}": Node(f"n{i}", SOURCE if i < WIDTH else THREE) for i in range(size)}
    sources: dict[str, dict[str, Source]] = {}
    for i in range(WIDTH, size):
        layer = (i // WIDTH - 1) * WIDTH
        sources[f"n{i}"] = {port: NodeOutput(f"n{layer + (i + k) % WIDTH}") for k, port in enumerate("abc")}
    return nodes, sources


SHAPES: tuple[Callable[[int], Wiring], ...] = (chain, fan, layered, chain_with_contexts)


def bare_loop(job: JobDefinition) -> None:
    """Make the same calls with the same values and record nothing."""
    plan = build_plan(job)
    values: list[object] = list(plan.template)
    for step in plan.steps:
        reads = [values[port.source.slot] for port in step.inputs]  # type: ignore[union-attr]  # all from slots
        first = (None,) if step.op is TALKER else ()
        values[step.outputs[0].slot] = step.op.function.function(*first, *reads)


def seconds(action: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    began = process_time()
    action()
    return process_time() - began


def measure(job: JobDefinition, repeats: int) -> dict[str, float]:
    """Return the best seconds of a run, of its floor, of building the plan and of rendering all events."""
    best = dict.fromkeys(("run", "floor", "plan", "events"), math.inf)
    job.execute_in_process()
    for _ in range(repeats):
        gc.collect()
        result = job.execute_in_process()
        found = {
            "run": seconds(job.execute_in_process),
            "floor": seconds(lambda: bare_loop(job)),
            "plan": seconds(lambda: PlanBuilder(job).build()),
            "events": seconds(lambda held=result: held.all_events),  # type: ignore[misc]  # bound now
        }
        best = {name: min(best[name], value) for name, value in found.items()}
    return best


def main() -> None:
    """Print microseconds per op."""
    print(f"{'shape':22}{'ops':>8}{'run':>9}{'floor':>9}{'plan':>9}{'events':>9}{'growth':>9}   (µs per op)")
    for shape in SHAPES:
        runs: dict[int, float] = {}
        for size in SIZES:
            nodes, sources = shape(size)
            job = JobDefinition(graph_def=GraphDefinition.of("g", nodes, sources))
            best = measure(job, max(3, 3_000 // size))
            runs[size] = best["run"]
            figures = "".join(f"{value / size * 1e6:9.2f}" for value in best.values())
            growth = (
                math.log(runs[size] / runs[SIZES[0]]) / math.log(size / SIZES[0]) if size > SIZES[0] else 1.0
            )
            print(f"{shape.__name__:22}{size:8}{figures}{growth:9.2f}")


if __name__ == "__main__":
    main()
