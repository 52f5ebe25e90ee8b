"""What a run with an executor leaves behind: outputs are loaded from where they are (SEMANTICS 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.execute.io_contexts import InputContext, OutputContext
from jobc.runtime.execute.resources import OpenResources, opening_order
from jobc.runtime.execute.result import ExecuteInProcessResult
from jobc.runtime.execute.start import surroundings
from jobc.runtime.execute.state import Attempt
from jobc.runtime.plan.steps import FromManager, StepInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from jobc.runtime.execute.loading import LoadsInputs
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.plan.steps import Step, StepOutput


class JobExecutionResult(ExecuteInProcessResult):
    """The outcome of one run; its outputs can be read inside a `with` statement, which opens IO managers."""

    def __init__(self, state: RunState) -> None:
        super().__init__(state)
        self._opened: OpenResources | None = None

    def __repr__(self) -> str:
        job = self._state.job.name
        return f"JobExecutionResult(job={job}, run_id={self.run_id}, success={self.success})"

    def __enter__(self) -> Self:
        self._opened = OpenResources(surroundings(self._state))
        self._state.resources = self._opened.values
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened; what that raises is raised."""
        assert self._opened is not None
        errors = [error for _, error in self._opened.close()]
        self._opened = None
        if errors:
            raise errors[0]

    def output_for_node(self, path: str, output_name: str = "result") -> Any:  # noqa: ANN401 - what the op made it
        """Return what a node emitted, loaded by its IO manager; a dict by mapping key as in process.

        Errors: `InvariantViolationError` outside a `with` statement, for a node or output the job does not
        have, and for one that was not produced; what the IO manager raises.
        """
        self._check_open()
        return super().output_for_node(path, output_name)

    def output_value(self, output_name: str = "result") -> Any:  # noqa: ANN401 - what the op made it
        """Return an output of the job's own graph; errors as `output_for_node`."""
        self._check_open()
        return super().output_value(output_name)

    def _check_open(self) -> None:
        if self._opened is None:
            raise InvariantViolationError(
                f"outputs of the run `{self.run_id}` are loaded by IO managers, which are open only inside "
                "`with execute_job(...) as result:`"
            )

    def _value(self, step: Step, output: StepOutput) -> object:
        self._check_open()
        mark = super()._value(step, output)
        if output.type.is_nothing:
            return None
        if step.axis is None:
            return self._loaded(step, output, None, mark)
        return {
            key: self._loaded(step, output, key, below)
            for key, below in cast("Mapping[str, object]", mark).items()
        }

    def _loaded(self, step: Step, output: StepOutput, key: str | None, mark: object) -> object:
        if not output.dynamic:
            return self._load(step, output, key, None)
        return {each: self._load(step, output, key, each) for each in cast("Mapping[str, object]", mark)}

    def _load(self, step: Step, output: StepOutput, key: str | None, mapping_key: str | None) -> object:
        manager = cast("LoadsInputs", self._manager(output.manager_key))
        position = step.outputs.index(output)
        upstream = OutputContext(self._state, step, position, key, mapping_key, {})
        port = StepInput(output.name, output.type, FromManager(), output.manager_key, output.metadata)
        attempt = Attempt(self._state, step, key, self._state.run.started_at)
        return manager.load_input(InputContext(attempt, port, output.manager_key, upstream))

    def _manager(self, key: str) -> object:
        """Return an IO manager, opened with all it needs when it is first asked for."""
        assert self._opened is not None
        for needed in opening_order({key}, self._state.job.resource_defs):
            if needed not in self._opened.values:
                self._opened.open(needed)
        return self._opened.values[key]
