"""Calls of ops outside any body: the function runs at once, with the values given (SEMANTICS 1)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from jobc.runtime.definitions.values import DynamicOutput, Output
from jobc.runtime.errors import InvalidInvocationError, InvariantViolationError, TypeCheckDidNotPass
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from jobc.runtime.definitions.op import OpDefinition
    from jobc.runtime.definitions.op_function import Slot
    from jobc.runtime.definitions.ports import Out


class ContextForCalls(ABC):
    """A context made by hand, which learns from a call what op it is for."""

    op_config: Any

    @abstractmethod
    def for_op(self, op: OpDefinition) -> ContextForCalls:
        """Return the context as the op is to see it: with its config processed."""


def call_directly(op: OpDefinition, arguments: tuple[object, ...], named: Mapping[str, object]) -> object:
    """Call the function of an op and return what it gives; outputs are checked against their types.

    The context, if the function takes one, comes first; one made by hand may come first in any
    case and brings the config. Inputs left out take their defaults.
    Errors: `InvalidInvocationError` for arguments that do not fit; `InvalidConfigError` for config in a
    context made by hand; `TypeCheckDidNotPass` for outputs of another type; `InvariantViolationError` for
    outputs the op does not declare.
    """
    bound = _bound(op, arguments, named)
    positional = [bound[slot] for slot in op.function.slots if not slot.keyword and slot in bound]
    by_keyword = {
        slot.parameter_name: bound[slot] for slot in op.function.slots if slot.keyword and slot in bound
    }
    given: Any = op.function.function(*positional, **by_keyword)
    style = op.function.style
    if style == "generator":
        return _yielded(op, given)
    if style == "async":
        return _awaited(op, given)
    return _async_yielded(op, given) if style == "async_generator" else _returned(op, given)


def _bound(
    op: OpDefinition, arguments: tuple[object, ...], named: Mapping[str, object]
) -> dict[Slot, object]:
    slots = op.function.slots
    context = next((each for each in arguments[:1] if isinstance(each, ContextForCalls)), None)
    context = None if context is None else context.for_op(op)
    if context is not None:
        arguments = (context, *arguments[1:]) if op.function.takes_context else arguments[1:]
    if len(arguments) > len(slots):
        raise InvalidInvocationError(
            f"{op.described} was called with {len(arguments)} arguments by position but takes {len(slots)}"
        )
    bound = dict(zip(slots, arguments, strict=False))
    by_name = {slot.parameter_name: slot for slot in slots}
    for name, value in named.items():
        slot = by_name.get(name)
        if slot is None:
            near = near_names(name, by_name)
            hint = f"; did you mean {listing(near)}?" if near else ""
            known = listing(by_name) or "no arguments"
            raise InvalidInvocationError(f"{op.described} takes no argument `{name}`; it takes {known}{hint}")
        if slot in bound:
            raise InvalidInvocationError(f"argument `{name}` of {op.described} was given twice")
        bound[slot] = value
    for slot in slots:
        if slot not in bound:
            _fill_in(op, slot, bound, context)
    return bound


def _fill_in(
    op: OpDefinition, slot: Slot, bound: dict[Slot, object], context: ContextForCalls | None
) -> None:
    if slot.kind == "input" and op.ins[slot.name].has_default:
        bound[slot] = op.ins[slot.name].default_value
    elif slot.kind == "config" and context is not None:
        bound[slot] = _config_argument(op, context.op_config)
    elif slot.kind == "config" and op.function.config_model is not None:
        bound[slot] = op.function.config_model()
    elif slot.kind == "context":
        raise InvalidInvocationError(
            f"{op.described} takes a context as its first argument; give one, or None"
        )
    elif slot.kind != "config_key" or not slot.keyword:
        first = "; its first argument is the context" if op.function.takes_context else ""
        raise InvalidInvocationError(
            f"{op.described} was called without a value for `{slot.parameter_name}`{first}"
        )


def _config_argument(op: OpDefinition, processed: object) -> object:
    """Return processed config as the function takes it: an object of its class, if it names one."""
    if op.function.config_model is None:
        return processed
    from jobc.runtime.config import config_object

    return config_object(op.function.config_model, processed)


def _returned(op: OpDefinition, given: object) -> object:
    if op.function.emission == "plain" or given is None:
        return given
    outs = list(op.outs.items())
    if len(outs) == 1:
        _check_emitted(op, outs[0][0], outs[0][1], given)
        return given
    if not outs:
        raise InvariantViolationError(f"{op.described} has no outputs but returned {given!r}")
    if not isinstance(given, tuple) or len(given) != len(outs):
        raise InvariantViolationError(
            f"{op.described} has {len(outs)} outputs and must return a tuple of as many, not {given!r}"
        )
    for (name, out), part in zip(outs, given, strict=True):
        _check_emitted(op, name, out, part)
    return given


def _check_emitted(op: OpDefinition, name: str, out: Out, given: object) -> None:
    if out.is_dynamic and isinstance(given, list):
        for part in given:
            _check_value(op, name, out, part.value if isinstance(part, DynamicOutput) else part)
    else:
        _check_value(op, name, out, given.value if isinstance(given, Output | DynamicOutput) else given)


def _check_value(op: OpDefinition, name: str, out: Out, value: object) -> None:
    answer = out.type.check(value)
    if not (answer if isinstance(answer, bool) else answer.success):
        raise TypeCheckDidNotPass(
            f"output `{name}` of {op.described} must be of type `{out.type.name}`, not {value!r}"
        )


def _checked_event(op: OpDefinition, event: object) -> object:
    if isinstance(event, Output | DynamicOutput):
        out = op.outs.get(event.output_name)
        if out is None:
            raise InvariantViolationError(
                f"{op.described} yielded the output `{event.output_name}`, which it does not declare; it has "
                f"{listing(op.outs) or 'none'}"
            )
        _check_value(op, event.output_name, out, event.value)
    return event


def _yielded(op: OpDefinition, events: Iterator[object]) -> Iterator[object]:
    for event in events:
        yield _checked_event(op, event)


async def _awaited(op: OpDefinition, given: Any) -> object:
    return _returned(op, await given)


async def _async_yielded(op: OpDefinition, events: AsyncIterator[object]) -> AsyncIterator[object]:
    async for event in events:
        yield _checked_event(op, event)
