"""What a user points to: `reconstructable` and `build_reconstructable_job` (SEMANTICS 21)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import TYPE_CHECKING

from jobc.runtime.definitions.checks import check_is, check_optional, describe
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.origin import JobOrigin, function_origin
from jobc.runtime.errors import InvariantViolationError, ParameterCheckError
from jobc.runtime.reconstruct.job import ReconstructableJob
from jobc.runtime.reconstruct.plain_values import json_text
from jobc.runtime.reconstruct.python_targets import (
    OTHERWISE,
    check_takes_nothing,
    job_of_python,
    named_pointer,
    pointer_to,
)

if TYPE_CHECKING:
    from os import PathLike

EXPECTED = (
    "`reconstructable` takes a job made by `@job`, a function at module scope that returns a job, or a "
    "pointer to a spec such as `shop.yaml#etl`"
)
LONG_NAMES = {
    "module": "reconstructor_module_name",
    "function": "reconstructor_function_name",
    "args": "reconstructable_args",
    "kwargs": "reconstructable_kwargs",
    "working_directory": "reconstructor_working_directory",
}
"""What the Jobs API calls the parameters of `build_reconstructable_job`."""


def reconstructable(
    target: JobDefinition | Callable[[], JobDefinition] | str | PathLike[str],
    *,
    profile: str | None = None,
    vars: Mapping[str, object] | None = None,  # noqa: A002 - as in `jobc.load`
) -> ReconstructableJob:
    """Return a pointer to a job from which other processes can build it, wherever they are started.

    The target is a job that `@job` made at module scope, a function at module scope without parameters that
    returns a job (it is called once, now), or a pointer to a job of a spec, which `profile` and `vars` are
    for.
    Errors: `InvariantViolationError` for any other target; what the function raises; for a spec with
    mistakes `CompileError`.
    """
    if isinstance(target, str | os.PathLike):
        return _of_spec(target, profile, vars)
    if profile is not None or vars:
        raise ParameterCheckError("`profile` and `vars` are for pointers to specs; the target is none")
    if isinstance(target, JobDefinition):
        return _of_job(target)
    if not isinstance(target, FunctionType):
        raise InvariantViolationError(f"{EXPECTED}, not {describe(target)}")
    return _of_function(target)


def build_reconstructable_job(
    reconstructor_module_name: str | None = None,
    reconstructor_function_name: str | None = None,
    reconstructable_args: tuple[object, ...] | None = None,
    reconstructable_kwargs: Mapping[str, object] | None = None,
    reconstructor_working_directory: str | PathLike[str] | None = None,
    *,
    module: str | None = None,
    function: str | None = None,
    args: tuple[object, ...] | None = None,
    kwargs: Mapping[str, object] | None = None,
    working_directory: str | PathLike[str] | None = None,
) -> ReconstructableJob:
    """Return a pointer to the job that a function returns for these arguments; it is called once, now.

    The arguments are passed as JSON holds them, so tuples inside them arrive as lists. Imports are looked
    for in the working directory, too. Each parameter has a short name, which means the same.
    Errors: `ParameterCheckError` for arguments that JSON cannot hold and for wrong types; `ImportError` if
    the module cannot be imported; `InvariantViolationError` if it has no such function, or that returns no
    job; what the function raises.
    """
    module_name = _one("module", module, reconstructor_module_name)
    function_name = _one("function", function, reconstructor_function_name)
    given = _one("args", args, reconstructable_args)
    named = _one("kwargs", kwargs, reconstructable_kwargs)
    folder = _one("working_directory", working_directory, reconstructor_working_directory)
    pointer = named_pointer(
        check_is(module_name, str, "`module`", "text"),
        check_is(function_name, str, "`function`", "text"),
        json_text(check_optional(given, tuple, "`args`", "a tuple") or (), "args"),
        json_text(check_optional(named, Mapping, "`kwargs`", "a mapping") or {}, "kwargs"),
        _folder(folder),
    )
    job = job_of_python(pointer)
    return ReconstructableJob(pointer, job.name, job)


def _one(name: str, short: object, long: object) -> object:
    """Return what was given under the short name of a parameter or under the long one."""
    if short is not None and long is not None:
        raise ParameterCheckError(f"`{name}` and `{LONG_NAMES[name]}` mean the same; give one of them")
    return long if short is None else short


def _folder(given: object) -> str | None:
    if given is None or isinstance(given, str | os.PathLike):
        return None if given is None else os.fspath(given)
    raise ParameterCheckError(f"`working_directory` must be a path, not {describe(given)}")


def _of_spec(
    target: str | PathLike[str], profile: str | None, variables: Mapping[str, object] | None
) -> ReconstructableJob:
    from jobc.runtime.reconstruct.specs import loaded_spec, names_a_spec

    text = os.fspath(target)
    if not names_a_spec(text):
        raise InvariantViolationError(f"{EXPECTED}, not {describe(target)}: there is no such file")
    return _of_job(loaded_spec(text, profile, variables))


def _of_job(job: JobDefinition) -> ReconstructableJob:
    described = f"the job `{job.name}`"
    if isinstance(job.origin, JobOrigin):
        from jobc.runtime.reconstruct.specs import pointer_of_origin

        return ReconstructableJob(pointer_of_origin(job.origin), job.name, job)
    if job.origin is None:
        raise InvariantViolationError(
            f"{described} was not made by `@job` but by `to_job` or the constructor, so another process "
            f"cannot find it; {OTHERWISE}"
        )
    return ReconstructableJob(pointer_to(job.origin, job, described), job.name, job)


def _of_function(function: FunctionType) -> ReconstructableJob:
    origin = function_origin(function)
    assert origin is not None
    described = f"the function `{function.__name__}`"
    pointer = pointer_to(origin, function, described)
    check_takes_nothing(function, described)
    job = job_of_python(pointer)
    return ReconstructableJob(pointer, job.name, job)
