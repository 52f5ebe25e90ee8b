"""A spec file as written: the models of its shape, and the small languages inside its texts, parsed.

Texts are parsed once, here, and found again by the path of the text. A text that cannot be parsed is reported
and is absent from the tables: later phases pass over what they do not find.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeGuard, TypeVar

from jobc.compiler.syntax.names import name_problem
from jobc.compiler.syntax.problems import SyntaxProblem
from jobc.compiler.syntax.shape import check_shape
from jobc.compiler.syntax.templates import is_plain, parse_template
from jobc.compiler.syntax.types import parse_type
from jobc.compiler.syntax.wiring import parse_wiring
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jobc.compiler.read import Path, Tree, Value
    from jobc.compiler.syntax.templates import Template
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.compiler.syntax.wiring_nodes import Wiring
    from jobc.schemas.diagnostics import Location
    from jobc.schemas.spec import ConfigFieldSpec, GraphInputSpec, InputSpec, OutputSpec, SpecDocument


class Target(NamedTuple):
    """What a `python:` key names: an attribute (dotted, perhaps) of a module."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


class Place(NamedTuple):
    """Something in a document: a value by its path, or a part of a text (offsets into the text's value)."""

    path: Path
    part: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed spec file.

    `types`, `wirings`, `targets` and `templates` are keyed by the path of the text they were parsed from.
    `holes` are the paths of what was broken and cut out, `around` those and all above; `broken_texts` are
    those of texts that hold a mistake.
    """

    tree: Tree
    spec: SpecDocument
    holes: frozenset[Path]
    around: frozenset[Path]
    types: Mapping[Path, TypeExpr]
    wirings: Mapping[Path, Wiring]
    targets: Mapping[Path, Target]
    templates: Mapping[Path, Template]
    broken_texts: frozenset[Path]

    def locate(self, place: Place) -> Location:
        """Return where something stands in the file."""
        if place.part is None:
            return self.tree.locate(place.path)
        return self.tree.locate_part(place.path, *place.part)

    def locate_key(self, path: Path) -> Location:
        """Return where the key of an entry stands in the file."""
        return self.tree.locate_key(path)

    def is_broken(self, path: Path) -> bool:
        """Tell whether something at, above or below `path` was cut out."""
        return path in self.around or any(path[:length] in self.holes for length in range(len(path)))


class Parsed(NamedTuple):
    """The outcome of phase 2; `document` is None when nothing of the file can be used."""

    document: Document | None
    diagnostics: tuple[Diagnostic, ...]


DECLARATION_KEYS = frozenset({"type", "default", "description"})
T = TypeVar("T")
_Text: TypeAlias = "tuple[Path, str]"


def parse(tree: Tree) -> Parsed:
    """Check the shape of a tree and parse the texts inside it (phase 2)."""
    shaped = check_shape(tree)
    if shaped.spec is None:
        return Parsed(None, shaped.diagnostics)
    found = list(shaped.diagnostics)
    broken: set[Path] = set()

    def reporter(code: str) -> Callable[[Path, str, SyntaxProblem], None]:
        return _reporter(tree, code, found, broken)

    document = Document(
        tree,
        shaped.spec,
        shaped.holes,
        frozenset(hole[:length] for hole in shaped.holes for length in range(len(hole) + 1)),
        types=_table(_type_texts(shaped.spec), parse_type, reporter("JC0208")),
        wirings=_table(_wiring_texts(shaped.spec), parse_wiring, reporter("JC0207")),
        targets=_table(_target_texts(shaped.spec), parse_target, reporter("JC0211")),
        templates=_table(_template_texts(shaped.spec), parse_template, reporter("JC0209")),
        broken_texts=frozenset(broken),
    )
    found.extend(_check_names(document))
    return Parsed(document, tuple(found))


def from_problem(code: str, location: Location, problem: SyntaxProblem) -> Diagnostic:
    """Turn a problem of a small language into a diagnostic."""
    return Diagnostic(
        code,
        problem.message,
        location,
        label=problem.label,
        help=problem.help,
        suggestions=problem.suggestions,
    )


def _reporter(
    tree: Tree, code: str, found: list[Diagnostic], broken: set[Path]
) -> Callable[[Path, str, SyntaxProblem], None]:
    def report(path: Path, text: str, problem: SyntaxProblem) -> None:
        is_whole = problem.start == 0 and problem.end == len(text)
        location = tree.locate(path) if is_whole else tree.locate_part(path, problem.start, problem.end)
        found.append(from_problem(code, location, problem))
        broken.add(path)

    return report


def _table(
    texts: Iterable[_Text],
    parse_text: Callable[[str], tuple[T | None, tuple[SyntaxProblem, ...]]],
    report: Callable[[Path, str, SyntaxProblem], None],
) -> dict[Path, T]:
    table: dict[Path, T] = {}
    for path, text in texts:
        parsed, problems = parse_text(text)
        for problem in problems:
            report(path, text, problem)
        if parsed is not None:
            table[path] = parsed
    return table


def parse_target(text: str) -> tuple[Target | None, tuple[SyntaxProblem, ...]]:
    """Parse `module:name`; both sides may be dotted."""
    module, colon, name = text.partition(":")
    if colon and _is_dotted(module) and _is_dotted(name):
        return Target(module, name), ()
    guess = None
    if not colon and _is_dotted(text) and "." in text:
        guess = "{}:{}".format(*text.rsplit(".", 1))
    problem = SyntaxProblem(
        0,
        len(text),
        f"`{text}` does not name a Python object" if text else "the target is empty",
        label="expected `module:name`",
        help=f"did you mean `{guess}`?"
        if guess
        else "write the module, a colon and the name: `shop.ops:clean`",
        suggestions=(guess,) if guess else (),
    )
    return None, (problem,)


def _is_dotted(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


def is_declaration(value: object) -> TypeGuard[dict[str, Value]]:
    """Tell whether a var is written in its long form, `{type: str, default: …}`."""
    return isinstance(value, dict) and "type" in value and value.keys() <= DECLARATION_KEYS


def _type_texts(spec: SpecDocument) -> Iterator[_Text]:
    """Yield every text that is a type; the path is that of the text itself."""
    for name, value in spec.vars.items():
        if is_declaration(value) and isinstance(value["type"], str):
            yield ("vars", name, "type"), value["type"]
    for name, op in spec.ops.items():
        yield from _types_of(("ops", name, "config"), op.config)
        yield from _types_of(("ops", name, "inputs"), op.inputs or {})
        yield from _types_of(("ops", name, "outputs"), op.outputs or {})
    for name, graph in spec.graphs.items():
        yield from _types_of(("graphs", name, "inputs"), graph.inputs)
    for name, resource in spec.resources.items():
        yield from _types_of(("resources", name, "config"), resource.config)


def _types_of(
    path: Path,
    forms: Mapping[str, str | ConfigFieldSpec] | Mapping[str, str | InputSpec | GraphInputSpec | OutputSpec],
) -> Iterator[_Text]:
    for name, form in forms.items():
        if isinstance(form, str):
            yield (*path, name), form
        elif "type" in form.model_fields_set:
            yield (*path, name, "type"), form.type


def _wiring_texts(spec: SpecDocument) -> Iterator[_Text]:
    for name, graph in spec.graphs.items():
        if graph.wiring is not None:
            yield ("graphs", name, "wiring"), graph.wiring


def _target_texts(spec: SpecDocument) -> Iterator[_Text]:
    for name, op in spec.ops.items():
        yield ("ops", name, "python"), op.python
    for name, resource in spec.resources.items():
        yield ("resources", name, "python"), resource.python
    for name, config in spec.partitioned_configs.items():
        if config.python is not None:
            yield ("partitioned_configs", name, "python"), config.python


def _template_texts(spec: SpecDocument) -> Iterator[_Text]:
    """Yield every text that holds an expression; plain texts need no parsing."""
    for path, value in _free_values(spec):
        yield from _texts_in(path, value)


def _free_values(spec: SpecDocument) -> Iterator[tuple[Path, Value]]:
    yield ("vars",), spec.vars
    for name, op in spec.ops.items():
        yield from _defaults_of(("ops", name, "config"), op.config)
        yield from _defaults_of(("ops", name, "inputs"), op.inputs or {})
        yield ("ops", name, "tags"), op.tags
    for name, graph in spec.graphs.items():
        for node_name, node in graph.nodes.items():
            path = ("graphs", name, "nodes", node_name)
            yield (*path, "inputs"), node.inputs
            yield (*path, "tags"), node.tags
    for name, resource in spec.resources.items():
        yield from _defaults_of(("resources", name, "config"), resource.config)
        yield ("resources", name, "with"), resource.with_
    for name, config in spec.partitioned_configs.items():
        yield ("partitioned_configs", name, "config"), config.config
        yield ("partitioned_configs", name, "tags"), config.tags
    for name, job in spec.jobs.items():
        yield ("jobs", name, "config"), job.config
        yield ("jobs", name, "tags"), job.tags


def _defaults_of(
    path: Path, forms: Mapping[str, str | ConfigFieldSpec] | Mapping[str, str | InputSpec]
) -> Iterator[tuple[Path, Value]]:
    for name, form in forms.items():
        if not isinstance(form, str):
            yield (*path, name, "default"), form.default


def _texts_in(path: Path, value: Value) -> Iterator[_Text]:
    if isinstance(value, str):
        if not is_plain(value):
            yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts_in((*path, key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts_in((*path, index), item)


def _check_names(document: Document) -> Iterator[Diagnostic]:
    for path, names in _names_in(document.spec):
        for name in names:
            problem = name_problem(name, str(path[-1]))
            if problem is not None:
                yield problem.at(document.locate_key((*path, name)))
    for path, names in _names_used(document.spec):
        for index, name in enumerate(names):
            problem = name_problem(name, str(path[-1]))
            if problem is not None:
                yield problem.at(document.tree.locate((*path, index)))


def _names_used(spec: SpecDocument) -> Iterator[tuple[Path, Iterable[str]]]:
    """Yield the lists of names that may stand for something that is defined elsewhere, or nowhere."""
    for name, op in spec.ops.items():
        yield ("ops", name, "resources"), op.resources
    for name, resource in spec.resources.items():
        yield ("resources", name, "resources"), resource.resources


def _names_in(spec: SpecDocument) -> Iterator[tuple[Path, Iterable[str]]]:
    """Yield the mappings whose keys are names the author chooses."""
    yield ("vars",), spec.vars
    yield ("ops",), spec.ops
    yield ("graphs",), spec.graphs
    yield ("resources",), spec.resources
    yield ("partitions",), spec.partitions
    yield ("partitioned_configs",), spec.partitioned_configs
    for name, partitions in spec.partitions.items():
        yield ("partitions", name, "multi"), partitions.multi or ()
    yield ("selections",), spec.selections
    yield ("jobs",), spec.jobs
    for name, op in spec.ops.items():
        yield ("ops", name, "config"), op.config
        yield ("ops", name, "inputs"), op.inputs or ()
        yield ("ops", name, "outputs"), op.outputs or ()
    for name, graph in spec.graphs.items():
        yield ("graphs", name, "inputs"), graph.inputs
        yield ("graphs", name, "nodes"), graph.nodes
        yield ("graphs", name, "outputs"), graph.outputs
    for name, resource in spec.resources.items():
        yield ("resources", name, "config"), resource.config
