"""How the function of an op is called, decided once, when the op is defined (DESIGN 3, SEMANTICS 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.definitions.signature import Style

SlotKind = Literal["context", "input", "config", "config_key", "resource"]
Emission = Literal["api", "plain"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One argument of the function: what it receives and how it is passed.

    `name` is the input, the config key or the resource key ("" for the context and the whole config).
    `keyword` says that it is passed by keyword, under `parameter`, which is empty when it is the same as
    `name`.
    """

    kind: SlotKind
    name: str
    keyword: bool = False
    parameter: str = ""

    @property
    def parameter_name(self) -> str:
        """Return the name of the function's parameter."""
        return self.parameter or self.name


@dataclass(frozen=True, slots=True)
class OpFunction:
    """A function with the slots its arguments come from, in the order they are passed, by position first.

    `emission` says what it gives back. "api": an `@op` function (`Output` objects, a tuple for several
    outputs, a list of `DynamicOutput`). "plain": a function of a spec that may know nothing of jobc (a tuple
    in order or a dict by name; dynamic outputs as a dict or pairs; `SKIP`; it may also yield `Output`s).
    `config_model`, if set, is the `Config` class that the "config" slot receives an instance of.
    `extra_keywords` says that the function takes `**keywords`, so that inputs without a parameter reach it
    too.
    """

    function: Callable[..., object]
    slots: tuple[Slot, ...] = ()
    style: Style = "function"
    emission: Emission = "api"
    extra_keywords: bool = False
    config_model: type | None = None

    @property
    def takes_context(self) -> bool:
        """Tell whether a context must be made for a call."""
        return any(slot.kind == "context" for slot in self.slots)
