"""Outcomes: what checking one file came to, as plain data that other processes can hand over and keep."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from jobc.compiler.cache.diagnostics import from_json, to_json
from jobc.compiler.cache.entry import Entry
from jobc.compiler.suppressions import may_suppress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.analysis import Analysis
    from jobc.compiler.cache.memory import Memory
    from jobc.compiler.disk import Disk
    from jobc.schemas.diagnostics import Diagnostic

_MARK = "\ufeff"


class Outcome(NamedTuple):
    """What was found in one file and in those it imports.

    `texts` are by the names that diagnostics use, `imported` the names of imported files by path. `folders`
    are those of Python code that the file names. `asked` is that of the analysis.
    """

    name: str
    jobs: int
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    imported: Mapping[str, str]
    folders: tuple[str, ...]
    asked: Mapping[tuple[str, str], str] | None = None

    @property
    def places(self) -> list[str]:
        """The folders that the answer was found in: of all files, and of their Python code."""
        files = [*([self.name] if self.texts else []), *self.imported]
        here = os.path.dirname(self.name)
        own = [os.path.dirname(os.path.realpath(file)) for file in files]
        return [*own, *(os.path.join(here, folder) for folder in self.folders)]


def outcome_of(analysis: Analysis, name: str) -> Outcome:
    """Return what an analysis of the file `name` came to."""
    from jobc.compiler.bind.program import own

    program = analysis.program
    return Outcome(
        name,
        0 if program is None else sum(1 for _ in own(program.jobs)),
        analysis.diagnostics,
        analysis.texts,
        {path: source.name for path, source in [*analysis.sources.items()][1:]},
        () if program is None else tuple(program.document.spec.python_path),
        analysis.asked,
    )


def remember(memory: Memory, outcome: Outcome, content: bytes) -> None:
    """Keep an outcome for other processes, if it can be told when it holds no longer."""
    if outcome.asked is None:
        return
    entry = Entry(
        outcome.jobs,
        any(may_suppress(text) for text in outcome.texts.values()),
        outcome.asked,
        outcome.imported,
        outcome.folders,
        to_json(outcome.diagnostics),
    )
    memory.keep(outcome.name, content, entry)


def recalled(memory: Memory, name: str, disk: Disk) -> Outcome | None:
    """Return the outcome of a file as it is now, as it was found out before; None if that is not known."""
    entry = memory.recall(name, disk)
    if entry is None:
        return None
    texts = {shown: _text(disk.content(path)) for path, shown in [(name, name), *entry.imported.items()]}
    return Outcome(name, entry.jobs, from_json(entry.found), texts, entry.imported, entry.folders)


def _text(content: bytes | str) -> str:
    """Return the text of a file that was read before, and is as it was."""
    assert isinstance(content, bytes)
    return content.decode("utf-8").removeprefix(_MARK)
