"""Rows P2 to P4: files that have not changed, many files, and large ones, down to their IR."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from yaml._yaml import CParser

from jobc.compiler.cache.memory import Question
from jobc.compiler.crew import check_files
from jobc.compiler.disk import Disk
from jobc.compiler.pipeline import compile_spec
from tests.bench.samples import write_spec
from tests.bench.timing import Contender, call, exponent, interleave, process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.table import Table

PYTHON = Path(sys.executable)
FILES = (10, 100, 1_000)
OPS = (100, 1_000, 10_000)
OPS_PER_FILE = 32
"""So that a thousand files are 7.5 MB."""


@contextmanager
def cache_in(folder: Path) -> Iterator[None]:
    """Let jobc, in processes that are started meanwhile, keep its cache in a folder."""
    before = {name: os.environ.get(name) for name in ("XDG_CACHE_HOME", "JOBC_NO_CACHE")}
    os.environ |= {"XDG_CACHE_HOME": str(folder), "JOBC_NO_CACHE": ""}
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def measure_unchanged(table: Table, rounds: int) -> None:
    """Row P2: a file that is as it was."""
    with tempfile.TemporaryDirectory() as name, cache_in(Path(name, ".cache")):
        folder = Path(name)
        spec = write_spec(folder, 50)
        medians = interleave(
            {
                "bare": process([PYTHON, "-c", "pass"], folder),
                "validate": process([PYTHON, "-m", "jobc", "validate", spec.name], folder),
            },
            3 * rounds,
        )
    table.heading("P2", "`jobc validate` of one file of 50 ops, as a process, unchanged since last time")
    table.figure("jobc validate", medians["validate"])
    table.ratio("jobc validate / bare start", medians["validate"] / medians["bare"], most=2)


def measure_many(table: Table, rounds: int) -> None:
    """Row P3: many files at once, of which nothing is known, and of which everything is."""
    table.heading("P3", f"`jobc validate` of many files of {OPS_PER_FILE} ops, each with a module of its own")
    alone = {}
    for count in FILES:
        medians = _measure_files(table, count, max(3, rounds // 3))
        alone[count] = medians["one core"]
    table.note(f"growth with the number of files: exponent {exponent(FILES, list(alone.values())):.2f}")


def _measure_files(table: Table, count: int, rounds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name, cache_in(Path(name, ".cache")):
        specs = _write_files(Path(name, "specs"), count)
        texts = [spec.read_text() for spec in specs]
        command: list[str | Path] = [PYTHON, "-m", "jobc", "validate", "specs"]
        contenders: dict[str, Contender] = {
            "events": call(partial(_walk_events, texts)),
            "one core": call(lambda: check_files([*map(str, specs)], Question(), None, Disk(), 1)),
            "cold": process([*command, "--no-cache"], Path(name)),
            "cached": process(command, Path(name)),
        }
        medians = interleave(contenders, rounds)
    table.figure(f"libyaml events of {count:,} files, {sum(map(len, texts)) / 1e6:.2f} MB", medians["events"])
    table.figure(f"checking {count:,} files in this process", medians["one core"])
    table.figure(f"jobc validate, {count:,} files", medians["cold"])
    table.figure(f"jobc validate, {count:,} files, unchanged", medians["cached"])
    table.ratio("one core / events", medians["one core"] / medians["events"])
    if count == FILES[-1]:
        table.ratio("jobc validate / events", medians["cold"] / medians["events"], most=2)
        table.seconds("jobc validate, unchanged", medians["cached"], most=0.15)
    return medians


def _write_files(folder: Path, count: int) -> list[Path]:
    specs = []
    for number in range(count):
        place = folder / f"team_{number % 20}" / f"work_{number}"
        place.mkdir(parents=True)
        specs.append(write_spec(place, OPS_PER_FILE))
    return specs


def _walk_events(texts: Sequence[str]) -> None:
    for text in texts:
        parser = CParser(text)
        while parser.get_event() is not None:
            pass


def measure_compiling(table: Table, rounds: int) -> None:
    """Row P4: a large spec down to its checked, hashed IR, in this process."""
    table.heading("P4", "a spec to its checked, hashed IR, in process")
    ours = {}
    with tempfile.TemporaryDirectory() as name:
        for size in OPS:
            folder = Path(name, str(size))
            folder.mkdir()
            spec = write_spec(folder, size)
            text = spec.read_text()
            medians = interleave(
                {"events": call(partial(_walk_events, [text])), "jobc": _compiling(spec)},
                max(3, rounds // 3),
            )
            ours[size] = medians["jobc"]
            table.figure(f"libyaml events, {size:,} ops, {len(text) / 1e6:.2f} MB", medians["events"])
            table.figure(f"jobc, {size:,} ops", medians["jobc"])
            bound = 4 if size == OPS[-1] else None
            table.ratio("jobc / events", medians["jobc"] / medians["events"], most=bound)
    table.note(f"growth with the number of ops: exponent {exponent(OPS, list(ours.values())):.2f}")


def _compiling(spec: Path) -> Contender:
    def run() -> float:
        start = time.perf_counter()
        for job in compile_spec(spec).jobs.values():
            assert job.digest
        return time.perf_counter() - start

    return run
