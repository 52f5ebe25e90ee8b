"""Row P8: building a job again in a fresh process, from its pointer."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.samples import write_spec
from tests.bench.timing import Contender, exponent, interleave, process

if TYPE_CHECKING:
    from tests.bench.table import Table

SIZES = (100, 300, 1_000)
MOST_S = 0.06
POINT = (
    "import json, sys; sys.path.insert(0, '.'); from jobc import reconstructable as point; "
    "json.dump(point({target}).to_dict(), open({pointer!r}, 'w'))"
)
FOLLOW = (
    "import json; from jobc.runtime.reconstruct import ReconstructableJob as job; "
    "job.from_dict(json.load(open({pointer!r}))).get_definition()"
)
DECORATED = """\
from jobc import job, op
@op
def first() -> int:
    return 0
@op
def other(value: int) -> int:
    return value
@job
def work():
    value = first()
    for number in range(1, {size}):
        value = other.alias(f"op_{{number}}")(value)
"""


def measure_rebuilding(table: Table, rounds: int) -> None:
    """Row P8: over a bare start, from pointers to specs and to Python, by size."""
    grown: list[float] = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            medians = interleave(_contenders(Path(name), size), rounds)
        table.heading("P8", f"a job of {size:,} ops from its pointer, in a fresh process, digest verified")
        bare = medians.pop("bare interpreter")
        beyond = {each: seconds - bare for each, seconds in medians.items()}
        table.figure("bare interpreter", bare)
        for contender, seconds in beyond.items():
            table.figure(f"{contender}, over bare start", seconds)
        if size == SIZES[0]:
            table.ratio("spec, over bare start / bare start", beyond["spec"] / bare)
            table.seconds("job of a spec, over bare start", beyond["spec"], most=MOST_S)
            table.seconds("job in Python, over bare start", beyond["Python"], most=MOST_S)
        grown.append(beyond["spec"])
    table.note(f"growth with size, jobs of specs: exponent {exponent(SIZES, grown):.2f}")


def _contenders(folder: Path, size: int) -> dict[str, Contender]:
    """Return the processes that build a job again; the spec's with its IR at hand, and without it."""
    write_spec(folder, size)
    (folder / "decorated.py").write_text(DECORATED.format(size=size))
    cached = {"XDG_CACHE_HOME": str(folder / "cache"), "JOBC_NO_CACHE": ""}
    for pointer, target in (("spec", "'work.yaml'"), ("python", "__import__('decorated').work")):
        point = POINT.format(target=target, pointer=f"{pointer}.json")
        process([sys.executable, "-c", point], folder, cached)()
    spec = [sys.executable, "-c", FOLLOW.format(pointer="spec.json")]
    return {
        "bare interpreter": process([sys.executable, "-c", "pass"], folder),
        "spec": process(spec, folder, cached),
        "spec, compiled anew": process(spec, folder, {"JOBC_NO_CACHE": "1"}),
        "Python": process([sys.executable, "-c", FOLLOW.format(pointer="python.json")], folder),
    }
