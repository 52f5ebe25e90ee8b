"""Rule: config values fit the fields they are for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jobc.compiler.bind.expression_types import fields_type
from jobc.compiler.bind.fields import contradictions, own_fields
from jobc.compiler.bind.late_types import first_late, is_settled, late_head, with_samples
from jobc.compiler.bind.layout import config_of, field_type, run_config_shape
from jobc.compiler.bind.node_config import node_config_shape
from jobc.compiler.bind.program import own
from jobc.compiler.bind.reach import reach
from jobc.compiler.bind.variables import is_reported
from jobc.compiler.syntax.templates import is_plain
from jobc.runtime.config import Shape, validate
from jobc.runtime.config.shapes import Fields
from jobc.runtime.expressions.scopes import ENV
from jobc.runtime.expressions.types import words_for
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names
from jobc.schemas.paths import value_at

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from jobc.compiler.bind.extra_symbols import ExtraSymbol
    from jobc.compiler.bind.program import FieldSymbol, JobSymbol, NodeSymbol, Program, ResourceSymbol
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.runtime.config import ConfigProblem, ConfigType
    from jobc.runtime.expressions.types import Type

# Keys below which config fields are declared.
_DECLARATIONS = ("config", "params", "fields", "one_of")
_LATE_ADVICE = {
    "expected str": "; text around it makes it text, and so does `str(…)`",
    "expected int": "; `int(…)` makes it one",
    "expected float": "; `float(…)` makes it one",
    "expected bool": "; `bool(…)` makes it one",
}
_CODES = {"unknown": "JC0701", "missing": "JC0702", "range": "JC0704"}
_Mark: TypeAlias = tuple["Path", str]


def check_config(program: Program) -> Iterator[Diagnostic]:
    """Report config that does not fit: of fields' defaults, of resources, of jobs (JC0701 to JC0704)."""
    for symbol in own_fields(program):
        if not any(contradictions(symbol)):
            yield from _check_default(program, symbol)
    extras = program.extras
    owners: list[ResourceSymbol | ExtraSymbol] = [*own(program.resources), *own(extras.loggers)]
    for owner in (*owners, *own(extras.executors)):
        yield from _check_values(program, owner)
    for graph in own(program.graphs):
        for node in graph.nodes:
            yield from _check_node(program, node)
    for job in own(program.jobs):
        yield from _check_job(program, job)


def _check_default(program: Program, symbol: FieldSymbol) -> Iterator[Diagnostic]:
    if symbol.has_default:
        kind = field_type(symbol)
        for problem in validate(kind, symbol.default).errors:
            yield from _diagnostics(
                program.document, (*symbol.path, "default"), kind, symbol.default, problem
            )


def _check_values(program: Program, owner: ResourceSymbol | ExtraSymbol) -> Iterator[Diagnostic]:
    """Check what stands under `with`; what it leaves out may still come from run config."""
    if owner.is_open or not owner.values:
        return
    kind = config_of(owner)
    for problem in _problems(kind, dict(owner.values), {"env": ENV}):
        if problem.kind != "missing" or problem.path:
            path = (*owner.path, "with")
            yield from _diagnostics(program.document, path, kind, dict(owner.values), problem)


def _check_node(program: Program, node: NodeSymbol) -> Iterator[Diagnostic]:
    """Check the config of a node, which gives some values and leaves others as they are."""
    config, path = dict(node.options.config), (*node.options.path, "config")
    if not config:
        return
    kind = node_config_shape(program, node)
    for problem in _problems(kind, config, {"env": ENV}):
        if problem.kind != "missing" or _kind_at(kind, problem.path) is None:
            yield from _diagnostics(program.document, path, kind, config, problem)


def _check_job(program: Program, job: JobSymbol) -> Iterator[Diagnostic]:
    """Check a job's default config; a whole entry may be left to the run, a part of one may not."""
    found = _config_of_job(program, job)
    if found is None:
        return
    name, path, config, roots = found
    shape = run_config_shape(program, job, reach(program, job))
    known = _known_of_base(program, job)
    for problem in _problems(shape, config, roots):
        names = tuple(each for each in problem.names if (problem.path, each) not in known)
        is_known = not names if problem.names else (problem.path, "") in known
        if (problem.kind != "missing" or "config" in problem.path) and not is_known:
            told = replace(problem, names=names)
            yield from _diagnostics(program.document_of(name), path, shape, config, told)


def _known_of_base(program: Program, job: JobSymbol) -> Container[_Mark]:
    """Return what is wrong with values that a job has from another, for which it is reported."""
    spec = program.document.spec.jobs.get(job.name)
    base = program.jobs.get(spec.job or "") if spec else None
    found = _config_of_job(program, base) if base else None
    if base is None or spec is None or found is None or found.path[0] != "jobs":
        return ()
    shape = run_config_shape(program, base, reach(program, base))
    return {
        (problem.path, name)
        for problem in _problems(shape, found.value, found.roots)
        for name in problem.names or ("",)
        if value_at(spec.config, (*problem.path, name) if name else problem.path) is None
    }


class _JobConfig(NamedTuple):
    """Run config as a spec tells it: whose it is, where it stands, and what its expressions name."""

    name: str
    path: Path
    value: object
    roots: Mapping[str, Type]


def _config_of_job(program: Program, job: JobSymbol) -> _JobConfig | None:
    """Return the run config of a job; None where it is made by a function, or there is none."""
    if job.options.config_mapping is not None:
        mapping = program.extras.config_mappings.get(job.options.config_mapping)
        if mapping is None or mapping.config is None:
            return None
        roots = {"params": fields_type(mapping.params)}
        return _JobConfig(mapping.name, (*mapping.path, "config"), mapping.config, roots)
    if job.partitioned_config is not None:
        template = program.partitioned_configs.get(job.partitioned_config)
        if template is None or not isinstance(template.config, dict):
            return None
        return _JobConfig(template.name, (*template.path, "config"), template.config, {})
    return _JobConfig(job.name, (*job.path, "config"), dict(job.config), {}) if job.config else None


def _problems(kind: ConfigType, value: object, roots: Mapping[str, Type]) -> Iterator[ConfigProblem]:
    """Yield what is wrong with a value whatever the run brings; whether a text fits shows only then."""
    for problem in _without_mistyped(kind, validate(kind, with_samples(value, roots)).errors):
        late = first_late(value, problem)
        if late is None:
            yield problem
        elif is_settled(problem, late, _kind_at(kind, problem.path), roots):
            got = words_for(late_head(late, roots))
            expected = problem.message.partition(", got ")[0]
            yield replace(problem, message=f"{expected}, got {got}{_LATE_ADVICE.get(expected, '')}")


def _without_mistyped(kind: ConfigType, problems: Sequence[ConfigProblem]) -> Iterator[ConfigProblem]:
    """Yield problems, but of a missing key only where it is not there under a name that is near it."""
    mistyped = {
        (problem.path, near)
        for problem in problems
        if problem.kind == "unknown"
        for name in problem.names
        for near in near_names(name, _known_keys(kind, problem.path))[:1]
    }
    for problem in problems:
        if problem.kind != "missing" or not mistyped:
            yield problem
        elif names := tuple(name for name in problem.names if (problem.path, name) not in mistyped):
            yield replace(problem, names=names)


def _diagnostics(
    document: Document, base: Path, kind: ConfigType, value: object, problem: ConfigProblem
) -> Iterator[Diagnostic]:
    """Word a problem of config; several unknown keys of one mapping are as many mistakes."""
    path = (*base, *problem.path)
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
    elif (written := _expression_at(document, path)) and f"; {advice}" not in _LATE_ADVICE.values():
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
    is_default = path[-1] == "default" and path[-3] in _DECLARATIONS and path[0] != "jobs"
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
    return tuple(found.fields) if isinstance(found, Fields) else ()


def _kind_at(kind: ConfigType, path: Path) -> ConfigType | None:
    """Return what is expected at a path of sections and fields; None further inside."""
    for part in path:
        if not isinstance(kind, Fields) or part not in kind.fields:
            return None
        kind = kind.fields[str(part)].config_type
    return kind


def _expression_at(document: Document, path: Path) -> str | None:
    """Return the expression that a value is made of, if it is one."""
    written = value_at(document.tree.value, path)
    return written if isinstance(written, str) and not is_plain(written) else None
