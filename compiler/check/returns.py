"""Rule: a function's return annotation agrees with the outputs that the spec declares for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.assignability import NOTHING, assignable
from jobc.compiler.bind.program import own
from jobc.compiler.syntax.annotations import annotation_type
from jobc.compiler.syntax.types import ANY, NONE, Generic, LiteralType, Named, Union, union_of
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jobc.compiler.bind.definitions import FunctionSymbol
    from jobc.compiler.bind.program import OpSymbol, OutputSymbol, Program
    from jobc.compiler.syntax.types import TypeExpr


def check_returns(program: Program) -> Iterator[Diagnostic]:
    """Report declared outputs that the function's annotation says it does not give (JC0511)."""
    for op in own(program.ops):
        declared = program.document.spec.ops[op.name].outputs
        kind = None if declared is None or op.is_open else _annotated(op.function)
        if kind is not None:
            yield from _check(program, op, kind)


def _annotated(function: FunctionSymbol | None) -> TypeExpr | None:
    """Return the type that a function says it returns, if it says so; a class says nothing of the kind."""
    if function is None or function.returns is None or function.name.startswith("__"):
        return None
    found = None if function.is_generator else annotation_type(function.returns)
    return None if found is None else _as_meant(found)


def _as_meant(expression: TypeExpr) -> TypeExpr:
    """Return the type that an annotation of Python means, in which an `int` is a `float`, too."""
    if expression == Named("float"):
        return union_of((expression, Named("int")))
    if isinstance(expression, Union):
        return union_of(map(_as_meant, expression.members))
    if isinstance(expression, Generic):
        return Generic(expression.name, tuple(map(_as_meant, expression.arguments)))
    return NONE if expression == NOTHING else expression


def _check(program: Program, op: OpSymbol, kind: TypeExpr) -> Iterator[Diagnostic]:
    if len(op.outputs) == 1:
        if not _gives(kind, op.outputs[0]):
            yield _misfit(program, op, op.outputs[0])
        return
    if not op.outputs:
        if assignable(kind, NONE) == "no":
            yield _no_outputs(program, op)
        return
    forms = [form for form in _members(kind) if _holds_several(form, op.outputs)]
    if not forms:
        yield _not_several(program, op)
    elif len(forms) == 1 and isinstance(forms[0], Generic):
        yield from _each(program, op, forms[0])


def _each(program: Program, op: OpSymbol, form: Generic) -> Iterator[Diagnostic]:
    """Report the outputs that do not get what is theirs from a tuple in order, or a dict by name."""
    given = form.arguments if form.name == "tuple" else (form.arguments[-1],) * len(op.outputs)
    for output, kind in zip(op.outputs, given, strict=True):
        if not _gives(kind, output):
            yield _misfit(program, op, output)


def _members(kind: TypeExpr) -> tuple[TypeExpr, ...]:
    return kind.members if isinstance(kind, Union) else (kind,)


def _holds_several(kind: TypeExpr, outputs: Sequence[OutputSymbol]) -> bool:
    """Tell whether values of a type may hold several outputs: a tuple, a dict, or what is not known."""
    if isinstance(kind, Generic):
        is_whole = kind.name == "tuple" and len(kind.arguments) == len(outputs)
        return is_whole or (kind.name == "dict" and assignable(kind.arguments[0], Named("str")) != "no")
    if kind == NONE:
        return all(output.type == NOTHING for output in outputs)
    return not isinstance(kind, LiteralType) and (kind == ANY or not isinstance(kind, Named))


def _gives(kind: TypeExpr, output: OutputSymbol) -> bool:
    """Tell whether values of a type may be what an output takes."""
    if output.dynamic is None:
        return True
    if not output.dynamic:
        return assignable(kind, output.type) != "no"
    return any(_gives_items(member, output) for member in _members(kind))


def _gives_items(kind: TypeExpr, output: OutputSymbol) -> bool:
    """Tell the same of a dynamic output: a dict by keys, or anything that holds pairs of key and value."""
    if isinstance(kind, Generic) and kind.name == "dict":
        key, value = kind.arguments
        return assignable(key, Named("str")) != "no" and assignable(value, output.type) != "no"
    if isinstance(kind, Generic):
        pair = Generic("tuple", (Named("str"), output.type or ANY))
        return any(assignable(item, pair) != "no" for item in kind.arguments)
    return kind == ANY or not isinstance(kind, Named | LiteralType)


def _misfit(program: Program, op: OpSymbol, output: OutputSymbol) -> Diagnostic:
    given = f"a dict or pairs of `{output.type}`" if output.dynamic else f"`{output.type}`"
    advice = (
        "return a dict of the items by their keys, or change"
        if output.dynamic
        else "change the type of the output, or"
    )
    assert op.function is not None
    return Diagnostic(
        "JC0511",
        f"`{op.function.name}` returns `{op.function.returns}`, the output `{output.name}` is {given}",
        program.document.locate_key(output.path),
        label="not what the function says it returns",
        help=f"{advice} the function's annotation",
    )


def _no_outputs(program: Program, op: OpSymbol) -> Diagnostic:
    assert op.function is not None
    return Diagnostic(
        "JC0511",
        f"`{op.function.name}` returns `{op.function.returns}`, and op `{op.name}` has no outputs",
        program.document.locate_key((*op.path, "outputs")),
        label="nothing takes what the function returns",
        help="declare an output for it, or let the function return nothing",
    )


def _not_several(program: Program, op: OpSymbol) -> Diagnostic:
    assert op.function is not None
    names = [output.name for output in op.outputs]
    return Diagnostic(
        "JC0511",
        f"`{op.function.name}` returns `{op.function.returns}`, and op `{op.name}` has "
        f"{len(names)} outputs: {listing(names)}",
        program.document.locate_key((*op.path, "outputs")),
        label=f"not a tuple of {len(names)}, nor a dict by their names",
        help="return a tuple in the order of the outputs, or a dict by their names",
    )
