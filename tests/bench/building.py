"""Row P5: building a job, from IR and with decorators, against Dagster."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobc.compiler.link.linker import link_job
from jobc.compiler.pipeline import compile_spec
from jobc.runtime.definitions.graph_decorator import job
from jobc.runtime.definitions.op_decorator import op
from tests.bench.samples import write_spec
from tests.bench.timing import Contender, call, exponent, interleave

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.table import Table

SIZES = (500, 1_000, 10_000)
DAGSTER_SIZE = 500
"""Dagster walks a chain recursively; a longer one passes Python's limit."""


def _passes(value: int) -> int:
    return value


def _starts() -> int:
    return 0


def _decorated(job: Callable[..., Any], op: Callable[..., Any], size: int) -> Callable[[], object]:
    """Return a function that makes as many ops and chains them in a job."""

    def build() -> object:
        first = op(name="op_0")(_starts)
        others = [op(name=f"op_{number}")(_passes) for number in range(1, size)]

        def body() -> None:
            value = first()
            for each in others:
                value = each(value)

        return job(name="work")(body)

    return build


def _linked(size: int, folder: Path) -> Contender:
    path = write_spec(folder, size)
    compiled = next(iter(compile_spec(path).jobs.values()))
    return call(lambda: link_job(compiled, path))


def measure_building(table: Table, rounds: int) -> None:
    """Print the time an op costs when a job of many is built."""
    ours: list[float] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            contenders = {"IR": _linked(size, Path(name)), "@job": call(_decorated(job, op, size))}
            if find_spec("dagster") is not None and size <= DAGSTER_SIZE:
                import dagster

                contenders["dagster"] = call(_decorated(dagster.job, dagster.op, size))
            medians = interleave(contenders, max(3, rounds // 3))
        table.heading("P5", f"building a job of {size:,} ops")
        for name, seconds in medians.items():
            table.figure(f"{name}, each op", seconds, size)
        ours.append(medians["@job"])
        for name in ("IR", "@job"):
            if "dagster" in medians:
                table.ratio(f"Dagster / {name}", medians["dagster"] / medians[name], least=10)
    table.note(f"growth with size: exponent {exponent(SIZES, ours):.2f}")
