"""What a run in this process leaves behind: outputs, events, the record of the run (SEMANTICS 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jobc.runtime.definitions.assets import AssetKey
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.errors import InvariantViolationError, JobcError
from jobc.runtime.plan.graph_walk import Scope
from jobc.runtime.plan.steps import MISSING, Step, StepOutput
from jobc.runtime.storage.events import Event, EventKind, FailureData, UserEventData
from jobc.runtime.storage.runs import Run, RunStatus
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.values import AssetMaterialization, AssetObservation, ExpectationResult
    from jobc.runtime.execute.state import RunState


class ExecuteInProcessResult:
    """The outcome of one run. Nodes are named by their path, dotted through graphs (`ingest.clean`)."""

    def __init__(self, state: RunState) -> None:
        self._state = state

    def __repr__(self) -> str:
        job = self._state.job.name
        return f"ExecuteInProcessResult(job={job}, run_id={self.run_id}, success={self.success})"

    @property
    def success(self) -> bool:
        """Tell whether the run succeeded; skipped steps do not count against it."""
        return self.run.status is RunStatus.SUCCESS

    @property
    def run_id(self) -> str:
        """Return the id of the run."""
        return self._state.run.run_id

    @property
    def run(self) -> Run:
        """Return the record of the run: status, tags, run config."""
        return self._state.run

    @property
    def job_def(self) -> JobDefinition:
        """Return the job as it was run."""
        return self._state.job

    def output_for_node(self, path: str, output_name: str = "result") -> Any:  # noqa: ANN401 - what the op made it
        """Return what a node emitted; a dict by mapping key for dynamic outputs and mapped nodes.

        Errors: `InvariantViolationError` for a node or output the job does not have, and for one that was
        not produced.
        """
        parts = tuple(path.split("."))
        step = self._state.plan.find(path)
        if step is not None:
            return self._value(step, _output_of(step, output_name))
        scope = self._scope(parts, path)
        if output_name not in scope.graph.outputs:
            raise InvariantViolationError(
                _no_output(f"graph `{path}`", output_name, list(scope.graph.outputs))
            )
        return self._of_graph(scope, output_name)

    def output_value(self, output_name: str = "result") -> Any:  # noqa: ANN401 - what the op made it
        """Return an output of the job's own graph.

        Errors: `InvariantViolationError` if the graph has no outputs, or none of that name, or it was not
        produced.
        """
        job = self._state.job
        if not job.graph.outputs:
            raise InvariantViolationError(
                f"job `{job.name}` has no outputs of its own; read those of its nodes with `output_for_node`"
            )
        if output_name not in job.graph.outputs:
            raise InvariantViolationError(
                _no_output(f"job `{job.name}`", output_name, list(job.graph.outputs))
            )
        return self._of_graph(_root(job), output_name)

    def asset_value(self, asset_key: AssetKey | str | Sequence[str]) -> Any:  # noqa: ANN401 - what the op made it
        """Return the value of the output that is declared to be an asset.

        Errors: `InvariantViolationError` if no output is, or it was not produced.
        """
        key = AssetKey.of(asset_key)
        for step in self._state.plan.steps:
            for output in step.outputs:
                if step.op.outs[output.name].asset_key == key:
                    return self._value(step, output)
        raise InvariantViolationError(
            f"no output of job `{self._state.job.name}` is the asset `{key.to_user_string()}`"
        )

    @property
    def all_events(self) -> Sequence[Event]:
        """Return all events, in order."""
        return self._state.events.events()

    @property
    def all_node_events(self) -> Sequence[Event]:
        """Return the events of steps, in order."""
        return self.filter_events(lambda event: event.is_step_event)

    def events_for_node(self, path: str) -> Sequence[Event]:
        """Return the events of a node, of a graph those of everything below it; empty for an unknown path."""
        below = f"{path}."
        return self.filter_events(
            lambda event: (
                event.node_path is not None and (event.node_path == path or event.node_path.startswith(below))
            )
        )

    def filter_events(self, event_filter: Callable[[Event], bool]) -> Sequence[Event]:
        """Return the events that the filter accepts, in order."""
        return [event for event in self.all_events if event_filter(event)]

    def get_step_success_events(self) -> Sequence[Event]:
        """Return the events of steps that succeeded."""
        return self._of_kind(EventKind.STEP_SUCCESS)

    def get_step_skipped_events(self) -> Sequence[Event]:
        """Return the events of steps that were skipped."""
        return self._of_kind(EventKind.STEP_SKIPPED)

    def get_step_failure_events(self) -> Sequence[Event]:
        """Return the events of steps that failed."""
        return self._of_kind(EventKind.STEP_FAILURE)

    def get_failed_step_keys(self) -> frozenset[str]:
        """Return the keys of the steps that failed."""
        return frozenset(cast("str", event.step_key) for event in self.get_step_failure_events())

    def get_job_success_event(self) -> Event:
        """Return the event that says the run succeeded; `JobcError` if it did not."""
        return self._only(EventKind.RUN_SUCCESS, "did not succeed")

    def get_job_failure_event(self) -> Event:
        """Return the event that says the run failed; `JobcError` if it did not."""
        return self._only(EventKind.RUN_FAILURE, "did not fail")

    def asset_materializations_for_node(self, path: str) -> Sequence[AssetMaterialization]:
        """Return what a node reported to have written, in order."""
        return cast("list[AssetMaterialization]", self._reported(path, EventKind.ASSET_MATERIALIZATION))

    def asset_observations_for_node(self, path: str) -> Sequence[AssetObservation]:
        """Return what a node reported to have seen, in order."""
        return cast("list[AssetObservation]", self._reported(path, EventKind.ASSET_OBSERVATION))

    def expectation_results_for_node(self, path: str) -> Sequence[ExpectationResult]:
        """Return the expectations a node checked, in order."""
        return cast("list[ExpectationResult]", self._reported(path, EventKind.STEP_EXPECTATION_RESULT))

    def retry_attempts_for_node(self, path: str) -> int:
        """Return how often a node was started again."""
        return sum(event.kind is EventKind.STEP_RESTARTED for event in self.events_for_node(path))

    def failure_data_for_node(self, path: str) -> FailureData | None:
        """Return the record of a node's failure; None if it did not fail."""
        for event in self.events_for_node(path):
            if isinstance(event.data, FailureData):
                return event.data
        return None

    def _of_kind(self, kind: EventKind) -> list[Event]:
        return [event for event in self.all_events if event.kind is kind]

    def _only(self, kind: EventKind, otherwise: str) -> Event:
        for event in self._of_kind(kind):
            return event
        raise JobcError(f"the run `{self.run_id}` of job `{self._state.job.name}` {otherwise}")

    def _reported(self, path: str, kind: EventKind) -> list[object]:
        return [
            event.data.value
            for event in self.events_for_node(path)
            if event.kind is kind and isinstance(event.data, UserEventData)
        ]

    def _scope(self, parts: tuple[str, ...], path: str) -> Scope:
        """Return the scope of a graph node.

        Errors: `InvariantViolationError` for a path that leads nowhere.
        """
        scope = _root(self._state.job)
        for part in parts:
            node = scope.graph.nodes.get(part)
            if node is None or not isinstance(node.definition, GraphDefinition):
                known = list(scope.graph.nodes)
                near = near_names(part, known)
                hint = f"; did you mean {listing(near)}?" if near else f"; there are {listing(known)}"
                raise InvariantViolationError(f"job `{self._state.job.name}` has no node `{path}`{hint}")
            scope = scope.child(part)
        return scope

    def _of_graph(self, scope: Scope, output_name: str) -> object:
        found = scope.producer(scope.graph.outputs[output_name])
        step = self._state.plan.steps[self._state.plan.index[".".join(found.path)]]
        return self._value(step, _output_of(step, found.output))

    def _value(self, step: Step, output: StepOutput) -> object:
        value = self._state.values[output.slot]
        if self._state.memo is not None and step.index in self._state.memo.unchanged:
            value = MISSING
        if value is MISSING or (step.axis is not None and not value and self._state.values[step.axis]):
            raise InvariantViolationError(
                f"No outputs found: `{step.key}` did not produce `{output.name}` in the run `{self.run_id}`"
            )
        return value


def _root(job: JobDefinition) -> Scope:
    return Scope(job.graph, (), None, frozenset())


def _output_of(step: Step, name: str) -> StepOutput:
    for output in step.outputs:
        if output.name == name:
            return output
    raise InvariantViolationError(_no_output(f"`{step.key}`", name, [output.name for output in step.outputs]))


def _no_output(owner: str, name: str, known: list[str]) -> str:
    near = near_names(name, known)
    hint = f"; did you mean {listing(near)}?" if near else ""
    return f"{owner} has no output `{name}`; it has {listing(known) or 'none'}{hint}"
