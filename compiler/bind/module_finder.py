"""Module finder: where the modules of folders stand, by dotted name, and what their text binds.

Only the given folders are searched, in their order and by the rules of Python's own path finder. Each module
is read once and none is ever imported.
"""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.bind.symbols import LAZY, ModuleSymbols, read_module
from jobc.compiler.disk import Disk, View
from jobc.schemas.names import near_names
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    Modules: TypeAlias = dict[tuple[str, str], "ModuleSymbols | Broken | Unknown"]
    """What was read of modules, by file and full name, for as long as one `Disk` is asked."""

# `pathlib` costs more to import than everything here does.
_join, _folder_of = os.path.join, os.path.dirname

_COMPILED = (".so", ".pyd")
_UTF_8 = frozenset({"utf-8", "utf8", "utf_8", "utf-8-sig"})
_CODING = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


@dataclass(frozen=True, slots=True)
class ModuleMissing:
    """There is no such module in the folders; `missing` is the shortest dotted part that is not there.

    `siblings` are the modules that stand beside where it should be. `is_local` is True where the top-level
    package was found, so that the missing module is a mistake; otherwise nothing is known and nothing should
    be said.
    """

    module: str
    missing: str
    siblings: frozenset[str]
    is_local: bool

    @property
    def near(self) -> tuple[str, ...]:
        """Dotted names that could stand in its place, nearest first; looked for only when asked."""
        package, dot, part = self.missing.rpartition(".")
        return tuple(f"{package}{dot}{name}" for name in near_names(part, self.siblings))


@dataclass(frozen=True, slots=True)
class Broken:
    """The module's text is no Python at this place (1-based, columns in characters)."""

    file: str
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing can be said without running the code; `reason` completes "not checked: …"."""

    reason: str


class _Place(NamedTuple):
    """Where a module is: its file (None for a namespace package) and where its submodules are looked for."""

    file: str | None
    folders: tuple[str, ...]
    is_package: bool


class LoadedModule(NamedTuple):
    """Hold a module that was read, and where its submodules are looked for; a plain module has no folders."""

    symbols: ModuleSymbols
    file: str
    folders: tuple[str, ...]
    is_package: bool

    def absolute(self, target: str) -> str | None:
        """Return the full name of a module named here; None where its dots lead out of the package."""
        name = target.lstrip(".")
        level = len(target) - len(name)
        if level == 0:
            return name
        parts = self.symbols.name.split(".")
        kept = len(parts) - level + self.is_package
        return ".".join((*parts[:kept], name)).rstrip(".") if kept > 0 else None


class _Listing(NamedTuple):
    """The entries of a folder: files, folders, and the first parts of compiled modules' names."""

    files: frozenset[str]
    folders: frozenset[str]
    compiled: frozenset[str]


class ModuleFinder:
    """Find modules in folders by dotted name and read them, each once; nothing of them is ever run.

    Finders that share `read` read no module twice; what each of them asks the disk is noted in its own view.
    """

    def __init__(
        self,
        folders: Sequence[str | os.PathLike[str]],
        view: View | None = None,
        read: Modules | None = None,
    ) -> None:
        self._view = view or View(Disk())
        self._read_before = {} if read is None else read
        self._folders = tuple(os.fspath(folder) or os.curdir for folder in folders)
        self._listings: dict[str, _Listing | None] = {}
        self._modules: dict[str, LoadedModule | ModuleMissing | Broken | Unknown] = {}
        self._files: list[str] = []

    def files(self) -> tuple[str, ...]:
        """Return the files read so far, in the order they were read."""
        return tuple(self._files)

    def load(self, module: str) -> LoadedModule | ModuleMissing | Broken | Unknown:
        """Return a module by its full name as read, or say why there is none to read."""
        if module not in self._modules:
            place = self._find(module)
            self._modules[module] = self._read(module, place) if isinstance(place, _Place) else place
        return self._modules[module]

    def place_of(self, module: str) -> str | None:
        """Return the file of a module, or the folder of a package without one; None where there is none."""
        place = self._find(module)
        if not isinstance(place, _Place):
            return None
        return place.file or place.folders[0]

    def holds(self, package: LoadedModule, name: str) -> bool:
        """Tell whether a package has a submodule of this name."""
        return (
            package.is_package and self._place(f"{package.symbols.name}.{name}", package.folders) is not None
        )

    def _read(self, module: str, place: _Place) -> LoadedModule | Broken | Unknown:
        if place.file is None:
            return Unknown(f"`{module}` is a folder without `__init__.py`, part of it may be elsewhere")
        if not place.file.endswith((".py", ".pyi")):
            return Unknown(f"`{module}` is a compiled extension")
        symbols = self._symbols(place.file, module)
        if not isinstance(symbols, ModuleSymbols):
            return symbols
        return LoadedModule(symbols, place.file, place.folders, place.is_package)

    def _symbols(self, file: str, module: str) -> ModuleSymbols | Broken | Unknown:
        data = self._view.content(file)
        if isinstance(data, str):
            return Unknown(f"`{file}` cannot be read: {data}")
        self._files.append(file)
        key = file, module
        if key not in self._read_before:
            self._read_before[key] = self._parsed(file, module, data)
        return self._read_before[key]

    def _parsed(self, file: str, module: str, data: bytes) -> ModuleSymbols | Broken | Unknown:
        text = self._text(file, data)
        if not isinstance(text, str):
            return text
        symbols = read_module(text, module)
        return Broken(file, *symbols.problem) if symbols.problem else symbols

    def _text(self, file: str, data: bytes) -> str | Broken | Unknown:
        coding = next((found for line in data.splitlines()[:2] if (found := _CODING.match(line))), None)
        encoding = coding[1].decode() if coding else "utf-8"
        try:
            return data.decode("utf-8-sig" if encoding.lower() in _UTF_8 else encoding)
        except UnicodeError as error:
            line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
            return Broken(file, line, 1, f"this line is no {encoding} text")
        except LookupError:
            return Unknown(f"`{file}` is written in `{encoding}`, an encoding that is not known here")

    def _find(self, module: str) -> _Place | ModuleMissing | Broken | Unknown:
        place = _Place(None, self._folders, is_package=True)
        parts = module.split(".")
        for count in range(1, len(parts) + 1):
            path = ".".join(parts[:count])
            inner = self._place(path, place.folders)
            if inner is None:
                return self._missing(module, path, place)
            place = inner
        return place

    def _missing(self, module: str, path: str, parent: _Place) -> ModuleMissing | Broken | Unknown:
        """Say that `path` is not there, unless its parent may get modules from elsewhere."""
        package = path.rpartition(".")[0]
        folders = [self._listing(folder) for folder in parent.folders]
        siblings = frozenset(name for entries in folders if entries for name in _modules_in(entries))
        if not package:
            return ModuleMissing(module, path, siblings, is_local=False)
        loaded = self.load(package)
        if not isinstance(loaded, LoadedModule):
            return loaded
        if loaded.symbols.dynamic not in (None, LAZY):
            return Unknown(f"`{os.path.normpath(loaded.file)}` {loaded.symbols.dynamic}")
        if None in folders or loaded.file.endswith(".pyi") or is_hidden_by_python(package, loaded.file):
            return Unknown(f"`{package}` may have modules that are not to be seen here")
        return ModuleMissing(module, path, siblings, is_local=True)

    def _place(self, module: str, folders: Iterable[str]) -> _Place | None:
        """Find the last part of a dotted name in the folders that its parent names, as Python does."""
        part = module.rpartition(".")[2]
        portions: list[str] = []
        for folder in folders:
            entries = self._listing(folder)
            if entries is None:
                continue
            if part in entries.folders:
                inside = _join(folder, part)
                file = _file_of("__init__", inside, self._listing(inside))
                if file:
                    return _Place(file, (inside,), is_package=True)
                portions.append(inside)
            file = _file_of(part, folder, entries)
            if file:
                return _Place(file, (), is_package=False)
        return _Place(None, tuple(portions), is_package=True) if portions else None

    def _listing(self, folder: str) -> _Listing | None:
        """Return what stands in a folder, None where it may not be read."""
        if folder not in self._listings:
            self._listings[folder] = _listed(self._view, folder)
        return self._listings[folder]


def _listed(view: View, folder: str) -> _Listing | None:
    names = view.names(folder)
    if names is None:
        return None
    files, folders = names
    compiled = frozenset(name.partition(".")[0] for name in files if name.endswith(_COMPILED))
    return _Listing(files, folders, compiled)


def _file_of(part: str, folder: str, entries: _Listing | None) -> str | None:
    """Return the file that holds a module of this name, by the order in which Python tries them."""
    if entries is None:
        return None
    names = [f"{part}.py", f"{part}.pyc"]
    if part in entries.compiled:
        names = [f"{part}.pyi", f"{part}.so"]
        return _join(folder, names[0] if names[0] in entries.files else names[1])
    return next((_join(folder, name) for name in names if name in entries.files), None)


def _modules_in(entries: _Listing) -> set[str]:
    files = {name.removesuffix(".py") for name in entries.files if name.endswith(".py")}
    return {name for name in files | entries.folders | entries.compiled if not name.startswith("__")}


def is_hidden_by_python(module: str, file: str) -> bool:
    """Tell whether Python may mean a module of its own by this name instead of the file."""
    own = _folder_of(os.__file__)
    return module.partition(".")[0] in sys.stdlib_module_names and not file.startswith(own)
