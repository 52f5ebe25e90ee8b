"""Finding the module of a job again, in a process that may have been started anywhere.

A module is imported by its name wherever possible, so that it is the same module for everybody in the
process. What cannot be imported by name (a script, a file that was loaded by hand) is loaded from its file.
"""

from __future__ import annotations

import builtins
import sys
from importlib import import_module, invalidate_caches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from jobc.runtime.errors import ImportError as TargetImportError
from jobc.runtime.errors import InvariantViolationError
from jobc.schemas.names import near_names

if TYPE_CHECKING:
    from types import ModuleType

    from jobc.runtime.reconstruct.pointers import PythonPointer

SCRIPTS = ("__main__", "__mp_main__")
"""The names under which a script runs, in its own process and in those that are spawned for it."""


def file_of(module: ModuleType | None) -> Path | None:
    """Return the file that a module comes from, as an absolute path; None if there is none."""
    name = getattr(module, "__file__", None)
    path = None if name is None else Path(name).resolve()
    return path if path is not None and path.is_file() else None


def folder_of(module: str, file: Path) -> Path | None:
    """Return the folder from which a file is imported under a name, None if no folder makes it so."""
    parts = module.split(".")
    place = file.parent / file.stem
    if file.stem == "__init__" and parts[-1] != "__init__":
        place = file.parent
    if list(place.parts[-len(parts) :]) != parts:
        return None
    return place.parents[len(parts) - 1]


def load_module(pointer: PythonPointer) -> ModuleType:
    """Return the module of a pointer, imported if need be.

    Errors: `ImportError` if it cannot be imported; `InvariantViolationError` if the name leads to another
    file than the pointer's.
    """
    _look_in(pointer.folders)
    if pointer.is_loaded_from_file and pointer.file is not None:
        return _loaded(pointer.module, pointer.file)
    try:
        module = import_module(pointer.module)
    except Exception as error:
        raise TargetImportError(_import_failure(pointer.module, error)) from error
    _check_file(pointer, module)
    return module


def look_up(pointer: PythonPointer, module: ModuleType) -> object:
    """Return what the module has under the pointer's name; `InvariantViolationError` if it has nothing."""
    try:
        return getattr(module, pointer.name)
    except AttributeError:
        near = near_names(pointer.name, vars(module))
        hint = f"; did you mean `{near[0]}`?" if near else ""
        raise InvariantViolationError(
            f"the {pointer.described_module} has no `{pointer.name}` at module scope{hint}"
        ) from None


def _look_in(folders: tuple[str, ...]) -> None:
    """Let imports look in folders before the usual places; those that are among them stay in place."""
    missing = [folder for folder in folders if folder not in sys.path]
    if missing:
        sys.path[:0] = missing
        invalidate_caches()


def _check_file(pointer: PythonPointer, module: ModuleType) -> None:
    """Refuse a namesake; a file that is not there at all (another machine) is not compared."""
    if pointer.file is None or not Path(pointer.file).exists():
        return
    found = file_of(module)
    if found is not None and not found.samefile(pointer.file):
        raise InvariantViolationError(
            f"the module `{pointer.module}` comes from `{found}` in this process, and from `{pointer.file}` "
            "in the one that made the pointer: give one of the two another name, or let the folder of the "
            "second come first on `sys.path`"
        )


def _loaded(name: str, file: str) -> ModuleType:
    """Return the module that runs a file already, or load the file under the module's name."""
    path = Path(file).resolve()
    own_name = f"jobc_script_{path.stem}" if name in SCRIPTS else name
    for known in (*SCRIPTS, own_name):
        module = sys.modules.get(known)
        if module is not None and file_of(module) == path:
            return module
    spec = spec_from_file_location(own_name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise TargetImportError(f"there is no Python file `{file}`, where the job was defined")
    module = module_from_spec(spec)
    sys.modules[own_name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[own_name]
        raise TargetImportError(_import_failure(file, error)) from error
    return module


def _import_failure(what: str, error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name and f"{what}.".startswith(f"{error.name}."):
        return (
            f"there is no module `{what}`: give the `working_directory` it is imported from, if it is a file"
        )
    if isinstance(error, builtins.ImportError):
        return f"`{what}` cannot be imported: {error}"
    return f"importing `{what}` raised {type(error).__name__}: {error}".rstrip(": ")
