"""`jobc resume`: run what a recorded run did not get done, as it was asked for then."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jobc.cli import MISTAKES, USAGE
from jobc.cli.execution import Execution
from jobc.cli.instances import existing_or_reported
from jobc.cli.manner import RunManner
from jobc.cli.named_runs import named_run
from jobc.cli.recorded_command import RecordedCommand, command_of
from jobc.cli.requested_run import WrittenRun, read_run
from jobc.runtime.definitions.run_config import with_default_config
from jobc.runtime.errors import CheckError, InstanceError
from jobc.runtime.executors.reexecution import ReexecutionOptions, masked_place

if TYPE_CHECKING:
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run


class ResumeRequest(NamedTuple):
    """The options of the command; `steps` are queries over steps, none for what is missing.

    `executor` takes the place of the one that the run had.
    """

    run_id: str
    steps: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    executor: str | None = None
    instance: Path | None = None
    form: str = "human"
    traceback: bool = False


def resume(request: ResumeRequest) -> int:
    """Resume a run and return the exit code; what keeps it from being resumed is printed."""
    instance = existing_or_reported(request.instance)
    if instance is None:
        return MISTAKES
    with instance:
        try:
            return _resume_named(request, instance)
        except InstanceError as error:
            print(f"error: {error}", file=sys.stderr)
            return MISTAKES


def _resume_named(request: ResumeRequest, instance: Instance) -> int:
    run = named_run(instance, request.run_id)
    if run is None:
        return MISTAKES
    command = command_of(run)
    if command is None:
        print(
            f"error: the run `{run.run_id}` was not started by `jobc run`, so nothing tells its spec; "
            "run it again from Python with `ReexecutionOptions.from_failure`",
            file=sys.stderr,
        )
        return MISTAKES
    return _resume(request, run, command, instance)


def _resume(request: ResumeRequest, run: Run, command: RecordedCommand, instance: Instance) -> int:
    try:
        options = _options(request, run, instance)
    except CheckError as error:
        print(f"error: {error}", file=sys.stderr)
        return MISTAKES
    written = WrittenRun(
        command.pointer,
        request.files,
        request.settings,
        command.inputs,
        command.selection,
        command.options,
    )
    requested = read_run(written)
    if isinstance(requested, int):
        return requested
    config = with_default_config(run.run_config, requested.config.value())
    place = masked_place(config) or next(
        (f"--input {text.partition('=')[0]}" for text in command.inputs if masked_place(text) is not None),
        None,
    )
    if place is not None:
        print(
            f"error: the run `{run.run_id}` was given a secret at `{place}`, and secrets are not recorded: "
            "give it again with `--set` or `--config`",
            file=sys.stderr,
        )
        return USAGE
    manner = RunManner(
        workdir=Path(command.workdir),
        form=request.form,
        traceback=request.traceback,
        executor=request.executor or command.executor,
        reexecution=options,
        config=config,
        instance=request.instance,
    )
    return Execution(requested, written, manner, instance).run()


def _options(request: ResumeRequest, run: Run, instance: Instance) -> ReexecutionOptions:
    if request.steps:
        return ReexecutionOptions(run.run_id, request.steps)
    return ReexecutionOptions.from_failure(run.run_id, instance)
