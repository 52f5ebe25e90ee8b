"""What the record of a run keeps of the command that started it, so that its id is enough to resume it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jobc.cli.spec_options import AS_WRITTEN, SpecOptions
from jobc.runtime.definitions.origin import JobOrigin

if TYPE_CHECKING:
    from jobc.cli.requested_run import WrittenRun
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.storage.runs import Run


@dataclass(frozen=True, slots=True)
class RecordedCommand:
    """A `jobc run` as its record keeps it: which job, what of it, where, with which executor.

    Paths are absolute. `inputs` are texts `name=value` as they were written.
    """

    file: str
    job: str
    workdir: str
    options: SpecOptions = AS_WRITTEN
    selection: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    executor: str | None = None

    @property
    def pointer(self) -> str:
        """The job as a command line names it."""
        return f"{self.file}#{self.job}"

    def as_text(self) -> str:
        """Return the command as the record keeps it, JSON."""
        return json.dumps(asdict(self))


def recorded_command(
    job: JobDefinition, written: WrittenRun, workdir: Path, executor: str | None
) -> RecordedCommand | None:
    """Return what is to be kept of a command; None for a job that comes from no spec."""
    origin = job.origin
    if not isinstance(origin, JobOrigin):
        return None
    return RecordedCommand(
        file=str(Path(origin.file).absolute()),
        job=origin.job,
        workdir=str(Path(workdir).absolute()),
        options=written.options,
        selection=written.selection,
        inputs=written.inputs,
        executor=executor,
    )


def command_of(run: Run) -> RecordedCommand | None:
    """Return the command that a run was started by; None if it was not started by one."""
    if run.command is None:
        return None
    read = json.loads(run.command)
    profile, variables, allow_outside = read["options"]
    return RecordedCommand(
        file=read["file"],
        job=read["job"],
        workdir=read["workdir"],
        options=SpecOptions(profile, tuple((name, text) for name, text in variables), allow_outside),
        selection=tuple(read["selection"]),
        inputs=tuple(read["inputs"]),
        executor=read["executor"],
    )
