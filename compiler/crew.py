"""Crew: the files of one request shared among processes, where there is enough to do for more than one.

Workers are forks of this process, which has loaded all that checking needs: they start at once, and each
hands back plain data over a pipe when it is through. This process does a share itself. A worker that ends
badly, however that may be, costs time and nothing else: its files are checked here, and what made it fail
fails here in the usual way.

Where a fork is not safe (other threads run, macOS) or there is none (Windows), this process does it all; and
where there may be no more processes, what is left.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from jobc.compiler.analysis import Settings, Shared, analyse_all
from jobc.compiler.outcomes import Outcome, outcome_of, remember

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.compiler.cache.memory import Memory, Question
    from jobc.compiler.disk import Disk

WORTH_A_WORKER = 40_000
"""How many bytes of specs take as long to check as a worker takes to start and to answer."""


class Share(NamedTuple):
    """What one process checks: places in the list of all files."""

    places: list[int]
    size: int


class Worker(NamedTuple):
    """A process at work on a share, and the pipe that its answer comes through."""

    share: Share
    process: int
    pipe: BinaryIO


def check_files(
    files: Sequence[str], question: Question, memory: Memory | None, disk: Disk, processes: int
) -> list[Outcome]:
    """Check files with as many as `processes`, and return what is found in each, in their order."""
    checker = _Checker(files, question, memory, disk)
    mine, *others = _shares(files, processes if _can_fork() else 1)
    own = [mine]
    found: dict[int, Outcome] = {}
    workers: list[Worker] = []
    try:
        for share in others:
            worker = _start(checker, share)
            if worker is None:
                own.append(share)
            else:
                workers.append(worker)
        for share in own:
            found |= checker.check(share)
        for worker in workers:
            found |= _answer(worker) or checker.check(worker.share)
    finally:
        for worker in workers:
            _end(worker)
    return [found[place] for place in range(len(files))]


class _Checker(NamedTuple):
    """What all processes know."""

    files: Sequence[str]
    question: Question
    memory: Memory | None
    disk: Disk

    def check(self, share: Share) -> dict[int, Outcome]:
        """Check the files of a share; the answers are by the places of the files."""
        question = self.question
        settings = Settings(
            question.variables, question.allow_outside, question.is_strict, question.python_path
        )
        shared = Shared(self.disk, {})
        found = {}
        for place in share.places:
            name = self.files[place]
            analysis = analyse_all(
                name, settings, question.profile, is_alone=question.is_alone, shared=shared
            )
            found[place] = outcome_of(analysis, name)
            if self.memory is not None and analysis.asked is not None:
                root = next(iter(analysis.sources.values()))
                remember(self.memory, found[place], root.data)
        return found


def _can_fork() -> bool:
    threading = sys.modules.get("threading")
    is_alone = threading is None or threading.active_count() == 1
    return is_alone and hasattr(os, "fork") and sys.platform != "darwin"


def _shares(files: Sequence[str], processes: int) -> list[Share]:
    """Divide files among processes so that all have about the same to do; small requests are not divided."""
    sizes = [_size(name) for name in files] if processes > 1 else []
    count = max(1, min(processes, len(files), sum(sizes) // WORTH_A_WORKER))
    if count == 1:
        return [Share(list(range(len(files))), sum(sizes))]
    shares = [Share([], 0) for _ in range(count)]
    for place in sorted(range(len(files)), key=sizes.__getitem__, reverse=True):
        least = min(range(count), key=lambda number: shares[number].size)
        shares[least].places.append(place)
        shares[least] = Share(shares[least].places, shares[least].size + sizes[place])
    return [Share(sorted(share.places), share.size) for share in shares]


def _size(name: str) -> int:
    try:
        return os.stat(name).st_size  # noqa: PTH116 - a request may have many files
    except OSError:
        return 0


def _start(checker: _Checker, share: Share) -> Worker | None:
    """Start a worker; None where the system has no room for another process."""
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if process == 0:
        _work(checker, share, writing)
    os.close(writing)
    return Worker(share, process, os.fdopen(reading, "rb"))


def _work(checker: _Checker, share: Share, pipe: int) -> None:
    """Do the share of a worker, and end: nothing that this process would do at its end is a worker's."""
    code = 1
    try:
        with os.fdopen(pipe, "wb") as stream:
            pickle.dump(checker.check(share), stream, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        os._exit(code)


def _answer(worker: Worker) -> dict[int, Outcome] | None:
    """Return what a worker found, None if it did not come to an end."""
    try:
        found: dict[int, Outcome] = pickle.load(worker.pipe)  # noqa: S301 - from this process's own child
    except (EOFError, pickle.UnpicklingError):
        return None
    return found


def _end(worker: Worker) -> None:
    """See to it that a worker is no more, whether or not it is through."""
    worker.pipe.close()
    with suppress(ProcessLookupError):
        os.kill(worker.process, signal.SIGKILL)
    os.waitpid(worker.process, 0)
