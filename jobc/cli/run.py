"""`jobc run`: load a job, check what it is run with, run it in this process, show what came of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES
from jobc.cli.requested_run import WrittenRun, read_run

if TYPE_CHECKING:
    from pathlib import Path


class RunRequest(NamedTuple):
    """The options of the command: what to run, tags as pairs of key and value, how to show it.

    `instance` is the folder that was named for the record of the run.
    """

    written: WrittenRun
    tags: tuple[tuple[str, str], ...] = ()
    workdir: Path | None = None
    form: str = "human"
    raise_on_error: bool = False
    traceback: bool = False
    partition: str | None = None
    instance: Path | None = None

    @property
    def folder(self) -> Path:
        """The folder to run in: the one that was named, else the spec's."""
        return self.workdir or self.written.folder


def run(request: RunRequest) -> int:
    """Run a job as requested and return the exit code.

    Mistakes in the spec, the run config, the inputs and the selection are printed; then nothing runs.
    """
    requested = read_run(request.written)
    if isinstance(requested, int):
        return requested
    from jobc.cli.execution import Execution
    from jobc.cli.instances import opened_or_reported

    job = requested.job
    if request.partition is not None and job.partitions_def is None:
        print(f"error: job `{job.name}` has no partitions: leave out `--partition`", file=sys.stderr)
        return MISTAKES
    instance = opened_or_reported(request.instance)
    if instance is None:
        return MISTAKES
    with instance:
        return Execution(requested, request, instance).run()
