"""Loading the job that a command names, and telling what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jobc.cli.spec_options import AS_WRITTEN
from jobc.cli.terminal import print_diagnostics
from jobc.compiler.pipeline import CompileError, load_with_ir
from jobc.runtime.definitions.origin import JobOrigin

if TYPE_CHECKING:
    from jobc.cli.spec_options import SpecOptions
    from jobc.compiler.pipeline import Loaded
    from jobc.runtime.definitions.job import JobDefinition


def loaded_or_reported(pointer: str, options: SpecOptions = AS_WRITTEN) -> JobDefinition | None:
    """Compile and link the job at `SPEC#JOB`; where there are mistakes, print them and return None."""
    loaded = loaded_with_ir_or_reported(pointer, options)
    return None if loaded is None else loaded.definition


def folder_of(job: JobDefinition) -> Path:
    """Return the folder of the spec that a job comes from, in which it runs unless another is named."""
    origin = job.origin
    assert isinstance(origin, JobOrigin)
    return Path(origin.folder or Path(origin.file).parent)


def loaded_with_ir_or_reported(pointer: str, options: SpecOptions = AS_WRITTEN) -> Loaded | None:
    """Compile and link a job as `loaded_or_reported` does, and keep what it was linked from."""
    try:
        return load_with_ir(pointer, options.profile, options.vars, allow_outside=options.allow_outside)
    except CompileError as error:
        print_diagnostics(error.diagnostics, error.texts, files=1, jobs=0)
        return None
