"""`jobc backfill`: run a job for many partitions, and go on where that stopped.

What was asked for is recorded before the first run, and every run carries the id of its backfill, so nothing
but the instance is needed to go on: the partitions that have a finished run of this backfill had their turn.
A run whose process was killed, or that was canceled, did not finish. A lock that the system takes away from
a dead process keeps two processes from carrying out one backfill at once.
"""

from __future__ import annotations

import json
import shlex
import sys
import time
from contextlib import ExitStack, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from jobc.cli import MISTAKES, OK, RUN_FAILED
from jobc.cli.backfill_progress import progress_for
from jobc.cli.backfill_runs import InThisProcess, JobSource, Outcome, outcome_of, task_for
from jobc.cli.columns import column_lines
from jobc.cli.instances import instance_folder, opened_or_reported
from jobc.cli.loading import folder_of, loaded_or_reported
from jobc.cli.partition_choice import chosen_keys, partitions_of, refusal
from jobc.cli.progress import seconds
from jobc.cli.spec_options import AS_WRITTEN, SpecOptions
from jobc.compiler.pipeline import load, split_pointer
from jobc.runtime.execute.signals import termination_as_interrupt
from jobc.runtime.storage.backfills import BACKFILL_TAG, Backfill
from jobc.runtime.storage.locks import locked, locked_at_once
from jobc.runtime.storage.runs import PARTITION_TAG, PROCESS_ENDED, RunStatus
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.cli.backfill_runs import Runner
    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run

LOCKS = "locks"
_TITLES = ("PARTITION", "STATUS", "RUN", "TOOK")


class BackfillRequest(NamedTuple):
    """The options of the command: `partitions` as written; or the id of a backfill to go on with."""

    partitions: tuple[str, ...] = ()
    resume: str | None = None
    failed_only: bool = False
    concurrency: int = 1
    instance: Path | None = None
    form: str = "human"
    options: SpecOptions = AS_WRITTEN


class RefusedError(Exception):
    """The backfill cannot be; the message says why."""


def backfill(pointer: str, request: BackfillRequest) -> int:
    """Load the job at `SPEC#JOB` and run it for the partitions; the exit code is 3 if one failed."""
    with redirect_stdout(sys.stderr):
        job = loaded_or_reported(pointer, request.options)
    if job is None:
        return MISTAKES
    path = Path(split_pointer(pointer)[0]).absolute()
    absolute = f"{path}#{job.name}"
    given = request.options
    loaded = partial(load, absolute, given.profile, given.vars, allow_outside=given.allow_outside)
    return run_backfill(job, JobSource(absolute, loaded, folder_of(job).absolute()), request)


def run_backfill(job: JobDefinition, source: JobSource, request: BackfillRequest) -> int:
    """Run a job for the partitions; `source` is where other processes get the same job from."""
    instance = opened_or_reported(request.instance)
    if instance is None:
        return MISTAKES
    with instance:
        try:
            record = _record(job, source, request, instance)
            return (
                OK if record is None else OngoingBackfill(job, source, request, instance, record).carry_out()
            )
        except Exception as error:
            told = str(error) if isinstance(error, RefusedError) else refusal(error)
            if told is None:
                raise
            print(f"error: {told.rstrip()}", file=sys.stderr)
            return MISTAKES


def _compiled_with(request: BackfillRequest) -> list[object]:
    """Return what the job is compiled with, where that is not the spec as it is written."""
    return [] if request.options == AS_WRITTEN else list(request.options)


def _record(
    job: JobDefinition, source: JobSource, request: BackfillRequest, instance: Instance
) -> Backfill | None:
    """Return the backfill to carry out: a new one, or one to go on with; None if there is nothing to run."""
    if request.resume is not None:
        return _known(request.resume, job, instance)
    keys = chosen_keys(partitions_of(job), request.partitions, instance)
    asked = json.dumps([source.pointer, *request.partitions, request.failed_only, *_compiled_with(request)])
    if request.failed_only:
        failed = _failed_before(job, instance)
        keys = tuple(key for key in keys if key in failed)
    backfill_id = str(uuid4())
    made = Backfill(backfill_id, job.name, asked, keys, time.time())
    going_on = next((each for each in instance.get_backfills() if _is_open(each, asked)), None)
    if not keys and going_on is None:
        print("there is nothing to run: " + _why_nothing(request), file=sys.stderr)
        return None
    return instance.begin_backfill(made)


def _is_open(known: Backfill, asked: str) -> bool:
    return known.request == asked and known.ended_at is None


def _why_nothing(request: BackfillRequest) -> str:
    return "no run of these partitions failed last" if request.failed_only else "there are no partitions"


def _failed_before(job: JobDefinition, instance: Instance) -> set[str]:
    """Return the partitions whose newest run of the job ended without success."""
    newest: dict[str, Run] = {}
    for run in instance.get_runs():
        if run.job_name == job.name and PARTITION_TAG in run.tags:
            newest.setdefault(run.tags[PARTITION_TAG], run)
    return {key for key, run in newest.items() if run.is_finished and run.status is not RunStatus.SUCCESS}


def _known(backfill_id: str, job: JobDefinition, instance: Instance) -> Backfill:
    """Return the backfill of an id, or the only one whose id begins so."""
    known = {each.backfill_id: each for each in instance.get_backfills()}
    meant = [each for each in known if each.startswith(backfill_id)]
    if len(meant) != 1:
        near = meant or near_names(backfill_id, known)
        hint = f"; did you mean {listing(near)}?" if near else ""
        raise RefusedError(f"there is no backfill `{backfill_id}`{hint}")
    found = known[meant[0]]
    if found.job_name != job.name:
        raise RefusedError(
            f"the backfill `{found.backfill_id}` is one of job `{found.job_name}`, not of `{job.name}`"
        )
    return found


class OngoingBackfill:
    """One process carrying out a backfill, from its beginning or from where it stopped."""

    def __init__(
        self,
        job: JobDefinition,
        source: JobSource,
        request: BackfillRequest,
        instance: Instance,
        record: Backfill,
    ) -> None:
        self._job = job
        self._source = source
        self._request = request
        self._instance = instance
        self._record = record
        self._outcomes: dict[str, Outcome] = {}

    def carry_out(self) -> int:
        """Run what is left, show how all partitions went, and return the exit code.

        Errors: `RefusedError` if another process is at it; `KeyboardInterrupt`, after telling how to go on.
        """
        locks = instance_folder(self._request.instance) / LOCKS
        locks.mkdir(exist_ok=True)
        lock, workers = (locks / f"{self._record.backfill_id}.{kind}" for kind in ("lock", "workers"))
        with ExitStack() as held:
            try:
                held.enter_context(locked_at_once(lock))
            except BlockingIOError:
                raise RefusedError(
                    f"another process carries out the backfill `{self._record.backfill_id}` right now"
                ) from None
            with locked(workers):  # those of a killed process are about to end
                self._outcomes = self._had_their_turn()
            self._run_rest(workers)
            self._instance.end_backfill(self._record.backfill_id, time.time())
            lock.unlink(missing_ok=True)
            workers.unlink(missing_ok=True)
        return self._tell()

    def _had_their_turn(self) -> dict[str, Outcome]:
        """Return the outcomes of the partitions that are not run again, in the order of the backfill."""
        done: dict[str, Outcome] = {}
        for run in self._instance.get_runs({BACKFILL_TAG: self._record.backfill_id}):
            is_failure = run.status is RunStatus.FAILURE and run.reason != PROCESS_ENDED
            if run.status is RunStatus.SUCCESS or is_failure:
                done.setdefault(run.tags[PARTITION_TAG], outcome_of(self._instance, run))
        return done

    def _run_rest(self, workers: Path) -> None:
        record = self._record
        left = [key for key in record.keys if key not in self._outcomes]
        print(f"backfill {record.backfill_id}: {self._how_far()}", file=sys.stderr, flush=True)
        tasks = (task_for(key, record.backfill_id) for key in left)
        try:
            with (
                termination_as_interrupt(),
                progress_for(len(record.keys), len(self._outcomes)) as progress,
                self._runner(workers, len(left)) as runner,
            ):
                for outcome in runner.outcomes(tasks):
                    self._outcomes[outcome.key] = outcome
                    progress.observe(outcome)
        except KeyboardInterrupt:
            print(f"the backfill stopped: {self._how_far()}; go on with", file=sys.stderr)
            print(f"    {self._command_to_go_on()}", file=sys.stderr)
            raise

    def _how_far(self) -> str:
        total = len(self._record.keys)
        return f"{len(self._outcomes)} of {total} partitions had their turn"

    def _command_to_go_on(self) -> str:
        words = ["jobc", "backfill", self._source.pointer, "--resume", self._record.backfill_id]
        if self._request.instance is not None:
            words += ["--instance", str(self._request.instance)]
        if self._request.concurrency > 1:
            words += ["--concurrency", str(self._request.concurrency)]
        return shlex.join(words)

    def _runner(self, workers: Path, left: int) -> Runner:
        count = min(self._request.concurrency, left)
        if count <= 1:
            return InThisProcess(self._job, self._instance, self._source.folder)
        from jobc.cli.backfill_workers import InWorkers, WorkPlace

        place = WorkPlace(self._source, instance_folder(self._request.instance), workers)
        return InWorkers(place, self._instance, count)

    def _tell(self) -> int:
        outcomes = [self._outcomes[key] for key in self._record.keys]
        success = all(each.status is RunStatus.SUCCESS for each in outcomes)
        if self._request.form == "json":
            told = {"backfill": self._record.backfill_id, "success": success}
            print(json.dumps({**told, "partitions": [_as_json(each) for each in outcomes]}))
        else:
            print("\n".join(column_lines([_TITLES, *map(_row, outcomes)])))
        return OK if success else RUN_FAILED


def _row(outcome: Outcome) -> Sequence[str]:
    return outcome.key, outcome.status.value, outcome.run_id or "-", seconds(outcome.duration_s)


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        "partition": outcome.key,
        "status": outcome.status.value,
        "run_id": outcome.run_id,
        "duration_s": round(outcome.duration_s, 6),
        "error": outcome.error,
    }
