"""Loading the job that a command names, and telling what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.cli.terminal import print_diagnostics
from jobc.compiler.pipeline import CompileError, load

if TYPE_CHECKING:
    from jobc.runtime.definitions.job import JobDefinition


def loaded_or_reported(pointer: str) -> JobDefinition | None:
    """Compile and link the job at `SPEC#JOB`; where there are mistakes, print them and return None."""
    try:
        return load(pointer)
    except CompileError as error:
        print_diagnostics(error.diagnostics, error.texts, files=1, jobs=0)
        return None
