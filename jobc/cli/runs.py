"""`jobc runs` and `jobc logs`: what an instance knows of past runs."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

from jobc.cli import MISTAKES, OK
from jobc.cli.columns import column_lines
from jobc.cli.event_lines import json_lines, local_time, moment, people_lines
from jobc.cli.instances import existing_or_reported
from jobc.cli.named_runs import named_run
from jobc.cli.progress import seconds
from jobc.runtime.errors import InstanceError
from jobc.runtime.storage.runs import PARTITION_TAG

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run

_LOOK_EVERY_S = 0.1
_TITLES = ("RUN", "JOB", "STATUS", "STARTED", "TOOK", "PARTITION")


def show_runs(named: Path | None, form: str) -> int:
    """Print all runs of an instance, the newest first; as JSON, a list of objects."""
    return _tell(named, lambda instance: _print_runs(instance.get_runs(), form))


def show_log(named: Path | None, run_id: str, form: str) -> int:
    """Print the events of a run, one per line; the run is named by its id, or by how the id begins."""

    def show(instance: Instance) -> int:
        run = named_run(instance, run_id)
        if run is None:
            return MISTAKES
        events = instance.all_events(run.run_id)
        for line in json_lines(events) if form == "json" else people_lines(events):
            print(line)
        return OK

    return _tell(named, show)


def follow_log(named: Path | None, run_id: str, form: str) -> int:
    """Print the events of a run as they happen, until it has ended; the run is named as for `show_log`."""

    def follow(instance: Instance) -> int:
        run = named_run(instance, run_id)
        shown = 0
        while run is not None:
            is_finished = run.is_finished  # asked before the events: none can come after the last look
            events = instance.all_events(run.run_id)[shown:]
            for line in json_lines(events) if form == "json" else people_lines(events):
                print(line, flush=True)
            shown += len(events)
            if is_finished:
                return OK
            time.sleep(_LOOK_EVERY_S)
            run = instance.get_run_by_id(run.run_id)
        return MISTAKES

    return _tell(named, follow)


def _tell(named: Path | None, show: Callable[[Instance], int]) -> int:
    instance = existing_or_reported(named)
    if instance is None:
        return MISTAKES
    with instance:
        try:
            return show(instance)
        except InstanceError as error:
            print(f"error: {error}", file=sys.stderr)
            return MISTAKES


def _print_runs(runs: Sequence[Run], form: str) -> int:
    if form == "json":
        print(json.dumps([_as_json(run) for run in runs]))
    elif runs:
        for line in column_lines([_TITLES, *map(_row, runs)]):
            print(line)
    else:
        print("no runs were recorded yet", file=sys.stderr)
    return OK


def _as_json(run: Run) -> dict[str, str | None]:
    return {
        "run_id": run.run_id,
        "job": run.job_name,
        "status": run.status.value,
        "started": moment(run.started_at),
        "ended": None if run.ended_at is None else moment(run.ended_at),
        "parent_run_id": run.parent_run_id,
    }


def _row(run: Run) -> tuple[str, ...]:
    status = run.status.value if run.reason is None else f"{run.status.value} ({run.reason})"
    started = local_time(run.started_at).isoformat(" ", "seconds")
    took = "" if run.ended_at is None else seconds(run.ended_at - run.started_at)
    return run.run_id, run.job_name, status, started, took, run.tags.get(PARTITION_TAG, "")
