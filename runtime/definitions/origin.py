"""Where a definition was written: the spec behind an op, the pointer behind a job (DESIGN 8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SourceOrigin:
    """The place in a spec that declares a definition; `line` is 1-based."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class JobOrigin:
    """The pointer from which another process builds the same job: a file, a job in it, how to compile it.

    `digest` is the SHA-256 of the job's IR, by which drift is noticed.
    """

    file: str
    job: str
    profile: str | None = None
    vars: Mapping[str, object] = field(default_factory=dict)
    digest: str | None = None
