"""Linking all jobs of spec files, to find out what no check without the author's code can tell."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from jobc.schemas.diagnostics import Diagnostic
    from jobc.schemas.ir import Data


def link_files(
    files: Iterable[Path],
    profile: str | None = None,
    vars: Mapping[str, Data] | None = None,  # noqa: A002 - the name of the section
    *,
    allow_outside: bool = False,
) -> list[Diagnostic]:
    """Import the author's code for every job of some files, and report what does not fit (JC10xx), each once.

    A file is linked by itself and with each of its profiles, or with one profile alone where that is named.
    What has mistakes that keep it from being compiled is passed over: a check reports those. What modules
    print when they are imported goes to stderr.
    """
    from jobc.compiler.pipeline import profile_names

    found: dict[Diagnostic, None] = {}
    with redirect_stdout(sys.stderr):
        for file in files:
            for each in (None, *profile_names(file)) if profile is None else (profile,):
                found |= dict.fromkeys(_link_file(file, each, vars, allow_outside))
    return list(found)


def _link_file(
    file: Path, profile: str | None, given: Mapping[str, Data] | None, allow_outside: bool
) -> Iterator[Diagnostic]:
    from jobc.compiler.link.linker import link_job
    from jobc.compiler.pipeline import CompileError, compile_with_files

    try:
        compiled = compile_with_files(file, profile, given, allow_outside=allow_outside)
    except CompileError:
        return
    for job in compiled.spec.jobs.values():
        yield from link_job(job, file, compiled.folder).diagnostics
