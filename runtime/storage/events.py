"""Events: what a run did, one record per thing that happened (SEMANTICS 19)."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.storage.errors import ErrorInfo


class EventKind(Enum):
    """What happened."""

    RUN_START = "RUN_START"
    RUN_SUCCESS = "RUN_SUCCESS"
    RUN_FAILURE = "RUN_FAILURE"
    RUN_CANCELED = "RUN_CANCELED"
    ENGINE_EVENT = "ENGINE_EVENT"
    RESOURCE_INIT_STARTED = "RESOURCE_INIT_STARTED"
    RESOURCE_INIT_SUCCESS = "RESOURCE_INIT_SUCCESS"
    RESOURCE_INIT_FAILURE = "RESOURCE_INIT_FAILURE"
    STEP_START = "STEP_START"
    LOADED_INPUT = "LOADED_INPUT"
    STEP_INPUT = "STEP_INPUT"
    ASSET_MATERIALIZATION = "ASSET_MATERIALIZATION"
    ASSET_OBSERVATION = "ASSET_OBSERVATION"
    STEP_EXPECTATION_RESULT = "STEP_EXPECTATION_RESULT"
    STEP_OUTPUT = "STEP_OUTPUT"
    HANDLED_OUTPUT = "HANDLED_OUTPUT"
    STEP_SUCCESS = "STEP_SUCCESS"
    STEP_FAILURE = "STEP_FAILURE"
    STEP_SKIPPED = "STEP_SKIPPED"
    STEP_UP_FOR_RETRY = "STEP_UP_FOR_RETRY"
    STEP_RESTARTED = "STEP_RESTARTED"
    HOOK_COMPLETED = "HOOK_COMPLETED"
    HOOK_SKIPPED = "HOOK_SKIPPED"
    HOOK_ERRORED = "HOOK_ERRORED"


@dataclass(frozen=True, slots=True)
class InputData:
    """An input of a step: LOADED_INPUT (by which manager, from what) or STEP_INPUT (how its check went)."""

    input_name: str
    manager_key: str | None = None
    upstream_step_key: str | None = None
    upstream_output_name: str | None = None
    passed: bool = True
    description: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutputData:
    """An output of a step: STEP_OUTPUT (how its check went) or HANDLED_OUTPUT (by which manager)."""

    output_name: str
    mapping_key: str | None = None
    manager_key: str | None = None
    passed: bool = True
    description: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UserEventData:
    """What the op or an IO manager reported: a materialisation, an observation, an expectation's result."""

    value: object


@dataclass(frozen=True, slots=True)
class SuccessData:
    """A step's success: how long it took, retries and their waits included."""

    duration_ms: float


@dataclass(frozen=True, slots=True)
class FailureData:
    """A step's or a run's failure.

    `error` is the outermost error of the record: for user code a wrapper that says where it happened, with
    the user's exception as its cause (SEMANTICS 11). `description` and `metadata` are those of a `Failure`.
    """

    error: ErrorInfo
    description: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)

    @property
    def user_failure_data(self) -> FailureData | None:
        """Return this record if the user raised a `Failure`, else None."""
        return None if self.description is None and not self.metadata else self


@dataclass(frozen=True, slots=True)
class RetryData:
    """A retry to come: why, the number of the attempt that follows (from 1), and the wait before it."""

    error: ErrorInfo
    attempt: int
    seconds_to_wait: float


@dataclass(frozen=True, slots=True)
class HookData:
    """A hook that ran after a step; `error` is set when the hook itself raised."""

    hook_name: str
    error: ErrorInfo | None = None


@dataclass(frozen=True, slots=True)
class ResourceData:
    """Resources that open or failed to; `keys` in the order of opening."""

    keys: tuple[str, ...]
    error: ErrorInfo | None = None


EventData = (
    InputData | OutputData | UserEventData | SuccessData | FailureData | RetryData | HookData | ResourceData
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a run.

    `step_key` is the full path of a step, with the mapping key of a mapped one (`g.op[key]`); `node_path`
    the path of its node, without. Both are None for events of the run as a whole. `time` is seconds since
    the epoch.
    """

    kind: EventKind
    message: str
    time: float
    run_id: str
    job_name: str
    step_key: str | None = None
    node_path: str | None = None
    data: EventData | None = None

    @property
    def event_type_value(self) -> str:
        """Return the kind as text, as in `STEP_SUCCESS`."""
        return self.kind.value

    @property
    def event_specific_data(self) -> EventData | None:
        """Return the data of this kind of event."""
        return self.data

    @property
    def is_step_event(self) -> bool:
        """Tell whether the event belongs to a step."""
        return self.step_key is not None

    @property
    def is_step_start(self) -> bool:
        """Tell whether a step began."""
        return self.kind is EventKind.STEP_START

    @property
    def is_step_success(self) -> bool:
        """Tell whether a step succeeded."""
        return self.kind is EventKind.STEP_SUCCESS

    @property
    def is_step_failure(self) -> bool:
        """Tell whether a step failed for good."""
        return self.kind is EventKind.STEP_FAILURE

    @property
    def is_step_skipped(self) -> bool:
        """Tell whether a step was skipped."""
        return self.kind is EventKind.STEP_SKIPPED

    @property
    def is_step_up_for_retry(self) -> bool:
        """Tell whether a step failed and will be tried again."""
        return self.kind is EventKind.STEP_UP_FOR_RETRY

    @property
    def is_step_restarted(self) -> bool:
        """Tell whether a step was started again."""
        return self.kind is EventKind.STEP_RESTARTED

    @property
    def is_successful_output(self) -> bool:
        """Tell whether an output was emitted."""
        return self.kind is EventKind.STEP_OUTPUT

    @property
    def is_hook_event(self) -> bool:
        """Tell whether the event came from a hook."""
        return self.kind in {EventKind.HOOK_COMPLETED, EventKind.HOOK_SKIPPED, EventKind.HOOK_ERRORED}
