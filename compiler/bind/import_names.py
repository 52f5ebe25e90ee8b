"""Names that lead into imports, `common.clean`: where a document uses them, and what is wrong with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.syntax.document import Place
from jobc.compiler.syntax.wiring_nodes import Call, CollectCall, ListOf, MapCall, Return
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing, near_names, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jobc.compiler.bind.program import Program
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.compiler.syntax.wiring_nodes import Expression, Name, Wiring
    from jobc.schemas.spec import JobSpec, NodeSpec, SpecDocument

_INVOKED = ("ops", "graphs")
_NOUNS = {
    "ops": "op or graph",
    "graphs": "graph",
    "resources": "resource",
    "jobs": "job",
    "partitions": "partitions",
    "partitioned_configs": "partitioned config",
    "config_mappings": "config mapping",
    "hooks": "hook",
    "loggers": "logger",
    "executors": "executor",
}
_PLURALS = {"op or graph": "ops and graphs", "partitions": "partitions"}
# Keys of a job that name one thing, and the section it is in.
_JOB_KEYS = {
    "graph": "graphs",
    "job": "jobs",
    "config_mapping": "config_mappings",
    "partitions": "partitions",
    "partitioned_config": "partitioned_configs",
    "executor": "executors",
}


class Use(NamedTuple):
    """A name in a document: the sections that may define it, and the place of its first character on."""

    sections: tuple[str, ...]
    path: Path
    start: int
    name: str


def check_names(
    document: Document, programs: Mapping[str, Program], broken: frozenset[str]
) -> tuple[Document, list[Diagnostic]]:
    """Report names that no import has (JC0333); in the document returned they count as broken.

    `broken` are the names of imports that could not be followed: nothing is known of what they have.
    """
    found: list[Diagnostic] = []
    lost: set[Path] = set()
    for use in _uses(document):
        head, _, rest = use.name.partition(".")
        program = programs.get(head)
        if program is not None and _defines(program, use.sections, rest):
            continue
        lost.update((section, use.name) for section in use.sections)
        if program is not None:
            found.append(_unknown_name(document, use, program))
        elif head not in broken and not document.is_broken(("imports", head)):
            found.append(_unknown_import(document, use))
    return replace(document, around=document.around | lost), found


def _defines(program: Program, sections: Iterable[str], name: str) -> bool:
    document = program.document
    return any(name in getattr(document.spec, each) or document.is_broken((each, name)) for each in sections)


def _unknown_import(document: Document, use: Use) -> Diagnostic:
    head = use.name.partition(".")[0]
    known = document.spec.imports
    near = near_names(head, known)
    return Diagnostic(
        "JC0333",
        f"there is no import `{head}`",
        document.locate(Place(use.path, (use.start, use.start + len(head)))),
        label="no import of this name",
        help=f"did you mean `{near[0]}`?" if near else f"the {plural('import', known)} {listing(known)}",
        suggestions=near,
    )


def _unknown_name(document: Document, use: Use, program: Program) -> Diagnostic:
    head, _, rest = use.name.partition(".")
    noun = _NOUNS[use.sections[0]]
    start = use.start + len(head) + 1
    location = document.locate(Place(use.path, (start, start + len(rest))))
    if "." in rest:
        return Diagnostic(
            "JC0333",
            f"`{use.name}` would be something in an import of `{head}`",
            location,
            label="imports of imports are not visible",
            help="import the file of it here, too",
        )
    known = [name for section in use.sections for name in getattr(program.document.spec, section)]
    near = near_names(rest, known)
    nouns = _PLURALS.get(noun, f"{noun}s")
    advice = f"its {nouns}: {listing(known)}" if known else f"it has no {nouns}"
    return Diagnostic(
        "JC0333",
        f"import `{head}` has no {noun} `{rest}`",
        location,
        label=f"`{program.document.tree.source.name}` defines nothing of this name",
        help=f"did you mean `{near[0]}`?" if near else advice,
        suggestions=near,
    )


def _uses(document: Document) -> Iterator[Use]:
    """Yield every name with a dot that is meant to be something in an import."""
    for path, wiring in document.wirings.items():
        variables = _variables(wiring) - set(document.spec.imports)
        for name in _callees(wiring):
            head, dot, _ = name.text.partition(".")
            if dot and head not in variables:
                yield Use(_INVOKED, path, name.start, name.text)
    for section, path, text in _named(document.spec):
        if "." in text:
            yield Use(_INVOKED if section == "ops" else (section,), path, 0, text)


def _variables(wiring: Wiring) -> set[str]:
    statements = (each for each in wiring.statements if not isinstance(each, Return))
    return {target.text for statement in statements for target in statement.targets}


def _callees(wiring: Wiring) -> Iterator[Name]:
    for statement in wiring.statements:
        if isinstance(statement, Return):
            for item in statement.items:
                yield from _called(item.value)
        else:
            yield from _called(statement.value)


def _called(expression: Expression) -> Iterator[Name]:
    if isinstance(expression, Call | MapCall):
        yield expression.callee
        for argument in expression.arguments:
            yield from _called(argument.value)
    if isinstance(expression, MapCall | CollectCall):
        yield from _called(expression.source)
    if isinstance(expression, ListOf):
        for item in expression.items:
            yield from _called(item)


def _named(spec: SpecDocument) -> Iterator[tuple[str, Path, str]]:
    """Yield the section, the path and the text of every name that stands by itself."""
    for section in ("ops", "resources", "hooks"):
        for name, entry in getattr(spec, section).items():
            yield from _each("resources", (section, name, "resources"), entry.resources)
    for name, op in spec.ops.items():
        for output, form in (op.outputs or {}).items():
            if not isinstance(form, str) and form.io_manager is not None:
                yield "resources", ("ops", name, "outputs", output, "io_manager"), form.io_manager
    for name, graph in spec.graphs.items():
        yield from _of_nodes(("graphs", name, "nodes"), graph.nodes)
    for name, partitions in spec.partitions.items():
        for dimension, other in (partitions.multi or {}).items():
            yield "partitions", ("partitions", name, "multi", dimension), other
    for name, config in spec.partitioned_configs.items():
        yield "partitions", ("partitioned_configs", name, "partitions"), config.partitions
    for name, job in spec.jobs.items():
        yield from _of_job(("jobs", name), job)


def _of_nodes(path: Path, nodes: Mapping[str, NodeSpec]) -> Iterator[tuple[str, Path, str]]:
    for name, node in nodes.items():
        if node.op is not None:
            yield "ops", (*path, name, "op"), node.op
        yield from _each("hooks", (*path, name, "hooks"), node.hooks)


def _of_job(path: Path, job: JobSpec) -> Iterator[tuple[str, Path, str]]:
    yield from _of_nodes((*path, "nodes"), job.nodes)
    for key, section in _JOB_KEYS.items():
        name = getattr(job, key)
        if name is not None:
            yield section, (*path, key), name
    for key, resource in job.resources.items():
        yield "resources", (*path, "resources", key), resource
    yield from _each("hooks", (*path, "hooks"), job.hooks)
    yield from _each("loggers", (*path, "loggers"), job.loggers)


def _each(section: str, path: Path, names: Iterable[str]) -> Iterator[tuple[str, Path, str]]:
    for index, name in enumerate(names):
        yield section, (*path, index), name
