"""Rule: config values fit the fields they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.fields import contradictions
from jobc.compiler.bind.layout import field_type, fields_shape, run_config_shape, takes_any_config
from jobc.compiler.bind.reach import reach
from jobc.compiler.bind.variables import is_reported
from jobc.compiler.syntax.mistakes import value_at
from jobc.compiler.syntax.templates import is_plain
from jobc.runtime.config import Shape, validate
from jobc.runtime.config.containers import Array, Map
from jobc.runtime.config.scalars import BoolType, FloatType, IntType, StringType
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.program import FieldSymbol, JobSymbol, OpSymbol, Program, ResourceSymbol
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.runtime.config import ConfigProblem, ConfigType
    from jobc.schemas.ir import Data

# What no text is a value of.
_NO_TEXT = (IntType, FloatType, BoolType, Array, Map, Shape)
_CODES = {"unknown": "JC0701", "missing": "JC0702", "range": "JC0704"}


def check_config(program: Program) -> Iterator[Diagnostic]:
    """Report config that does not fit: of fields' defaults, of resources, of jobs (JC0701 to JC0704)."""
    owners: list[OpSymbol | ResourceSymbol] = [*program.ops.values(), *program.resources.values()]
    for owner in owners:
        for symbol in owner.config:
            yield from _check_default(program, symbol)
    for resource in program.resources.values():
        yield from _check_values(program, resource)
    for job in program.jobs.values():
        yield from _check_job(program, job)


def _check_default(program: Program, symbol: FieldSymbol) -> Iterator[Diagnostic]:
    if symbol.has_default and not any(contradictions(symbol)):
        kind = field_type(symbol)
        for problem in validate(kind, symbol.default).errors:
            yield from _diagnostics(program, (*symbol.path, "default"), kind, symbol.default, problem)


def _check_values(program: Program, resource: ResourceSymbol) -> Iterator[Diagnostic]:
    """Check what stands under `with`; what it leaves out may still come from run config."""
    if resource.is_open or (not resource.config and takes_any_config(resource)):
        return
    shape, values = fields_shape(resource.config), dict(resource.values)
    for problem in validate(shape, values).errors:
        if problem.kind != "missing" or problem.path:
            yield from _diagnostics(program, (*resource.path, "with"), shape, values, problem)


def _check_job(program: Program, job: JobSymbol) -> Iterator[Diagnostic]:
    """Check a job's default config; a whole entry may be left to the run, a part of one may not."""
    template = program.partitioned_configs.get(job.partitioned_config or "")
    if template is not None and isinstance(template.config, dict):
        yield from _check_template(program, job, (*template.path, "config"), template.config)
    elif template is None and job.config:
        shape = run_config_shape(program, job, reach(program, job))
        for problem in validate(shape, dict(job.config)).errors:
            if problem.kind != "missing" or "config" in problem.path:
                yield from _diagnostics(program, (*job.path, "config"), shape, dict(job.config), problem)


def _check_template(
    program: Program, job: JobSymbol, path: Path, template: Mapping[str, Data]
) -> Iterator[Diagnostic]:
    """Check run config with expressions of the partition; whether their text fits shows at the run.

    That a number, a truth value or a section is no text can be told before.
    """
    shape = run_config_shape(program, job, reach(program, job))
    for problem in validate(shape, dict(template)).errors:
        written = value_at(template, problem.path)
        is_text_of_the_run = isinstance(written, str) and not is_plain(written)
        if is_text_of_the_run and not isinstance(_kind_at(shape, problem.path), _NO_TEXT):
            continue
        if problem.kind != "missing" or "config" in problem.path:
            yield from _diagnostics(program, path, shape, dict(template), problem)
    for place in _lone_times(template):
        if isinstance(_kind_at(shape, place), StringType):
            yield _no_text(program.document, (*path, *place))


def _lone_times(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the places of values that are a time of the partition and nothing else, which keeps its type."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _lone_times(item, (*path, key))
    elif value in ("${partition.start}", "${partition.end}"):
        yield path


def _no_text(document: Document, path: Path) -> Diagnostic:
    return Diagnostic(
        "JC0703",
        f"{_owner(path)}: expected str, got a datetime",
        document.tree.locate(path),
        label="does not fit",
        help="`${partition.key}` is text; so is a time within a longer text",
    )


def _diagnostics(
    program: Program, base: Path, kind: ConfigType, value: object, problem: ConfigProblem
) -> Iterator[Diagnostic]:
    """Word a problem of config; several unknown keys of one mapping are as many mistakes."""
    path = (*base, *problem.path)
    document = program.document
    if problem.kind == "unknown":
        known = _known_keys(kind, problem.path)
        for name in problem.names:
            yield _unknown(document, (*path, name), known)
    elif problem.kind == "missing":
        yield _missing(document, path, problem)
    elif not is_reported(document, path, value_at(value, problem.path)):
        yield _misfit(document, path, problem, _kind_at(kind, problem.path))


def _misfit(
    document: Document, path: Path, problem: ConfigProblem, expected: ConfigType | None
) -> Diagnostic:
    """Word a value that does not fit; what the problem says behind a semicolon is its advice."""
    what, _, advice = problem.message.partition("; ")
    is_range = problem.kind == "range"
    if isinstance(expected, Shape):
        what = f"expected a mapping{what[what.rfind(', got ') :]}"
        advice = f"its keys are {listing(expected.fields)}" if expected.fields else "write `{}`"
    elif written := _expression_at(document, path):
        advice = f"change what `{written}` stands for, or the {'limits' if is_range else 'type'} of the field"
    return Diagnostic(
        _CODES.get(problem.kind, "JC0703"),
        f"{_owner(path)}: {what}",
        document.tree.locate(path),
        label="does not fit",
        help=advice or f"change the value, or the {'limits' if is_range else 'type'} of the field",
        suggestions=problem.suggestions,
    )


def _owner(path: Path) -> str:
    """Name a value: the default of a field, an item of a list, or what stands under a key."""
    if isinstance(path[-1], int):
        key = next(part for part in reversed(path) if isinstance(part, str))
        return f"item {path[-1] + 1} of `{key}`"
    is_default = path[-1] == "default" and path[-3] == "config" and path[0] in ("ops", "resources")
    return f"default of `{path[-2]}`" if is_default else f"config value of `{path[-1]}`"


def _unknown(document: Document, path: Path, known: tuple[str, ...]) -> Diagnostic:
    name = str(path[-1])
    near = near_names(name, known)
    expected = f"expected {listing(known, word='or')}" if known else "nothing can be configured here"
    return Diagnostic(
        "JC0701",
        f"unknown config key `{name}`",
        document.locate_key(path),
        label="nothing takes this",
        help=f"did you mean `{near[0]}`?" if near else expected,
        suggestions=near,
    )


def _missing(document: Document, path: Path, problem: ConfigProblem) -> Diagnostic:
    noun = "value" if len(problem.names) == 1 else "values"
    _, _, example = problem.message.partition("; ")
    return Diagnostic(
        "JC0702",
        f"config lacks the {noun} of {listing(problem.names)}",
        document.locate_key(path),
        label=f"{listing(problem.names)} missing",
        help=example or "add what is missing, or give the field a default",
    )


def _known_keys(kind: ConfigType, path: Path) -> tuple[str, ...]:
    found = _kind_at(kind, path)
    return tuple(found.fields) if isinstance(found, Shape) else ()


def _kind_at(kind: ConfigType, path: Path) -> ConfigType | None:
    """Return what is expected at a path of sections and fields; None further inside."""
    for part in path:
        if not isinstance(kind, Shape) or part not in kind.fields:
            return None
        kind = kind.fields[str(part)].config_type
    return kind


def _expression_at(document: Document, path: Path) -> str | None:
    """Return the expression that a value is made of, if it is one."""
    written = value_at(document.tree.value, path)
    return written if isinstance(written, str) and not is_plain(written) else None
