"""Measure contenders in turn, A B C A B C …, so that a machine whose speed drifts is fair to all."""

from __future__ import annotations

import gc
import math
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Contender = Callable[[], float]
_BYTECODE = tempfile.TemporaryDirectory()  # it goes when this process ends


def interleave(contenders: Mapping[str, Contender], rounds: int) -> dict[str, float]:
    """Run each contender once per round after one warm-up; return the median of its seconds."""
    for contender in contenders.values():
        contender()
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            seconds[name].append(contender())
    return {name: median(values) for name, values in seconds.items()}


def process(
    command: Sequence[str | Path], folder: Path, variables: Mapping[str, str] | None = None
) -> Contender:
    """Return a contender that runs a command as a process of its own, with some environment variables."""
    given = {**environment(), **(variables or {})}

    def run() -> float:
        start = time.perf_counter()
        outcome = subprocess.run(command, cwd=folder, env=given, capture_output=True, check=False)
        elapsed = time.perf_counter() - start
        if outcome.returncode != 0:
            raise RuntimeError(
                f"{command} ended with {outcome.returncode}: {outcome.stderr.decode()[-2000:]}"
            )
        return elapsed

    return run


def environment() -> dict[str, str]:
    """Return the environment of a process that finds its modules compiled, as installed ones are."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": _BYTECODE.name}


def call(function: Callable[[], object]) -> Contender:
    """Return a contender that calls a function in this process, without pauses for garbage."""

    def run() -> float:
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        function()
        elapsed = time.perf_counter() - start
        gc.enable()
        return elapsed

    return run


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Return how time grows with size: 1.0 is linear; the slope between the ends on log scales."""
    return math.log(seconds[-1] / seconds[0]) / math.log(sizes[-1] / sizes[0])
