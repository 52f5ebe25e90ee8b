"""The compiler's door: one call per phase, from a path to diagnostics, IR or a job."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.binder import bind
from jobc.compiler.check.checker import check
from jobc.compiler.files import find_specs
from jobc.compiler.read import read_file
from jobc.compiler.read.limits import FILE_BYTES
from jobc.compiler.syntax.document import parse
from jobc.schemas.diagnostics import Diagnostic, Location, Position, arrange
from jobc.schemas.names import listing, near_names, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobc.compiler.bind.program import Program
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.schemas.ir import CompiledJob, CompiledSpec

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What phases 1 to 4 found in one file.

    `name` is the file as shown in diagnostics. `text` is None when the file could not be read; `program` is
    None when nothing of it could be parsed.
    """

    path: Path
    name: str
    text: str | None
    program: Program | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        """Whether a diagnostic of severity error stands against the file."""
        return _has_errors(self.diagnostics)


class Validation(NamedTuple):
    """What was found in a set of files; `texts` is by file name, for quoting lines."""

    files: int
    jobs: int
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]


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


def analyse(path: PathLike, *, with_notes: bool = False) -> Analysis:
    """Run phases 1 to 4 over one file; never raises for a mistake in it.

    With notes, what could not be checked is said, too.
    """
    name = Path(path).as_posix()
    tree, found = read_file(path)
    if tree is None:
        return Analysis(Path(path), name, _text_to_quote(Path(path)), None, tuple(arrange(list(found))))
    document, mistakes = parse(tree)
    refused = {mistake.location for mistake in mistakes if mistake.code == "JC0213"}
    diagnostics = [*(each for each in found if each.location not in refused), *mistakes]
    program = None
    if document is not None:
        program, mistakes = bind(document, Path(path).parent, with_notes=with_notes)
        diagnostics += [*mistakes, *check(program)]
        if not _has_errors(diagnostics) and any(job.selects for job in program.jobs.values()):
            diagnostics += _check_selected(program)
    return Analysis(Path(path), name, tree.source.text, program, tuple(arrange(diagnostics)))


def _has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)


def _check_selected(program: Program) -> list[Diagnostic]:
    """Check what selections select; that takes the IR and definitions, which only specs with some pay for."""
    from jobc.compiler.emit.emitter import emit
    from jobc.compiler.link.selections import check_selected

    return list(check_selected(program, emit(program)))


def _text_to_quote(path: Path) -> str | None:
    """Return the text of a file whose tree is not at hand, if it is text at all."""
    try:
        return path.read_text("utf-8-sig") if path.is_file() and path.stat().st_size <= FILE_BYTES else None
    except (OSError, UnicodeDecodeError):
        return None


def validate(paths: Iterable[PathLike], *, is_strict: bool = False) -> Validation:
    """Check spec files, and folders searched for them; notes are kept only when strict."""
    files, missing = find_specs(paths)
    analyses = [analyse(path, with_notes=is_strict) for path in files]
    found = [*missing, *(diagnostic for each in analyses for diagnostic in each.diagnostics)]
    return Validation(
        files=len(analyses),
        jobs=sum(len(each.program.jobs) for each in analyses if each.program),
        diagnostics=tuple(arrange(found)),
        texts={each.name: each.text for each in analyses if each.text is not None},
    )


def compile_spec(path: PathLike) -> CompiledSpec:
    """Compile a spec file to IR; raises `CompileError` with every diagnostic when it has errors."""
    from jobc.compiler.emit.emitter import emit

    analysis = analyse(path)
    if analysis.has_errors or analysis.program is None:
        texts = {} if analysis.text is None else {analysis.name: analysis.text}
        raise CompileError(analysis.diagnostics, texts)
    return emit(analysis.program)


def load(pointer: PathLike) -> JobDefinition:
    """Compile and link one job: `FILE#JOB`, or `FILE` alone when it holds one job.

    Raises `CompileError` when the spec has errors, there is no such job, or its Python targets do not fit.
    """
    from jobc.compiler.link.linker import link_job

    path, name = split_pointer(pointer)
    job = pick_job(compile_spec(path), path, name)
    result = link_job(job, Path(path))
    if result.job is None:
        raise CompileError(result.diagnostics, {Path(path).as_posix(): _text_to_quote(Path(path)) or ""})
    return result.job


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
    text = _text_to_quote(Path(path))
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
