"""The arguments of an op's call, from its inputs, its config, its resources and its context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.execute.contexts import op_context

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.runtime.execute.state import Attempt
    from jobc.runtime.plan.steps import Argument


def call_arguments(attempt: Attempt, inputs: Sequence[object]) -> tuple[list[object], dict[str, object]]:
    """Return the positional and the named arguments; `inputs` are the values by position.

    Errors: what the op's config class raises for the config.
    """
    positional: list[object] = []
    named: dict[str, object] = {}
    for argument in attempt.step.arguments:
        value = _value(attempt, inputs, argument)
        if argument.keyword is None:
            positional.append(value)
        else:
            named[argument.keyword] = value
    return positional, named


def _value(attempt: Attempt, inputs: Sequence[object], argument: Argument) -> object:
    if argument.kind == "input":
        return inputs[argument.place]
    if argument.kind == "context":
        return op_context(attempt)
    value = attempt.state.values[argument.place]
    model = attempt.step.op.function.config_model
    if argument.kind == "config" and model is not None:
        from jobc.runtime.config import config_object

        return config_object(model, value)
    return value
