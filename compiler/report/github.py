"""Diagnostics as workflow commands of GitHub Actions, which shows them in the changes of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.report.advice import advice
from jobc.compiler.report.places import relative_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.schemas.diagnostics import Diagnostic

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], *, files: int, jobs: int) -> str:
    """Write a line `::error file=…,line=…,…::message` for each diagnostic; nothing when there is none.

    Columns are left out of a diagnostic that ends on another line, as GitHub takes them for one line only.
    """
    del texts, files, jobs
    return "".join(_command(diagnostic) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    file, start, end = diagnostic.location
    properties = {"file": relative_name(file), "line": str(start.line)}
    if start.line == end.line:
        properties["col"] = str(start.column)
    properties["endLine"] = str(end.line)
    if start.line == end.line:
        properties["endColumn"] = str(end.column)
    properties["title"] = f"{diagnostic.code} {diagnostic.title}"
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = "\n".join([diagnostic.message, *diagnostic.notes, *advice(diagnostic)])
    return f"::{_COMMANDS[diagnostic.severity]} {written}::{_data(message)}\n"


def _data(text: str) -> str:
    """Escape what would end a command or be taken for an escape."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape what would end a property, too."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
