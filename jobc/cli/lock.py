"""`jobc compile --lock`, and `--locked`: the digests of jobs in a file, and what has drifted from them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from jobc.cli import MISTAKES, OK, USAGE
from jobc.cli.compile_spec import write_whole
from jobc.cli.terminal import print_diagnostics
from jobc.compiler.settings import settled_paths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from jobc.compiler.pipeline import CompileError
    from jobc.schemas.diagnostics import Diagnostic


def write_lock(paths: Sequence[str], lock_file: Path, *, allow_outside: bool = False) -> int:
    """Write the digests of all jobs of some specs; where one has mistakes, print them and write nothing."""
    from jobc.compiler.files import find_specs
    from jobc.compiler.locks import jobs_of, lock_text

    files, missing = find_specs(paths or settled_paths())
    if os.path.realpath(lock_file) in {os.path.realpath(file) for file in files}:
        print(f"Error: `{lock_file}` is a spec: name another file to lock in", file=sys.stderr)
        return USAGE
    jobs, errors = jobs_of(files, lock_file.absolute().parent, allow_outside=allow_outside)
    if missing or errors:
        return _report(missing, errors, len(files))
    try:
        write_whole(lock_file, lock_text(jobs))
    except OSError as error:
        print(f"Error: cannot write `{lock_file}`: {error.strerror or error}", file=sys.stderr)
        return USAGE
    print(f"locked {len(jobs)} {'job' if len(jobs) == 1 else 'jobs'} in {lock_file}")
    return OK


def compare_with_lock(paths: Sequence[str], lock_file: Path, *, allow_outside: bool = False) -> int:
    """Print how the jobs of some specs differ from a lock file, and what keeps specs from being compiled."""
    from jobc.compiler.files import find_specs
    from jobc.compiler.locks import check_lock

    files, missing = find_specs(paths or settled_paths())
    drifted, errors = check_lock(lock_file, files, allow_outside=allow_outside)
    return _report([*missing, *drifted], errors, len(files))


def _report(found: Sequence[Diagnostic], errors: Mapping[str, CompileError], files: int) -> int:
    """Print what was found, and the errors of files; return the exit code."""
    mistakes = [*found, *(each for error in errors.values() for each in error.diagnostics)]
    if not mistakes:
        return OK
    texts = {name: text for error in errors.values() for name, text in error.texts.items()}
    print_diagnostics(mistakes, texts, files=files, jobs=0)
    return MISTAKES
