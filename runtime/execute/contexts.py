"""What the function of an op is told about its run (`context`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobc.runtime.definitions.metadata import normalise_metadata
from jobc.runtime.definitions.values import AssetMaterialization, AssetObservation, ExpectationResult
from jobc.runtime.errors import InvariantViolationError, ParameterCheckError
from jobc.runtime.execute.run_facts import RunFacts
from jobc.runtime.execute.scoped import ScopedResources
from jobc.runtime.storage.events import EventKind
from jobc.runtime.storage.runs import PARTITION_TAG
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.execute.logs import RunLogger
    from jobc.runtime.execute.state import Attempt

_KIND_OF_EVENT = {
    AssetMaterialization: EventKind.ASSET_MATERIALIZATION,
    AssetObservation: EventKind.ASSET_OBSERVATION,
    ExpectationResult: EventKind.STEP_EXPECTATION_RESULT,
}


class OpContext(RunFacts):
    """One try of one step, as the op sees it."""

    __slots__ = ("_attempt", "_log")

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._state = attempt.state
        self._log: RunLogger | None = None

    @property
    def op_config(self) -> Any:  # noqa: ANN401 - shaped by the op's own schema
        """Return the op's config: defaults filled in, environment read."""
        return self._state.op_config(self._attempt.step.path)

    @property
    def op_def(self) -> OpDefinition:
        """Return the op."""
        return self._attempt.step.op

    @property
    def op_name(self) -> str:
        """Return the name of the node, without the graphs around it."""
        return self._attempt.step.node_name

    @property
    def step_key(self) -> str:
        """Return the full key of the step."""
        return self._attempt.step_key

    @property
    def resources(self) -> ScopedResources:
        """Return the resources the op declared to need."""
        allowed = self._attempt.step.required_resources
        return ScopedResources(self._state.resources, allowed, f"op `{self.op_def.name}`")

    @property
    def log(self) -> RunLogger:
        """Return a logger whose messages name this step."""
        if self._log is None:
            self._log = self._state.log.at(self.step_key)
        return self._log

    @property
    def run_config(self) -> Mapping[str, object]:
        """Return the run config as the caller gave it."""
        return self._state.run.run_config

    @property
    def run_tags(self) -> Mapping[str, str]:
        """Return the tags of the run."""
        return self._state.run.tags

    @property
    def job_def(self) -> JobDefinition:
        """Return the job."""
        return self._state.job

    @property
    def retry_number(self) -> int:
        """Return how often the step was tried before: 0 on the first try."""
        return self._attempt.retry_number

    @property
    def has_partition_key(self) -> bool:
        """Tell whether the run is for a partition."""
        return PARTITION_TAG in self.run_tags

    @property
    def partition_key(self) -> str:
        """Return the partition key of the run.

        Errors: `InvariantViolationError` if the run is for no partition.
        """
        key = self.run_tags.get(PARTITION_TAG)
        if key is None:
            raise InvariantViolationError(
                f"`{self.step_key}` asked for a partition key, but the run of `{self.job_name}` is "
                "for no partition"
            )
        partitions = self.job_def.partitions_def
        return key if partitions is None else partitions.canonical_partition_key(key)

    @property
    def partition_time_window(self) -> Any:  # noqa: ANN401 - a pair of datetimes, `start` and `end`
        """Return the window of time that the partition of the run stands for.

        Errors: `InvariantViolationError` if the run is for no partition, or its partitions are not of time.
        """
        key, partitions = self.partition_key, self.job_def.partitions_def
        if partitions is None:
            raise InvariantViolationError(
                f"job `{self.job_name}` has no partitions, so `{key}` has no window"
            )
        try:
            return partitions.time_window_for_partition_key(key)
        except ParameterCheckError as error:
            raise InvariantViolationError(f"`{self.step_key}` asked for a window of time: {error}") from error

    def get_mapping_key(self) -> str | None:
        """Return the mapping key of this instance of a mapped step, None in any other step."""
        return self._attempt.key

    def has_tag(self, key: str) -> bool:
        """Tell whether the run has a tag."""
        return key in self.run_tags

    def get_tag(self, key: str) -> str | None:
        """Return a tag of the run, None if there is none of that key."""
        return self.run_tags.get(key)

    def log_event(self, event: AssetMaterialization | AssetObservation | ExpectationResult) -> None:
        """Record an event at once, without yielding it."""
        kind = _KIND_OF_EVENT.get(type(event))
        if kind is None:
            raise InvariantViolationError(
                "`log_event` takes asset and expectation events, not a value of type "
                f"`{type(event).__name__}`"
            )
        self._attempt.spell_out()
        self._state.events.emit(kind, self._attempt.step.index, self._attempt.key, event)

    def add_output_metadata(
        self, metadata: Mapping[str, object], output_name: str | None = None, mapping_key: str | None = None
    ) -> None:
        """Attach metadata to an output that this try emits later.

        The name may be left out if the op has one output.

        Errors: `InvariantViolationError` for an output that does not exist or was emitted already.
        """
        name = self._output_name(output_name)
        emitted = self._attempt.emitted.get(name)
        if name in self._attempt.emitted and (
            mapping_key is None or (isinstance(emitted, dict) and mapping_key in emitted)
        ):
            raise InvariantViolationError(f"the output `{name}` of `{self.step_key}` was emitted already")
        known = self._attempt.output_metadata.setdefault((name, mapping_key), {})
        known.update(normalise_metadata(metadata))

    def _output_name(self, given: str | None) -> str:
        names = [output.name for output in self._attempt.step.outputs]
        if given is None and len(names) == 1:
            return names[0]
        if given in names:
            return given
        asked = "the name of an output is needed" if given is None else f"there is no output `{given}`"
        raise InvariantViolationError(f"{asked}: `{self.step_key}` has {listing(names) or 'none'}")


def op_context(attempt: Attempt) -> OpContext:
    """Return the context of a try of an op, made when it is first asked for."""
    context = attempt.op_context
    if not isinstance(context, OpContext):
        context = attempt.op_context = OpContext(attempt)
    return context
