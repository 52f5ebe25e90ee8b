"""What passes between the process that decides and those that carry out steps; all of it can be pickled."""

from __future__ import annotations

from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.assets import AssetKey
    from jobc.runtime.definitions.run_config import ResolvedConfig
    from jobc.runtime.execute.events import RawEvent
    from jobc.runtime.execute.state import Memo, StepInstance
    from jobc.runtime.storage.errors import ErrorInfo
    from jobc.runtime.storage.events import FailureData
    from jobc.runtime.storage.runs import Run

BUILDING: ContextVar[bool] = ContextVar("BUILDING", default=False)
"""Whether a worker builds a job right now: what is imported for that must start no run."""


@dataclass(frozen=True, slots=True)
class JobAddress:
    """A job that another process can build: a pointer in its dictionary form, and what is selected of it."""

    pointer: Mapping[str, object]
    op_selection: tuple[str, ...] | None = None
    asset_selection: tuple[AssetKey, ...] | None = None


@dataclass(frozen=True, slots=True)
class RunTerms:
    """All that is the same for every step of a run; a worker gets it once.

    `instance` is the folder of the instance. `plan_digest` is that of the plan the run was started with. With
    `retries` false no step is tried again. `origins` says which earlier run stored what is not run again,
    `memo` what is known of the versions of outputs in a memoised run.
    """

    address: JobAddress
    run: Run
    config: ResolvedConfig
    instance: str
    plan_digest: str
    retries: bool
    origins: Mapping[StepInstance, str]
    memo: Memo | None = None


class StepTask(NamedTuple):
    """One try of one step.

    `ticket` names the task within its run. `step` is the index in the plan, `key` the mapping key of an
    instance of a mapped step. `started` is when the first try began, in seconds since the epoch. `presence`
    are pairs of a slot the step reads and the mark in it. `history` holds the records of earlier tries where
    a hook wants them. With `lost` the step has failed by the loss of its process: only its hooks are to run.
    """

    ticket: int
    step: int
    key: str | None
    retry_number: int
    started: float
    presence: tuple[tuple[int, object], ...]
    history: tuple[RawEvent, ...] = ()
    lost: LostStep | None = None


class LostStep(NamedTuple):
    """A step that failed because its process ended, or had to be ended after its time."""

    message: str
    is_over_time: bool


class Ending(Enum):
    """How a task ended; one that was interrupted ends the run."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UP_FOR_RETRY = "up for retry"
    INTERRUPTED = "interrupted"


class StepBegan(NamedTuple):
    """The task was taken up: from now on its time is counted. Sent for steps with a limit only."""


class StepRecords(NamedTuple):
    """What happened until the success of a step, while its hooks run; `emitted` as in `StepEnded`."""

    records: tuple[RawEvent, ...]
    emitted: tuple[tuple[int, object], ...]


class StepLog(NamedTuple):
    """A message of `context.log`, for the loggers of the run; `level` as in `logging`."""

    level: int
    text: str


class StepEnded(NamedTuple):
    """The last message of a task, with the records that were not sent yet.

    `emitted` are pairs of the slot of an output and the mark for it. `seconds_to_wait` counts before a retry.
    """

    ending: Ending
    records: tuple[RawEvent, ...]
    emitted: tuple[tuple[int, object], ...] = ()
    seconds_to_wait: float = 0.0
    failure: FailureData | None = None


class StepLost(NamedTuple):
    """The last message of a task whose process ended: how it ended, and the last lines it wrote to stderr."""

    reason: str
    last_lines: tuple[str, ...] = ()


class JobRefused(NamedTuple):
    """The job could not be built elsewhere, or was another one there: the run cannot go on."""

    error: ErrorInfo


StepMessage = StepBegan | StepRecords | StepLog | StepEnded | StepLost | JobRefused
