"""Baselines: the mistakes that a project already had, so that a check can be adopted for what is new.

A baseline knows a mistake by file, code, message and the text of its line, and how often it occurs; not by
line numbers, so that edits elsewhere in the file change nothing.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.code_filter import is_unreadable
from jobc.compiler.fingerprints import fingerprints
from jobc.schemas.codes import CODES
from jobc.schemas.diagnostics import Diagnostic, Location, Position

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from jobc.compiler.code_filter import CodeFilter

VERSION = 1


class Entry(NamedTuple):
    """One known mistake. `file` is relative to the baseline's folder, with slashes, unless elsewhere."""

    file: str
    code: str
    message: str
    fingerprint: str


class Checked(NamedTuple):
    """What a check covered: the files by the names that diagnostics show, the codes, and notes or not."""

    files: Collection[str]
    codes: CodeFilter
    with_notes: bool


class Compared(NamedTuple):
    """Diagnostics beside a baseline: those that are new, how many are known, how many are there no more."""

    diagnostics: tuple[Diagnostic, ...]
    known: int
    gone: int


class Baseline:
    """The known mistakes of one baseline file, with how often each occurs."""

    def __init__(self, path: Path, counts: Mapping[Entry, int]) -> None:
        self.path = path
        self.counts = Counter(dict(counts))

    def compare(
        self, diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], checked: Checked
    ) -> Compared:
        """Tell new mistakes from known ones; of equal ones, the first count as known."""
        left = self.counts.copy()
        new = []
        diagnostics = list(diagnostics)
        for diagnostic, entry in zip(diagnostics, self._entries(diagnostics, texts), strict=True):
            if left[entry] > 0 and not is_unreadable(diagnostic):
                left[entry] -= 1
            else:
                new.append(diagnostic)
        seen = {self._written(name) for name in checked.files}
        gone = sum(count for entry, count in left.items() if self._is_in(entry, checked, seen))
        return Compared(tuple(new), len(diagnostics) - len(new), gone)

    def updated(
        self, diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], checked: Checked
    ) -> Baseline:
        """Return the baseline that knows these mistakes; what was not checked stays as it was."""
        lasting = [each for each in diagnostics if not is_unreadable(each)]
        counts = Counter(self._entries(lasting, texts))
        seen = {self._written(name) for name in checked.files}
        for entry, count in self.counts.items():
            if not self._is_in(entry, checked, seen):
                counts[entry] = count
        return Baseline(self.path, counts)

    def _entries(self, diagnostics: list[Diagnostic], texts: Mapping[str, str]) -> list[Entry]:
        prints = fingerprints(diagnostics, texts)
        return [
            Entry(self._written(each.location.file), each.code, each.message, fingerprint)
            for each, fingerprint in zip(diagnostics, prints, strict=True)
        ]

    def _is_in(self, entry: Entry, checked: Checked, seen: Collection[str]) -> bool:
        """Tell whether a check would have found a mistake again: its file was seen or is there no more."""
        is_note = entry.code in CODES and CODES[entry.code].severity == "note"
        if (is_note and not checked.with_notes) or not checked.codes.keeps_code(entry.code):
            return False
        return entry.file in seen or not (self.path.parent / entry.file).exists()

    def _written(self, name: str) -> str:
        try:
            return Path(os.path.relpath(name, self.path.parent)).as_posix()
        except ValueError:
            return name


def read_baseline(path: Path) -> Baseline | Diagnostic:
    """Read a baseline file; what keeps it from being read is a diagnostic (JC0003)."""
    try:
        return Baseline(path, _counts(json.loads(path.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        advice = "`jobc validate --write-baseline` writes it"
        return _unreadable(path, f"there is no baseline file `{path.as_posix()}`", advice)
    except OSError as error:
        reason = error.strerror or error
        return _unreadable(path, f"the baseline `{path.as_posix()}` cannot be read: {reason}", None)
    except (ValueError, KeyError, TypeError, RecursionError):
        advice = "`jobc validate --write-baseline` writes it anew"
        message = f"`{path.as_posix()}` is no baseline of version {VERSION}"
        return _unreadable(path, message, advice)


def write_baseline(baseline: Baseline) -> None:
    """Write a baseline file, in one piece or not at all; raises OSError if it cannot be written."""
    entries = [
        {**entry._asdict(), "count": count} for entry, count in sorted(baseline.counts.items()) if count > 0
    ]
    text = json.dumps({"version": VERSION, "mistakes": entries}, indent=2) + "\n"
    draft = baseline.path.with_name(f".{baseline.path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="ascii", newline="\n")
        draft.replace(baseline.path)
    finally:
        draft.unlink(missing_ok=True)


def _counts(document: dict[str, object]) -> dict[Entry, int]:
    records = document["mistakes"]
    if document["version"] != VERSION or not isinstance(records, list):
        raise ValueError
    counts: Counter[Entry] = Counter()
    for record in records:
        texts = [record[field] for field in Entry._fields]
        count = record["count"]
        if not all(isinstance(text, str) for text in texts) or type(count) is not int:
            raise ValueError
        counts[Entry(*texts)] += count
    return counts


def _unreadable(path: Path, message: str, advice: str | None) -> Diagnostic:
    start = Position(1, 1)
    return Diagnostic("JC0003", message, Location(path.as_posix(), start, start), help=advice)
