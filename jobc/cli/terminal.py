"""What the terminal can show, and printing diagnostics to it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from jobc.compiler.report.human import render
from jobc.compiler.report.palette import ANSI, PLAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobc.compiler.report.palette import Palette
    from jobc.schemas.diagnostics import Diagnostic

QUOTED_BYTES = 10_000_000


def is_terminal(stream: TextIO) -> bool:
    """Tell whether somebody looks at a stream, through something that can do more than print lines."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def palette_for(stream: TextIO) -> Palette:
    """Choose colours for a stream: none unless it is a terminal, nor when `NO_COLOR` is set."""
    return ANSI if is_terminal(stream) and not os.environ.get("NO_COLOR") else PLAIN


def print_diagnostics(
    diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], *, files: int, jobs: int, known: int = 0
) -> None:
    """Print diagnostics for people, on stderr; texts that are needed for quoting and not given are read.

    `known` counts those that a baseline left out.
    """
    palette = palette_for(sys.stderr)
    quoted = {**texts, **_missing_texts(diagnostics, texts)}
    text = render(diagnostics, quoted, files=files, jobs=jobs, known=known, palette=palette)
    sys.stderr.write(text)


def _missing_texts(diagnostics: Sequence[Diagnostic], known: Mapping[str, str]) -> dict[str, str]:
    """Read the files that diagnostics point at: not all were understood, and some are no specs at all."""
    places = [place for one in diagnostics for place in (one.location, *(r.location for r in one.related))]
    texts: dict[str, str] = {}
    for name in {place.file for place in places} - known.keys():
        path = Path(name)
        with suppress(OSError, ValueError):
            if path.is_file() and path.stat().st_size <= QUOTED_BYTES:
                texts[name] = path.read_text(encoding="utf-8-sig", errors="replace")
    return texts
