"""What an IO manager is told about an output it stores or an input it loads (SEMANTICS 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.definitions.metadata import normalise_metadata
from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.execute.run_facts import RunFacts
from jobc.runtime.execute.scoped import ScopedResources
from jobc.runtime.storage.runs import PARTITION_TAG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.types import JobcType
    from jobc.runtime.definitions.values import AssetMaterialization
    from jobc.runtime.execute.logs import RunLogger
    from jobc.runtime.execute.state import Attempt, RunState
    from jobc.runtime.plan.steps import Step, StepInput


class _ManagedContext(RunFacts):
    """What both contexts say about the run and the IO manager."""

    __slots__ = ("_manager_key",)

    def __init__(self, state: RunState, manager_key: str) -> None:
        self._state = state
        self._manager_key = manager_key

    @property
    def resources(self) -> ScopedResources:
        """Return the resources that the IO manager declared to need."""
        definition = self._state.job.resource_defs[self._manager_key]
        owner = f"the IO manager `{self._manager_key}`"
        return ScopedResources(self._state.resources, definition.required_resource_keys, owner)

    @property
    def resource_config(self) -> object:
        """Return the config of the IO manager itself."""
        return self._state.config.resources.get(self._manager_key)

    @property
    def has_partition_key(self) -> bool:
        """Tell whether the run is for a partition."""
        return PARTITION_TAG in self._state.run.tags

    @property
    def partition_key(self) -> str:
        """Return the partition key of the run; `InvariantViolationError` if it has none."""
        key = self._state.run.tags.get(PARTITION_TAG)
        if key is None:
            raise InvariantViolationError(f"the run of `{self.job_name}` is for no partition")
        return key


class OutputContext(_ManagedContext):
    """An output of a step, as its IO manager sees it."""

    __slots__ = (
        "_key",
        "_position",
        "_step",
        "added_metadata",
        "logged_events",
        "mapping_key",
        "metadata",
        "name",
    )

    def __init__(
        self,
        state: RunState,
        step: Step,
        position: int,
        key: str | None,
        mapping_key: str | None,
        metadata: Mapping[str, object],
    ) -> None:
        output = step.outputs[position]
        super().__init__(state, output.manager_key)
        self._step = step
        self._position = position
        self._key = key
        self.name = output.name
        self.mapping_key = mapping_key
        self.metadata = {**output.metadata, **metadata}
        self.added_metadata: dict[str, object] = {}
        self.logged_events: list[AssetMaterialization] = []

    @property
    def run_id(self) -> str:
        """Return the id of the run that stores the output; of what is read, it may be an earlier one."""
        return self._state.origins.get((self._step.index, self._key), self._state.run.run_id)

    @property
    def step_key(self) -> str:
        """Return the full key of the step that emits the output."""
        return self._step.key_of(self._key)

    @property
    def op_def(self) -> OpDefinition:
        """Return the op that emits the output."""
        return self._step.op

    @property
    def type(self) -> JobcType:
        """Return the declared type of the output."""
        return self._step.outputs[self._position].type

    @property
    def version(self) -> str | None:
        """Return the version of the output in a memoised run, if it has one; None in any other run."""
        memo = self._state.memo
        return None if memo is None else memo.outputs.get((self._step.index, self._position))

    @property
    def config(self) -> object:
        """Return the config of this output for its IO manager; None if there is none."""
        return None

    @property
    def log(self) -> RunLogger:
        """Return the run's logger."""
        return self._state.log.at(self.step_key)

    def get_identifier(self) -> list[str]:
        """Return what names the output among those of all runs: run, step, output, any mapping key.

        An output with a version belongs to no run: `versioned_outputs` and the version stand for it.
        """
        version = self.version
        place = [self.run_id] if version is None else ["versioned_outputs", version]
        identifier = [*place, self.step_key, self.name]
        return identifier if self.mapping_key is None else [*identifier, self.mapping_key]

    def add_output_metadata(self, metadata: Mapping[str, object]) -> None:
        """Attach metadata to the event that says the output was stored."""
        self.added_metadata.update(normalise_metadata(metadata))

    def log_event(self, event: AssetMaterialization) -> None:
        """Record a materialisation."""
        self.logged_events.append(event)


class InputContext(_ManagedContext):
    """An input of a step, as the manager that loads it sees it.

    `upstream_output` is the output it is connected to, None if it is not.
    """

    __slots__ = ("_attempt", "_port", "added_metadata", "upstream_output")

    def __init__(
        self, attempt: Attempt, port: StepInput, manager_key: str, upstream_output: OutputContext | None
    ) -> None:
        super().__init__(attempt.state, manager_key)
        self._attempt = attempt
        self._port = port
        self.upstream_output = upstream_output
        self.added_metadata: dict[str, object] = {}

    @property
    def name(self) -> str:
        """Return the name of the input."""
        return self._port.name

    @property
    def step_key(self) -> str:
        """Return the full key of the step that reads the input."""
        return self._attempt.step_key

    @property
    def op_def(self) -> OpDefinition:
        """Return the op that reads the input."""
        return self._attempt.step.op

    @property
    def type(self) -> JobcType:
        """Return the declared type of the input."""
        return self._port.type

    @property
    def metadata(self) -> Mapping[str, object]:
        """Return the metadata of the input's declaration."""
        return self._port.metadata

    @property
    def config(self) -> object:
        """Return the config of this input for its manager; None if there is none."""
        return None

    @property
    def log(self) -> RunLogger:
        """Return the run's logger."""
        return self._state.log.at(self.step_key)

    def add_input_metadata(self, metadata: Mapping[str, object]) -> None:
        """Attach metadata to the event that says the input was loaded."""
        self.added_metadata.update(normalise_metadata(metadata))
