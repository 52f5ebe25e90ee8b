"""What an executor is, and what carries its steps elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.state import RunState
    from jobc.runtime.executors.tasks import JobAddress, RunTerms, StepMessage, StepTask
    from jobc.runtime.storage.instance import Instance


class Reconstructable(Protocol):
    """A pointer to a job, which any process can follow."""

    def get_definition(self) -> JobDefinition:
        """Return the job."""
        ...

    def to_dict(self) -> Mapping[str, object]:
        """Return the pointer as plain data."""
        ...


@dataclass(frozen=True, slots=True)
class InitExecutorContext:
    """What the function of an executor is told: the job, the executor's config, the instance of the run."""

    job: JobDefinition
    executor_config: object
    instance: Instance


class Executor(Protocol):
    """Carries out the steps of runs. It is made for one run."""

    def check(self, job: JobDefinition, instance: Instance) -> None:
        """Refuse what this executor cannot do, before the run is recorded.

        Errors: `UnmetExecutorRequirementsError`, `ParameterCheckError`.
        """
        ...

    def carry_out(self, state: RunState, address: JobAddress) -> None:
        """Carry out the steps of a run that was started; failures of steps stand in the state.

        Errors: `KeyboardInterrupt`; what keeps the run from going on.
        """
        ...


class StepCarrier(Protocol):
    """Takes tasks to where they are carried out and brings back what is told of them; used by one run.

    It is entered before the first task and left after the last, or when the run is to stop: then nothing of
    it may go on running when `__exit__` returns.
    """

    @property
    def capacity(self) -> int:
        """How many tasks it takes at a time."""
        ...

    def __enter__(self) -> object:
        """Get ready."""
        ...

    def __exit__(self, *_: object) -> None:
        """End what still runs and let go of it."""
        ...

    def open(self, terms: RunTerms) -> None:
        """Learn the terms of the run; called once, before the first task."""
        ...

    def start(self, task: StepTask, step_key: str) -> None:
        """Take a task; there are never more than `capacity` that have not ended."""
        ...

    def stop(self, ticket: int, reason: str) -> None:
        """End a task by force, with everything it started; its last message is then `StepLost`."""
        ...

    def messages(self, timeout_s: float | None) -> Iterable[tuple[int, StepMessage]]:
        """Wait for messages and return them with the tickets of their tasks, in order.

        Returns after `timeout_s` seconds even if there are none; None waits without end.
        """
        ...
