"""`jobc list`: the jobs of spec files, as the pointers that `jobc run` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.cli import MISTAKES, OK
from jobc.cli.compile_spec import compiled_or_reported
from jobc.cli.terminal import print_diagnostics
from jobc.compiler.files import find_specs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.schemas.ir import CompiledJob


def list_jobs(paths: Sequence[str]) -> int:
    """Print a line `SPEC#JOB  description` for each job; mistakes in a file hide no other file."""
    files, missing = find_specs(paths or (".",))
    if missing:
        print_diagnostics(missing, {}, files=len(missing), jobs=0)
    compiled = [(path.as_posix(), compiled_or_reported(path)) for path in files]
    jobs = {f"{path}#{name}": job for path, spec in compiled if spec for name, job in spec.jobs.items()}
    width = max(map(len, jobs), default=0)
    for pointer, job in jobs.items():
        print(f"{pointer:<{width}}  {_first_line(job)}".rstrip())
    return OK if not missing and all(spec for _, spec in compiled) else MISTAKES


def _first_line(job: CompiledJob) -> str:
    return (job.description or "").strip().partition("\n")[0]
