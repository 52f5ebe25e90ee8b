"""Queries from the command line: asked of a job, and told where they are wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from jobc.compiler.report.columns import visible
from jobc.runtime.errors import InvalidSubsetError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.selection import Selection


def found_or_reported(job: JobDefinition, queries: Sequence[str]) -> Selection | None:
    """Return what the queries select together; where one is wrong, print how and return None."""
    from jobc.runtime.selection import select_in_job

    try:
        return select_in_job(job, queries)
    except InvalidSubsetError as error:
        _print_mistake(error, queries)
        return None


def selected_or_reported(job: JobDefinition, queries: Sequence[str]) -> JobDefinition | None:
    """Return the job of what the queries select, the job itself for none; or print a mistake, return None."""
    if not queries:
        return job
    from jobc.runtime.selection import selected_job

    try:
        return selected_job(job, queries)
    except InvalidSubsetError as error:
        _print_mistake(error, queries)
        return None


def _print_mistake(error: InvalidSubsetError, queries: Sequence[str]) -> None:
    """Print what is wrong, with the query underlined; the lead that repeats all queries is left out."""
    text = str(error)
    _, lead, said = text.partition(f"={list(queries)!r}: ")
    print(f"error: {visible(said if lead else text)}", file=sys.stderr)
