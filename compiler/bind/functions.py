"""Find what `python:` targets name, without importing it, and report what is surely missing."""

from __future__ import annotations

import os
from ast import literal_eval
from typing import TYPE_CHECKING

from jobc.compiler.bind.definitions import ClassSymbol, FunctionSymbol, ValueSymbol
from jobc.compiler.bind.module_finder import Broken, ModuleMissing, Unknown
from jobc.compiler.bind.modules import Found, NameMissing
from jobc.compiler.bind.signatures import OWN_DECORATORS
from jobc.compiler.syntax.document import Place
from jobc.schemas.diagnostics import Diagnostic, Location, Position, Related
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from jobc.compiler.bind.declared_outs import DeclaredOut
    from jobc.compiler.bind.modules import ModuleIndex, Resolution
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document, Target


# What a function does that is named in a section of a spec.
_DOES = {
    "ops": "takes the inputs and returns the outputs",
    "resources": "returns or yields the resource",
    "hooks": "takes the context of a step",
    "loggers": "returns a logger",
    "executors": "returns an executor",
    "config_mappings": "takes the parameters and returns the run config",
    "partitioned_configs": "takes the partition and returns the run config",
}


class Functions:
    """Looks up the functions behind targets; mistakes are collected in `diagnostics`."""

    def __init__(self, document: Document, index: ModuleIndex, *, with_notes: bool) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._document = document
        self._index = index
        self._with_notes = with_notes
        self._broken: set[str] = set()

    def find(self, path: Path) -> FunctionSymbol | None:
        """Return the function the target at `path` names; None when its signature cannot be known."""
        target = self._document.targets.get(path)
        if target is None:
            return None
        resolution = self._index.resolve(target.module, target.name)
        if not isinstance(resolution, Found):
            self._report(Place(path), target, resolution)
            return None
        symbol = resolution.symbol
        if isinstance(symbol, ValueSymbol):
            if _is_constant(symbol.text):
                self._refuse(path, target, resolution, "is a value, not a function")
            return None
        if isinstance(symbol, FunctionSymbol) and self._needs_an_object(target, symbol):
            self._refuse(path, target, resolution, "is a method, which needs an object to be called on")
            return None
        if path[0] == "resources" and _is_awaited(symbol):
            self._refuse(path, target, resolution, "is `async`; a resource is opened without waiting")
            return None
        function = symbol.init if isinstance(symbol, ClassSymbol) else symbol
        if function is None or not function.trusted or _declares_itself(function):
            return None
        return function

    def declared_outs(self, path: Path) -> tuple[DeclaredOut, ...] | None:
        """Return the outputs that the `@op` function at `path` spells out; None where it does not."""
        target = self._document.targets.get(path)
        resolution = None if target is None else self._index.resolve(target.module, target.name)
        symbol = resolution.symbol if isinstance(resolution, Found) else None
        return symbol.outs if isinstance(symbol, FunctionSymbol) and symbol.trusted else None

    def check(self, place: Place, target: Target) -> None:
        """Report a target that is surely missing; `place` is where the text of the target stands."""
        resolution = self._index.resolve(target.module, target.name)
        if not isinstance(resolution, Found):
            self._report(place, target, resolution)

    def class_of(self, module: str, annotation: str) -> tuple[str, str] | None:
        """Return module and name of the class an annotation names, where that can be told."""
        if not all(part.isidentifier() for part in annotation.split(".")):
            return None
        resolution = self._index.resolve(module, annotation)
        if isinstance(resolution, Found) and isinstance(resolution.symbol, ClassSymbol):
            return resolution.module, resolution.symbol.name
        return None

    def is_class_alone(self, module: str, name: str) -> bool:
        """Tell whether a class surely derives from no other, so that its objects are all its own."""
        resolution = self._index.resolve(module, name)
        symbol = resolution.symbol if isinstance(resolution, Found) else None
        return isinstance(symbol, ClassSymbol) and not symbol.bases

    def _report(self, place: Place, target: Target, resolution: Resolution) -> None:
        location = self._document.locate(place)
        if isinstance(resolution, ModuleMissing):
            if resolution.is_local or self._with_notes:
                self.diagnostics.append(_module_missing(location, target, resolution))
        elif isinstance(resolution, NameMissing):
            offset = place.part[0] if place.part else 0
            part = (offset + len(target.module) + 1, offset + len(str(target)))
            location = self._document.locate(Place(place.path, part))
            self.diagnostics.append(_name_missing(location, resolution))
        elif isinstance(resolution, Broken):
            if resolution.file not in self._broken:
                self.diagnostics.append(_broken_module(location, target, resolution))
            self._broken.add(resolution.file)
        elif isinstance(resolution, Unknown) and self._with_notes:
            self.diagnostics.append(_unknown_target(location, target, resolution))

    def _needs_an_object(self, target: Target, function: FunctionSymbol) -> bool:
        owner, _, _ = target.name.rpartition(".")
        if not owner or not function.trusted or {"staticmethod", "classmethod"} & {*function.decorators}:
            return False
        resolution = self._index.resolve(target.module, owner)
        return isinstance(resolution, Found) and isinstance(resolution.symbol, ClassSymbol)

    def _refuse(self, path: Path, target: Target, found: Found, why: str) -> None:
        defined = Location(_shown(found.file), Position(found.line, 1), Position(found.line, 2))
        self.diagnostics.append(
            Diagnostic(
                "JC0305",
                f"`{target.name}` {why}",
                self._document.tree.locate(path),
                label="expected a function",
                related=(Related(f"`{target.name}` is defined here", defined),),
                help=f"name a function that {_DOES.get(str(path[0]), 'can be called')}",
            )
        )


def _declares_itself(function: FunctionSymbol) -> bool:
    return any(OWN_DECORATORS.fullmatch(name.rpartition(".")[2]) for name in function.decorators)


def _is_awaited(symbol: FunctionSymbol | ClassSymbol) -> bool:
    return isinstance(symbol, FunctionSymbol) and symbol.is_async and symbol.trusted


def _shown(file: str) -> str:
    return os.path.normpath(file)


def _is_constant(text: str) -> bool:
    try:
        literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _module_missing(location: Location, target: Target, missing: ModuleMissing) -> Diagnostic:
    near = f"did you mean `{missing.near[0]}`?" if missing.near else None
    if missing.is_local:
        return Diagnostic(
            "JC0301",
            f"there is no Python module `{missing.missing}`",
            location,
            label="the package has no such module",
            help=near or "`python_path` says where modules are looked for",
            suggestions=missing.near,
        )
    return Diagnostic(
        "JC0304",
        f"the Python package `{target.module.partition('.')[0]}` is not on `python_path`",
        location,
        label="not checked",
        help=near or "`python_path` says where modules are looked for; installed packages are not read",
        suggestions=missing.near,
    )


def _name_missing(location: Location, missing: NameMissing) -> Diagnostic:
    start = Position(1, 1)
    return Diagnostic(
        "JC0302",
        f"the Python module `{missing.module}` has no `{missing.name}`",
        location,
        label="no function or class of this name",
        related=(
            Related(f"`{missing.module}` is read from here", Location(_shown(missing.file), start, start)),
        ),
        help=f"did you mean {listing(missing.near[:1])}?"
        if missing.near
        else f"define it in `{_shown(missing.file)}`",
        suggestions=missing.near,
    )


def _broken_module(location: Location, target: Target, broken: Broken) -> Diagnostic:
    start = Position(broken.line, broken.column)
    end = Position(broken.line, broken.column + 1)
    return Diagnostic(
        "JC0303",
        f"the Python module `{target.module}` has a syntax error",
        location,
        label=f"line {broken.line}: {broken.message}",
        related=(Related(broken.message, Location(_shown(broken.file), start, end)),),
        help=f"correct line {broken.line} of `{_shown(broken.file)}`",
    )


def _unknown_target(location: Location, target: Target, unknown: Unknown) -> Diagnostic:
    return Diagnostic(
        "JC0304",
        f"`{target}` cannot be known without importing it: {unknown.reason}",
        location,
        label="not checked",
        help="name a function that is defined with `def` at the top of its module",
    )
