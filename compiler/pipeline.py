"""The compiler's door for one file: one call per phase, from a path to diagnostics, IR or a job."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.analysis import Analysis, PathLike, analyse, text_to_quote
from jobc.schemas.diagnostics import Diagnostic, Location, Position
from jobc.schemas.names import listing, near_names, plural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.schemas.ir import CompiledJob, CompiledSpec, Data

__all__ = [
    "Analysis",
    "CompileError",
    "Compiled",
    "Loaded",
    "PathLike",
    "analyse",
    "compile_spec",
    "compile_with_files",
    "is_made_to_be_imported",
    "load",
    "load_with_ir",
    "pick_job",
    "profile_names",
    "split_pointer",
]


class CompileError(Exception):
    """A spec has errors; `diagnostics` holds all that was found, `texts` the files' texts by name."""

    def __init__(self, diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> None:
        self.diagnostics = tuple(diagnostics)
        self.texts = dict(texts)
        super().__init__(self.diagnostics, self.texts)

    def __str__(self) -> str:
        lines = []
        for diagnostic in self.diagnostics:
            file, start, _ = diagnostic.location
            lines.append(f"{file}:{start.line}:{start.column}: {diagnostic.code} {diagnostic.message}")
        return "\n".join(lines)


def is_made_to_be_imported(path: PathLike, error: CompileError, imported: Collection[str]) -> bool:
    """Tell whether a file lacks nothing but values for its vars, and is imported by others, which pass them.

    `imported` are absolute paths, links followed.
    """
    codes = {each.code for each in error.diagnostics if each.severity == "error"}
    return codes == {"JC0506"} and os.path.realpath(path) in imported


class Compiled(NamedTuple):
    """A compiled spec, and the SHA-256 of every file it was compiled from, by absolute path.

    `folder` is where its paths start from.
    """

    spec: CompiledSpec
    files: Mapping[str, str]
    folder: Path


def compile_spec(
    path: PathLike,
    profile: str | None = None,
    vars: Mapping[str, Data] | None = None,  # noqa: A002 - the name of the section
    *,
    allow_outside: bool = False,
) -> CompiledSpec:
    """Compile a spec file to IR; raises `CompileError` with every diagnostic when it has errors.

    `profile` names an overlay of the file, `vars` are values for its vars. Imports may leave the project only
    with `allow_outside`.
    """
    return _lowered(path, profile, vars, allow_outside=allow_outside).spec


def compile_with_files(
    path: PathLike,
    profile: str | None = None,
    vars: Mapping[str, Data] | None = None,  # noqa: A002 - the name of the section
    *,
    allow_outside: bool = False,
) -> Compiled:
    """Compile a spec file as `compile_spec` does, and tell which files took part."""
    lowered = _lowered(path, profile, vars, allow_outside=allow_outside)
    return Compiled(lowered.spec, lowered.files, lowered.folder)


class _Lowered(NamedTuple):
    """A compiled spec, the folder its paths start from, and the texts and digests of its files.

    `vars` are the values given to vars, each of the type of its var.
    """

    spec: CompiledSpec
    folder: Path
    texts: Mapping[str, str]
    files: Mapping[str, str]
    vars: Mapping[str, Data]


def _lowered(
    path: PathLike, profile: str | None, given: Mapping[str, Data] | None, *, allow_outside: bool
) -> _Lowered:
    """Compile a spec file, or read one of compiled jobs; raises `CompileError` when it has errors."""
    from jobc.compiler.ir_files import is_ir_file

    if is_ir_file(path):
        return _read_back(Path(path), profile, given)
    from jobc.compiler.emit.emitter import emit

    analysis = analyse(path, profile=profile, vars=given, allow_outside=allow_outside)
    if analysis.has_errors or analysis.program is None:
        from jobc.compiler.fixes import with_edits

        raise CompileError(with_edits(analysis.diagnostics, analysis.texts), analysis.texts)
    values = {name: analysis.program.variables[name] for name in given or ()}
    return _Lowered(emit(analysis.program), Path(path).parent, analysis.texts, analysis.files, values)


def _read_back(path: Path, profile: str | None, given: Mapping[str, Data] | None) -> _Lowered:
    from hashlib import sha256

    from jobc.compiler.ir_files import no_choice, read_ir

    data = path.read_bytes()
    texts = {path.as_posix(): data.decode("utf-8")}
    if profile is not None or given:
        raise CompileError([no_choice(path)], texts)
    spec, folder, diagnostics = read_ir(path)
    if spec is None:
        raise CompileError(diagnostics, texts)
    return _Lowered(spec, folder, texts, {os.path.realpath(path): sha256(data).hexdigest()}, {})


def load(
    pointer: PathLike,
    profile: str | None = None,
    vars: Mapping[str, Data] | None = None,  # noqa: A002 - the name of the section
    *,
    allow_outside: bool = False,
) -> JobDefinition:
    """Compile and link one job: `FILE#JOB`, or `FILE` alone when it holds one job.

    The other parameters are those of `compile_spec`. Raises `CompileError` when the spec has errors, there is
    no such job, or its Python targets do not fit.
    """
    return load_with_ir(pointer, profile, vars, allow_outside=allow_outside).definition


class Loaded(NamedTuple):
    """A job that can be run, and the IR it was linked from."""

    definition: JobDefinition
    compiled: CompiledJob


def load_with_ir(
    pointer: PathLike,
    profile: str | None = None,
    vars: Mapping[str, Data] | None = None,  # noqa: A002 - the name of the section
    *,
    allow_outside: bool = False,
) -> Loaded:
    """Compile and link one job as `load` does, and tell what it was linked from."""
    from jobc.compiler.link.linker import link_job
    from jobc.compiler.link.origins import compiled_with

    path, name = split_pointer(pointer)
    lowered = _lowered(path, profile, vars, allow_outside=allow_outside)
    job = pick_job(lowered.spec, path, name)
    result = link_job(job, Path(path), lowered.folder)
    if result.job is None:
        raise CompileError(result.diagnostics, lowered.texts)
    return Loaded(compiled_with(result.job, profile, lowered.vars, lowered.files), job)


def split_pointer(text: PathLike) -> tuple[str, str | None]:
    """Split `FILE#JOB`; the name is None when none is given."""
    path, _, name = os.fspath(text).partition("#")
    return path, name or None


def pick_job(spec: CompiledSpec, path: str, name: str | None) -> CompiledJob:
    """Return the job of that name, or the only one; raises `CompileError` when there is none such."""
    if name is not None and name in spec.jobs:
        return spec.jobs[name]
    if name is None and len(spec.jobs) == 1:
        return next(iter(spec.jobs.values()))
    text = text_to_quote(Path(path))
    texts = {} if text is None else {Path(path).as_posix(): text}
    raise CompileError([_no_such_job(spec, path, name)], texts)


def _no_such_job(spec: CompiledSpec, path: str, name: str | None) -> Diagnostic:
    known = f"its {plural('job', spec.jobs)} {listing(spec.jobs)}" if spec.jobs else "it has no jobs"
    near = near_names(name, spec.jobs) if name else ()
    if name is None:
        message, advice = "the file has several jobs" if spec.jobs else "the file has no jobs", known
        if spec.jobs:
            advice = f"name one: {listing(f'{path}#{job}' for job in spec.jobs)}"
    else:
        message, advice = f"there is no job `{name}`", known
    label = "one of its jobs" if spec.jobs else "no `jobs` here"
    if near:
        label = "the nearest name"
    return Diagnostic(
        "JC0319",
        message,
        _place_of_jobs(spec, path, near),
        label=label,
        help=f"did you mean `{near[0]}`?" if near else advice,
        suggestions=near,
    )


def _place_of_jobs(spec: CompiledSpec, path: str, near: tuple[str, ...]) -> Location:
    """Return where the job stands that may be meant, or the first one, or the beginning of the file."""
    origins = [spec.jobs[name].origin for name in (*near, *spec.jobs)]
    written = [origin for origin in origins if origin is not None]
    if not written:
        return Location(Path(path).as_posix(), Position(1, 1), Position(1, 1))
    return min(written[: 1 if near else None], key=lambda origin: origin.start)


def profile_names(path: PathLike) -> tuple[str, ...]:
    """Return the names of the profiles of a spec file, in its order; none for a file that cannot be read."""
    from jobc.compiler.read import read_file
    from jobc.compiler.syntax.profiles import profile_names as names_in

    tree = read_file(path).tree
    return () if tree is None else tuple(names_in(tree))
