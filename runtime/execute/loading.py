"""Inputs: read from slots or through IO managers, then checked (SEMANTICS 9, 14)."""

from __future__ import annotations

from typing import Protocol, cast

from jobc.runtime.errors import TypeCheckDidNotPass
from jobc.runtime.execute.checking import check_value, refusal
from jobc.runtime.execute.presence import is_absent
from jobc.runtime.execute.state import Attempt, Phase
from jobc.runtime.plan.steps import (
    MISSING,
    Collected,
    FromManager,
    FromStep,
    FromSteps,
    InputSource,
    Ordering,
    StepInput,
)
from jobc.runtime.storage.events import EventKind


class LoadsInputs(Protocol):
    """What an IO manager or an input manager can do for an input."""

    def load_input(self, context: object) -> object:
        """Return the value of the input that the context describes."""


def load_inputs(attempt: Attempt) -> list[object]:
    """Return the values of a step's inputs, by position; None for inputs of type Nothing.

    Errors: what an IO manager raises; `TypeCheckDidNotPass`; what a type's check raises.
    """
    return [_load(attempt, position, port) for position, port in enumerate(attempt.step.inputs)]


def _load(attempt: Attempt, position: int, port: StepInput) -> object:
    if port.type.is_nothing:
        return None
    attempt.subject = port.name
    value = _read(attempt, position, port, port.source)
    check = check_value(attempt, port.type, value)
    attempt.state.events.emit(EventKind.STEP_INPUT, attempt.step.index, attempt.key, (position, check))
    if check is not None and not check.success:
        raise TypeCheckDidNotPass(
            f"the input `{port.name}` of `{attempt.step_key}` must be {refusal(port.type, value, check)}"
        )
    return value


def _read(attempt: Attempt, position: int, port: StepInput, source: InputSource) -> object:
    if isinstance(source, FromStep):
        return _read_one(attempt, position, port, source, attempt.key if source.per_key else None)
    if isinstance(source, Collected):
        return _read_all(attempt, position, port, source)
    if isinstance(source, FromSteps):
        present = [
            member for member in source.members if not is_absent(attempt.state.values, member, attempt.key)
        ]
        return [_read(attempt, position, port, member) for member in present]
    if isinstance(source, Ordering):
        return None
    value = MISSING if isinstance(source, FromManager) else attempt.state.values[source.slot]
    if value is MISSING:
        return _load_unconnected(attempt, position, port)
    return value


def _read_one(attempt: Attempt, position: int, port: StepInput, source: FromStep, key: str | None) -> object:
    state = attempt.state
    output = state.plan.steps[source.step].outputs[source.output]
    value = state.values[source.slot]
    if source.per_key:
        value = cast("dict[str, object]", value)[cast("str", key)]
    if output.type.is_nothing:
        return None
    mapping_key = key if output.dynamic else None
    step_key = key if state.plan.steps[source.step].axis is not None else None
    return _through_manager(attempt, position, port, source, value, step_key, mapping_key)


def _read_all(attempt: Attempt, position: int, port: StepInput, source: Collected) -> list[object]:
    producer = attempt.state.plan.steps[source.step]
    output = producer.outputs[source.output]
    found = cast("dict[str, object]", attempt.state.values[source.slot])
    if output.type.is_nothing:
        return list(found.values())
    one = FromStep(source.step, source.output, source.slot)
    is_mapped = producer.axis is not None
    return [
        _through_manager(
            attempt, position, port, one, value, key if is_mapped else None, None if is_mapped else key
        )
        for key, value in found.items()
    ]


def _through_manager(
    attempt: Attempt,
    position: int,
    port: StepInput,
    source: FromStep,
    value: object,
    step_key: str | None,
    mapping_key: str | None,
) -> object:
    """Load a value that a step emitted; the in-memory default hands over the very object."""
    from jobc.runtime.execute.io_contexts import InputContext, OutputContext

    state = attempt.state
    producer = state.plan.steps[source.step]
    manager_key = port.manager_key or producer.outputs[source.output].manager_key
    manager = state.managers.get(manager_key)
    metadata: dict[str, object] | None = None
    if manager is not None:
        upstream = OutputContext(state, producer, source.output, step_key, mapping_key, {})
        context = InputContext(attempt, port, manager_key, upstream)
        value = _call_manager(attempt, port, manager, context)
        metadata = context.added_metadata
    detail = (position, source, step_key, metadata)
    state.events.emit(EventKind.LOADED_INPUT, attempt.step.index, attempt.key, detail)
    return value


def _load_unconnected(attempt: Attempt, position: int, port: StepInput) -> object:
    from jobc.runtime.execute.io_contexts import InputContext

    assert port.manager_key is not None
    manager = attempt.state.managers[port.manager_key]
    context = InputContext(attempt, port, port.manager_key, None)
    value = _call_manager(attempt, port, manager, context)
    detail = (position, None, None, context.added_metadata)
    attempt.state.events.emit(EventKind.LOADED_INPUT, attempt.step.index, attempt.key, detail)
    return value


def _call_manager(attempt: Attempt, port: StepInput, manager: object, context: object) -> object:
    attempt.phase, attempt.subject = Phase.LOADING, port.name
    value = cast("LoadsInputs", manager).load_input(context)
    attempt.phase = Phase.ENGINE
    return value
