"""What a linked job knows of its making, so that another process can make it again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jobc.runtime.definitions.configured import changed
from jobc.runtime.definitions.origin import JobOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.job import JobDefinition


def compiled_with(
    job: JobDefinition, profile: str | None, variables: Mapping[str, object], files: Mapping[str, str]
) -> JobDefinition:
    """Let a job know its profile, the values given to vars, and the SHA-256 of its files by absolute path."""
    assert isinstance(job.origin, JobOrigin)
    return changed(job, origin=replace(job.origin, profile=profile, vars=variables, files=files))
