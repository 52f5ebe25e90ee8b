"""`jobc runs` and `jobc logs`: what an instance knows of past runs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from jobc.cli import MISTAKES, OK
from jobc.cli.columns import column_lines
from jobc.cli.event_lines import json_lines, local_time, moment, people_lines
from jobc.cli.instances import existing_or_reported
from jobc.cli.progress import seconds
from jobc.runtime.errors import InstanceError
from jobc.runtime.storage.runs import PARTITION_TAG
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run

_TITLES = ("RUN", "JOB", "STATUS", "STARTED", "TOOK", "PARTITION")


def show_runs(named: Path | None, form: str) -> int:
    """Print all runs of an instance, the newest first; as JSON, a list of objects."""
    return _tell(named, lambda instance: _print_runs(instance.get_runs(), form))


def show_log(named: Path | None, run_id: str, form: str) -> int:
    """Print the events of a run, one per line; the run is named by its id, or by how the id begins."""

    def show(instance: Instance) -> int:
        run = _named_run(instance, run_id)
        if run is None:
            return MISTAKES
        events = instance.all_events(run.run_id)
        for line in json_lines(events) if form == "json" else people_lines(events):
            print(line)
        return OK

    return _tell(named, show)


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


def _named_run(instance: Instance, run_id: str) -> Run | None:
    """Return the run of that id, or the only one whose id begins so; else print which there are."""
    run = instance.get_run_by_id(run_id)
    if run is not None:
        return run
    runs = instance.get_runs()
    meant = [each for each in runs if each.run_id.startswith(run_id)] if run_id else []
    if len(meant) == 1:
        return meant[0]
    ids = [each.run_id for each in meant or runs]
    print(f"error: {_unknown_run(run_id, ids, is_ambiguous=bool(meant))}", file=sys.stderr)
    return None


def _unknown_run(run_id: str, ids: Sequence[str], *, is_ambiguous: bool) -> str:
    if is_ambiguous:
        return f"several runs have an id that begins with `{run_id}`: {listing(ids)}"
    near = near_names(run_id, ids)
    if near:
        return f"there is no run `{run_id}`; did you mean {listing(near)}?"
    return f"there is no run `{run_id}`; " + (f"the newest is `{ids[0]}`" if ids else "nothing was ever run")
