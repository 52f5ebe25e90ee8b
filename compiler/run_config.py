"""What run config a job takes, as far as that can be told without importing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.layout import run_config_shape
from jobc.compiler.bind.reach import reach
from jobc.compiler.pipeline import CompileError, analyse, compile_spec, pick_job, split_pointer

if TYPE_CHECKING:
    from jobc.compiler.pipeline import PathLike
    from jobc.runtime.config import Shape


def run_config_of(pointer: PathLike, profile: str | None = None) -> Shape:
    """Return the shape of the run config of the job at `FILE#JOB`.

    Raises `CompileError` when the spec has errors or there is no such job.
    """
    path, name = split_pointer(pointer)
    job = pick_job(compile_spec(path, profile=profile), path, name)
    program = analyse(path, profile=profile).program
    if program is None:
        raise CompileError((), {})
    symbol = program.jobs[job.name]
    return run_config_shape(program, symbol, reach(program, symbol))
