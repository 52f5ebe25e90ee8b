"""`jobc list`: the jobs of spec files, as the pointers that `jobc run` takes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jobc.cli import MISTAKES, OK
from jobc.cli.spec_options import AS_WRITTEN
from jobc.cli.terminal import print_diagnostics
from jobc.compiler.files import find_specs
from jobc.compiler.pipeline import CompileError, compile_with_files, is_made_to_be_imported
from jobc.compiler.settings import settled_paths

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jobc.cli.spec_options import SpecOptions
    from jobc.compiler.pipeline import Compiled
    from jobc.schemas.ir import CompiledJob


def list_jobs(paths: Sequence[str], options: SpecOptions = AS_WRITTEN) -> int:
    """Print a line `SPEC#JOB  description` for each job; mistakes in a file hide no other file.

    A file of a folder that is made to be imported, and is by another one, has no jobs of its own where it
    lacks the values it is passed.
    """
    files, missing = find_specs(paths or settled_paths())
    if missing:
        print_diagnostics(missing, {}, files=len(missing), jobs=0)
    compiled = {file.as_posix(): _compiled(file, options) for file in files}
    imported = {
        taken
        for name, each in compiled.items()
        if not isinstance(each, CompileError)
        for taken in each.files
        if taken != os.path.realpath(name)
    } - {os.path.realpath(path) for path in paths}
    jobs: dict[str, CompiledJob] = {}
    fails = bool(missing)
    for name, each in compiled.items():
        if not isinstance(each, CompileError):
            jobs |= {f"{name}#{job}": found for job, found in each.spec.jobs.items()}
        elif not is_made_to_be_imported(name, each, imported):
            print_diagnostics(each.diagnostics, each.texts, files=1, jobs=0)
            fails = True
    _print_jobs(jobs)
    return MISTAKES if fails else OK


def _compiled(file: Path, options: SpecOptions) -> Compiled | CompileError:
    try:
        return compile_with_files(file, options.profile, options.vars, allow_outside=options.allow_outside)
    except CompileError as error:
        return error


def _print_jobs(jobs: dict[str, CompiledJob]) -> None:
    width = max(map(len, jobs), default=0)
    for pointer, job in jobs.items():
        print(f"{pointer:<{width}}  {_first_line(job)}".rstrip())


def _first_line(job: CompiledJob) -> str:
    return (job.description or "").strip().partition("\n")[0]
