"""The diagnostic record: what a phase reports and what a renderer shows.

A diagnostic is plain data. Its locations are resolved (1-based lines and columns, columns count characters,
ends are exclusive), so that a renderer needs the source text only to quote it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from jobc.schemas.codes import CODES, Severity
from jobc.schemas.records import dataclass


class Position(NamedTuple):
    """A place in a text: 1-based line, 1-based column counted in characters."""

    line: int
    column: int


class Location(NamedTuple):
    """A stretch of a file, from `start` up to but not including `end`."""

    file: str
    start: Position
    end: Position


class Related(NamedTuple):
    """Another place that explains the mistake, with what is to be seen there."""

    message: str
    location: Location


class Edit(NamedTuple):
    """Replace the text at `location` by `text`."""

    location: Location
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake, located.

    `message` is one sentence without a full stop. `label` stands at the caret. `suggestions` are near names,
    best first. `edits` together make one sure fix; they are empty when the fix is a guess.
    """

    code: str
    message: str
    location: Location
    label: str = ""
    related: tuple[Related, ...] = ()
    notes: tuple[str, ...] = ()
    help: str | None = None
    suggestions: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()

    @property
    def severity(self) -> Severity:
        """How grave it is, which the code decides."""
        return CODES[self.code].severity

    @property
    def doc(self) -> str:
        """The page that explains the code, relative to the repository's root."""
        return f"docs/diagnostics/{self.code}.md"

    @property
    def title(self) -> str:
        """The title of the code's page."""
        return CODES[self.code].title


def arrange(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """Sort by file and position and drop what is said twice (same code, place and message).

    A message is one line, whatever the name that it quotes has in it.
    """
    unique = {(d.location, d.code, d.message): d for d in reversed(diagnostics)}
    return [_on_one_line(unique[key]) for key in sorted(unique)]


def _on_one_line(diagnostic: Diagnostic) -> Diagnostic:
    if "\n" not in diagnostic.message:
        return diagnostic
    return replace(diagnostic, message=diagnostic.message.replace("\n", "\N{SYMBOL FOR LINE FEED}"))
