"""Executors by the names that the command line knows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobc.runtime.definitions.executor import ExecutorDefinition

NAMES = ("in_process", "multiprocess", "dask")


def executor_or_reported(name: str) -> ExecutorDefinition | None:
    """Return the executor of a name; where it is not installed, say so and return None."""
    from jobc.runtime.executors.builtin import EXECUTORS

    found = EXECUTORS.get(name)
    if found is None:
        print(f"error: the executor `{name}` is not installed", file=sys.stderr)
    return found
