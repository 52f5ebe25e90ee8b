"""Row P15: the memory that a job takes which is compiled and run, against Dagster.

The peak is asked of Linux (`VmHWM`): what `getrusage` says begins with the size of the process that started
this one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.samples import write_spec
from tests.bench.timing import environment, exponent

if TYPE_CHECKING:
    from tests.bench.table import Table

SIZES = (100, 1_000, 10_000)
DAGSTER_SIZE = 1_000
"""The largest job that is run on Dagster, which takes ten seconds; it is compared at this size."""

ROOT = Path(__file__).parents[2]
STATUS = Path("/proc/self/status")
PEAK = f"; print(next(line.split()[1] for line in open('{STATUS}') if line.startswith('VmHWM')))"
BARE = "pass"
OURS = "import jobc; assert jobc.load({path!r}).execute_in_process().success"
DAGSTER = "from tests.bench import engines, samples; engines.dagster(samples.edges('layers', {size}))()"


def measure_memory(table: Table, rounds: int) -> None:
    """Row P15: the most memory a process holds that compiles and runs a job, less that of a bare one."""
    if not STATUS.exists():
        table.heading("P15", "memory: this system does not tell the peak of a process")
        return
    ours: list[float] = []
    bare = _peak(BARE, rounds)
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            path = write_spec(Path(name), size)
            ours.append(_peak(OURS.format(path=f"{path}"), max(3, rounds // 3)) - bare)
        table.heading("P15", f"memory: a spec of {size:,} ops compiled and run")
        table.memory("jobc, over a bare interpreter", ours[-1])
        if size <= DAGSTER_SIZE and find_spec("dagster") is not None:
            peer = _peak(DAGSTER.format(size=size), 1) - bare
            table.memory("Dagster, ops as many, in Python", peer)
            table.ratio("Dagster / jobc", peer / ours[-1], least=4)
    table.note(f"growth with size: exponent {exponent(SIZES, ours):.2f}")


def _peak(code: str, rounds: int) -> float:
    """Return the median of the peaks of some processes that run code, in bytes."""
    command = [sys.executable, "-c", code + PEAK]
    runs = [
        subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=True, text=True)
        for _ in range(rounds)
    ]
    return median(int(run.stdout.split()[-1]) * 1024 for run in runs)
