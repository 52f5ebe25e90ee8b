"""Colours of human diagnostics: what each part of a frame is wrapped in."""

from __future__ import annotations

from typing import NamedTuple


class Palette(NamedTuple):
    """The text to write before each kind of part, and `reset` after it; all empty without colour."""

    error: str = ""
    warning: str = ""
    note: str = ""
    strong: str = ""
    frame: str = ""
    help: str = ""
    reset: str = ""

    def paint(self, colour: str, text: str) -> str:
        """Wrap a text in one of this palette's colours."""
        return f"{colour}{text}{self.reset}" if colour and text else text

    def severity(self, severity: str) -> str:
        """Return the colour of a severity."""
        return {"error": self.error, "warning": self.warning}.get(severity, self.note)


PLAIN = Palette()
ANSI = Palette(
    error="\x1b[1;31m",
    warning="\x1b[1;33m",
    note="\x1b[1;36m",
    strong="\x1b[1m",
    frame="\x1b[1;34m",
    help="\x1b[1;32m",
    reset="\x1b[0m",
)
