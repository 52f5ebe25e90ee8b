"""Link config: from fields of the IR to the fields that the runtime checks config with."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.compiler.bind.config_types import constrained_type
from jobc.compiler.syntax.types import parse_type
from jobc.runtime.config import NO_DEFAULT, Field, Literal, Permissive, Selector, Shape
from jobc.runtime.config.late import FromEnvironment, WithLateDefault, is_late, late_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.config import ConfigType
    from jobc.schemas.ir import CompiledField, Data


def config_field(fields: Mapping[str, CompiledField], values: Mapping[str, Data]) -> Field | None:
    """Return the field of a whole config; values given in the spec are the defaults of its fields.

    Values whose texts hold expressions of the run are read when it has begun.
    """
    if not fields:
        return None
    return Field(Shape({name: _field(field, values.get(name, NO_DEFAULT)) for name, field in fields.items()}))


def _field(field: CompiledField, value: object) -> Field:
    kind = field_type(field)
    if value is not NO_DEFAULT:
        return field_with_value(kind, value, field.description)
    default = field.default if field.has_default else NO_DEFAULT
    if field.env is not None:
        fallback = None if default is NO_DEFAULT and not field.required else default
        return Field(FromEnvironment(kind, field.env, fallback), description=field.description)
    is_required = False if default is NO_DEFAULT and not field.required else None
    return Field(kind, default, is_required, field.description)


def field_with_value(kind: ConfigType, value: object, description: str | None) -> Field:
    """Return a field whose default is a value of the spec, which may hold expressions of the run."""
    late = late_value(value)
    if is_late(late):
        return Field(WithLateDefault(kind, late), description=description)
    return Field(kind, late, description=description)


def field_type(field: CompiledField) -> ConfigType:
    """Return the config type of a field."""
    if field.fields is not None:
        shape = Permissive if field.permissive else Shape
        return shape(_inner(field.fields))
    if field.one_of is not None:
        return Selector(_inner(field.one_of))
    if field.enum is not None:
        return Literal(field.enum)
    assert field.type is not None
    return _kind(field.type, tuple(field.constraints.items()))


def _inner(fields: Mapping[str, CompiledField]) -> dict[str, Field]:
    return {name: _field(field, NO_DEFAULT) for name, field in fields.items()}


@lru_cache(maxsize=1024)
def _kind(text: str, constraints: tuple[tuple[str, float | str], ...]) -> ConfigType:
    """Return the config type of a field; the fields of a job share a few."""
    expression, _ = parse_type(text)
    assert expression is not None
    kind = constrained_type(expression, dict(constraints))
    assert kind is not None
    return kind
