"""Import the author's Python code: here and nowhere else in the compiler.

Targets are looked for on the spec's `python_path` first, then wherever Python looks. Two specs may each have
a module of the same name; a module that was imported for another folder is imported anew for this one.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from jobc.schemas.names import near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


class TargetError(Exception):
    """A target cannot be imported; the message says why, in words for the author."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message, advice)
        self.message = message
        self.advice = advice


class Importer:
    """Imports the targets of one job; each module is looked for once."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._modules: dict[str, object] = {}
        self._tops: set[str] = set()

    def target(self, target: str) -> object:
        """Return what `module:name` stands for.

        Raises `TargetError` when the module cannot be imported or has no such name; the cause is the
        exception that importing it raised.
        """
        module_name, _, name = target.partition(":")
        if module_name not in self._modules:
            self._modules[module_name] = self._module(module_name)
        value = self._modules[module_name]
        for part in name.split("."):
            if not hasattr(value, part):
                near = near_names(part, dir(value))
                advice = f"did you mean `{near[0]}`?" if near else f"define `{part}` in `{module_name}`"
                raise TargetError(f"`{module_name}` has no `{name}`", advice)
            value = getattr(value, part)
        return value

    def _module(self, name: str) -> object:
        top = name.partition(".")[0]
        if top not in self._tops:
            self._prepare(top)
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            raise TargetError(*_not_found(name, error, self._folders)) from error
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001 - a module of the author's may raise anything
            text = f"{type(error).__name__}: {error}".rstrip(": ")
            raise TargetError(
                f"importing `{name}` raised {text}", "correct the module; nothing was run"
            ) from error

    def _prepare(self, top: str) -> None:
        """Let the spec's folders come first, and see what has been written since the last import."""
        entries = [str(folder) for folder in self._folders]
        sys.path[:] = [*entries, *(entry for entry in sys.path if entry not in entries)]
        importlib.invalidate_caches()
        _forget_namesake(top, entries)
        self._tops.add(top)


def called_target(target: str, value: object) -> Callable[..., object]:
    """Return an imported target that can be called.

    Raises `TargetError` for one that cannot.
    """
    if callable(value):
        return value
    kind = type(value).__name__
    raise TargetError(f"`{target}` is of type `{kind}` and cannot be called", "name a function")


def _forget_namesake(top: str, entries: list[str]) -> None:
    """Drop a module of this name that comes from elsewhere, when the spec's folders hold one of their own."""
    loaded = sys.modules.get(top)
    spec = PathFinder.find_spec(top, entries)
    if loaded is None or spec is None or spec.origin is None:
        return
    if getattr(loaded, "__file__", None) != spec.origin:
        for name in [name for name in sys.modules if name == top or name.startswith(f"{top}.")]:
            del sys.modules[name]


def _not_found(name: str, error: ModuleNotFoundError, folders: Sequence[Path]) -> tuple[str, str]:
    missing = error.name or name
    if not (name == missing or name.startswith(f"{missing}.")):
        return f"`{name}` imports `{missing}`, which is not installed", f"install `{missing}`"
    known = {path.stem for folder in folders if folder.is_dir() for path in folder.iterdir()}
    near = near_names(missing, known)
    shown = ", ".join(f"`{folder}`" for folder in folders)
    advice = f"did you mean `{near[0]}`?" if near else f"looked in {shown} and among installed packages"
    return f"there is no Python module `{missing}`", advice
