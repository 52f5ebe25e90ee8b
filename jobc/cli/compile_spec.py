"""`jobc compile`: the canonical form of a spec, on stdout or in a file, or only its digests."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from jobc.cli import MISTAKES, OK, USAGE
from jobc.cli.terminal import print_diagnostics

if TYPE_CHECKING:
    from pathlib import Path

    from jobc.schemas.ir import CompiledSpec


def print_form(spec: str) -> int:
    """Print the canonical form of a spec file as JSON."""
    compiled = compiled_or_reported(spec)
    if compiled is None:
        return MISTAKES
    sys.stdout.write(compiled.to_json().rstrip("\n") + "\n")
    return OK


def print_digests(spec: str) -> int:
    """Print a line `JOB DIGEST` for each job of a spec file."""
    compiled = compiled_or_reported(spec)
    if compiled is None:
        return MISTAKES
    for job in compiled.jobs.values():
        print(job.name, job.digest)
    return OK


def write_form(spec: str, target: Path) -> int:
    """Write the canonical form of a spec file to `target`, in one piece or not at all."""
    compiled = compiled_or_reported(spec)
    if compiled is None:
        return MISTAKES
    try:
        _write(target, compiled.to_json().rstrip("\n") + "\n")
    except OSError as error:
        print(f"Error: cannot write `{target}`: {error.strerror or error}", file=sys.stderr)
        return USAGE
    return OK


def _write(target: Path, text: str) -> None:
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="ascii", newline="\n")
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="ascii", newline="\n")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def compiled_or_reported(spec: str | Path) -> CompiledSpec | None:
    """Compile a spec file; where it holds mistakes, print them and return None."""
    from jobc.compiler.pipeline import CompileError, compile_spec

    try:
        return compile_spec(spec)
    except CompileError as error:
        print_diagnostics(error.diagnostics, error.texts, files=1, jobs=0)
        return None
