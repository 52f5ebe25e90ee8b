"""Row P7: what a step costs in worker processes."""

from __future__ import annotations

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from jobc import (
    GraphDefinition,
    Instance,
    JobDefinition,
    build_reconstructable_job,
    execute_job,
)
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.ports import typed_in, typed_out
from jobc.runtime.definitions.sources import NodeOutput
from jobc.runtime.definitions.types import resolve_type
from tests.bench.timing import Contender, exponent, interleave, process

if TYPE_CHECKING:
    from tests.bench.table import Table

WORK_S = 0.01
WORKERS = 2
STEPS = (20, 100, 200)
MOST_S = 1.5e-3
INT = resolve_type(int)
CONFIG = {"execution": {"config": {"multiprocess": {"max_concurrent": WORKERS}}}}


def work(value: int) -> int:
    """Take ten milliseconds."""
    time.sleep(WORK_S)
    return value


def sleeping_job(count: int) -> JobDefinition:
    """Return a job of so many steps of ten milliseconds, all reading from a first one."""
    source = OpDefinition.of("source", OpFunction(lambda: 1, ()), {}, {"result": typed_out(INT)})
    sleeper = OpDefinition.of(
        "sleeper",
        OpFunction(work, (Slot("input", "value"),)),
        {"value": typed_in(INT)},
        {"result": typed_out(INT)},
    )
    nodes = {"source": Node("source", source)} | {f"n{i}": Node(f"n{i}", sleeper) for i in range(count)}
    sources = {f"n{i}": {"value": NodeOutput("source")} for i in range(count)}
    return JobDefinition(graph_def=GraphDefinition.of("sleeping", nodes, sources))


def measure_workers(table: Table, rounds: int) -> None:
    """Row P7: the clock on the wall beyond the work itself, per step, in warm workers."""
    with (
        tempfile.TemporaryDirectory() as name,
        Instance.open(name) as instance,
        ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool,
    ):
        elapsed = []
        for count in STEPS:
            medians = interleave({"jobc": _jobc(instance, count), "pool": _pool(pool, count)}, rounds)
            table.heading("P7", f"multiprocess, {count} steps of 10 ms on {WORKERS} workers, warm, per step")
            for contender, seconds in medians.items():
                table.figure(f"{contender}, beyond the work", _beyond(seconds, count))
            table.ratio(
                "jobc / pool, beyond the work",
                _beyond(medians["jobc"], count) / _beyond(medians["pool"], count),
            )
            table.seconds("jobc, a step beyond the work", _beyond(medians["jobc"], count), most=MOST_S)
            elapsed.append(_beyond(medians["jobc"], count) * count)
        table.note(f"growth with the number of steps: exponent {exponent(STEPS, elapsed):.2f}")
    _measure_first_run(table)


def _measure_first_run(table: Table) -> None:
    """Compare the first run of a process with a spawned pool that does the same work once."""
    root = Path(__file__).parents[2]
    begun = {
        "jobc": process([sys.executable, "-m", "tests.bench.workers", "jobc"], root),
        "pool": process([sys.executable, "-m", "tests.bench.workers", "pool"], root),
    }
    medians = interleave(begun, 3)
    table.heading("P7", "the first run of a process: 20 steps, with its start")
    table.figure("jobc", medians["jobc"])
    table.figure("spawned pool", medians["pool"])
    table.ratio("jobc / spawned pool", medians["jobc"] / medians["pool"], most=3)


def _beyond(seconds: float, count: int) -> float:
    return (seconds - count * WORK_S / WORKERS) / count


def _jobc(instance: Instance, count: int) -> Contender:
    job = build_reconstructable_job(module="tests.bench.workers", function="sleeping_job", args=(count,))

    def run() -> float:
        began = time.perf_counter()
        result = execute_job(job, instance, run_config=CONFIG)
        elapsed = time.perf_counter() - began
        assert result.success
        return elapsed

    return run


def _pool(pool: ProcessPoolExecutor, count: int) -> Contender:
    def run() -> float:
        began = time.perf_counter()
        list(pool.map(work, range(count)))
        return time.perf_counter() - began

    return run


def main() -> None:
    """Do the work once, in one of the two ways."""
    if sys.argv[1] == "jobc":
        with tempfile.TemporaryDirectory() as name, Instance.open(name) as instance:
            _jobc(instance, STEPS[0])()
    else:
        with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
            _pool(pool, STEPS[0])()


if __name__ == "__main__":
    main()
