"""What a spec file is bound with: where it stands, and what it imports (DESIGN 3, "Imports").

Imports are lexical. Each imported file is bound by itself, with its own vars, Python modules and imports; the
importing file then sees its symbols under qualified names (`bind/following.py`, `bind/qualify.py`). None of
that is loaded for a file that imports nothing.
"""

from __future__ import annotations

import os
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from jobc.compiler.bind.modules import ModuleIndex
from jobc.compiler.syntax.texts import SECTIONS
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.compiler.bind.extra_symbols import Extras
    from jobc.compiler.bind.import_paths import ProjectRoot
    from jobc.compiler.bind.module_finder import Modules
    from jobc.compiler.bind.program import Program
    from jobc.compiler.bind.qualify import Tables
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.disk import View
    from jobc.compiler.read import Tree
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.diagnostics import Diagnostic

# `pathlib` costs more than these do, and every file passes here.
_join, _folder_of = os.path.join, os.path.dirname


class ImportedPath(NamedTuple):
    """A spec file: what diagnostics call it, how it is opened, and which file that is.

    `real` is the path with all links followed: two imports of one file have it in common.
    """

    name: str
    path: str
    real: str


class ParsedFile(NamedTuple):
    """A file, read and parsed; what it lacks is None. `diagnostics` are those of the file itself."""

    tree: Tree | None
    document: Document | None
    diagnostics: tuple[Diagnostic, ...]


class BoundImport(NamedTuple):
    """An imported file, bound, and of how many files it is made, itself included."""

    program: Program
    size: int


class Step(NamedTuple):
    """An import on the way from the root: the file that has it, and the name it has there."""

    file: ImportedPath
    document: Document
    name: str


@dataclass(frozen=True, slots=True)
class Imports:
    """The files that a document imports, by the names it gives them, and their symbols under those names.

    `broken` are the names of imports that could not be followed.
    """

    programs: Mapping[str, Program] = field(default_factory=dict[str, "Program"])
    tables: Sequence[Tables] = ()
    broken: frozenset[str] = frozenset()

    def table(self, section: str) -> dict[str, Any]:
        """Return the symbols of one section of all imports, by qualified name."""
        return {name: each for tables in self.tables for name, each in getattr(tables, section).items()}

    def beside(self, extras: Extras) -> Extras:
        """Return hooks, loggers, executors and config mappings with those of all imports behind them."""
        if not self.tables:
            return extras
        from jobc.compiler.bind.qualify import joined_extras

        return joined_extras([extras, *(tables.extras for tables in self.tables)])

    def into(self, document: Document) -> tuple[Document, list[Diagnostic]]:
        """Return the document with the names the imports bring, and what is wrong with its uses of them."""
        from jobc.compiler.bind.import_names import check_names

        document, found = check_names(document, self.programs, self.broken)
        imported = {
            section: frozenset(
                f"{name}.{each}"
                for name, program in self.programs.items()
                for each in getattr(program.document.spec, section)
            )
            for section in SECTIONS
        }
        return replace(document, imported=imported), found


def is_visible(name: str) -> bool:
    """Tell whether a name is of the file itself or of one that it imports, not of an import of that."""
    return name.count(".") < 2


NO_IMPORTS = Imports()


class Files:
    """Imported files, each read once, and the Python modules of folders; profiles of one file share them.

    `trees` are the files that were read, by their real path. What is asked of the disk on the way is noted in
    `view`; `read` holds the modules that were read for other files.
    """

    def __init__(self, view: View, read: Modules) -> None:
        self.view = view
        self._read = read
        self.trees: dict[str, Tree] = {}
        self.parsed: dict[str, ParsedFile] = {}
        self._indexes: dict[tuple[str, ...], ModuleIndex] = {}

    def index(self, folders: tuple[str, ...]) -> ModuleIndex:
        """Return what reads the Python modules of folders; files with the same folders share it."""
        if folders not in self._indexes:
            self._indexes[folders] = ModuleIndex(folders, self.view, self._read)
        return self._indexes[folders]


class Library:
    """What the files of one analysis share, which begins with the file at the path `root`.

    `programs` are all imported files that were bound, one for each set of vars passed to a file; what is
    wrong in the files themselves, apart from what the rules find, is in `diagnostics`. `python_path` are
    folders in which Python targets of all files are looked for after their own.
    """

    def __init__(
        self,
        files: Files,
        root: str,
        *,
        allow_outside: bool = False,
        with_notes: bool = False,
        python_path: Sequence[str] = (),
    ) -> None:
        self.files = files
        self.with_notes = with_notes
        self.python_path = tuple(python_path)
        self.programs: list[Program] = []
        self.diagnostics: list[Diagnostic] = []
        self.bound: dict[tuple[str, str], BoundImport] = {}
        self._root = root
        self._allow_outside = allow_outside

    @cached_property
    def root(self) -> ProjectRoot:
        """The folder that imports may not leave."""
        from jobc.compiler.bind.import_paths import ANYWHERE, project_root

        return ANYWHERE if self._allow_outside else project_root(_folder_of(self._root), self.files.view)


class Unit:
    """One file on the way through phase 3; `trail` are the imports that led to it.

    `diagnostics` are about its imports, `count` is the number of files that were imported below it.
    """

    def __init__(self, library: Library, file: ImportedPath, trail: tuple[Step, ...] = ()) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.count = 0
        self.library = library
        self.file = file
        self.trail = trail

    @property
    def is_root(self) -> bool:
        """Tell whether the file is the one that the analysis began with."""
        return not self.trail

    @property
    def folder(self) -> str:
        """The folder of the file, where relative paths in it start."""
        return _folder_of(self.file.path)

    def index(self, python_path: Sequence[str]) -> ModuleIndex:
        """Return where Python targets of the file are looked for."""
        own = [_join(self.folder, entry) for entry in python_path]
        return self.library.files.index((*own, *self.library.python_path))

    def follow(self, document: Document, variables: Variables) -> Imports:
        """Bind every file that the document imports; its vars, which it may pass on, are folded already."""
        if not document.spec.imports:
            return NO_IMPORTS
        from jobc.compiler.bind.following import follow

        return follow(self, document, variables)
