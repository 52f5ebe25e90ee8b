"""Outputs: from what an op returns or yields to stored values (SEMANTICS 9, 10; DESIGN 3, "Outputs").

There are two ways to give outputs. An `@op` function follows the Jobs API: `Output` objects, a tuple for
several outputs, a list of `DynamicOutput`s. A plain function of a spec knows nothing of jobc: a tuple or a
dict by name, a dict or pairs for a dynamic output, and `SKIP` in the place of what it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from jobc.runtime.definitions.values import (
    SKIP,
    AssetMaterialization,
    AssetObservation,
    DynamicOutput,
    ExpectationResult,
    Output,
)
from jobc.runtime.errors import InvariantViolationError, StepOutputNotFoundError
from jobc.runtime.execute.emission import emit_output
from jobc.runtime.execute.state import Attempt, Phase
from jobc.runtime.storage.events import EventKind
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from jobc.runtime.plan.steps import StepOutput

_USER_EVENTS = {
    AssetMaterialization: EventKind.ASSET_MATERIALIZATION,
    AssetObservation: EventKind.ASSET_OBSERVATION,
    ExpectationResult: EventKind.STEP_EXPECTATION_RESULT,
}


def take_returned(attempt: Attempt, value: object) -> None:
    """Emit what a function returned.

    Errors: `InvariantViolationError` for a value that does not fit the declared outputs.
    """
    attempt.phase = Phase.ENGINE
    outputs = attempt.step.outputs
    if isinstance(value, tuple(_USER_EVENTS)):
        raise InvariantViolationError(
            f"`{attempt.step_key}` returned an event; events are yielded or given to `context.log_event`"
        )
    if not outputs:
        if value is not None:
            raise InvariantViolationError(
                f"`{attempt.step_key}` declares no outputs but returned a value of type "
                f"`{type(value).__name__}`"
            )
    elif len(outputs) == 1:
        _take_for(attempt, 0, value)
    else:
        _take_several(attempt, value)


def take_yielded(attempt: Attempt, item: object) -> None:
    """Emit what a generator yielded.

    Errors: `InvariantViolationError` for anything but outputs and events.
    """
    attempt.phase = Phase.ENGINE
    if isinstance(item, Output):
        _take_output(attempt, _position(attempt, item.output_name), item)
    elif isinstance(item, DynamicOutput):
        _take_dynamic(attempt, _position(attempt, item.output_name), item)
    elif isinstance(item, tuple(_USER_EVENTS)):
        attempt.state.events.emit(_USER_EVENTS[type(item)], attempt.step.index, attempt.key, item)
    elif _yields_pairs(attempt):
        _take_pair(attempt, 0, item)
    else:
        raise InvariantViolationError(
            f"`{attempt.step_key}` yielded a value of type `{type(item).__name__}`; an op yields `Output`, "
            "`DynamicOutput` and asset or expectation events: wrap the value, or return it"
        )


def complete_outputs(attempt: Attempt) -> None:
    """Settle the outputs that were not emitted.

    Errors: `StepOutputNotFoundError` for a required output, after all that was emitted has been stored.
    """
    attempt.phase = Phase.ENGINE
    for position, output in enumerate(attempt.step.outputs):
        if output.name in attempt.emitted or not output.required:
            continue
        if output.dynamic:
            _store_no_keys(attempt, output)
        elif output.type.is_nothing:
            emit_output(attempt, position, None, None, None)
        else:
            raise StepOutputNotFoundError(
                f"`{attempt.step_key}` ended without its output `{output.name}`, which is required; "
                "an output that may be left out is declared with `is_required=False` (`required: "
                "false` in a spec)"
            )


def _store_no_keys(attempt: Attempt, output: StepOutput) -> None:
    """Note that a dynamic output was emitted for no key at all: what collects it gets an empty list."""
    from jobc.runtime.execute.emission import keep

    attempt.emitted[output.name] = keyed = cast("dict[str, object]", {})
    keep(attempt, output, keyed)


def _take_several(attempt: Attempt, value: object) -> None:
    outputs = attempt.step.outputs
    is_plain = attempt.step.op.function.emission == "plain"
    if value is None and all(output.type.is_nothing for output in outputs):
        return
    if is_plain and isinstance(value, Mapping):
        for name, member in value.items():
            _take_for(attempt, _position(attempt, str(name)), member)
        return
    if not isinstance(value, tuple):
        expected = "a tuple in the order of the outputs" + (", or a dict by their names" if is_plain else "")
        raise InvariantViolationError(
            f"`{attempt.step_key}` has {len(outputs)} outputs and must return {expected}, "
            f"not a value of type `{type(value).__name__}`"
        )
    if len(value) != len(outputs):
        raise InvariantViolationError(
            f"`{attempt.step_key}` has {len(outputs)} outputs, {listing(output.name for output in outputs)}, "
            f"but returned a tuple of {len(value)}"
        )
    for position, member in enumerate(value):
        _take_for(attempt, position, member)


def _take_for(attempt: Attempt, position: int, value: object) -> None:
    """Emit what stands in the place of one output."""
    output = attempt.step.outputs[position]
    is_plain = attempt.step.op.function.emission == "plain"
    if is_plain and value is SKIP:
        return
    if isinstance(value, Output):
        _check_named(attempt, output, value)
        _take_output(attempt, position, value)
    elif output.dynamic:
        _take_all_keys(attempt, position, value, is_plain)
    elif isinstance(value, DynamicOutput):
        _take_dynamic(attempt, position, value)
    else:
        emit_output(attempt, position, value, None, None)


def _check_named(attempt: Attempt, output: StepOutput, value: Output[object]) -> None:
    several = len(attempt.step.outputs) > 1
    if value.output_name != output.name and not (several and value.output_name == "result"):
        _position(attempt, value.output_name)
        raise InvariantViolationError(
            f"`{attempt.step_key}` returned an Output for `{value.output_name}` in the place of "
            f"`{output.name}`"
        )


def _take_all_keys(attempt: Attempt, position: int, value: object, is_plain: bool) -> None:
    name = attempt.step.outputs[position].name
    if is_plain and isinstance(value, Mapping):
        for pair in value.items():
            _take_pair(attempt, position, pair)
    elif is_plain and isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for member in value:
            _take_pair(attempt, position, member)
    elif isinstance(value, list) and all(isinstance(member, DynamicOutput) for member in value):
        for member in value:
            _take_dynamic(attempt, position, member)
    else:
        expected = (
            "a dict or an iterable of (key, value) pairs" if is_plain else "a list of DynamicOutput objects"
        )
        members = value if isinstance(value, list) else ()
        others = [member for member in members if not isinstance(member, DynamicOutput)]
        what = "a list that holds a value" if others else "a value"
        kind = type(others[0] if others else value).__name__
        raise InvariantViolationError(
            f"the output `{name}` of `{attempt.step_key}` is dynamic and takes {expected}, "
            f"not {what} of type `{kind}`"
        )


def _take_pair(attempt: Attempt, position: int, member: object) -> None:
    if isinstance(member, DynamicOutput):
        _take_dynamic(attempt, position, member)
        return
    name = attempt.step.outputs[position].name
    if not isinstance(member, tuple) or len(member) != 2 or not isinstance(member[0], str):
        raise InvariantViolationError(
            f"the dynamic output `{name}` of `{attempt.step_key}` takes pairs of a text key and a value, "
            f"not a value of type `{type(member).__name__}`"
        )
    _take_dynamic(attempt, position, DynamicOutput(member[1], mapping_key=member[0], output_name=name))


def _take_output(attempt: Attempt, position: int, item: Output[object]) -> None:
    output = attempt.step.outputs[position]
    if output.dynamic:
        raise InvariantViolationError(
            f"the output `{output.name}` of `{attempt.step_key}` is dynamic: it takes "
            "`DynamicOutput`, not `Output`"
        )
    emit_output(attempt, position, item.value, None, item.metadata)


def _take_dynamic(attempt: Attempt, position: int, item: DynamicOutput[object]) -> None:
    output = attempt.step.outputs[position]
    if not output.dynamic:
        raise InvariantViolationError(
            f"the output `{output.name}` of `{attempt.step_key}` is not dynamic: it takes `Output`, "
            "not `DynamicOutput`; "
            "declare it with `DynamicOut` (`dynamic: true` in a spec)"
        )
    emit_output(attempt, position, item.value, item.mapping_key, item.metadata)


def _yields_pairs(attempt: Attempt) -> bool:
    outputs = attempt.step.outputs
    return attempt.step.op.function.emission == "plain" and len(outputs) == 1 and outputs[0].dynamic


def _position(attempt: Attempt, name: str) -> int:
    names = [output.name for output in attempt.step.outputs]
    if name in names:
        return names.index(name)
    near = near_names(name, names)
    hint = f"; did you mean {listing(near)}?" if near else ""
    have = f"it has {listing(names)}" if names else "it has none"
    raise InvariantViolationError(f"`{attempt.step_key}` has no output `{name}`: {have}{hint}")
