"""Bind imported functions: from a signature to the slots its parameters take their values from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from jobc.compiler.bind.parameters import assign
from jobc.runtime.definitions.op_function import Slot
from jobc.runtime.definitions.ports import NO_VALUE
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Collection

    from jobc.compiler.bind.parameters import Known
    from jobc.runtime.definitions.signature import Parameter, Signature

SlotKind = Literal["context", "input", "config", "config_key", "resource"]


class Binding(NamedTuple):
    """The slots of a function, the parameters that are inputs, and the resources that parameters name."""

    slots: tuple[Slot, ...]
    inputs: dict[str, Parameter]
    resources: tuple[str, ...]


class SignatureError(Exception):
    """A function does not fit what the spec says of it; the message says how."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message, advice)
        self.message = message
        self.advice = advice


def bind_function(name: str, signature: Signature, known: Known) -> Binding:
    """Give each parameter of a function its slot.

    Raises `SignatureError` for a parameter that nothing fits, or more than one thing does.
    """
    parameters = {parameter.name: parameter for parameter in signature.parameters}
    slots: list[Slot] = []
    inputs: dict[str, Parameter] = {}
    resources: list[str] = []
    by_keyword = False
    for parameter_name, providers in assign(parameters, known):
        parameter = parameters[parameter_name]
        if not providers and parameter.default is not NO_VALUE:
            by_keyword = True
            continue
        if len(providers) != 1:
            raise _misfit(name, parameter_name, providers)
        by_keyword = by_keyword or parameter.by_keyword_only
        (kind,) = providers
        if kind == "resource":
            key = known.key_of(parameter_name) or parameter_name
            resources.append(key)
            slots.append(Slot("resource", key, by_keyword, parameter_name))
            continue
        slots.append(_slot(kind, parameter_name, by_keyword))
        if kind == "input":
            inputs[parameter_name] = parameter
    if signature.has_var_keyword:
        slots += _extra_slots(parameters, known)
    return Binding(tuple(slots), inputs, tuple(resources))


def check_inputs_taken(name: str, signature: Signature, binding: Binding, declared: Collection[str]) -> None:
    """Refuse declared inputs that no parameter takes.

    Raises `SignatureError`.
    """
    missing = [each for each in declared if each not in binding.inputs]
    if missing and not signature.has_var_keyword:
        raise SignatureError(
            f"`{name}` has no parameter for {listing(missing)}",
            f"its parameters are {listing(parameter.name for parameter in signature.parameters)}",
        )


def _extra_slots(parameters: Collection[str], known: Known) -> list[Slot]:
    """Return slots for declared inputs and config fields that only `**keywords` can take."""
    inputs = [Slot("input", name, keyword=True) for name in known.inputs or () if name not in parameters]
    if "context" in parameters or "config" in parameters:
        return list(inputs)
    fields = [name for name in known.config if name not in parameters and name not in (known.inputs or ())]
    return [*inputs, *(Slot("config_key", name, keyword=True) for name in fields)]


def _slot(kind: SlotKind, name: str, by_keyword: bool) -> Slot:
    whole = kind in ("context", "config")
    return Slot(kind, "" if whole else name, by_keyword, name if whole else "")


def _misfit(name: str, parameter: str, providers: tuple[str, ...]) -> SignatureError:
    if providers:
        return SignatureError(
            f"the parameter `{parameter}` of `{name}` fits more than one provider", "rename one of them"
        )
    return SignatureError(
        f"nothing gives `{name}` its parameter `{parameter}`",
        f"declare `{parameter}`, or give the parameter a default",
    )
