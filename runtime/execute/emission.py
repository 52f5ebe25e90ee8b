"""Emitting one output: check its type, hand it to its IO manager, put it where its readers find it."""

from __future__ import annotations

from types import GeneratorType
from typing import TYPE_CHECKING, Protocol, cast

from jobc.runtime.definitions.metadata import normalise_metadata
from jobc.runtime.definitions.values import AssetMaterialization
from jobc.runtime.errors import InvariantViolationError, TypeCheckDidNotPass
from jobc.runtime.execute.checking import check_value, refusal
from jobc.runtime.execute.state import Attempt, Phase
from jobc.runtime.plan.steps import MISSING, StepOutput
from jobc.runtime.storage.events import EventKind
from jobc.runtime.storage.runs import PARTITION_TAG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jobc.runtime.execute.state import RunState


class HandlesOutputs(Protocol):
    """What an IO manager can do for an output."""

    def handle_output(self, context: object, obj: object) -> object:
        """Store the value of the output that the context describes."""


def emit_output(
    attempt: Attempt,
    position: int,
    value: object,
    mapping_key: str | None,
    metadata: Mapping[str, object] | None,
) -> None:
    """Emit a value for an output, under a mapping key if it is dynamic; of an asset, that it was written.

    Errors: `InvariantViolationError` for an output or key emitted twice; `TypeCheckDidNotPass`; what the
    type's check or the IO manager raises.
    """
    output = attempt.step.outputs[position]
    _refuse_twice(attempt, output, mapping_key)
    attempt.subject = output.name
    check = check_value(attempt, output.type, value)
    known = _all_metadata(attempt, output, mapping_key, metadata)
    emit, index, key = attempt.state.events.emit, attempt.step.index, attempt.key
    emit(EventKind.STEP_OUTPUT, index, key, (position, mapping_key, known, check))
    if check is not None and not check.success:
        raise TypeCheckDidNotPass(
            f"the output `{output.name}` of `{attempt.step_key}` must be {refusal(output.type, value, check)}"
        )
    stored = None
    if not output.type.is_nothing:
        stored = _handle(attempt, position, output, value, mapping_key, known)
    if output.asset_key is not None:
        made = AssetMaterialization(
            output.asset_key,
            metadata={**(known or {}), **(stored or {})},
            partition=_partition(attempt.state),
        )
        emit(EventKind.ASSET_MATERIALIZATION, index, key, made)
    if not output.type.is_nothing:
        emit(EventKind.HANDLED_OUTPUT, index, key, (position, mapping_key, stored))
    _note(attempt, output, value, mapping_key)


def _partition(state: RunState) -> str | None:
    """Return the partition key of the run, in the form that its partitions give it."""
    key, partitions = state.run.tags.get(PARTITION_TAG), state.job.partitions_def
    return key if key is None or partitions is None else partitions.canonical_partition_key(key)


def keep(attempt: Attempt, output: StepOutput, value: object) -> None:
    """Put a value into the slot of an output; a mapped step has a place of its own in it."""
    values = attempt.state.values
    if attempt.key is None:
        values[output.slot] = value
    else:
        cast("dict[str, object]", values[output.slot])[attempt.key] = value


def forget(attempt: Attempt) -> None:
    """Take back what a try emitted, before the next one."""
    values = attempt.state.values
    for output in attempt.step.outputs:
        if attempt.key is None:
            values[output.slot] = MISSING
        else:
            cast("dict[str, object]", values[output.slot]).pop(attempt.key, None)


def _note(attempt: Attempt, output: StepOutput, value: object, mapping_key: str | None) -> None:
    if mapping_key is None:
        attempt.emitted[output.name] = value
        keep(attempt, output, value)
        return
    if output.name not in attempt.emitted:
        attempt.emitted[output.name] = {}
        keep(attempt, output, attempt.emitted[output.name])
    cast("dict[str, object]", attempt.emitted[output.name])[mapping_key] = value


def _refuse_twice(attempt: Attempt, output: StepOutput, mapping_key: str | None) -> None:
    seen = attempt.emitted.get(output.name, MISSING)
    if seen is MISSING:
        return
    if mapping_key is None:
        raise InvariantViolationError(f"`{attempt.step_key}` emitted its output `{output.name}` twice")
    if mapping_key in cast("dict[str, object]", seen):
        raise InvariantViolationError(
            f"`{attempt.step_key}` emitted its dynamic output `{output.name}` twice under the mapping "
            f"key `{mapping_key}`"
        )


def _all_metadata(
    attempt: Attempt, output: StepOutput, mapping_key: str | None, metadata: Mapping[str, object] | None
) -> dict[str, object] | None:
    """Return the metadata of a value: what it came with and what the op added; None if there is none."""
    added = attempt.output_metadata.get((output.name, mapping_key))
    if not metadata and not added:
        return None
    return {**(metadata or {}), **(added or {})}


def _handle(
    attempt: Attempt,
    position: int,
    output: StepOutput,
    value: object,
    mapping_key: str | None,
    metadata: dict[str, object] | None,
) -> dict[str, object] | None:
    """Let the IO manager store a value and return the metadata it gave; in memory there is nothing to do."""
    from jobc.runtime.execute.io_contexts import OutputContext

    state = attempt.state
    manager = state.managers.get(output.manager_key)
    if manager is None:
        return None
    context = OutputContext(state, attempt.step, position, attempt.key, mapping_key, metadata or {})
    attempt.phase, attempt.subject = Phase.HANDLING, output.name
    returned = cast("HandlesOutputs", manager).handle_output(context, value)
    for item in _as_items(returned):
        _take_from_manager(attempt, output, context.added_metadata, item)
        attempt.phase = Phase.HANDLING
    attempt.phase = Phase.ENGINE
    for event in context.logged_events:
        attempt.state.events.emit(EventKind.ASSET_MATERIALIZATION, attempt.step.index, attempt.key, event)
    return context.added_metadata or None


def _as_items(returned: object) -> Iterator[object]:
    if returned is None:
        return
    if isinstance(returned, GeneratorType | list | tuple):
        yield from cast("Iterable[object]", returned)
    else:
        yield returned


def _take_from_manager(
    attempt: Attempt, output: StepOutput, metadata: dict[str, object], item: object
) -> None:
    attempt.phase = Phase.ENGINE
    if isinstance(item, AssetMaterialization):
        attempt.state.events.emit(EventKind.ASSET_MATERIALIZATION, attempt.step.index, attempt.key, item)
    elif isinstance(item, dict):
        metadata.update(normalise_metadata(item))
    elif item is not None:
        raise InvariantViolationError(
            f"the IO manager `{output.manager_key}` gave back a value of type `{type(item).__name__}` "
            "for the output "
            f"`{output.name}` of `{attempt.step_key}`; it may return or yield materialisations and "
            "metadata only"
        )
