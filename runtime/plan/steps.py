"""Steps: what a plan is made of. Every value of a run has a slot in one flat list; steps name slots.

A slot holds one value; for a step of a dynamic axis it holds a dict from mapping key to value, in the order
the keys were emitted.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jobc.runtime.definitions.assets import AssetKey
    from jobc.runtime.definitions.hook import HookDefinition
    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.op_function import SlotKind
    from jobc.runtime.definitions.policies import RetryPolicy
    from jobc.runtime.definitions.types import JobcType


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING
"""Lies in the slot of a value that does not exist (yet)."""


class Stored(Enum):
    """The type of `STORED`."""

    STORED = "stored"


STORED: Final = Stored.STORED
"""Lies in the slot of a value that an IO manager holds, and that is loaded when it is read."""


@dataclass(frozen=True, slots=True)
class FromStep:
    """The output of a step: `step` and `output` are indices, `slot` is where the value lies.

    `per_key` says that the reader belongs to the same dynamic axis and reads the value of its own key.
    """

    step: int
    output: int
    slot: int
    per_key: bool = False


@dataclass(frozen=True, slots=True)
class Collected:
    """All values of a dynamic axis, as a list in the order of the keys, which `axis` holds."""

    step: int
    output: int
    slot: int
    axis: int


@dataclass(frozen=True, slots=True)
class FromRunInput:
    """A top-level input of the job, by name; its value is put in `slot` before the first step."""

    name: str
    slot: int


@dataclass(frozen=True, slots=True)
class FromConfig:
    """An input given in the run config: `path` is the node's, `name` the input's."""

    path: tuple[str, ...]
    name: str
    slot: int


@dataclass(frozen=True, slots=True)
class FromConstant:
    """A literal of the spec, or a default: the same for every run; `slot` holds it from the start."""

    slot: int


@dataclass(frozen=True, slots=True)
class FromManager:
    """An unconnected input that its own input manager loads."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """An input of type Nothing without a source: there is nothing to read."""


@dataclass(frozen=True, slots=True)
class FromSteps:
    """A fan-in: the values of several sources as a list, in their order; may be empty."""

    members: tuple[InputSource, ...]


SlotSource = FromStep | FromRunInput | FromConfig | FromConstant
InputSource = SlotSource | FromSteps | Collected | FromManager | Ordering


def step_sources(source: InputSource) -> Iterator[FromStep | Collected]:
    """Yield what a source takes from other steps, each member of a fan-in by itself."""
    if isinstance(source, FromStep | Collected):
        yield source
    elif isinstance(source, FromSteps):
        for member in source.members:
            yield from step_sources(member)


@dataclass(frozen=True, slots=True)
class StepInput:
    """One input of a step: where its value comes from and how it is checked.

    `manager_key` is the input's own IO manager, None to load through the one of the upstream output.
    """

    name: str
    type: JobcType
    source: InputSource
    manager_key: str | None
    metadata: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class StepOutput:
    """One output of a step and the slot its value goes to."""

    name: str
    type: JobcType
    slot: int
    required: bool
    dynamic: bool
    manager_key: str
    metadata: Mapping[str, object]
    asset_key: AssetKey | None


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of the op's function.

    `place` is the position of the step's input for kind "input", a slot for "config", "config_key" and
    "resource", and means nothing for "context". `keyword` is the name to pass it under, None for a
    positional argument.
    """

    kind: SlotKind
    place: int
    keyword: str | None


@dataclass(frozen=True, slots=True)
class PlainCall:
    """A step that needs nothing but a call: what the engine's short path takes.

    `reads` are the slots of the arguments, in the order of the parameters, without the context, which comes
    first; `checks` are the arguments to check, as pairs of position and test; `accepts` tests the one
    output, None when it takes anything.
    """

    function: Callable[..., object]
    takes_context: bool
    reads: tuple[int, ...]
    checks: tuple[tuple[int, Callable[[object], bool]], ...]
    slot: int
    accepts: Callable[[object], bool] | None


@dataclass(frozen=True, slots=True)
class Step:
    """One op of the flattened job, with everything about it decided that does not depend on the run.

    `key` is its full path (`g.op`); a mapped instance's key adds the mapping key in brackets. `axis` is the
    slot of the dynamic output it is mapped over, None for an ordinary step. `upstream` are all the steps it
    waits for; `after` are those it waits for without reading from them, one group per node.
    """

    index: int
    key: str
    path: tuple[str, ...]
    op: OpDefinition
    inputs: tuple[StepInput, ...]
    outputs: tuple[StepOutput, ...]
    arguments: tuple[Argument, ...]
    after: tuple[tuple[int, ...], ...]
    upstream: tuple[int, ...]
    axis: int | None
    retry_policy: RetryPolicy | None
    tags: Mapping[str, str]
    hooks: tuple[HookDefinition, ...]
    required_resources: frozenset[str]
    plain: PlainCall | None

    def key_of(self, mapping_key: str | None) -> str:
        """Return the key of the instance for `mapping_key`, or of the step itself for None."""
        return self.key if mapping_key is None else f"{self.key}[{mapping_key}]"

    @property
    def node_name(self) -> str:
        """Return the name of the node within its graph."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class InputSlot:
    """A slot that the run request fills: a top-level input, or an input in the run config.

    `path` is the node that config names (empty for a top-level input), `name` the input's name there;
    `step` and `position` say whose input it is, for messages.
    """

    slot: int
    path: tuple[str, ...]
    name: str
    step: int
    position: int


@dataclass(frozen=True, slots=True)
class ConfigSlot:
    """A slot that holds the config of an op, or one of its keys; filled before the first step."""

    slot: int
    step: int
    key: str | None


@dataclass(frozen=True, slots=True)
class ResourceSlot:
    """A slot that holds an open resource; filled before the first step."""

    slot: int
    key: str


@dataclass(frozen=True, slots=True)
class ExecutionPlan:
    """The steps of a job in the order they run, and the slots of all values of a run.

    `template` holds what the slots hold before a run: constants and defaults, `MISSING` elsewhere. `index`
    finds a step by its key. `resource_keys` are what ops and hooks need, `manager_keys` what stores outputs
    and loads inputs. `unstoppable` are the steps with a limit of time that only another process can enforce.
    """

    job_name: str
    steps: tuple[Step, ...]
    index: Mapping[str, int]
    template: tuple[object, ...]
    input_slots: tuple[InputSlot, ...]
    config_slots: tuple[ConfigSlot, ...]
    resource_slots: tuple[ResourceSlot, ...]
    resource_keys: frozenset[str]
    manager_keys: frozenset[str]
    unstoppable: tuple[int, ...] = ()

    def find(self, key: str) -> Step | None:
        """Return the step of that key, None if there is none."""
        position = self.index.get(key)
        return None if position is None else self.steps[position]
