"""Jobs and functions in Python modules: what can be pointed to, and the way back (SEMANTICS 21)."""

from __future__ import annotations

import sys
from dataclasses import replace
from inspect import signature
from pathlib import Path
from types import CoroutineType, FunctionType
from typing import TYPE_CHECKING

from jobc.runtime.definitions.invocable import Invocable
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.reconstruct.modules import SCRIPTS, file_of, folder_of, load_module, look_up
from jobc.runtime.reconstruct.plain_values import plain_list, plain_mapping
from jobc.runtime.reconstruct.pointers import PythonPointer
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from types import ModuleType

    from jobc.runtime.definitions.origin import FunctionOrigin

LAMBDA = "<lambda>"
OTHERWISE = "define a function at module scope that returns the job, or use `build_reconstructable_job`"


def pointer_to(origin: FunctionOrigin, target: object, described: str) -> PythonPointer:
    """Return the pointer to what a function at module scope made, or to the function itself.

    Errors: `InvariantViolationError` for a function that another process would not find, or not as the same.
    """
    if origin.name == LAMBDA or origin.qualified_name.endswith(LAMBDA):
        raise InvariantViolationError(
            f"{described} is made of a lambda, which has no name to be found by; {OTHERWISE}"
        )
    if origin.qualified_name != origin.name:
        raise InvariantViolationError(
            f"{described} is not defined at module scope: its full name is "
            f"`{origin.qualified_name}`; {OTHERWISE}"
        )
    pointer, module = _found(origin.module, origin.name, described)
    if look_up(pointer, module) is not target:
        raise InvariantViolationError(
            f"{pointer.described} is not {described} that was given but something else, and that is what "
            "another process would find; a job that was changed after its definition has to be returned by a "
            "function at module scope"
        )
    return pointer


def named_pointer(
    module: str, function: str, arguments: str, keywords: str, working_directory: str | None
) -> PythonPointer:
    """Return the pointer to a function by the names of its module and itself, which is imported.

    Errors: `ImportError` if the module cannot be imported; `InvariantViolationError` if it is in no file.
    """
    given = () if working_directory is None else (str(Path(working_directory).resolve()),)
    load_module(PythonPointer(module, function, None, given))
    found, _ = _found(module, function, f"the function `{function}`")
    folders = tuple(dict.fromkeys((*found.folders, *given)))
    return replace(found, folders=folders, arguments=arguments, keywords=keywords)


def _found(name: str, target: str, described: str) -> tuple[PythonPointer, ModuleType]:
    """Return the pointer to what a loaded module has under a name, with the module."""
    module = sys.modules.get(name)
    spec = getattr(module, "__spec__", None)
    file = file_of(module)
    if module is None or (file is None and (spec is None or not spec.has_location)):
        raise InvariantViolationError(
            f"{described} is defined in an interactive environment (a Python prompt, `python -c`, a "
            "notebook) and in no file that another process could read; put it into a module, or use "
            "`build_reconstructable_job`"
        )
    if name in SCRIPTS and spec is not None:
        name = spec.name
    if file is None:
        return PythonPointer(name, target, None, ()), module
    folder = folder_of(name, file)
    if folder is not None:
        return PythonPointer(name, target, str(file), (str(folder),)), module
    return PythonPointer(name, target, str(file), (str(file.parent),), is_loaded_from_file=True), module


def check_takes_nothing(function: FunctionType, described: str) -> None:
    """Refuse a function with parameters, even with defaults: another process calls it with nothing."""
    parameters = list(signature(function).parameters)
    if parameters:
        raise InvariantViolationError(
            f"{described} must be callable with no arguments, and takes {listing(parameters)}; give it a "
            "function without parameters around it, or use `build_reconstructable_job`, which passes some"
        )


def job_of_python(pointer: PythonPointer) -> JobDefinition:
    """Return the job of a pointer: the one that is there, or what the function there returns.

    Errors: `ImportError` if the module cannot be imported; `InvariantViolationError` if there is nothing of
    that name, or no job; what the function raises.
    """
    target = look_up(pointer, load_module(pointer))
    if isinstance(target, JobDefinition):
        return target
    if not callable(target) or isinstance(target, Invocable):
        raise InvariantViolationError(
            f"{pointer.described} must be a job or a function that returns one, not a value of type "
            f"`{type(target).__name__}`"
        )
    made = target(*plain_list(pointer.arguments), **plain_mapping(pointer.keywords))
    if isinstance(made, JobDefinition):
        return made
    if isinstance(made, CoroutineType):
        made.close()
    returned = "None: is a `return` missing?" if made is None else f"a value of type `{type(made).__name__}`"
    raise InvariantViolationError(f"{pointer.described} must return a job, and returned {returned}")
