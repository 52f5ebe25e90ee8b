"""The inputs of an `@op`: its parameters, with what `ins` says about them (SEMANTICS 9, "Nothing")."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jobc.runtime.definitions.op_function import Slot
from jobc.runtime.definitions.ports import NO_VALUE, In, typed_in
from jobc.runtime.definitions.signature import UNRESOLVED, Parameter
from jobc.runtime.definitions.types import AnyType, JobcType, resolve_type
from jobc.runtime.definitions.unknown import refuse_unknown
from jobc.runtime.errors import InvalidDefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SCALARS = (int, float, str, bool)


def inputs_of_op(
    owner: str, parameters: Sequence[Parameter], ins: Mapping[str, In], takes_any_keyword: bool
) -> tuple[dict[str, In], list[Slot]]:
    """Return the inputs, those with a parameter first, then those of type Nothing; and their slots.

    `parameters` are those that are neither context nor config.
    Errors: `InvalidDefinitionError` for a declared input without a parameter, a Nothing input with one, and a
    default of a scalar type that does not fit it.
    """
    inputs: dict[str, In] = {}
    slots: list[Slot] = []
    for parameter in parameters:
        inputs[parameter.name] = _input(owner, parameter, ins.get(parameter.name))
        slots.append(_slot(parameter.name, parameter.by_keyword_only))
    for name, declared in ins.items():
        if name in inputs:
            continue
        if not declared.type.is_nothing:
            if not takes_any_keyword:
                names = [parameter.name for parameter in parameters]
                refuse_unknown("parameter for the input", name, names, f"the function of {owner}")
            _check_default(owner, name, declared)
            slots.append(_slot(name, True))
        inputs[name] = declared
    return inputs, slots


@cache
def _slot(name: str, keyword: bool) -> Slot:
    return Slot("input", name, keyword)


def _input(owner: str, parameter: Parameter, declared: In | None) -> In:
    kind = _type_of(parameter, declared)
    if kind.is_nothing:
        raise InvalidDefinitionError(
            f"input `{parameter.name}` of {owner} is of type Nothing and cannot be a parameter, since no "
            "value is passed; declare it with In(Nothing) in `ins` and remove the parameter"
        )
    if declared is None and parameter.default is NO_VALUE:
        return typed_in(kind)
    given = declared or In()
    default = parameter.default if given.default_value is NO_VALUE else given.default_value
    made = In(kind, given.description, default, given.metadata, given.asset_key, given.input_manager_key)
    _check_default(owner, parameter.name, made)
    return made


def _type_of(parameter: Parameter, declared: In | None) -> JobcType:
    if declared is not None and declared.is_typed:
        return declared.type
    if parameter.annotation is NO_VALUE or parameter.annotation is UNRESOLVED:
        return AnyType
    return resolve_type(parameter.annotation)


def _check_default(owner: str, name: str, port: In) -> None:
    if (
        port.has_default
        and port.type.python_type in _SCALARS
        and port.type.check(port.default_value) is False
    ):
        raise InvalidDefinitionError(
            f"the default {port.default_value!r} of input `{name}` of {owner} is not of its type "
            f"`{port.type.name}`"
        )
