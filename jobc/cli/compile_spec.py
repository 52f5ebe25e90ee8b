"""`jobc compile`: the canonical form of a spec, on stdout or in a file, or only its digests."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jobc.cli import MISTAKES, OK, USAGE
from jobc.cli.spec_options import AS_WRITTEN
from jobc.cli.terminal import print_diagnostics

if TYPE_CHECKING:
    from jobc.cli.spec_options import SpecOptions
    from jobc.schemas.ir import CompiledSpec


def print_form(spec: str, options: SpecOptions = AS_WRITTEN) -> int:
    """Print the canonical form of a spec file as JSON."""
    compiled = compiled_or_reported(spec, options)
    if compiled is None:
        return MISTAKES
    sys.stdout.write(compiled.to_json())
    return OK


def print_digests(spec: str, options: SpecOptions = AS_WRITTEN) -> int:
    """Print a line `JOB DIGEST` for each job of a spec file."""
    compiled = compiled_or_reported(spec, options)
    if compiled is None:
        return MISTAKES
    for job in compiled.jobs.values():
        print(job.name, job.digest)
    return OK


def write_form(spec: str, target: Path, options: SpecOptions = AS_WRITTEN) -> int:
    """Write the canonical form of a spec file to `target`, in one piece or not at all."""
    from jobc.compiler.ir_files import base_of, ir_text

    if os.path.realpath(target) == os.path.realpath(spec):
        print(f"Error: `{target}` is the spec itself: name another file to write to", file=sys.stderr)
        return USAGE
    compiled = compiled_or_reported(spec, options)
    if compiled is None:
        return MISTAKES
    try:
        write_whole(target, ir_text(compiled, base=base_of(Path(spec), target)))
    except OSError as error:
        print(f"Error: cannot write `{target}`: {error.strerror or error}", file=sys.stderr)
        return USAGE
    return OK


def write_whole(target: Path, text: str) -> None:
    """Write a file in one piece or not at all."""
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="utf-8", newline="\n")
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def compiled_or_reported(spec: str | Path, options: SpecOptions = AS_WRITTEN) -> CompiledSpec | None:
    """Compile a spec file; where it holds mistakes, print them and return None."""
    from jobc.compiler.pipeline import CompileError, compile_spec

    try:
        return compile_spec(spec, options.profile, options.vars, allow_outside=options.allow_outside)
    except CompileError as error:
        print_diagnostics(error.diagnostics, error.texts, files=1, jobs=0)
        return None
