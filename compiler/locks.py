"""Lock files: the digests of compiled jobs and of their parts, and what has drifted from them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jobc.schemas.diagnostics import Diagnostic, Location, Position
from jobc.schemas.ir.data import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jobc.compiler.pipeline import CompileError
    from jobc.schemas.ir import CompiledJob, Data
    from jobc.schemas.lock import LockDocument, LockedJob

    Jobs: TypeAlias = Mapping[str, CompiledJob]

NAME = "jobc.lock"
VERSION = 1
SHOWN = 5
# A part's digest tells versions of one part apart, nothing more: it need not be long.
_PART_DIGITS = 16
# Parts of a job that are tables: their entries are compared one by one.
_TABLES = {
    "ops": "op",
    "graphs": "graph",
    "resources": "resource",
    "hook_defs": "hook",
    "loggers": "logger",
    "selections": "selection",
    "partition_kinds": "partitions",
}
_NOT_PARTS = frozenset({"format", "name"})


class Drift(NamedTuple):
    """One job that is not as the lock file says, and in what: `op `read` changed`, `job added`."""

    pointer: str
    changes: tuple[str, ...]


def lock_text(jobs: Jobs) -> str:
    """Return the text of a lock file, for jobs by `FILE#JOB` or `FILE#JOB@PROFILE`: a line for each part."""
    document = {
        "version": VERSION,
        "jobs": {
            pointer: {"digest": job.digest, "parts": dict(_parts(job))} for pointer, job in jobs.items()
        },
    }
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_lock(text: str) -> LockDocument:
    """Read the text of a lock file. Raises ValueError with what is wrong with it."""
    from pydantic import ValidationError

    from jobc.schemas.lock import LockDocument

    try:
        return LockDocument.model_validate(json.loads(text))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ValueError(f"`{place}` is not what a lock file holds there") from None
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None


def drifts(lock: LockDocument, jobs: Jobs) -> Iterator[Drift]:
    """Yield how jobs differ from a lock file, by pointer; jobs that are gone count, too."""
    for pointer in sorted({*lock.jobs, *jobs}):
        locked, job = lock.jobs.get(pointer), jobs.get(pointer)
        if locked is None:
            yield Drift(pointer, ("it is not in the lock file",))
        elif job is None:
            yield Drift(pointer, ("it is gone",))
        elif locked.digest != job.digest:
            yield Drift(pointer, tuple(_changes(locked, dict(_parts(job)))))


def _changes(locked: LockedJob, parts: Mapping[str, str]) -> Iterator[str]:
    for what in sorted({*locked.parts, *parts}):
        if what not in parts:
            yield f"{what} is gone"
        elif what not in locked.parts:
            yield f"{what} is new"
        elif locked.parts[what] != parts[what]:
            yield f"{what} changed"


def _parts(job: CompiledJob) -> Iterator[tuple[str, str]]:
    """Yield what a job is made of, in words, with a digest of each; what is empty is no part."""
    data = job.to_data()
    assert isinstance(data, dict)
    for key, value in data.items():
        noun = _TABLES.get(key)
        if key in _NOT_PARTS or value in (None, [], {}):
            continue
        if noun is None:
            yield f"`{key}`", _short(value)
        elif isinstance(value, dict):
            yield from ((f"{noun} `{name}`", _short(entry)) for name, entry in value.items())


def _short(data: Data) -> str:
    return digest_of(data)[:_PART_DIGITS]


class LockedFiles(NamedTuple):
    """The jobs of spec files, by pointer; a file with mistakes has none, but errors, by its name.

    A file that another one imports has no jobs and no errors where it lacks the values it is passed there.
    """

    jobs: dict[str, CompiledJob]
    errors: dict[str, CompileError]


class Comparison(NamedTuple):
    """How jobs differ from a lock file; and the errors of files whose jobs are not known, by file name."""

    diagnostics: list[Diagnostic]
    errors: Mapping[str, CompileError]


def jobs_of(files: Iterable[Path], folder: Path, *, allow_outside: bool = False) -> LockedFiles:
    """Compile spec files, plain and under each of their profiles; files are named relative to `folder`."""
    from jobc.compiler.pipeline import (
        CompileError,
        compile_with_files,
        is_made_to_be_imported,
        profile_names,
    )

    jobs: dict[str, CompiledJob] = {}
    errors: dict[str, CompileError] = {}
    imported: set[str] = set()
    for file in files:
        name = name_in(folder, file)
        own: dict[str, CompiledJob] = {}
        try:
            for profile in (None, *profile_names(file)):
                mark = "" if profile is None else f"@{profile}"
                compiled = compile_with_files(file, profile=profile, allow_outside=allow_outside)
                own |= {f"{name}#{job}{mark}": each for job, each in compiled.spec.jobs.items()}
                imported |= compiled.files.keys() - {os.path.realpath(file)}
        except CompileError as error:
            errors[name] = error
        else:
            jobs |= own
    kept = {
        name: each
        for name, each in errors.items()
        if not is_made_to_be_imported(folder / name, each, imported)
    }
    return LockedFiles(jobs, kept)


def name_in(folder: Path, file: Path) -> str:
    """Return what a file is called in a lock file that stands in `folder`."""
    return Path(os.path.relpath(file.absolute(), folder.absolute())).as_posix()


def check_lock(lock_file: Path, files: Iterable[Path], *, allow_outside: bool = False) -> Comparison:
    """Report how the jobs of spec files differ from a lock file (JC1005), at the lines of the lock file.

    Files that were not asked for are passed over, unless they are gone.
    """
    folder = lock_file.absolute().parent
    try:
        text = lock_file.read_text("utf-8")
        lock = read_lock(text)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return Comparison([_unreadable(lock_file, reason or "the system gives no reason")], {})
    asked = list(files)
    jobs, errors = jobs_of(asked, folder, allow_outside=allow_outside)
    whole = {name_in(folder, file) for file in asked} - errors.keys()
    locked = {
        pointer: each
        for pointer, each in lock.jobs.items()
        if _file_of(pointer) in whole or not (folder / _file_of(pointer)).exists()
    }
    changed = drifts(lock.model_copy(update={"jobs": locked}), jobs)
    return Comparison([_drifted(lock_file, text, drift) for drift in changed], errors)


def _file_of(pointer: str) -> str:
    return pointer.partition("#")[0]


def _drifted(lock_file: Path, text: str, drift: Drift) -> Diagnostic:
    return Diagnostic(
        "JC1005",
        f"job `{drift.pointer}` is not as it was locked: {_shown(drift.changes)}",
        _place(lock_file, text, drift.pointer),
        label="locked here",
        help="if this is meant, write the lock file anew with `jobc compile --lock`",
    )


def _shown(changes: Sequence[str]) -> str:
    rest = len(changes) - SHOWN
    return ", ".join(changes[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _place(lock_file: Path, text: str, pointer: str) -> Location:
    """Return where a job stands in a lock file, or the beginning of the file."""
    name = lock_file.as_posix()
    key = json.dumps(pointer, ensure_ascii=False)
    for number, line in enumerate(text.splitlines(), start=1):
        column = line.find(f"{key}:") + 1
        if column:
            return Location(name, Position(number, column), Position(number, column + len(key)))
    return Location(name, Position(1, 1), Position(1, 2))


def _unreadable(lock_file: Path, reason: str) -> Diagnostic:
    start = Position(1, 1)
    return Diagnostic(
        "JC1005",
        f"the lock file `{lock_file.as_posix()}` cannot be read: {reason}",
        Location(lock_file.as_posix(), start, start),
        label="expected what `jobc compile --lock` writes",
        help="write it with `jobc compile --lock`",
    )
