"""`jobc plan`: what a run would do, found out as a run does it, up to but not including the first step."""

from __future__ import annotations

import json
import sys
from contextlib import chdir, redirect_stdout
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES, OK
from jobc.cli.requested_run import RequestedRun, WrittenRun, read_run

if TYPE_CHECKING:
    from pathlib import Path

    from jobc.cli.planned_run import PlannedRun
    from jobc.runtime.storage.instance import Instance


class PlanRequest(NamedTuple):
    """The options of the command."""

    written: WrittenRun
    form: str = "human"
    instance: Path | None = None
    partition: str | None = None


def plan(request: PlanRequest) -> int:
    """Print what a run would do and return the exit code; no op is called.

    No resource is opened, but for the IO managers of a memoised job, which know what they have stored.

    Mistakes are those of a run, found before anything would run, and are told in the same words.
    """
    # What modules print when they are imported is not part of the answer.
    with redirect_stdout(sys.stderr):
        requested = read_run(request.written)
        planned = requested if isinstance(requested, int) else _planned_or_reported(requested, request)
    if isinstance(planned, int):
        return planned
    if request.form == "json":
        print(json.dumps(planned.as_json()))
    else:
        from jobc.cli.plan_text import plan_lines

        print("\n".join(plan_lines(planned)))
    return OK


def _planned_or_reported(requested: RequestedRun, request: PlanRequest) -> PlannedRun | int:
    from jobc.cli.planned_run import planned_run
    from jobc.runtime.errors import JobcError

    if not requested.has_partition(request.partition):
        return MISTAKES
    try:
        # Functions that make config may read files, as they would in a run.
        with _instance(requested, request) as instance, chdir(requested.folder):
            return planned_run(requested, instance, request.partition)
    except JobcError as error:
        requested.print_refusal(error, request.partition)
        return MISTAKES


def _instance(requested: RequestedRun, request: PlanRequest) -> Instance:
    """Return the instance that knows what is stored, and partitions; few jobs ask for it."""
    from jobc.cli.instances import instance_folder
    from jobc.runtime.storage.instance import Instance

    folder = instance_folder(request.instance)
    is_asked = requested.job.is_memoised or request.partition is not None
    return Instance.open(folder) if is_asked and Instance.exists(folder) else Instance.ephemeral()
