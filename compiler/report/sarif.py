"""Diagnostics as SARIF 2.1.0, the exchange format of static checkers (OASIS, 2020).

Section numbers are those of the standard. Columns count characters (3.14.17), as everywhere in jobc, and ends
are exclusive in both.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jobc.compiler.fingerprints import unique_fingerprints
from jobc.compiler.report.advice import advice
from jobc.compiler.report.places import relative_name
from jobc.compiler.report.rules import rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.compiler.suppressions import Suppressed
    from jobc.schemas.diagnostics import Diagnostic, Edit, Location

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

Record = dict[str, Any]


def render(
    diagnostics: Sequence[Diagnostic],
    texts: Mapping[str, str],
    *,
    files: int,
    jobs: int,
    suppressed: Sequence[Suppressed] = (),
) -> str:
    """Write one run; what comments suppress is among the results, which say that it is (3.27.23)."""
    del files, jobs
    from jobc import __version__

    all_found = [*diagnostics, *(each.diagnostic for each in suppressed)]
    codes = sorted({each.code for each in all_found})
    names = [relative_name(each.location.file) for each in all_found]
    prints = unique_fingerprints(all_found, texts, names)
    results = [
        _result(each, codes.index(each.code), fingerprint)
        for each, fingerprint in zip(all_found, prints, strict=True)
    ]
    for result, each in zip(results[len(diagnostics) :], suppressed, strict=True):
        result["suppressions"] = [_suppression(each)]
    driver = {"name": "jobc", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> Record:
    """Describe a code (3.49)."""
    known = rule(code)
    return {
        "id": code,
        "name": known.name,
        "shortDescription": {"text": known.title},
        "fullDescription": {"text": known.about},
        "help": {"text": f"{known.about} `jobc explain {code}` shows examples.", "markdown": known.page},
        "defaultConfiguration": {"level": known.severity},
    }


def _result(diagnostic: Diagnostic, rule_index: int, fingerprint: str) -> Record:
    """Describe a diagnostic (3.27)."""
    text = "\n".join([diagnostic.message, *diagnostic.notes, *advice(diagnostic)])
    result: Record = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": diagnostic.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": _physical(diagnostic.location)}],
        "partialFingerprints": {"jobc/v1": fingerprint},
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(each.location), "message": {"text": each.message}}
            for number, each in enumerate(diagnostic.related, 1)
        ]
    if diagnostic.edits:
        result["fixes"] = [_fix(diagnostic)]
    return result


def _fix(diagnostic: Diagnostic) -> Record:
    """Describe the edits of a diagnostic, which go together (3.55)."""
    by_file: dict[str, list[Edit]] = {}
    for edit in diagnostic.edits:
        by_file.setdefault(edit.location.file, []).append(edit)
    changes = [
        {
            "artifactLocation": _artifact(file),
            "replacements": [
                {"deletedRegion": _region(edit.location), "insertedContent": {"text": edit.text}}
                for edit in edits
            ],
        }
        for file, edits in by_file.items()
    ]
    return {"description": {"text": diagnostic.help or diagnostic.title}, "artifactChanges": changes}


def _suppression(suppressed: Suppressed) -> Record:
    """Describe a comment that suppresses (3.35)."""
    record: Record = {"kind": "inSource"}
    if suppressed.reason:
        record["justification"] = suppressed.reason
    return record


def _physical(location: Location) -> Record:
    return {"artifactLocation": _artifact(location.file), "region": _region(location)}


def _artifact(file: str) -> Record:
    """Name a file: by a reference relative to the root of the sources, or whole if it is elsewhere."""
    name = relative_name(file)
    encoded = quote(name.encode("utf-8", "surrogateescape"))
    if name.startswith("/"):
        return {"uri": f"file://{encoded}"}
    return {"uri": encoded, "uriBaseId": "%SRCROOT%"}


def _region(location: Location) -> Record:
    _, start, end = location
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }
