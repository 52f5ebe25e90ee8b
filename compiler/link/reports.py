"""Say what is wrong with a target, or with a job that cannot be built of what was linked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from jobc.compiler.link.functions import SignatureError
from jobc.runtime.definitions.origin import SourceOrigin
from jobc.schemas.diagnostics import Diagnostic, Location, Position, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.link.imports import TargetError
    from jobc.runtime.errors import JobcError
    from jobc.schemas.ir import CompiledExtra, CompiledHook, CompiledJob, CompiledOp, CompiledResource

    Made = CompiledOp | CompiledResource | CompiledHook | CompiledExtra


def source_origin(location: Location | None) -> SourceOrigin | None:
    """Return where a definition is written, as the runtime shows it."""
    return None if location is None else SourceOrigin(location.file, location.start.line)


def _location(compiled: Made | CompiledJob, file: str = "") -> Location:
    start = Position(1, 1)
    return compiled.origin or Location(file, start, start)


def cannot_import(compiled: Made, error: TargetError) -> Diagnostic:
    """Report a target that is not there or raises when it is imported (JC1001)."""
    related: tuple[Related, ...] = ()
    if error.__cause__ is not None:
        related = _where_raised(error.__cause__)
    return Diagnostic(
        "JC1001",
        f"the target of `{compiled.name}` cannot be imported: {error.message}",
        _location(compiled),
        label=f"`{compiled.target}`" if compiled.target else "cannot be made",
        help=error.advice,
        related=related,
    )


def _where_raised(error: BaseException) -> tuple[Related, ...]:
    """Return the author's line that raised, when the error passed through one."""
    import traceback
    from sysconfig import get_path

    passed_over = (get_path("stdlib"), "<frozen", str(Path(__file__).parent))
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(passed_over)
    ]
    if not frames:
        return ()
    frame = frames[-1]
    start = Position(frame.lineno or 1, (frame.colno or 0) + 1)
    return (Related("raised here", Location(frame.filename, start, start)),)


def does_not_fit(compiled: Made, error: SignatureError | JobcError) -> Diagnostic:
    """Report a target that is not what the spec says of it (JC1002)."""
    message = error.message if isinstance(error, SignatureError) else str(error)
    return Diagnostic(
        "JC1002",
        message,
        _location(compiled),
        label=f"`{compiled.target}` does not fit" if compiled.target else "does not fit",
        help=error.advice if isinstance(error, SignatureError) else "change the spec or the function",
    )


def refused(job: CompiledJob, path: Path, error: Exception) -> Diagnostic:
    """Report a job that its parts do not make (JC1003)."""
    return Diagnostic(
        "JC1003",
        error.message if isinstance(error, SignatureError) else str(error),
        _location(job, path.as_posix()),
        label=f"job `{job.name}` cannot be built",
        help="change the spec as the message says",
    )


def lost_secrets(job: CompiledJob, path: Path) -> Iterator[Diagnostic]:
    """Report the secrets of a job that was read back from a file: they are never written down (JC1004)."""
    if job.origin is not None:
        return
    from jobc.schemas.ir.job_document import masked_secrets

    start = Position(1, 1)
    for place in masked_secrets(job):
        yield Diagnostic(
            "JC1004",
            f"the secret `{place}` of job `{job.name}` is not in the file",
            Location(path.as_posix(), start, start),
            label="secrets are masked in compiled jobs",
            help="run the job from its spec, or let the field take the value from the environment (`env`)",
        )


def placed(diagnostic: Diagnostic, path: Path) -> Diagnostic:
    """Return a diagnostic of a definition that nobody knows the place of, at the beginning of its file."""
    if diagnostic.location.file:
        return diagnostic
    return replace(diagnostic, location=diagnostic.location._replace(file=path.as_posix()))


def broken_job(job: CompiledJob, path: Path) -> Diagnostic:
    """Report a job whose parts name each other, and are not there or make no sense (JC1004)."""
    start = Position(1, 1)
    return Diagnostic(
        "JC1004",
        f"the parts of job `{job.name}` do not hold together",
        Location(path.as_posix(), start, start),
        label="not as it was compiled",
        help="write the file anew with `jobc compile SPEC -o FILE`",
    )
