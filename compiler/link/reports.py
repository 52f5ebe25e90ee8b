"""Say what is wrong with a target, or with a job that cannot be built of what was linked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jobc.compiler.link.functions import SignatureError
from jobc.runtime.definitions.origin import SourceOrigin
from jobc.schemas.diagnostics import Diagnostic, Location, Position, Related

if TYPE_CHECKING:
    from jobc.compiler.link.imports import TargetError
    from jobc.runtime.errors import JobcError
    from jobc.schemas.ir import CompiledJob, CompiledOp, CompiledResource


def source_origin(location: Location | None) -> SourceOrigin | None:
    """Return where a definition is written, as the runtime shows it."""
    return None if location is None else SourceOrigin(location.file, location.start.line)


def _location(compiled: CompiledOp | CompiledResource | CompiledJob, file: str = "") -> Location:
    start = Position(1, 1)
    return compiled.origin or Location(file, start, start)


def cannot_import(compiled: CompiledOp | CompiledResource, error: TargetError) -> Diagnostic:
    """Report a target that is not there or raises when it is imported (JC1001)."""
    related: tuple[Related, ...] = ()
    if error.__cause__ is not None:
        related = _where_raised(error.__cause__)
    return Diagnostic(
        "JC1001",
        f"the target of `{compiled.name}` cannot be imported: {error.message}",
        _location(compiled),
        label=f"`{compiled.target}`",
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


def does_not_fit(compiled: CompiledOp | CompiledResource, error: SignatureError | JobcError) -> Diagnostic:
    """Report a target that is not what the spec says of it (JC1002)."""
    message = error.message if isinstance(error, SignatureError) else str(error)
    return Diagnostic(
        "JC1002",
        message,
        _location(compiled),
        label=f"`{compiled.target}` does not fit",
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
