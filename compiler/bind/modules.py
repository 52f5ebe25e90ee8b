"""Modules: what a `python: module.path:name` target names, found by path and read, never imported.

A name is said not to exist only where its module was read whole and makes no names at run time; every doubt
is an `Unknown` with its reason in plain words (DESIGN 3, "Python targets").
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from jobc.compiler.bind.definitions import ClassSymbol, FunctionSymbol, ImportedName, ValueSymbol, doubted
from jobc.compiler.bind.module_finder import (
    Broken,
    LoadedModule,
    ModuleFinder,
    ModuleMissing,
    Unknown,
    is_hidden_by_python,
)
from jobc.compiler.bind.symbols import LAZY
from jobc.schemas.names import near_names
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.compiler.bind.module_finder import Modules
    from jobc.compiler.bind.symbols import StarImport
    from jobc.compiler.disk import View


@dataclass(frozen=True, slots=True)
class Found:
    """The target is this symbol, written in `file` (as module `module`) at `line`."""

    symbol: FunctionSymbol | ClassSymbol | ValueSymbol
    file: str
    module: str
    line: int


@dataclass(frozen=True, slots=True)
class NameMissing:
    """The module was read whole and has no such name; `near` are those of its names that come close."""

    module: str
    name: str
    near: tuple[str, ...]
    file: str


Resolution: TypeAlias = Found | ModuleMissing | NameMissing | Broken | Unknown

_Trail: TypeAlias = frozenset[tuple[str, str]]


class ModuleIndex:
    """Tell what dotted names in modules of the folders stand for; nothing of them is ever run."""

    def __init__(
        self,
        folders: Sequence[str | os.PathLike[str]],
        view: View | None = None,
        read: Modules | None = None,
    ) -> None:
        self._finder = ModuleFinder(folders, view, read)

    def files(self) -> tuple[str, ...]:
        """Return the files read so far, in the order they were read."""
        return self._finder.files()

    def resolve(self, module: str, name: str) -> Resolution:
        """Tell what `module:name` names; `name` may be dotted (`Class.method`). Never raises."""
        if not all(part.isidentifier() for part in (*module.split("."), *name.split("."))):
            return Unknown(f"`{module}:{name}` is not written as a module and a name")
        return self._lookup(module, name, frozenset())

    def _lookup(self, module: str, name: str, trail: _Trail) -> Resolution:
        if (module, name) in trail:
            return Unknown(f"the imports of `{name}` go round in a circle")
        loaded = self._finder.load(module)
        if not isinstance(loaded, LoadedModule):
            return loaded
        return self._lookup_in(loaded, name, trail | {(module, name)})

    def _lookup_in(self, module: LoadedModule, name: str, trail: _Trail) -> Resolution:
        head, _, rest = name.partition(".")
        symbols = module.symbols
        known = head in symbols.symbols or head in symbols.imports
        by_star = self._from_stars(module, name, symbols.lines[head] if known else 0, trail)
        if isinstance(by_star, Found) or (by_star and not known):
            return by_star
        if not known:
            return self._unbound(module, head, rest, trail)
        found = self._bound(module, head, rest, trail)
        return _doubtful(found) if by_star else found

    def _bound(self, module: LoadedModule, head: str, rest: str, trail: _Trail) -> Resolution:
        symbols = module.symbols
        imported = symbols.imports.get(head)
        if imported:
            found = self._imported(module, imported, rest, symbols.lines[head], trail)
            return _doubtful(found) if head in symbols.doubtful else found
        symbol = symbols.symbols[head]
        if isinstance(symbol, ValueSymbol) and symbol.form == "alias":
            return self._aliased(module, symbol, rest, trail)
        if rest:
            return self._member(module, symbol, rest)
        return _found(symbol, module)

    def _aliased(self, module: LoadedModule, symbol: ValueSymbol, rest: str, trail: _Trail) -> Resolution:
        """Follow `name = other`, where `other` still is at the end what it was there."""
        target = symbol.text.partition(".")[0]
        symbols = module.symbols
        steady = target in symbols.symbols or target in symbols.imports
        if not steady or symbols.lines[target] >= symbol.line or target == symbol.name:
            return _found(replace(symbol, form="computed"), module)
        found = self._lookup(symbols.name, f"{symbol.text}.{rest}" if rest else symbol.text, trail)
        if isinstance(found, Found):
            return _doubtful(found) if symbol.name in symbols.doubtful else found
        return _found(replace(symbol, form="computed"), module)

    def _member(
        self, module: LoadedModule, symbol: FunctionSymbol | ClassSymbol | ValueSymbol, rest: str
    ) -> Resolution:
        key, symbols = f"{symbol.name}.{rest}", module.symbols
        reason = symbols.unclear.get(key)
        if reason:
            return Unknown(f"`{key}` is {reason}")
        if not isinstance(symbol, ClassSymbol):
            return Unknown(f"`{symbol.name}` is no class, what it holds is known at run time only")
        member = symbols.members.get(key)
        if member:
            return _found(member, module)
        is_open = symbols.is_dynamic or not symbol.is_closed
        if is_open or rest.startswith("_") or "." in rest or hasattr(type, rest):
            return Unknown(f"`{symbol.name}` may have `{rest}` from elsewhere than its own lines")
        own = [name.rpartition(".")[2] for name in symbols.members if name.rpartition(".")[0] == symbol.name]
        near = tuple(f"{symbol.name}.{name}" for name in near_names(rest, own))
        return NameMissing(symbols.name, key, near, module.file)

    def _imported(
        self, module: LoadedModule, imported: ImportedName, rest: str, line: int, trail: _Trail
    ) -> Resolution:
        """Follow an import; what fails on the way is not the target's mistake and stays unknown."""
        source = module.absolute(imported.module)
        path = ".".join(part for part in (imported.attribute, rest) if part)
        if source is None:
            return Unknown(f"imported at line {line} from `{imported.module}`, which is outside the package")
        if not path:
            return Unknown(f"`{source}` is a module, imported at line {line}")
        if source == module.symbols.name and imported.attribute:
            found = self._unbound(module, imported.attribute, rest, trail)
        else:
            found = self._lookup(source, path, trail)
        if isinstance(found, Found | Broken):
            return found
        reason = f": {found.reason}" if isinstance(found, Unknown) else ", which could not be followed"
        return Unknown(f"imported at line {line} from `{source}`{reason}")

    def _unbound(self, module: LoadedModule, head: str, rest: str, trail: _Trail) -> Resolution:
        symbols = module.symbols
        if head in symbols.type_only:
            return self._type_only(module, head, rest, trail)
        if head in symbols.unclear:
            return Unknown(f"`{head}` is {symbols.unclear[head]}")
        if head.startswith("__") and head.endswith("__"):
            return Unknown(f"`{head}` is given to modules by Python")
        if self._finder.holds(module, head):
            inner = f"{symbols.name}.{head}"
            return self._lookup(inner, rest, trail) if rest else Unknown(f"`{inner}` is a module")
        if symbols.dynamic:
            return Unknown(f"`{os.path.normpath(module.file)}` {symbols.dynamic}")
        if module.file.endswith(".pyi"):
            return Unknown(f"`{symbols.name}` is a compiled extension")
        if is_hidden_by_python(symbols.name, module.file):
            return Unknown(f"`{symbols.name}` is also the name of a module of Python's own")
        if any(self._reaches_into(package, symbols.name, head) for package in _parents(symbols.name)):
            return Unknown(f"`{head}` is set in `{symbols.name}` by its package")
        return NameMissing(symbols.name, head, near_names(head, symbols.names), module.file)

    def _type_only(self, module: LoadedModule, head: str, rest: str, trail: _Trail) -> Resolution:
        """Follow what is bound for type checkers; it holds at run time where the module is lazy."""
        item, symbols = module.symbols.type_only[head], module.symbols
        seen = replace(symbols, type_only={}, symbols={}, imports={}, star_imports=(), lines={head: 0})
        if isinstance(item, ImportedName):
            seen = replace(seen, imports={head: item})
        else:
            seen = replace(seen, symbols={head: item}, lines={head: item.line})
        found = self._bound(module._replace(symbols=seen), head, rest, trail)
        return found if symbols.dynamic == LAZY else _doubtful(found)

    def _from_stars(
        self, module: LoadedModule, name: str, after: int, trail: _Trail
    ) -> Found | Unknown | None:
        """Look for a name in the star imports below a line, last one first; None where none has it."""
        for star in reversed(module.symbols.star_imports):
            if star.line < after:
                break
            found = self._from_star(module, star, name, trail)
            if found:
                return found
        return None

    def _from_star(
        self, module: LoadedModule, star: StarImport, name: str, trail: _Trail
    ) -> Found | Unknown | None:
        source = module.absolute(star.module)
        loaded = self._finder.load(source) if source else None
        doubt = Unknown(f"it may come from `from {star.module} import *` at line {star.line}")
        if not isinstance(loaded, LoadedModule):
            return doubt
        head, exported = name.partition(".")[0], loaded.symbols.dunder_all
        if (loaded.symbols.name, name) in trail or (exported is not None and head not in exported):
            return None
        is_private = head.startswith("_") and exported is None
        if is_private and not loaded.symbols.has_computed_all:
            return None
        found = self._lookup(loaded.symbols.name, name, trail)
        if isinstance(found, NameMissing):
            return None
        if not isinstance(found, Found) or loaded.symbols.has_computed_all:
            return doubt
        return replace(found, symbol=doubted(found.symbol)) if star.is_conditional else found

    def _reaches_into(self, package: str, module: str, name: str) -> bool:
        """Tell whether a package assigns the name to an attribute of one of its modules."""
        loaded = self._finder.load(package)
        last = module.rpartition(".")[2]
        return isinstance(loaded, LoadedModule) and f"{last}.{name}" in loaded.symbols.unclear


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _found(symbol: FunctionSymbol | ClassSymbol | ValueSymbol, module: LoadedModule) -> Found | Unknown:
    if isinstance(symbol, ValueSymbol) and (symbol.form != "literal" or module.symbols.is_dynamic):
        return Unknown(f"assigned at line {symbol.line} from {symbol.text}")
    return Found(symbol, module.file, module.symbols.name, symbol.line)


def _doubtful(resolution: Resolution) -> Resolution:
    """Return the answer with its signature not trusted, for a name that may be something else."""
    if isinstance(resolution, NameMissing):
        return Unknown(f"`{resolution.name}` may be set elsewhere")
    if not isinstance(resolution, Found):
        return resolution
    if isinstance(resolution.symbol, ValueSymbol):
        return Unknown(f"assigned at line {resolution.line} and perhaps elsewhere")
    return replace(resolution, symbol=doubted(resolution.symbol))
