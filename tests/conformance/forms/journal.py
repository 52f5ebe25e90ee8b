"""What the functions of the forms leave behind besides their outputs: lines in the order of writing."""

from __future__ import annotations

LINES: list[str] = []


def note(line: str) -> None:
    LINES.append(line)
