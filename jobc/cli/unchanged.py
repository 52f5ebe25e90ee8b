"""`jobc validate` of files that are as they were, and were right: the answer without checking them again.

Hardly anything is loaded for it. Whatever is not plain, be it an option, settings of the project, a changed
file or a mistake, is left to `validate`, which knows the same answers.
"""

from __future__ import annotations

import os

from jobc.cli import OK
from jobc.compiler.cache.memory import OFF, Question, open_memory
from jobc.compiler.disk import Disk
from jobc.compiler.search import named_specs
from jobc.compiler.settings_files import settings_files

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Sequence


def answer_from_cache(words: Sequence[str]) -> int | None:
    """Say that nothing is wrong and return the exit code, where that is known; None where it is not."""
    paths = [word for word in words if word != "--strict"]
    if os.environ.get(OFF) or any(not word or word.startswith("-") for word in paths):
        return None
    try:
        if any(settings_files(os.getcwd())):
            return None
    except OSError:
        return None
    return _answer(paths or ["."], is_strict="--strict" in words)


def _answer(paths: Sequence[str], *, is_strict: bool) -> int | None:
    disk = Disk()
    names, missing = named_specs(paths, disk)
    memory = None if missing or not names else open_memory(Question(is_strict=is_strict))
    if memory is None:
        return None
    jobs = 0
    for name in names:
        entry = memory.recall(name, disk)
        if entry is None or not entry.is_clean:
            return None
        jobs += entry.jobs
    print(nothing_wrong(len(names), jobs))
    return OK


def nothing_wrong(files: int, jobs: int, known: int = 0) -> str:
    """Say that nothing, or nothing beside `known` mistakes, was found in so many files with so many jobs."""
    mistakes = f"no new mistakes found ({known} known)" if known else "no mistakes found"
    return f"{_count(files, 'file')}, {_count(jobs, 'job')}: {mistakes}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
