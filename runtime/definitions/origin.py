"""Where a definition was written: the spec behind an op, the pointer behind a job (DESIGN 8)."""

from __future__ import annotations

from dataclasses import field
from types import FunctionType
from typing import TYPE_CHECKING

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class SourceOrigin:
    """The place in a spec that declares a definition; `line` is 1-based."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class JobOrigin:
    """The pointer from which another process builds the same job: a file, a job in it, how to compile it.

    `digest` is the SHA-256 of the job's IR, by which drift is noticed; `files` are the files that took part,
    each with its SHA-256, by absolute path. `folder` is where the job's paths start from, where that is not
    the folder of `file`.
    """

    file: str
    job: str
    profile: str | None = None
    vars: Mapping[str, object] = field(default_factory=dict)
    digest: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionOrigin:
    """The function behind a definition that a decorator made: its module, and its name there.

    `qualified_name` differs from `name` for a function that is not at module scope. `file` is the source
    file as Python knows it; it may be no file at all, as in `<stdin>`.
    """

    module: str
    name: str
    qualified_name: str
    file: str


def function_origin(function: Callable[..., object]) -> FunctionOrigin | None:
    """Return where a function is defined; None for anything else that can be called."""
    if not isinstance(function, FunctionType):
        return None
    return FunctionOrigin(
        function.__module__, function.__name__, function.__qualname__, function.__code__.co_filename
    )
