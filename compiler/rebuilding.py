"""The compiler's door for pointers: jobs of specs that other processes build again.

What a pointer is made to is kept as IR, and a process that follows the pointer links that, without compiling
the spec; it compiles where nothing is kept, and where something is wrong, to tell what.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jobc.compiler.kept_jobs import keep_job, kept_job
from jobc.runtime.definitions.origin import JobOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.schemas.ir import Data


def load_to_point_to(
    pointer: str, profile: str | None, variables: Mapping[str, Data], *, allow_outside: bool
) -> JobDefinition:
    """Compile and link a job as `load` does, and keep its IR for those who will follow a pointer to it."""
    from jobc.compiler.ir_files import is_ir_file
    from jobc.compiler.pipeline import load_with_ir, split_pointer

    definition, compiled = load_with_ir(pointer, profile, variables, allow_outside=allow_outside)
    file, _ = split_pointer(pointer)
    if not is_ir_file(file):
        assert isinstance(definition.origin, JobOrigin)
        keep_job(compiled, file, definition.origin.files.items())
    return definition


def rebuild(
    file: str,
    job: str,
    profile: str | None,
    variables: Mapping[str, Data],
    digest: str,
    files: Mapping[str, str],
) -> JobDefinition:
    """Return the job that a pointer was made to; its files are as they were then.

    Raises what `load` raises.
    """
    from jobc.compiler.link.linker import link_job
    from jobc.compiler.link.origins import compiled_with

    compiled = kept_job(file, digest, files.items())
    if compiled is not None:
        linked = link_job(compiled, Path(file)).job
        if linked is not None:
            return compiled_with(linked, profile, variables, files)
    # Whether the imports may leave the project was settled before: these are the very same files.
    return load_to_point_to(f"{file}#{job}", profile, variables, allow_outside=True)
