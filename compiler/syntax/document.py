"""A spec file as written: the models of its shape, and the small languages inside its texts, parsed.

Texts are parsed once, here, and found again by the path of the text. A text that cannot be parsed is reported
and is absent from the tables: later phases pass over what they do not find.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from jobc.compiler.syntax.names import name_problem
from jobc.compiler.syntax.problems import SyntaxProblem
from jobc.compiler.syntax.shape import check_shape
from jobc.compiler.syntax.templates import is_plain, parse_template
from jobc.compiler.syntax.texts import (
    free_values,
    named_lists,
    named_mappings,
    target_texts,
    type_texts,
    wiring_texts,
)
from jobc.compiler.syntax.types import parse_type
from jobc.compiler.syntax.wiring import parse_wiring
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from jobc.compiler.read import Path, Tree, Value
    from jobc.compiler.syntax.templates import Template
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.compiler.syntax.wiring_nodes import Wiring
    from jobc.schemas.diagnostics import Location
    from jobc.schemas.spec import SpecDocument


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
    those of texts that hold a mistake. `imported` holds by section the names that imports bring, qualified by
    the import's name (`common.clean`); phase 3 adds them.
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
    imported: Mapping[str, Collection[str]] = field(default_factory=dict[str, "Collection[str]"])

    def locate(self, place: Place) -> Location:
        """Return where something stands in the file."""
        if place.part is None:
            return self.tree.locate(place.path)
        return self.tree.locate_part(place.path, *place.part)

    def locate_key(self, path: Path) -> Location:
        """Return where the key of an entry stands in the file."""
        return self.tree.locate_key(path)

    def names(self, section: str) -> list[str]:
        """Return the names that are defined in a section: the file's own, then those of imports."""
        return [*getattr(self.spec, section), *self.imported.get(section, ())]

    def is_known(self, section: str, name: str) -> bool:
        """Tell whether a section, here or in an import, defines a name, or did before it was cut out."""
        return (
            self.defines(section, name)
            or self.is_broken((section, name))
            or ("." in name and self.is_broken(("imports", name.partition(".")[0])))
        )

    def defines(self, section: str, name: str) -> bool:
        """Tell whether a section, here or in an import, defines a name and it is whole enough to be used."""
        return name in getattr(self.spec, section) or name in self.imported.get(section, ())

    def is_broken(self, path: Path) -> bool:
        """Tell whether something at, above or below `path` was cut out."""
        return path in self.around or any(path[:length] in self.holes for length in range(len(path)))


class Parsed(NamedTuple):
    """The outcome of phase 2; `document` is None when nothing of the file can be used."""

    document: Document | None
    diagnostics: tuple[Diagnostic, ...]


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
        types=_table(type_texts(shaped.spec), parse_type, reporter("JC0208")),
        wirings=_table(wiring_texts(shaped.spec), parse_wiring, reporter("JC0207")),
        targets=_table(target_texts(shaped.spec), parse_target, reporter("JC0211")),
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


def _template_texts(spec: SpecDocument) -> Iterator[_Text]:
    """Yield every text that holds an expression; plain texts need no parsing."""
    for path, value in free_values(spec):
        yield from _texts_in(path, value)


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
    for path, names in named_mappings(document.spec):
        for name in names:
            problem = name_problem(name, str(path[-1]))
            if problem is not None:
                yield problem.at(document.locate_key((*path, name)))
    for path, names in named_lists(document.spec):
        for index, name in enumerate(names):
            problems = (name_problem(part, str(path[-1])) for part in name.split("."))
            problem = next(filter(None, problems), None)
            if problem is not None:
                yield problem.at(document.tree.locate((*path, index)))
