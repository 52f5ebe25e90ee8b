"""Follow the imports of a spec file: read, parse and bind the files they name.

What is wrong with an import is reported where it is written; what is wrong in the imported file, there.
"""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from jobc.compiler.bind.given_vars import given_problems
from jobc.compiler.bind.import_paths import imported_path, path_problem
from jobc.compiler.bind.import_reports import (
    beyond_limit,
    cyclic,
    is_unread,
    lacking_vars,
    misfitting_var,
    no_spec,
    outside,
    same_name,
    unknown_var,
    unread,
    written_at,
)
from jobc.compiler.bind.imports import BoundImport, Imports, ParsedFile, Step, Unit
from jobc.compiler.bind.qualify import qualified
from jobc.compiler.read import read_file
from jobc.compiler.syntax.document import from_problem, parse
from jobc.compiler.syntax.texts import is_declaration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.bind.imports import ImportedPath, Library
    from jobc.compiler.bind.program import Program
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.diagnostics import Diagnostic
    from jobc.schemas.ir import Data

# Deeper than anyone builds; binding goes into imports by recursion.
MAX_DEPTH = 50
# A file that is imported twice counts twice: its symbols stand in the tables twice.
MAX_FILES = 1_000


def follow(unit: Unit, document: Document, variables: Variables) -> Imports:
    """Bind every file that a document imports, and return what came of it; mistakes go to the unit."""
    programs: dict[str, Program] = {}
    for name in document.spec.imports:
        section = next((each for each in ("ops", "graphs") if name in getattr(document.spec, each)), None)
        if section is not None:
            unit.diagnostics.append(same_name(document, name, section))
        bound = _Import(unit, document, name).bound(variables)
        if bound is not None:
            programs[name] = bound.program
            unit.count += bound.size
    broken = frozenset(document.spec.imports.keys() - programs.keys())
    return Imports(programs, [qualified(program, name) for name, program in programs.items()], broken)


class _Import:
    """One import of a document."""

    def __init__(self, unit: Unit, document: Document, name: str) -> None:
        self._unit = unit
        self._document = document
        self._name = name
        form = document.spec.imports[name]
        self._text = form if isinstance(form, str) else form.path
        self._vars = {} if isinstance(form, str) else form.vars
        self._trail = (*unit.trail, Step(unit.file, document, name))

    def bound(self, variables: Variables) -> BoundImport | None:
        """Return the file, bound; None where that cannot be, which is reported."""
        file = self._file()
        document = None if file is None else self._parsed(file)
        if file is None or document is None:
            return None
        given = self._given(document, variables)
        if given is None:
            return None
        bound = _bound(Unit(self._unit.library, file, self._trail), document, given)
        if self._unit.count + bound.size > MAX_FILES:
            self._refuse(beyond_limit(self._document, self._name, f"{MAX_FILES:,} files"))
            return None
        return bound

    def _file(self) -> ImportedPath | None:
        document, name, library = self._document, self._name, self._unit.library
        problem = path_problem(self._text)
        if problem is not None:
            location = document.tree.locate(written_at(document, name))
            self._refuse(from_problem("JC0330", location, problem))
            return None
        file = imported_path(self._unit.file.path, self._text, library.files.view)
        trail = self._trail
        start = next((index for index, step in enumerate(trail) if step.file.real == file.real), None)
        if start is not None:
            self._refuse(cyclic(trail[start:]))
            return None
        if not library.root.holds(file):
            self._refuse(outside(document, name, file.name, library.root.folder or ""))
            return None
        if len(trail) > MAX_DEPTH:
            self._refuse(beyond_limit(document, name, f"{MAX_DEPTH} levels"))
            return None
        return file

    def _parsed(self, file: ImportedPath) -> Document | None:
        parsed = _parsed(self._unit.library, file)
        if parsed.document is not None:
            return parsed.document
        if is_unread(parsed):
            self._refuse(unread(self._document, self._name, self._text, parsed.diagnostics[0]))
            return None
        if parsed.tree is not None:
            self._refuse(no_spec(self._document, self._name, file.name))
            return None
        return None  # it is no YAML or TOML at all, which is said there

    def _given(self, inner: Document, variables: Variables) -> dict[str, Data] | None:
        """Return the values passed to the file's vars; None where one is needed that there is not."""
        given: dict[str, Data] = {}
        failures = variables.failures
        for var, value in self._vars.items():
            given[var] = variables.fold(("imports", self._name, "vars", var), value)
        if variables.failures > failures:
            return None
        is_whole = True
        file = inner.tree.source.name
        for problem in given_problems(inner, given):
            if problem.name in inner.spec.vars:
                self._refuse(misfitting_var(self._document, self._name, problem))
                is_whole = False
            else:
                known = inner.spec.vars
                self._refuse(unknown_var(self._document, self._name, problem.name, known, file))
            del given[problem.name]
        lacking = [var for var in _without_default(inner) if var not in given]
        if is_whole and lacking and not self._document.is_broken(("imports", self._name)):
            self._refuse(lacking_vars(self._document, self._name, lacking, file))
        return given if is_whole and not lacking else None

    def _refuse(self, diagnostic: Diagnostic) -> None:
        self._unit.diagnostics.append(diagnostic)


def _without_default(document: Document) -> list[str]:
    return [
        name
        for name, written in document.spec.vars.items()
        if is_declaration(written) and "default" not in written
    ]


def _parsed(library: Library, file: ImportedPath) -> ParsedFile:
    """Return a file, read and parsed, and report what is wrong in it."""
    files = library.files
    if file.real not in files.parsed:
        tree, found = read_file(file.path, file.name)
        parsed = ParsedFile(tree, None, found)
        if tree is not None:
            files.trees[file.real] = tree
            if isinstance(tree.value, dict) and "jobc" in tree.value:
                document, mistakes = parse(tree)
                parsed = ParsedFile(tree, document, (*found, *mistakes))
        files.parsed[file.real] = parsed
    parsed = files.parsed[file.real]
    if not is_unread(parsed):
        library.diagnostics += parsed.diagnostics
    return parsed


def _bound(unit: Unit, document: Document, given: Mapping[str, Data]) -> BoundImport:
    """Return a file, bound with values for its vars; the same values give the same program."""
    from jobc.compiler.bind.binder import bind

    library = unit.library
    key = unit.file.real, dumps(given, sort_keys=True)
    if key not in library.bound:
        program, found = bind(document, unit, given, with_notes=library.with_notes)
        library.programs.append(program)
        library.diagnostics += found
        library.bound[key] = BoundImport(program, unit.count + 1)
    return library.bound[key]
