"""One run of `jobc run`: carried out in this process and told to its reader, a person or a program."""

from __future__ import annotations

import json
import sys
from contextlib import chdir, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from jobc.cli import MISTAKES, OK, RUN_FAILED
from jobc.cli.progress import progress_for_people, seconds
from jobc.cli.run_failures import NOTHING, WRAPPERS, failure_texts
from jobc.cli.run_outputs import json_outputs, output_lines
from jobc.runtime.errors import InstanceError, InvariantViolationError, JobcError
from jobc.runtime.execute.run import execute_in_process
from jobc.runtime.plan.plan import build_plan
from jobc.runtime.storage.runs import RunStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from jobc.cli.requested_run import RequestedRun
    from jobc.cli.run import RunRequest
    from jobc.runtime.execute.result import ExecuteInProcessResult
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run

    Outputs: TypeAlias = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Execution:
    """What is to run, with everything given for it; `instance` knows the run by its id once it has begun."""

    requested: RequestedRun
    request: RunRequest
    instance: Instance
    run_id: str = field(default_factory=lambda: str(uuid4()))

    def run(self) -> int:
        """Run the job, print what came of it and return the exit code."""
        try:
            result = self._execute()
        except InstanceError as error:
            print(f"error: {error}", file=sys.stderr)
            return MISTAKES
        except (Exception, SystemExit) as error:
            if self.instance.has_run(self.run_id):
                return self._tell({})
            if not isinstance(error, JobcError):
                raise
            self.requested.print_refusal(error)
            return MISTAKES
        return self._tell(_outputs(result))

    def _execute(self) -> ExecuteInProcessResult:
        request = self.request
        progress = progress_for_people() if request.form == "human" else None
        with chdir(request.folder), progress or nullcontext():
            return execute_in_process(
                self.requested.job,
                run_config=self.requested.config.value() or None,
                instance=self.instance,
                partition_key=request.partition,
                run_id=self.run_id,
                raise_on_error=request.raise_on_error,
                input_values=self.requested.inputs,
                tags=dict(request.tags),
                on_event=progress.observe if progress else None,
            )

    def _tell(self, outputs: Outputs) -> int:
        """Print the failures and the outputs of the run."""
        run = self.instance.get_run_by_id(self.run_id)
        assert run is not None
        success = run.status is RunStatus.SUCCESS
        sys.stdout.flush()
        for text in self._failures(run):
            print(text, file=sys.stderr)
        if self.request.form == "json":
            print(json.dumps({"success": success, "run_id": run.run_id, "outputs": json_outputs(outputs)}))
        else:
            _tell_people(run, outputs)
        return OK if success else RUN_FAILED

    def _failures(self, run: Run) -> list[str]:
        hidden = NOTHING if self.request.traceback else WRAPPERS
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


def _outputs(result: ExecuteInProcessResult) -> dict[str, dict[str, object]]:
    """Read every output that the run produced, by node path and name, in the order of the plan."""
    outputs: dict[str, dict[str, object]] = {}
    for step in build_plan(result.job_def).steps:
        for output in step.outputs:
            try:
                value = result.output_for_node(step.key, output.name)
            except InvariantViolationError:  # it was skipped, or its step failed
                continue
            if not output.type.is_nothing:
                outputs.setdefault(step.key, {})[output.name] = value
    return outputs
