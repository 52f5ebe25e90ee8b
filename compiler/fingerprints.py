"""What a diagnostic is known by while lines move: its code, its message and the text of its line."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jobc.schemas.diagnostics import Diagnostic

_LINE_END = re.compile(r"\r\n?|\n")


def fingerprints(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> list[str]:
    """Return the fingerprint of each diagnostic, in their order; equal mistakes have equal ones.

    Edits of other lines change nothing. The file's name is not part of it, nor are line numbers; a file whose
    text is not at hand is taken for empty.
    """
    lines: dict[str, list[str]] = {}
    found = []
    for diagnostic in diagnostics:
        file = diagnostic.location.file
        if file not in lines:
            lines[file] = _LINE_END.split(texts.get(file, ""))
        found.append(_fingerprint(diagnostic, lines[file]))
    return found


def unique_fingerprints(
    diagnostics: Sequence[Diagnostic], texts: Mapping[str, str], names: Sequence[str]
) -> list[str]:
    """Return a fingerprint for each diagnostic that no other one has.

    `names` are the files of the diagnostics as they are known elsewhere; the name, and a running number where
    mistakes are equal, make it unique.
    """
    seen: Counter[str] = Counter()
    found = []
    for name, fingerprint in zip(names, fingerprints(diagnostics, texts), strict=True):
        base = f"{name}\0{fingerprint}"
        seen[base] += 1
        found.append(_digest(f"{base}\0{seen[base]}"))
    return found


def _fingerprint(diagnostic: Diagnostic, lines: list[str]) -> str:
    number = diagnostic.location.start.line
    line = lines[number - 1].strip() if number <= len(lines) else ""
    return _digest(f"{diagnostic.code}\0{diagnostic.message}\0{line}")


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
