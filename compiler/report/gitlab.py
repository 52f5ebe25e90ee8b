"""Diagnostics as a code quality report of GitLab, which compares the reports of two branches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jobc.compiler.fingerprints import unique_fingerprints
from jobc.compiler.report.advice import advice
from jobc.compiler.report.places import relative_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.schemas.diagnostics import Diagnostic

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def render(diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], *, files: int, jobs: int) -> str:
    """Write a JSON array with an object for each diagnostic.

    No two have the same fingerprint, and it stays the same while only other lines of the file change.
    """
    del files, jobs
    names = [relative_name(each.location.file) for each in diagnostics]
    prints = unique_fingerprints(diagnostics, texts, names)
    records = [_record(each, fingerprint) for each, fingerprint in zip(diagnostics, prints, strict=True)]
    return json.dumps(records, indent=2) + "\n"


def _record(diagnostic: Diagnostic, fingerprint: str) -> dict[str, object]:
    file, start, end = diagnostic.location
    return {
        "description": "; ".join([diagnostic.message, *advice(diagnostic)]),
        "check_name": diagnostic.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": relative_name(file), "lines": {"begin": start.line, "end": end.line}},
    }
