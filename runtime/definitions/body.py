"""From the body of a graph or a job to a graph (SEMANTICS 1, "Return values")."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jobc.runtime.definitions.checks import describe
from jobc.runtime.definitions.composition import Frame, run_body
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.placeholders import DynamicPlaceholder, OutputPlaceholder
from jobc.runtime.definitions.ports import GraphIn, GraphOut
from jobc.runtime.definitions.signature import read_signature
from jobc.runtime.definitions.unknown import refuse_unknown
from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.names import listing
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.runtime.definitions.config_mapping import ConfigMapping
    from jobc.runtime.definitions.sources import NodeOutput

Passed = OutputPlaceholder | DynamicPlaceholder


@dataclass(frozen=True, slots=True)
class Declared:
    """What a decorator says about the graph besides its body; `outs` is None if it does not say."""

    name: str
    description: str | None = None
    ins: Mapping[str, GraphIn] | None = None
    outs: Mapping[str, GraphOut] | None = None
    config_mapping: ConfigMapping | None = None
    tags: Mapping[str, str] | None = None


def graph_of_body(body: Callable[..., object], declared: Declared) -> GraphDefinition:
    """Run the body of a graph once and return the graph; its parameters are the inputs.

    Errors: `InvalidDefinitionError` for what it invokes, wires or returns wrongly.
    """
    owner = f"graph `{declared.name}`"
    ins = _inputs(body, declared, owner)
    frame, returned = run_body(owner, body, tuple(ins))
    outputs = _outputs(owner, frame, returned, declared.outs)
    return _graph(declared, ins, frame, outputs)


def graph_of_job_body(body: Callable[..., object], declared: Declared) -> GraphDefinition:
    """Run the body of a job once and return its graph, without outputs; its parameters are inputs.

    Errors: as `graph_of_body`, and `InvalidDefinitionError` for a body that returns anything.
    """
    owner = f"job `{declared.name}`"
    ins = _inputs(body, declared, owner)
    frame, returned = run_body(owner, body, tuple(ins))
    if returned is not None:
        what = returned.described if isinstance(returned, Passed) else describe(returned)
        raise InvalidDefinitionError(f"{owner} returns {what}, but a job has no outputs; remove the `return`")
    return _graph(declared, ins, frame, {})


def _graph(
    declared: Declared, ins: Mapping[str, GraphIn], frame: Frame, outputs: Mapping[str, NodeOutput]
) -> GraphDefinition:
    return GraphDefinition.of(
        declared.name,
        frame.nodes,
        frame.sources,
        ins=ins,
        outputs=outputs,
        outs=declared.outs,
        config_mapping=declared.config_mapping,
        description=declared.description,
        tags=declared.tags,
    )


def _inputs(body: Callable[..., object], declared: Declared, owner: str) -> dict[str, GraphIn]:
    signature = read_signature(body)
    if signature.style != "function":
        raise InvalidDefinitionError(
            f"the body of {owner} must be a plain function, neither `async` nor with a `yield`: it is run "
            "once, now, and only says what is wired to what"
        )
    if signature.has_var_positional or signature.has_var_keyword:
        raise InvalidDefinitionError(
            f"the body of {owner} must name each of its inputs, not take `*` or `**`"
        )
    described = declared.ins or {}
    names = [parameter.name for parameter in signature.parameters]
    for name in described:
        if name not in names:
            refuse_unknown("parameter", name, names, f"the body of {owner}")
    return {name: described.get(name, GraphIn()) for name in names}


def _outputs(
    owner: str, frame: Frame, returned: object, outs: Mapping[str, GraphOut] | None
) -> dict[str, NodeOutput]:
    if outs is None:
        return _undeclared_outputs(owner, frame, returned)
    if isinstance(returned, dict):
        return _outputs_by_name(owner, frame, returned, outs)
    parts = returned if isinstance(returned, tuple) else () if returned is None else (returned,)
    if len(parts) > len(outs):
        raise InvalidDefinitionError(
            f"{owner} returns {len(parts)} outputs but declares {len(outs)}: {listing(outs) or 'none'}"
        )
    if len(parts) < len(outs):
        _refuse_unmapped(owner, list(outs)[len(parts) :])
    return {
        name: _passed(owner, frame, f"output `{name}`", part) for name, part in zip(outs, parts, strict=True)
    }


def _undeclared_outputs(owner: str, frame: Frame, returned: object) -> dict[str, NodeOutput]:
    if returned is None:
        return {}
    if not isinstance(returned, tuple):
        return {"result": _passed(owner, frame, "what it returns", returned)}
    outputs: dict[str, NodeOutput] = {}
    for part in returned:
        output = _passed(owner, frame, "what it returns", part)
        taken = sum(earlier.output == output.output for earlier in outputs.values())
        outputs[f"{output.output}_{taken + 1}" if taken else output.output] = output
    return outputs


def _outputs_by_name(
    owner: str, frame: Frame, returned: Mapping[str, object], outs: Mapping[str, GraphOut]
) -> dict[str, NodeOutput]:
    for name in returned:
        if name not in outs:
            refuse_unknown("output", name, outs, owner)
    missing = [name for name in outs if name not in returned]
    if missing:
        _refuse_unmapped(owner, missing)
    return {name: _passed(owner, frame, f"output `{name}`", returned[name]) for name in outs}


def _refuse_unmapped(owner: str, names: list[str]) -> NoReturn:
    word = "output" if len(names) == 1 else "outputs"
    raise InvalidDefinitionError(
        f"{owner} leaves its declared {word} {listing(names)} unmapped: return an output of an invocation "
        "for each, as a dict by name or a tuple in order"
    )


def _passed(owner: str, frame: Frame, place: str, value: object) -> NodeOutput:
    if isinstance(value, Passed) and value.frame is frame:
        return value.output
    raise InvalidDefinitionError(
        f"{place} of {owner} must be an output of an invocation in its body, not {describe(value)}; return a "
        "single output, a tuple of outputs, or a dict by the names declared in `out`"
    )
