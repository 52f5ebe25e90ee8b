"""Measure jobc against floors and peers and print the ratios: `make bench`.

Every ratio is taken in one run, its contenders in turn, by medians. Absolute figures are for orientation.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import engines
from tests.bench.building import measure_building
from tests.bench.checking import measure_compiling, measure_many, measure_unchanged
from tests.bench.memory import measure_memory
from tests.bench.partitions import measure_partitions
from tests.bench.rebuilding import measure_rebuilding
from tests.bench.samples import SHAPES, edges, write_spec
from tests.bench.selection import measure_selection
from tests.bench.table import Table
from tests.bench.timing import Contender, call, exponent, interleave, process
from tests.bench.workers import measure_workers

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (100, 1_000, 10_000)
PEER_SIZES = {"dagster": (100,), "dask": SIZES, "hamilton": (100, 1_000)}
PYTHON = Path(sys.executable)


def measure_processes(table: Table, rounds: int) -> None:
    """Rows P1 and P14: whole processes against a bare interpreter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spec = write_spec(folder, 50)
        contenders: dict[str, Contender] = {
            "bare": process([PYTHON, "-c", "pass"], folder),
            "validate": process([PYTHON, "-m", "jobc", "validate", "--no-cache", spec], folder),
            "import": process([PYTHON, "-c", "import jobc"], folder),
            "version": process([PYTHON, "-m", "jobc", "--version"], folder),
        }
        if find_spec("yaml"):
            contenders["yaml"] = process(
                [PYTHON, "-c", f"import yaml; yaml.safe_load(open({str(spec)!r}))"], folder
            )
        medians = interleave(contenders, rounds)
        peer = _dagster_check(folder)
        if peer is not None:
            medians["dagster"] = interleave({"dagster": peer}, 3)["dagster"]
    bare = medians["bare"]
    table.heading("P1", "`jobc validate` of one file of 50 ops, as a process, nothing cached")
    table.figure("bare interpreter", bare)
    table.figure("jobc validate", medians["validate"])
    table.figure("PyYAML, load only", medians["yaml"])
    table.ratio("jobc validate / bare start", medians["validate"] / bare, most=10)
    if "dagster" in medians:
        table.figure("dg check yaml", medians["dagster"])
        table.ratio("dg check yaml / jobc validate", medians["dagster"] / medians["validate"], least=20)
    table.heading("P14", "start")
    table.figure("import jobc", medians["import"])
    table.figure("jobc --version", medians["version"])
    table.ratio("import jobc / bare start", medians["import"] / bare, most=1.3)
    table.ratio("jobc --version / bare start", medians["version"] / bare, most=1.6)


def _dagster_check(folder: Path) -> Contender | None:
    program = PYTHON.with_name("dg")
    if not program.exists():
        return None
    project = folder / "peer"
    definitions = project / "peer" / "defs"
    (definitions / "one").mkdir(parents=True)
    for package in (definitions, definitions.parent):
        (package / "__init__.py").write_text("")
    (definitions / "one" / "defs.yaml").write_text("type: dagster.DefsFolderComponent\nattributes: {}\n")
    (project / "pyproject.toml").write_text(
        "[project]\nname = 'peer'\nversion = '1'\n"
        "[tool.dg]\ndirectory_type = 'project'\n[tool.dg.project]\nroot_module = 'peer'\n"
        "[tool.dg.cli.telemetry]\nenabled = false\n"
    )
    return process([program, "check", "yaml"], project)


def measure_engine(table: Table, rounds: int) -> None:
    """Row P6: no-op ops in process, at three sizes and in three shapes."""
    for shape in SHAPES:
        table.heading("P6", f"in-process run, a no-op op: {shape}")
        ours = {}
        for size in SIZES:
            medians = _run_engines(shape, size, max(3, rounds // 2))
            ours[size] = medians["jobc"]
            for name, seconds in medians.items():
                table.figure(f"{name}, {size:,} ops, each", seconds, size)
            _compare(table, medians)
        table.note(f"growth of jobc with size: exponent {exponent(SIZES, list(ours.values())):.2f}")


def _run_engines(shape: str, size: int, rounds: int) -> dict[str, float]:
    rows = edges(shape, size)
    contenders = {"floor": call(engines.floor(rows)), "jobc": call(engines.jobc(rows))}
    for name, build in (("dagster", engines.dagster), ("dask", engines.dask), ("hamilton", engines.hamilton)):
        contender = build(rows) if size in PEER_SIZES[name] else None
        if contender is not None:
            contenders[name] = call(contender)
    return interleave(contenders, rounds)


def _compare(table: Table, medians: dict[str, float]) -> None:
    ours = medians["jobc"]
    table.ratio("jobc / floor", ours / medians["floor"])
    if "hamilton" in medians:
        table.ratio("jobc / Hamilton", ours / medians["hamilton"], most=1)
    if "dask" in medians:
        table.ratio("jobc / Dask synchronous", ours / medians["dask"], most=0.5)
    if "dagster" in medians:
        table.ratio("Dagster / jobc", medians["dagster"] / ours, least=600)


ROWS: dict[str, Callable[[Table, int], None]] = {
    "P1": measure_processes,
    "P2": measure_unchanged,
    "P3": measure_many,
    "P4": measure_compiling,
    "P5": measure_building,
    "P6": measure_engine,
    "P7": measure_workers,
    "P8": measure_rebuilding,
    "P9": measure_selection,
    "P10": measure_partitions,
    "P15": measure_memory,
}
"""What is measured, by its first row; P14 comes with P1, P11 to P13 with P10."""


def main() -> None:
    """Measure the rows that are asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], help="rows to measure; all by default")
    parser.add_argument("--rounds", type=int, default=9, help="counted runs of each contender")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    table = Table()
    for row in arguments.rows or ROWS:
        ROWS[row](table, arguments.rounds)
    print(f"\n{len(table.missed)} budgets missed: {', '.join(table.missed) or 'none'}")


if __name__ == "__main__":
    main()
