"""Jobs of specs: a pointer knows the digest of the job and the contents of every file that took part.

The functions that build jobs are the one place where the runtime knows of the compiler.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from jobc.runtime.definitions.origin import JobOrigin
from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.reconstruct.plain_values import json_text, plain_mapping
from jobc.runtime.reconstruct.pointers import SpecPointer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.job import JobDefinition

SUFFIXES = frozenset((".yaml", ".yml", ".toml"))


def names_a_spec(text: str) -> bool:
    """Tell whether a text is meant as a pointer to a spec, `FILE` or `FILE#JOB`."""
    path = Path(text.partition("#")[0])
    return path.suffix.lower() in SUFFIXES or path.is_file()


def loaded_spec(text: str, profile: str | None, variables: Mapping[str, object] | None) -> JobDefinition:
    """Compile and link a job of a spec.

    Errors: those of the spec, as `jobc.load` raises them; `ParameterCheckError` for vars that are not plain.
    """
    from jobc.compiler.rebuilding import load_to_point_to

    given = plain_mapping(json_text({} if variables is None else variables, "vars"))
    file, hash_sign, name = text.partition("#")
    return load_to_point_to(f"{Path(file).absolute()}{hash_sign}{name}", profile, given, allow_outside=False)


def pointer_of_origin(origin: JobOrigin) -> SpecPointer:
    """Return the pointer to a job that was loaded from a spec, with its files as they were then."""
    assert origin.digest is not None
    return SpecPointer(
        # Links stay: the folders of Python code and the imports of a spec start from where it was opened.
        file=str(Path(origin.file).absolute()),
        job=origin.job,
        profile=origin.profile,
        variables=json_text(origin.vars, "vars"),
        digest=origin.digest,
        files=tuple(origin.files.items()),
    )


def job_of_spec(pointer: SpecPointer) -> JobDefinition:
    """Return the job of a pointer, linked anew, and compiled anew unless its IR is at hand.

    Errors: `InvariantViolationError` if anything it was compiled from has changed; those of the spec.
    """
    from jobc.compiler.rebuilding import rebuild

    for name, known in pointer.files:
        _check_file(Path(name), known, pointer)
    variables = plain_mapping(pointer.variables)
    files = dict(pointer.files)
    job = rebuild(pointer.file, pointer.job, pointer.profile, variables, pointer.digest, files)
    assert isinstance(job.origin, JobOrigin)
    if job.origin.digest != pointer.digest:
        raise InvariantViolationError(
            f"the job {pointer.described} has the digest {job.origin.digest} now, and had "
            f"{pointer.digest} when the pointer was made, though none of its files has changed: use the "
            "same jobc in all processes of a run"
        )
    return job


def _check_file(path: Path, known: str, pointer: SpecPointer) -> None:
    if not path.is_file():
        raise InvariantViolationError(
            f"the file `{path}`, which {pointer.described} was compiled from, is not there any more"
        )
    if sha256(path.read_bytes()).hexdigest() != known:
        raise InvariantViolationError(
            f"the file `{path}` has changed since the pointer to the job {pointer.described} was made: start "
            "the run again, so that all its processes build the same job"
        )
