"""The JSON form of diagnostics, version 1 (DESIGN 5): what programs rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jobc.compiler.report.advice import advice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.schemas.diagnostics import Diagnostic, Location

VERSION = 1


def render(diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], *, files: int, jobs: int) -> str:
    """Write diagnostics as one line of ASCII JSON that ends with a newline.

    Lines and columns are 1-based, columns count characters, ends are exclusive. `texts` is not needed here.
    """
    del texts
    document = {
        "version": VERSION,
        "files": files,
        "jobs": jobs,
        "diagnostics": [_record(diagnostic) for diagnostic in diagnostics],
    }
    return json.dumps(document) + "\n"


def _record(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "label": diagnostic.label,
        "location": _location(diagnostic.location),
        "related": [{"message": r.message, "location": _location(r.location)} for r in diagnostic.related],
        "notes": list(diagnostic.notes),
        "help": "; ".join(advice(diagnostic)) or None,
        "suggestions": list(diagnostic.suggestions),
        "edits": [{"location": _location(e.location), "text": e.text} for e in diagnostic.edits],
        "doc": diagnostic.doc,
    }


def _location(location: Location) -> dict[str, object]:
    return {
        "file": location.file,
        "start": {"line": location.start.line, "column": location.start.column},
        "end": {"line": location.end.line, "column": location.end.column},
    }
