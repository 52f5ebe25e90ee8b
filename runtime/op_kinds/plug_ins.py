"""Kinds of ops that installed distributions bring (`docs/plug-ins.md`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from jobc.runtime.expressions.filling import fill
from jobc.runtime.op_kinds.names import step_names
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.metadata import EntryPoint

    from jobc.runtime.definitions.op_function import Slot

GROUP = "jobc.op_kinds"
"""The group of entry points; the name of one is the key that an op of the kind has in a spec."""

SETTINGS = "settings"
"""The parameter of a plug-in's function that takes the settings of the op."""


class OpKind(Protocol):
    """What an entry point of the group `jobc.op_kinds` is: it makes the function of an op.

    `settings` is what stands under the kind's key in the spec, as plain data; its texts may hold `${…}`
    still. The function that is returned is bound as any plain function of a spec is: its parameters take the
    context, inputs, config and resources by name. A parameter `settings` takes the settings with all `${…}`
    filled in for the step. This is called when a job is loaded, never when a spec is checked.
    """

    def __call__(self, name: str, settings: Any, /) -> Callable[..., object]:  # noqa: ANN401 - free data
        """Return the function of the op `name`; an exception says why there is none."""
        ...


def plug_in(kind: str) -> EntryPoint | None:
    """Return what brings a kind of ops, without importing it; None where nothing installed does."""
    from importlib.metadata import entry_points

    return next(iter(entry_points(group=GROUP, name=kind)), None)


@dataclass(frozen=True, slots=True)
class PlugInCall:
    """The function of a plug-in's op: fills in the settings and calls what the plug-in made.

    `slots` are those of the function itself, `settings` the unfilled ones; `fields` are the op's config
    fields. Everything is passed by name.
    """

    function: Callable[..., object]
    slots: tuple[Slot, ...]
    settings: object
    fields: tuple[str, ...]
    takes_settings: bool

    def __call__(self, context: Any, /, **inputs: object) -> object:  # noqa: ANN401 - an op's context
        """Call the function for one step.

        Errors: what it raises; `EvaluationError` for an expression that has no value.
        """
        named = {slot.parameter_name: _value(slot, context, inputs) for slot in self.slots}
        if self.takes_settings:
            named[SETTINGS] = fill(self.settings, step_names(context, inputs, self.fields, {}))
        return self.function(**named)


def _value(slot: Slot, context: Any, inputs: dict[str, object]) -> object:  # noqa: ANN401 - an op's context
    if slot.kind == "context":
        return context
    if slot.kind == "input":
        return inputs[slot.name]
    if slot.kind == "resource":
        return getattr(context.resources, slot.name)
    config = context.op_config or {}
    return config if slot.kind == "config" else config.get(slot.name)
