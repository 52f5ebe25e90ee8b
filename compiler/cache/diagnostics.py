"""Diagnostics as JSON and back, equal in every part."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jobc.schemas.diagnostics import Diagnostic, Edit, Location, Position, Related

if TYPE_CHECKING:
    from collections.abc import Iterable


def to_json(diagnostics: Iterable[Diagnostic]) -> bytes:
    """Return diagnostics as JSON, empty if there are none."""
    rows = [
        [
            each.code,
            each.message,
            each.location,
            each.label,
            each.related,
            each.notes,
            each.help,
            each.suggestions,
            each.edits,
        ]
        for each in diagnostics
    ]
    return json.dumps(rows, separators=(",", ":")).encode() if rows else b""


def from_json(data: bytes) -> tuple[Diagnostic, ...]:
    """Return the diagnostics that `to_json` wrote."""
    return tuple(_diagnostic(*row) for row in json.loads(data)) if data else ()


def _diagnostic(
    code: str,
    message: str,
    location: list[Any],
    label: str,
    related: list[list[Any]],
    notes: list[str],
    advice: str | None,
    suggestions: list[str],
    edits: list[list[Any]],
) -> Diagnostic:
    return Diagnostic(
        code,
        message,
        _location(*location),
        label,
        tuple(Related(text, _location(*place)) for text, place in related),
        tuple(notes),
        advice,
        tuple(suggestions),
        tuple(Edit(_location(*place), text) for place, text in edits),
    )


def _location(file: str, start: list[int], end: list[int]) -> Location:
    return Location(file, Position(*start), Position(*end))
