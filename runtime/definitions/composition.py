"""Run the body of a graph or a job once and record what it invokes (SEMANTICS 1).

Each running body has a frame; nested bodies push and pop a stack, which is kept per thread and task. An
invocation adds a node to the innermost frame and returns placeholders; arguments become sources on the spot,
so that a mistake is reported at the call that makes it.
"""

from __future__ import annotations

import warnings
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.pending import PendingNodeInvocation
from jobc.runtime.definitions.placeholders import (
    CollectedPlaceholder,
    DynamicPlaceholder,
    InputPlaceholder,
    OutputPlaceholder,
    Placeholder,
    outputs_tuple,
    placeholder_of,
)
from jobc.runtime.definitions.sources import FanIn, GraphInput, NodeOutput, Source
from jobc.runtime.definitions.unknown import refuse_unknown
from jobc.runtime.errors import InvalidDefinitionError, InvalidInvocationError
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(slots=True, eq=False)
class Frame:
    """What a running body has invoked so far."""

    owner: str
    nodes: dict[str, Node] = field(default_factory=dict)
    sources: dict[str, dict[str, Source]] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    uninvoked: dict[int, PendingNodeInvocation] = field(default_factory=dict)


_frame: ContextVar[Frame | None] = ContextVar("jobc_running_body", default=None)


def current_frame() -> Frame | None:
    """Return the frame of the innermost body that runs, or None outside any."""
    return _frame.get()


def run_body(owner: str, body: Callable[..., object], inputs: Sequence[str]) -> tuple[Frame, object]:
    """Call a body with a placeholder for each of its inputs; return what it recorded and what it returned.

    Its frame is popped even if it raises. Warns about invocations that were changed but never called.
    """
    frame = Frame(owner)
    token = _frame.set(frame)
    try:
        returned = body(**{name: InputPlaceholder(frame, name) for name in inputs})
    finally:
        _frame.reset(token)
    for name in dict.fromkeys(pending.node_name for pending in frame.uninvoked.values()):
        warnings.warn(
            f"`{name}` was prepared in the body of {owner} but left uninvoked; call it, or remove it",
            UserWarning,
            stacklevel=4,
        )
    return frame, returned


def invoke_plainly(
    definition: OpDefinition | GraphDefinition, arguments: tuple[object, ...], named: Mapping[str, object]
) -> object:
    """Record a node without a name or modifier of its own in the running body; outside any body run an op.

    Errors: as `invoke`; `InvariantViolationError` for a graph outside any body.
    """
    frame = _frame.get()
    if frame is None:
        return PendingNodeInvocation(definition)(*arguments, **named)
    name = _next_name(frame, definition.name)
    sources = _bind(frame, name, definition, arguments, named)
    return _record(frame, Node(name, definition), sources)


def invoke(
    frame: Frame, pending: PendingNodeInvocation, arguments: tuple[object, ...], named: Mapping[str, object]
) -> object:
    """Record a node in a body; return its outputs: a placeholder, a named tuple of them, or None.

    Errors: `InvalidDefinitionError` for arguments that are no outputs and for names that are taken;
    `InvalidInvocationError` for an input given twice.
    """
    definition = pending.definition
    name = pending.alias_name or _next_name(frame, definition.name)
    sources = _bind(frame, name, definition, arguments, named)
    return _record(frame, Node(name, definition, pending.tags, pending.hooks, pending.retry_policy), sources)


def _record(frame: Frame, node: Node, sources: dict[str, Source]) -> object:
    name, definition = node.name, node.definition
    if name in frame.nodes:
        raise InvalidDefinitionError(
            f"{frame.owner} invokes `{name}` twice without aliasing: another node has that name already; "
            "give one of them a name of its own with `.alias(…)`"
        )
    frame.nodes[name] = node
    if sources:
        frame.sources[name] = sources
    outs = definition.outs
    if len(outs) == 1:
        (output,) = outs
        return placeholder_of(frame, NodeOutput(name, output), definition.is_dynamic_out(output))
    if not outs:
        return None
    parts = [placeholder_of(frame, NodeOutput(name, out), definition.is_dynamic_out(out)) for out in outs]
    return outputs_tuple(tuple(outs))(*parts)


def _next_name(frame: Frame, name: str) -> str:
    count = frame.calls.get(name, 0) + 1
    frame.calls[name] = count
    return name if count == 1 else f"{name}_{count}"


def _bind(
    frame: Frame,
    node: str,
    definition: OpDefinition | GraphDefinition,
    arguments: tuple[object, ...],
    named: Mapping[str, object],
) -> dict[str, Source]:
    declared = definition.ins
    if len(arguments) > len(declared):
        raise InvalidDefinitionError(
            f"{definition.described} (node `{node}` of {frame.owner}) was given too many inputs: it declares "
            f"{len(declared)} and received {len(arguments)} by position"
        )
    sources: dict[str, Source] = {}
    for name, value in zip(declared, arguments, strict=False):
        sources[name] = _source(frame, node, name, value)
    for name, value in named.items():
        if name not in declared:
            refuse_unknown(
                "input", name, declared, f"{definition.described} (node `{node}` of {frame.owner})"
            )
        if name in sources:
            raise InvalidInvocationError(
                f"input `{name}` of {definition.described} (node `{node}` of {frame.owner}) was given "
                "multiple values: by position and by keyword"
            )
        sources[name] = _source(frame, node, name, value)
    return sources


def _source(frame: Frame, node: str, name: str, value: object) -> Source:
    if isinstance(value, OutputPlaceholder | InputPlaceholder | CollectedPlaceholder):
        if value.frame is not frame:
            _refuse_other_body(frame, node, name, value)
        return value.source
    if isinstance(value, list):
        return FanIn(tuple(_member(frame, node, name, index, member) for index, member in enumerate(value)))
    return _refuse(frame, f"input `{name}` of node `{node}` of {frame.owner}", value)


def _member(frame: Frame, node: str, name: str, index: int, value: object) -> NodeOutput | GraphInput:
    place = f"item {index} of the list for input `{name}` of node `{node}` of {frame.owner}"
    if isinstance(value, OutputPlaceholder | InputPlaceholder) and value.frame is not frame:
        _refuse_other_body(frame, node, name, value)
    if isinstance(value, InputPlaceholder) or (
        isinstance(value, OutputPlaceholder) and isinstance(value.source, NodeOutput)
    ):
        return value.source  # type: ignore[return-value]  # narrowed on the line above
    if isinstance(value, OutputPlaceholder | CollectedPlaceholder):
        raise InvalidDefinitionError(
            f"{place} is {value.described}; dynamic outputs cannot stand in a list, pass it to an op of its "
            "own first"
        )
    if isinstance(value, list):
        raise InvalidDefinitionError(f"{place} is a list; lists of outputs cannot be nested")
    return _refuse(frame, place, value)


def _refuse_other_body(frame: Frame, node: str, name: str, value: Placeholder) -> NoReturn:
    raise InvalidDefinitionError(
        f"input `{name}` of node `{node}` of {frame.owner} was given {value.described}, which belongs to the "
        f"body of {value.frame.owner}; hand it over as an input"
    )


def _refuse(frame: Frame, place: str, value: object) -> NoReturn:
    if isinstance(value, DynamicPlaceholder):
        raise InvalidDefinitionError(
            f"{place} was given {value.described} directly; go through `.map(…)` or `.collect()`"
        )
    if isinstance(value, OpDefinition | GraphDefinition | PendingNodeInvocation):
        name = value.node_name if isinstance(value, PendingNodeInvocation) else value.name
        raise InvalidDefinitionError(
            f"{place} was given `{name}`, which was not invoked; were the parentheses forgotten?"
        )
    fields = getattr(value, "_fields", None)
    if (
        isinstance(value, tuple)
        and fields is not None
        and any(isinstance(part, Placeholder) for part in value)
    ):
        raise InvalidDefinitionError(
            f"{place} was given all outputs of one invocation; choose one of its fields {listing(fields)}"
        )
    raise InvalidDefinitionError(
        f"{place} received a value of the invalid type `{type(value).__name__}` ({value!r}): it must be an "
        f"output of a previous invocation or an input of the body of {frame.owner}"
    )
