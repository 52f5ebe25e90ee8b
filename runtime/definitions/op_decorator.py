"""The decorator `@op`: inputs, outputs and config read from the function (SEMANTICS 9)."""

from __future__ import annotations

import typing
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterable, Iterator, Mapping
from typing import get_args, get_origin, overload

from jobc.runtime.definitions.checks import (
    check_function,
    check_mapping,
    check_names,
    check_optional,
    check_text,
    describe,
)
from jobc.runtime.definitions.names import valid_node_name
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_config import OpConfigSlot, config_of_op
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.op_inputs import inputs_of_op
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.ports import NO_VALUE, In, Out, typed_out
from jobc.runtime.definitions.signature import (
    CONTEXT_NAMES,
    UNRESOLVED,
    Parameter,
    Signature,
    description_of,
    name_of,
    read_signature,
)
from jobc.runtime.definitions.tags import normalise_tags
from jobc.runtime.definitions.types import AnyType, JobcType, resolve_type
from jobc.runtime.definitions.values import DynamicOutput, Output
from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError

OpFn = Callable[..., object]
_ITERATORS = (Iterator, Generator, Iterable, AsyncIterator, AsyncGenerator)


@overload
def op(compute_fn: OpFn) -> OpDefinition: ...
@overload
def op(
    compute_fn: None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    ins: Mapping[str, In] | None = None,
    out: Out | Mapping[str, Out] | None = None,
    config_schema: object = None,
    required_resource_keys: Iterable[str] | None = None,
    tags: Mapping[str, object] | None = None,
    version: str | None = None,
    retry_policy: RetryPolicy | None = None,
    code_version: str | None = None,
    timeout_s: float | None = None,
) -> Callable[[OpFn], OpDefinition]: ...
def op(
    compute_fn: OpFn | None = None,
    *,
    name: str | None = None,
    description: str | None = None,
    ins: Mapping[str, In] | None = None,
    out: Out | Mapping[str, Out] | None = None,
    config_schema: object = None,
    required_resource_keys: Iterable[str] | None = None,
    tags: Mapping[str, object] | None = None,
    version: str | None = None,
    retry_policy: RetryPolicy | None = None,
    code_version: str | None = None,
    timeout_s: float | None = None,
) -> OpDefinition | Callable[[OpFn], OpDefinition]:
    """Make an op of a function.

    A first parameter called `context` (or `_`, `_context`, `context_`) receives the context, one called
    `config` the config; every other parameter is an input. Types come from `ins` and `out`, else from
    annotations. Without `out` there is one output, `result`; a dict declares several (none if empty), which
    the annotation `tuple[…]` types. `name` defaults to the function's, `description` to its docstring;
    `version` is another word for `code_version`. `timeout_s` limits the time a step takes, in seconds: an
    async op is cancelled and fails with `TimeoutError`; of a plain function an executor with worker processes
    ends the process (`StepTimeoutError`), while a run in one process only logs that it cannot.
    Errors: `InvalidDefinitionError` for a function that does not fit what is declared.
    """

    def decorate(function: OpFn) -> OpDefinition:
        found = valid_node_name("op", name_of(function, name))
        owner = f"op `{found}`"
        check_optional(retry_policy, RetryPolicy, f"`retry_policy` of {owner}", "a RetryPolicy")
        signature = read_signature(function)
        config, slots, inputs = _arguments(owner, signature, ins, config_schema)
        return OpDefinition.of(
            found,
            OpFunction(function, slots, signature.style, "api", signature.has_var_keyword, config.model),
            inputs,
            _outputs(owner, signature, out),
            config_field=config.field,
            required_resource_keys=check_names(required_resource_keys, f"the resource keys of {owner}"),
            description=description_of(function, description),
            tags=normalise_tags(tags, owner),
            retry_policy=retry_policy,
            code_version=_checked_version(owner, version, code_version),
            timeout_s=_checked_timeout(owner, timeout_s),
        )

    return decorate if compute_fn is None else decorate(_checked_function(compute_fn))


def _checked_function(function: object) -> OpFn:
    if isinstance(function, str):
        raise ParameterCheckError(
            f"`@op` was given {function!r} in place of a function; write `name={function!r}`"
        )
    return check_function(function, "what `@op` decorates")


def _checked_version(owner: str, version: str | None, code_version: str | None) -> str | None:
    if version is not None and code_version is not None:
        raise InvalidDefinitionError(
            f"{owner} has both `version` and `code_version`, which mean the same; keep one"
        )
    return check_text(code_version if version is None else version, f"`code_version` of {owner}")


def _checked_timeout(owner: str, timeout_s: object) -> float | None:
    if timeout_s is None:
        return None
    if isinstance(timeout_s, bool) or not isinstance(timeout_s, int | float):
        raise ParameterCheckError(
            f"`timeout_s` of {owner} must be a number of seconds, not {describe(timeout_s)}"
        )
    if not timeout_s > 0:
        raise InvalidDefinitionError(f"`timeout_s` of {owner} must be more than 0 seconds, not {timeout_s}")
    return float(timeout_s)


def _arguments(
    owner: str, signature: Signature, ins: Mapping[str, In] | None, config_schema: object
) -> tuple[OpConfigSlot, tuple[Slot, ...], dict[str, In]]:
    if signature.has_var_positional:
        raise InvalidDefinitionError(
            f"the function of {owner} takes `*` arguments; an op names each of its inputs, and a list is one "
            "input"
        )
    declared = check_mapping(ins, f"`ins` of {owner}", In, "an In")
    parameters = signature.parameters
    takes_context = bool(parameters) and parameters[0].name in CONTEXT_NAMES
    own = parameters[1:] if takes_context else parameters
    config_parameter = next((each for each in own if each.name == "config"), None)
    config = config_of_op(owner, config_parameter, config_schema)
    rest = own if config_parameter is None else [each for each in own if each is not config_parameter]
    inputs, input_slots = inputs_of_op(owner, rest, declared, signature.has_var_keyword)
    slots = _in_order(own, input_slots, config.slot)
    if takes_context:
        slots = [Slot("context", "", parameters[0].by_keyword_only, parameters[0].name), *slots]
    return config, tuple(slots), inputs


def _in_order(parameters: typing.Sequence[Parameter], inputs: list[Slot], config: Slot | None) -> list[Slot]:
    """Put the slot of the config parameter where the function has it."""
    if config is None:
        return inputs
    place = next(index for index, parameter in enumerate(parameters) if parameter.name == "config")
    return [*inputs[:place], config, *inputs[place:]]


def _outputs(owner: str, signature: Signature, out: object) -> Mapping[str, Out]:
    if out is None:
        return {"result": typed_out(_emitted_type(signature))}
    if isinstance(out, Out):
        return {"result": out if out.is_typed else _typed(out, _emitted_type(signature))}
    if not isinstance(out, Mapping):
        raise ParameterCheckError(f"`out` of {owner} must be an Out or a dict of them, not {out!r}")
    outs = check_mapping(out, f"`out` of {owner}", Out, "an Out")
    if all(each.is_typed for each in outs.values()):
        return outs
    types = _spread_types(owner, signature, outs)
    return {
        name: each if each.is_typed else _typed(each, kind)
        for (name, each), kind in zip(outs.items(), types, strict=True)
    }


def _spread_types(owner: str, signature: Signature, outs: Mapping[str, Out]) -> list[JobcType]:
    annotation = signature.result
    if len(outs) == 1:
        return [_emitted_type(signature)]
    if get_origin(annotation) is not tuple or Ellipsis in get_args(annotation):
        return [AnyType] * len(outs)
    members = get_args(annotation)
    if len(members) != len(outs):
        raise InvalidDefinitionError(
            f"{owner} declares {len(outs)} outputs but its return annotation is a tuple of {len(members)}"
        )
    return [_type_of_annotation(member) for member in members]


def _emitted_type(signature: Signature) -> JobcType:
    """Return the type of the one output: the return annotation, unless outputs are iterated over."""
    if signature.style in ("generator", "async_generator"):
        return AnyType
    return _type_of_annotation(signature.result)


def _type_of_annotation(annotation: object) -> JobcType:
    if annotation is NO_VALUE or annotation is UNRESOLVED:
        return AnyType
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in (Output, DynamicOutput) or origin in _ITERATORS:
        return AnyType
    if origin in (Output, DynamicOutput):
        return resolve_type(arguments[0])
    if origin is list and get_origin(arguments[0]) is DynamicOutput:
        return resolve_type(get_args(arguments[0])[0])
    if origin is list and arguments[0] is DynamicOutput:
        return AnyType
    return resolve_type(annotation)


def _typed(out: Out, kind: JobcType) -> Out:
    return type(out)(
        kind,
        out.description,
        out.is_required,
        out.io_manager_key,
        out.metadata,
        out.code_version,
        out.asset_key,
    )
