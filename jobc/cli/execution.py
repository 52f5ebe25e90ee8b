"""One run of `jobc run` or `jobc resume`: carried out, and told to its reader, a person or a program."""

from __future__ import annotations

import json
import shlex
import sys
from contextlib import chdir, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from jobc.cli import MISTAKES, OK, RUN_FAILED
from jobc.cli.executors import executor_or_reported
from jobc.cli.progress import progress_for_people, seconds
from jobc.cli.recorded_command import recorded_command
from jobc.cli.run_failures import NOTHING, WRAPPERS, failure_texts
from jobc.cli.run_outputs import json_outputs, output_lines
from jobc.runtime.errors import CheckError, InstanceError, InvariantViolationError, JobcError
from jobc.runtime.execute.failures import text_of
from jobc.runtime.executors.job_run import JobOrder, run_order
from jobc.runtime.plan.plan import build_plan
from jobc.runtime.reconstruct import reconstructable
from jobc.runtime.storage.runs import RunStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import TypeAlias

    from jobc.cli.manner import RunManner
    from jobc.cli.requested_run import RequestedRun, WrittenRun
    from jobc.runtime.definitions.executor import ExecutorDefinition
    from jobc.runtime.executors.result import JobExecutionResult
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run

    Outputs: TypeAlias = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Execution:
    """What is to run, with everything given for it; `instance` knows the run by its id once it has begun."""

    requested: RequestedRun
    written: WrittenRun
    manner: RunManner
    instance: Instance
    run_id: str = field(default_factory=lambda: str(uuid4()))

    def run(self) -> int:
        """Run the job, print what came of it and return the exit code."""
        executor = None
        if self.manner.executor is not None:
            executor = executor_or_reported(self.manner.executor)
            if executor is None:
                return MISTAKES
        try:
            order = self._order(executor)  # before the folder is changed: paths are as they were written
            with chdir(self._folder), self._execute(order) as result:
                outputs = _outputs(result)
        except InstanceError as error:
            print(f"error: {error}", file=sys.stderr)
            return MISTAKES
        except KeyboardInterrupt:
            if self.instance.has_run(self.run_id):
                self._tell_how_to_resume()
            raise
        except (Exception, SystemExit) as error:
            if self.instance.has_run(self.run_id):
                return self._tell({})
            if not isinstance(error, JobcError | CheckError):
                raise
            self._refuse(error)
            return MISTAKES
        return self._tell(outputs)

    @property
    def _folder(self) -> Path:
        """The folder to run in: the one that was named, else the spec's."""
        return self.manner.workdir or self.requested.folder

    def _refuse(self, error: JobcError | CheckError) -> None:
        if isinstance(error, JobcError):
            self.requested.print_refusal(error, self.manner.partition)
        else:
            print(f"error: {error}", file=sys.stderr)

    def _order(self, executor: ExecutorDefinition | None) -> JobOrder:
        manner, requested = self.manner, self.requested
        command = recorded_command(requested.whole, self.written, self._folder, manner.executor)
        return JobOrder(
            job=reconstructable(requested.whole),
            instance=self.instance,
            run_config=self._config(),
            op_selection=self.written.selection or None,
            partition_key=manner.partition,
            run_id=self.run_id,
            raise_on_error=manner.raise_on_error,
            input_values=requested.inputs,
            tags=dict(manner.tags),
            command=None if command is None else command.as_text(),
            reexecution=manner.reexecution,
            executor=executor,
        )

    def _execute(self, order: JobOrder) -> JobExecutionResult:
        progress = progress_for_people() if self.manner.form == "human" else None
        with progress or nullcontext():
            return run_order(replace(order, on_event=progress.observe if progress else None))

    def _config(self) -> Mapping[str, object] | None:
        given = self.requested.config.value() if self.manner.config is None else self.manner.config
        return given or None

    def _tell(self, outputs: Outputs) -> int:
        """Print the failures and the outputs of the run."""
        run = self.instance.get_run_by_id(self.run_id)
        assert run is not None
        success = run.status is RunStatus.SUCCESS
        sys.stdout.flush()
        for text in self._failures(run):
            print(text, file=sys.stderr)
        if self.manner.form == "json":
            print(json.dumps({"success": success, "run_id": run.run_id, "outputs": json_outputs(outputs)}))
        else:
            _tell_people(run, outputs)
        if not success:
            self._tell_how_to_resume()
        return OK if success else RUN_FAILED

    def _tell_how_to_resume(self) -> None:
        """Print the command line that goes on with this run."""
        words = ["jobc", "resume", self.run_id]
        if self.manner.instance is not None:
            words += ["--instance", str(self.manner.instance)]
        print(f"resume with: {shlex.join(words)}", file=sys.stderr)

    def _failures(self, run: Run) -> list[str]:
        hidden = NOTHING if self.manner.traceback else WRAPPERS
        steps = build_plan(self.requested.job).steps
        origins = {step.key: step.op.origin for step in steps if step.op.origin is not None}
        return list(failure_texts(self.instance.all_events(run.run_id), origins, hidden))


def _tell_people(run: Run, outputs: Outputs) -> None:
    took = seconds((run.ended_at or run.started_at) - run.started_at)
    success = run.status is RunStatus.SUCCESS
    print(
        f"{run.job_name} {'succeeded' if success else 'failed'} in {took} (run {run.run_id})", file=sys.stderr
    )
    if success:
        for line in output_lines(outputs):
            print(line)


def _outputs(result: JobExecutionResult) -> dict[str, dict[str, object]]:
    """Read every output that the run produced, by node path and name, in the order of the plan.

    One that its IO manager does not give back is reported and left out.
    """
    outputs: dict[str, dict[str, object]] = {}
    for step in build_plan(result.job_def).steps:
        for output in step.outputs:
            try:
                value = result.output_for_node(step.key, output.name)
            except InvariantViolationError:  # it was skipped, or its step failed
                continue
            except Exception as error:  # noqa: BLE001 - an IO manager may raise anything
                told = f"{type(error).__name__}: {text_of(error)}"
                print(f"warning: `{step.key}.{output.name}` cannot be loaded: {told}", file=sys.stderr)
                continue
            if not output.type.is_nothing:
                outputs.setdefault(step.key, {})[output.name] = value
    return outputs
