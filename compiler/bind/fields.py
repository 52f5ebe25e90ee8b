"""From the written forms of config fields, inputs and outputs to symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import FieldSymbol, InputSymbol, own
from jobc.compiler.syntax.types import NONE, Named, Union, parse_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.program import Program
    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.schemas.spec import ConfigFieldSpec, InputSpec

ANY = Named("any")
KINDS = ("type", "fields", "one_of", "enum")
CONSTRAINTS = ("ge", "gt", "le", "lt", "min_length", "max_length", "multiple_of", "pattern")
_LOWER, _UPPER = ("ge", "gt"), ("le", "lt")


def field_symbols(
    document: Document, variables: Variables, path: Path, forms: Mapping[str, str | ConfigFieldSpec]
) -> tuple[FieldSymbol, ...]:
    """Return the config fields declared under `path`, in the order of the file."""
    return tuple(_field(document, variables, (*path, name), form) for name, form in forms.items())


def _field(document: Document, variables: Variables, path: Path, form: str | ConfigFieldSpec) -> FieldSymbol:
    name = str(path[-1])
    if isinstance(form, str):
        kind = document.types.get(path)
        is_optional = _takes_none(kind)
        return FieldSymbol(name, kind, not is_optional, is_optional, None, None, {}, path)
    kind = document.types.get((*path, "type"))
    has_default = "default" in form.model_fields_set
    if not has_default and "required" not in form.model_fields_set:
        has_default = _takes_none(kind) and form.env is None
    constraints = {key: _whole(getattr(form, key)) for key in CONSTRAINTS if getattr(form, key) is not None}
    return FieldSymbol(
        name,
        kind,
        required=form.required and not has_default,
        has_default=has_default,
        default=variables.fold((*path, "default"), form.default),
        description=form.description,
        constraints=constraints,
        path=path,
        kinds=tuple(key for key in KINDS if getattr(form, key) is not None),
        fields=_inner(document, variables, (*path, "fields"), form.fields),
        one_of=_inner(document, variables, (*path, "one_of"), form.one_of),
        enum=None if form.enum is None else tuple(form.enum),
        permissive=form.permissive,
        env=form.env,
    )


def _inner(
    document: Document, variables: Variables, path: Path, forms: Mapping[str, str | ConfigFieldSpec] | None
) -> tuple[FieldSymbol, ...] | None:
    return None if forms is None else field_symbols(document, variables, path, forms)


def _takes_none(kind: TypeExpr | None) -> bool:
    """Tell whether null is a value of a type; a field of such a type is null where none is given."""
    return isinstance(kind, Union) and NONE in kind.members


def _whole(bound: float | str) -> float | str:
    """Return a bound as it is written: 1 rather than 1.0, so that both give one digest."""
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def own_fields(program: Program) -> Iterator[FieldSymbol]:
    """Yield every config field that is written in the file itself, and those inside it."""
    extras = program.extras
    waiting = [
        *(field for op in own(program.ops) for field in op.config),
        *(field for resource in own(program.resources) if not resource.builtin for field in resource.config),
        *(field for logger in own(extras.loggers) if not logger.builtin for field in logger.config),
        *(field for executor in own(extras.executors) if not executor.builtin for field in executor.config),
        *(field for mapping in own(extras.config_mappings) for field in mapping.params),
    ]
    for field in waiting:
        yield field
        waiting += field.inner


def contradictions(symbol: FieldSymbol) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a field's limits that no value can keep."""
    limits = symbol.constraints
    for lower in _LOWER:
        for upper in _UPPER:
            if lower in limits and upper in limits:
                low, high = float(limits[lower]), float(limits[upper])
                if low > high or (low == high and (lower, upper) != ("ge", "le")):
                    yield lower, upper
    if float(limits.get("min_length", 0)) > float(limits.get("max_length", "inf")):
        yield "min_length", "max_length"


def input_symbols(
    document: Document,
    variables: Variables,
    path: Path,
    forms: Mapping[str, str | InputSpec] | Mapping[str, str],
) -> tuple[InputSymbol, ...]:
    """Return the inputs declared under `path`, in the order of the file."""
    return tuple(_input(document, variables, (*path, name), form) for name, form in forms.items())


def _input(document: Document, variables: Variables, path: Path, form: str | InputSpec) -> InputSymbol:
    name = str(path[-1])
    if isinstance(form, str):
        return InputSymbol(name, document.types.get(path), True, False, None, None, path)
    default = getattr(form, "default", None)
    has_default = "default" in form.model_fields_set
    return InputSymbol(
        name,
        _declared_type(document, path, form),
        required=not has_default,
        has_default=has_default,
        default=variables.fold((*path, "default"), default),
        description=form.description,
        path=path,
    )


def _declared_type(document: Document, path: Path, form: InputSpec) -> TypeExpr | None:
    if "type" in form.model_fields_set:
        return document.types.get((*path, "type"))
    return parse_type(form.type)[0]
