"""Diagnostics for people: a frame of the source for each, and a summary (DESIGN 5).

A frame quotes the line that the diagnostic points at and marks the place with carets. Other places that
explain the mistake follow as frames of their own behind `:::`, marked with dashes. All frames of one
diagnostic share one gutter, wide enough for the largest line number among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.report.advice import advice
from jobc.compiler.report.columns import lines_of, visible
from jobc.compiler.report.frame import Frame, quoted_lines
from jobc.compiler.report.palette import PLAIN, Palette

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jobc.schemas.diagnostics import Diagnostic, Location, Related

SHOWN_PER_FILE = 20
SEVERITIES = ("error", "warning", "note")


def render(
    diagnostics: Sequence[Diagnostic],
    texts: Mapping[str, str],
    *,
    files: int,
    jobs: int,
    known: int = 0,
    palette: Palette = PLAIN,
) -> str:
    """Write diagnostics, in the order given, as frames with blank lines between them and a summary line.

    No more than 20 of one file are shown; a line says how many more there are. `known` counts those that a
    baseline left out. The text ends with a newline; it is empty when there is nothing to report.
    """
    del jobs
    if not diagnostics:
        return ""
    lines = {name: lines_of(text) for name, text in texts.items()}
    blocks = [*_shown(diagnostics, lines, palette), f"{summary(diagnostics, files, known)}\n"]
    return "\n".join(blocks)


def summary(diagnostics: Sequence[Diagnostic], files: int, known: int = 0) -> str:
    """Count what was found, and in how many of the checked files: `5 errors, 1 warning in 2 of 7 files`.

    What a baseline knows is counted apart: `1 error in 1 file (3 known)`.
    """
    counts = {severity: sum(d.severity == severity for d in diagnostics) for severity in SEVERITIES}
    found = ", ".join(count(number, severity) for severity, number in counts.items() if number)
    touched = len({d.location.file for d in diagnostics})
    where = count(touched, "file") if touched >= files else f"{touched} of {count(files, 'file')}"
    return f"{found} in {where} ({known} known)" if known else f"{found} in {where}"


def count(number: int, noun: str) -> str:
    """Write a number with its noun: `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _shown(
    diagnostics: Sequence[Diagnostic], lines: Mapping[str, Sequence[str]], palette: Palette
) -> Iterator[str]:
    by_file: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        by_file.setdefault(diagnostic.location.file, []).append(diagnostic)
    for name, found in by_file.items():
        for diagnostic in found[:SHOWN_PER_FILE]:
            yield _block(diagnostic, lines, palette)
        if len(found) > SHOWN_PER_FILE:
            yield f"and {len(found) - SHOWN_PER_FILE} more in {visible(name)}\n"


def _block(diagnostic: Diagnostic, lines: Mapping[str, Sequence[str]], palette: Palette) -> str:
    defined = _definition(diagnostic, lines)
    frames = [Frame("-->", "^", diagnostic.location, diagnostic.label, palette.severity(diagnostic.severity))]
    frames += [
        Frame(":::", "-", related.location, related.message, palette.frame)
        for related in diagnostic.related
        if related is not defined
    ]
    gutter = max(len(str(frame.last_line)) for frame in frames)
    rows = [_headline(diagnostic, palette), *_quotes(frames, gutter, lines, palette)]
    remarks = list(_remarks(diagnostic, defined, gutter, palette))
    if remarks:
        rows.append(_bar(gutter, palette))
    return "\n".join(row.rstrip() for row in [*rows, *remarks]) + "\n"


def _headline(diagnostic: Diagnostic, palette: Palette) -> str:
    head = palette.paint(palette.severity(diagnostic.severity), f"{diagnostic.severity}[{diagnostic.code}]")
    return head + palette.paint(palette.strong, f": {visible(diagnostic.message)}")


def _quotes(
    frames: Sequence[Frame], gutter: int, lines: Mapping[str, Sequence[str]], palette: Palette
) -> Iterator[str]:
    for number, frame in enumerate(frames):
        quoted = list(quoted_lines(frame, lines.get(frame.location.file, ()), gutter, palette))
        if number:
            yield _bar(gutter, palette)
        place = _place(frame.location)
        if not quoted and frame.label:
            place = f"{place}: {visible(frame.label)}"
        yield f"{' ' * gutter}{palette.paint(palette.frame, frame.arrow)} {place}"
        if quoted:
            yield _bar(gutter, palette)
        yield from quoted


def _remarks(diagnostic: Diagnostic, defined: Related | None, gutter: int, palette: Palette) -> Iterator[str]:
    lead = f"{' ' * gutter} {palette.paint(palette.frame, '=')} "
    hang = "\n" + " " * (gutter + 3)
    for note in diagnostic.notes:
        yield lead + palette.paint(palette.strong, "note") + ": " + visible(note).replace("\n", hang)
    advices = list(advice(diagnostic))
    if defined and advices:
        advices[-1] += f" (defined at {_place(defined.location)})"
    for text in advices:
        yield lead + palette.paint(palette.help, "help") + ": " + visible(text).replace("\n", hang)


def _definition(diagnostic: Diagnostic, lines: Mapping[str, Sequence[str]]) -> Related | None:
    """Find the related place that is nothing but the suggested name: the help names it, it gets no frame."""
    if len(diagnostic.suggestions) != 1:
        return None
    for related in diagnostic.related:
        start, end = related.location.start, related.location.end
        file_lines = lines.get(related.location.file, ())
        if start.line == end.line <= len(file_lines):
            text = file_lines[start.line - 1][start.column - 1 : end.column - 1]
            if text == diagnostic.suggestions[0]:
                return related
    return None


def _place(location: Location) -> str:
    return f"{visible(location.file)}:{location.start.line}:{location.start.column}"


def _bar(gutter: int, palette: Palette) -> str:
    return f"{' ' * gutter} {palette.paint(palette.frame, '|')}"
