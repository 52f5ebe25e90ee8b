"""The state of one run: what changes while the engine walks the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from jobc.runtime.execute.events import started_records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.definitions.run_config import ResolvedConfig
    from jobc.runtime.execute.awaiting import Awaiter
    from jobc.runtime.execute.clock import Clock
    from jobc.runtime.execute.events import EventLog
    from jobc.runtime.execute.logs import RunLogger
    from jobc.runtime.execute.memoisation import StepReason
    from jobc.runtime.execute.secrets import Mask
    from jobc.runtime.plan.steps import ExecutionPlan, Step
    from jobc.runtime.storage.events import FailureData
    from jobc.runtime.storage.instance import Instance
    from jobc.runtime.storage.runs import Run


StepInstance = tuple[int, str | None]
"""A step by its index, with the mapping key of an instance of a mapped one."""


class StepStatus(Enum):
    """How a step stands; a mapped step has one status per mapping key and one that sums them up."""

    PENDING = "pending"
    SUCCESS = "success"
    SKIPPED = "skipped"
    FAILED = "failed"
    ABANDONED = "abandoned"

    @property
    def ends_the_branch(self) -> bool:
        """Tell whether what waits for the step is abandoned."""
        return self is StepStatus.FAILED or self is StepStatus.ABANDONED


@dataclass(frozen=True, slots=True)
class Memo:
    """What is known of a memoised run before its first step (SEMANTICS 18).

    `steps` are the versions of steps by index, `outputs` those of outputs by index and position; what has
    none is not in them. `unchanged` are the steps that do not run because their outputs are stored.
    `reasons` say by step key why each step runs or does not.
    """

    steps: Mapping[int, str]
    outputs: Mapping[tuple[int, int], str]
    unchanged: frozenset[int] = frozenset()
    reasons: Mapping[str, StepReason] = field(default_factory=dict)


@dataclass(slots=True)
class RunState:
    """Everything the parts of the engine share during one run.

    `values` is the flat list of slots. `statuses` is by step index, `key_statuses` by step index and
    mapping key. `is_clean` says that no step so far failed, was skipped or left an output out, so that
    every step is ready when its turn comes. `managers` are the open IO managers by key; with
    `keeps_in_memory` the default one is not among them. `needed_resources` are the keys to open, in order.
    `failure` is the first failure. `selected` are the only instances of steps to run when a run is run again,
    None for all; `origins` says of the others which run stored their outputs. Without `retries` no step is
    tried again.
    """

    job: JobDefinition
    plan: ExecutionPlan
    run: Run
    instance: Instance
    config: ResolvedConfig
    values: list[object]
    events: EventLog
    log: RunLogger
    mask: Mask
    clock: Clock
    raise_on_error: bool
    awaiter: Awaiter
    keeps_in_memory: bool
    needed_resources: tuple[str, ...] = ()
    resources: Mapping[str, object] = field(default_factory=dict)
    managers: dict[str, object] = field(default_factory=dict)
    statuses: list[StepStatus] = field(default_factory=list)
    key_statuses: dict[tuple[int, str], StepStatus] = field(default_factory=dict)
    is_clean: bool = True
    failure: FailureData | None = None
    selected: set[StepInstance] | None = None
    origins: Mapping[StepInstance, str] = field(default_factory=dict)
    retries: bool = True
    memo: Memo | None = None

    def op_config(self, path: tuple[str, ...]) -> object:
        """Return the resolved config of a node, None if it has none."""
        entry = self.config.ops.get(path)
        return None if entry is None else entry.config

    def status_of(self, step: int, key: str | None) -> StepStatus:
        """Return the status of a step, or of one instance of a mapped one."""
        if key is None:
            return self.statuses[step]
        return self.key_statuses.get((step, key), StepStatus.PENDING)

    def set_status(self, step: Step, key: str | None, status: StepStatus) -> None:
        """Note how a step, or one instance of a mapped one, went."""
        if status is not StepStatus.SUCCESS:
            self.is_clean = False
        if key is None:
            self.statuses[step.index] = status
        else:
            self.key_statuses[step.index, key] = status


class Phase(Enum):
    """Whose code runs within an attempt: an exception belongs to the phase it is raised in."""

    ENGINE = "engine"
    LOADING = "loading an input"
    BODY = "the body"
    CHECKING = "checking a type"
    HANDLING = "handling an output"


@dataclass(slots=True, eq=False)
class Attempt:
    """One step being run: its current try and what it emitted so far.

    `subject` is the input or output that a phase other than the body deals with. `emitted` holds the values
    by output name, for a dynamic output by mapping key within it. `retry_number` is 0 on the first try.
    On the engine's short path the log knows nothing of the step yet: it is not `is_spelled_out`.
    """

    state: RunState
    step: Step
    key: str | None
    started: float
    retry_number: int = 0
    phase: Phase = Phase.ENGINE
    subject: str = ""
    emitted: dict[str, object] = field(default_factory=dict)
    output_metadata: dict[tuple[str, str | None], dict[str, object]] = field(default_factory=dict)
    op_context: object = None
    is_spelled_out: bool = True

    @property
    def step_key(self) -> str:
        """Return the key of this instance of the step."""
        return self.step.key_of(self.key)

    def spell_out(self) -> None:
        """Record the start and the inputs of a step of the short path, before all else of it."""
        if not self.is_spelled_out:
            self.is_spelled_out = True
            self.state.events.raw.extend(started_records(self.step, self.started))

    def restart(self) -> None:
        """Begin the next try: what the last one emitted is forgotten."""
        self.retry_number += 1
        self.emitted = {}
        self.output_metadata = {}
        self.op_context = None
