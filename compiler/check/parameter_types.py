"""Rule: what the spec passes to a parameter is what the parameter's annotation takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.assignability import NOTHING, assignable
from jobc.compiler.bind.field_types import value_type
from jobc.compiler.bind.parameters import Known, assign
from jobc.compiler.bind.program import OpSymbol, own
from jobc.compiler.bind.secrets import holds_secret
from jobc.compiler.syntax.annotations import annotation_type
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.definitions import FunctionSymbol, Parameter
    from jobc.compiler.bind.program import Program, ResourceSymbol
    from jobc.compiler.syntax.types import TypeExpr


def check_parameter_types(program: Program) -> Iterator[Diagnostic]:
    """Report inputs and config fields that a parameter's annotation does not take (JC0512, JC0513)."""
    owners: list[OpSymbol | ResourceSymbol] = [*own(program.ops), *own(program.resources)]
    for owner in owners:
        if owner.function is None or owner.is_open or not owner.function.parameters:
            continue
        providers = _providers(program, owner)
        for parameter in owner.function.parameters:
            provider = providers.get(parameter.name)
            if provider == "input" and isinstance(owner, OpSymbol):
                yield from _check_input(program, owner, owner.function, parameter)
            elif provider == "config_key":
                yield from _check_field(program, owner, owner.function, parameter)


def _providers(program: Program, owner: OpSymbol | ResourceSymbol) -> dict[str, str]:
    """Return what each parameter takes, where that is one thing."""
    inputs: tuple[str, ...] | None = ()
    if isinstance(owner, OpSymbol):
        declared = program.document.spec.ops[owner.name].inputs
        inputs = None if declared is None else tuple(declared)
    config = tuple(field.name for field in owner.config)
    known = Known(inputs, config, owner.resources, program.document.names("resources"), owner.name)
    assert owner.function is not None
    names = [each.name for each in owner.function.parameters if each.kind in ("positional", "keyword")]
    return {name: found[0] for name, found in assign(names, known) if len(found) == 1}


def _check_input(
    program: Program, op: OpSymbol, function: FunctionSymbol, parameter: Parameter
) -> Iterator[Diagnostic]:
    symbol = next((each for each in op.inputs or () if each.name == parameter.name), None)
    if symbol is None or symbol.path[-1] != symbol.name:
        return
    if not _may_take(parameter, symbol.type):
        yield Diagnostic(
            "JC0512",
            f"the input `{symbol.name}` of op `{op.name}` is `{symbol.type}`, "
            f"`{function.name}` takes `{parameter.annotation}`",
            program.document.locate_key(symbol.path),
            label=f"the function says `{parameter.annotation}`",
            help="change the type of the input, or the annotation of the parameter",
        )


def _check_field(
    program: Program, owner: OpSymbol | ResourceSymbol, function: FunctionSymbol, parameter: Parameter
) -> Iterator[Diagnostic]:
    field = next(each for each in owner.config if each.name == parameter.name)
    kind = value_type(field)
    if not _may_take(parameter, kind):
        what = "op" if isinstance(owner, OpSymbol) else "resource"
        yield Diagnostic(
            "JC0513",
            f"the config field `{field.name}` of {what} `{owner.name}` is `{kind}`, "
            f"`{_called(owner, function)}` takes `{parameter.annotation}`",
            program.document.locate_key(field.path),
            label=f"the function says `{parameter.annotation}`",
            help="change the type of the field, or the annotation of the parameter",
        )


def _called(owner: OpSymbol | ResourceSymbol, function: FunctionSymbol) -> str:
    """Return what the author calls a function: a class by its own name."""
    if owner.target is None or not function.name.startswith("__"):
        return function.name
    return owner.target.name


def _may_take(parameter: Parameter, kind: TypeExpr | None) -> bool:
    """Tell whether a parameter may take values of a type; of a secret many say that it is a text."""
    if parameter.annotation is None or kind == NOTHING or holds_secret(kind):
        return True
    return assignable(kind, annotation_type(parameter.annotation)) != "no"
