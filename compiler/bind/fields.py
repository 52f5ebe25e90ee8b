"""From the written forms of config fields, inputs and outputs to symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import FieldSymbol, InputSymbol, OutputSymbol
from jobc.compiler.syntax.types import NONE, Named, Union, parse_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.schemas.spec import ConfigFieldSpec, GraphInputSpec, InputSpec, OutputSpec

ANY = Named("any")
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
        has_default = _takes_none(kind)
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
    )


def _takes_none(kind: TypeExpr | None) -> bool:
    """Tell whether null is a value of a type; a field of such a type is null where none is given."""
    return isinstance(kind, Union) and NONE in kind.members


def _whole(bound: float | str) -> float | str:
    """Return a bound as it is written: 1 rather than 1.0, so that both give one digest."""
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


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
    forms: Mapping[str, str | InputSpec] | Mapping[str, str | GraphInputSpec],
) -> tuple[InputSymbol, ...]:
    """Return the inputs declared under `path`, in the order of the file."""
    return tuple(_input(document, variables, (*path, name), form) for name, form in forms.items())


def _input(
    document: Document, variables: Variables, path: Path, form: str | InputSpec | GraphInputSpec
) -> InputSymbol:
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


def output_symbols(
    document: Document, path: Path, forms: Mapping[str, str | OutputSpec]
) -> tuple[OutputSymbol, ...]:
    """Return the outputs declared under `path`, in the order of the file."""
    return tuple(_output(document, (*path, name), form) for name, form in forms.items())


def _output(document: Document, path: Path, form: str | OutputSpec) -> OutputSymbol:
    name = str(path[-1])
    if isinstance(form, str):
        return OutputSymbol(name, document.types.get(path), True, None, path)
    return OutputSymbol(name, _declared_type(document, path, form), form.required, form.description, path)


def _declared_type(
    document: Document, path: Path, form: InputSpec | GraphInputSpec | OutputSpec
) -> TypeExpr | None:
    if "type" in form.model_fields_set:
        return document.types.get((*path, "type"))
    return parse_type(form.type)[0]
