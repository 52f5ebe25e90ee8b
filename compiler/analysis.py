"""Phases 1 to 4 of one spec file: read, overlaid by a profile, parsed, bound to its imports, checked."""

from __future__ import annotations

import os
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.binder import bind
from jobc.compiler.bind.imports import Files, ImportedPath, Library, Unit
from jobc.compiler.check.checker import check, check_uses
from jobc.compiler.disk import Disk, View
from jobc.compiler.read import read_file
from jobc.compiler.read.limits import FILE_BYTES
from jobc.compiler.syntax.document import parse
from jobc.compiler.syntax.plug_in_keys import foreign_kinds
from jobc.schemas.diagnostics import Diagnostic, Related, arrange
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jobc.compiler.bind.module_finder import Modules
    from jobc.compiler.bind.program import Program
    from jobc.compiler.read import Source, Tree
    from jobc.compiler.syntax.document import Document
    from jobc.schemas.diagnostics import Location
    from jobc.schemas.ir import Data

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a file is analysed with.

    `vars` are values for vars of the file. With `allow_outside`, imports may leave the project. With notes,
    what could not be checked is said, too. `python_path` names absolute folders in which Python targets are
    looked for after the files' own.
    """

    vars: Mapping[str, Data] = field(default_factory=dict[str, "Data"])
    allow_outside: bool = False
    with_notes: bool = False
    python_path: Sequence[str] = ()


class Shared(NamedTuple):
    """What analyses of several files have in common: no Python module is read twice for them."""

    disk: Disk
    modules: Modules


@dataclass(frozen=True, slots=True)
class Analysis:
    """What phases 1 to 4 found in one file and in those it imports.

    `name` is the file as shown in diagnostics. `text` is None when the file could not be read; `program` is
    None when nothing of it could be parsed. `sources` are the files that were read, by absolute path with all
    links followed, the file itself first. `asked` is what else of the disk the answer depends on, in the form
    of `View.asked`; None where a file could not be read.
    """

    path: Path
    name: str
    text: str | None
    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source] = field(default_factory=dict[str, "Source"])
    asked: Mapping[tuple[str, str], str] | None = None

    @property
    def has_errors(self) -> bool:
        """Whether a diagnostic of severity error stands against the file."""
        return _has_errors(self.diagnostics)

    @property
    def texts(self) -> dict[str, str]:
        """The texts of the files by the names that diagnostics give them."""
        texts = {source.name: source.text for source in self.sources.values()}
        return texts if self.text is None else {self.name: self.text, **texts}

    @property
    def files(self) -> dict[str, str]:
        """The SHA-256 of the bytes of every file that took part, by absolute path, links followed."""
        from hashlib import sha256

        return {path: sha256(source.data).hexdigest() for path, source in self.sources.items()}


def analyse(
    path: PathLike,
    *,
    profile: str | None = None,
    vars: Mapping[str, Data] | None = None,  # noqa: A002 - the name of the section, and of the public API
    allow_outside: bool = False,
    with_notes: bool = False,
    python_path: Sequence[str] = (),
) -> Analysis:
    """Analyse one file as it is compiled: with one profile, or with none; never raises for a mistake in it.

    The parameters are those of `Settings`.
    """
    root = _Root(path, Settings(vars or {}, allow_outside, with_notes, python_path))
    return root.analysis(root.study(profile))


def analyse_all(
    path: PathLike,
    settings: Settings,
    profile: str | None = None,
    *,
    is_alone: bool = True,
    shared: Shared | None = None,
) -> Analysis:
    """Analyse one file by itself, and with each of its profiles; or with one profile, where that is named.

    What is wrong with a profile alone is reported in the text of the profile. The program is that of the file
    by itself. A file that is not alone needs no profile of the name if it has none at all. Of a file of
    compiled jobs it is said whether it can be read.
    """
    if os.fspath(path).lower().endswith(".json"):
        from jobc.compiler.ir_files import is_ir_file, read_ir

        if is_ir_file(path):
            return Analysis(Path(path), Path(path).as_posix(), None, None, read_ir(path).diagnostics)
    root = _Root(path, settings, shared)
    if profile is not None and (is_alone or root.has_profiles):
        return root.analysis(root.study(profile))
    base = root.study(None)
    if root.tree is None or not root.has_profiles:
        return root.analysis(base)
    from jobc.compiler.syntax.profiles import profile_names

    known = {_identity(each) for each in base.diagnostics}
    studied = [base]
    for name in profile_names(root.tree):
        study = root.study(name)
        own = [each for each in study.diagnostics if _identity(each) not in known]
        studied.append(study._replace(diagnostics=root.in_profile(name, own)))
    return root.analysis(*studied)


class _Study(NamedTuple):
    """What came of one way to look at a file."""

    program: Program | None
    diagnostics: list[Diagnostic]


class _Root:
    """The file that an analysis begins with, read once."""

    def __init__(self, path: PathLike, settings: Settings, shared: Shared | None = None) -> None:
        disk, modules = shared or Shared(Disk(), {})
        self.path = Path(path)
        self.tree, self._found = read_file(path)
        self._settings = settings
        self._view = View(disk)
        self._files = Files(self._view, modules)
        shown = os.fspath(path)
        self._file = ImportedPath(self.path.as_posix(), shown, os.path.realpath(shown))

    @property
    def has_profiles(self) -> bool:
        value = None if self.tree is None else self.tree.value
        return isinstance(value, dict) and bool(value.get("profiles"))

    def analysis(self, base: _Study, *others: _Study) -> Analysis:
        found = [each for study in (base, *others) for each in study.diagnostics]
        sources: dict[str, Source] = {}
        text = None
        if self.tree is not None:
            sources[self._file.real] = self.tree.source
            text = self.tree.source.text
        sources |= {real: tree.source for real, tree in self._files.trees.items()}
        if text is None:
            text = text_to_quote(self.path)
        diagnostics = tuple(arrange(found))
        return Analysis(self.path, self._file.name, text, base.program, diagnostics, sources, self._asked())

    def _asked(self) -> Mapping[tuple[str, str], str] | None:
        """Return what the answer depends on apart from the text of the file itself."""
        if self.tree is None or any(each.tree is None for each in self._files.parsed.values()):
            return None
        value = self.tree.value
        if isinstance(value, dict) and not value.keys().isdisjoint(("imports", "profiles")):
            self._view.note("real", self._file.path)
        for real, tree in self._files.trees.items():
            self._view.note_content(real, tree.source.data)
            self._note_plug_ins(tree)
        return self._view.asked

    def _note_plug_ins(self, tree: Tree) -> None:
        for kind in foreign_kinds(tree.value):
            self._view.note("plug-in", kind)

    def in_profile(self, profile: str, found: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Return what is wrong with a profile alone, with its place in the text of the profile.

        What shows elsewhere follows from mistakes in that text, if there are any.
        """
        assert self.tree is not None
        stretch = self.tree.locate(("profiles", profile))
        inside = [each for each in found if _is_within(each.location, stretch)]
        note = f"with profile `{profile}`"
        if inside:
            return [replace(each, notes=(*each.notes, note)) for each in inside]
        place = self._changes(profile)
        return [_moved(each, place, note) for each in found]

    def _changes(self, profile: str) -> Location:
        """Return the place of what a profile changes: the one value, or the name of the profile."""
        from jobc.compiler.syntax.profiles import overlay

        assert self.tree is not None
        written = list(overlay(self.tree, profile).tree.moved.values())
        if len(written) == 1:
            return self.tree.locate(written[0])
        return self.tree.locate_key(("profiles", profile))

    @cached_property
    def _document(self) -> Document | None:
        """The file without any profile."""
        return None if self.tree is None else parse(self.tree).document

    def study(self, profile: str | None) -> _Study:
        """Look at the file with a profile laid over it, or with none."""
        tree, found = self.tree, list(self._found)
        if tree is None:
            return _Study(None, found)
        if profile is not None:
            from jobc.compiler.syntax.profiles import overlay, profile_names, unknown_profile

            if profile not in profile_names(tree):
                return _Study(None, [unknown_profile(tree, profile)])
            tree, mistakes = overlay(tree, profile)
            found += mistakes
            if self._document is not None:
                from jobc.compiler.given import profile_misfits

                found += profile_misfits(self._document, tree)
        self._note_plug_ins(tree)
        document, mistakes = parse(tree)
        refused = {mistake.location for mistake in mistakes if mistake.code == "JC0213"}
        found = [*(each for each in found if each.location not in refused), *mistakes]
        if document is None:
            return _Study(None, found)
        programs, more = self._bound(document)
        found += more
        if any(job.selects for one in programs for job in one.jobs.values()) and not _has_errors(found):
            found += [each for one in programs for each in _check_selected(one)]
        if profile is None and not _has_errors(found):
            found += check_uses(programs[0])
        return _Study(programs[0], found)

    def _bound(self, document: Document) -> tuple[list[Program], list[Diagnostic]]:
        """Bind the document and check it, and every file that it imports; its own program comes first."""
        settings = self._settings
        library = Library(
            self._files,
            self._file.path,
            allow_outside=settings.allow_outside,
            with_notes=settings.with_notes,
            python_path=settings.python_path,
        )
        given: Mapping[str, Data] = {}
        found: list[Diagnostic] = []
        if settings.vars:
            from jobc.compiler.given import given_values

            given, found = given_values(document, settings.vars)
        program, mistakes = bind(document, Unit(library, self._file), given, with_notes=settings.with_notes)
        programs = [program, *library.programs]
        found += [*mistakes, *library.diagnostics, *(each for one in programs for each in check(one))]
        if program.imports:
            from jobc.compiler.bind.module_clashes import check_modules

            found += check_modules(program, self._view)
        return programs, found


def _has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)


def _identity(diagnostic: Diagnostic) -> tuple[object, ...]:
    return diagnostic.code, diagnostic.message, diagnostic.location


def _is_within(place: Location, stretch: Location) -> bool:
    return place.file == stretch.file and stretch.start <= place.start <= stretch.end


def _moved(diagnostic: Diagnostic, place: Location, note: str) -> Diagnostic:
    """Return a diagnostic at another place, which brings it about; where it shows is told beside it."""
    shown = Related(diagnostic.label or "it shows here", diagnostic.location)
    return replace(
        diagnostic,
        location=place,
        label="this brings it about",
        related=(shown, *diagnostic.related),
        notes=(*diagnostic.notes, note),
        edits=(),
    )


def _check_selected(program: Program) -> list[Diagnostic]:
    """Check what selections select; that takes the IR and definitions, which only specs with some pay for."""
    from jobc.compiler.emit.emitter import emit
    from jobc.compiler.link.selections import check_selected

    return list(check_selected(program, emit(program)))


def text_to_quote(path: Path) -> str | None:
    """Return the text of a file whose tree is not at hand, if it is text at all."""
    try:
        return path.read_text("utf-8-sig") if path.is_file() and path.stat().st_size <= FILE_BYTES else None
    except (OSError, UnicodeDecodeError):
        return None
