"""Link config: from fields of the IR to the fields that the runtime checks config with."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.compiler.bind.config_types import constrained_type
from jobc.compiler.syntax.types import parse_type
from jobc.runtime.config import NO_DEFAULT, Field, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.config import ConfigType
    from jobc.schemas.ir import CompiledField, Data


def config_field(fields: Mapping[str, CompiledField], values: Mapping[str, Data]) -> Field | None:
    """Return the field of a whole config; values given in the spec are the defaults of its fields."""
    if not fields:
        return None
    return Field(Shape({name: _field(field, values.get(name, NO_DEFAULT)) for name, field in fields.items()}))


def _field(field: CompiledField, value: object) -> Field:
    kind = _kind(field.type, tuple(field.constraints.items()))
    default = value
    if default is NO_DEFAULT and field.has_default:
        default = field.default
    is_required = None if default is not NO_DEFAULT else field.required
    return Field(kind, default, is_required, field.description)


@lru_cache(maxsize=1024)
def _kind(text: str, constraints: tuple[tuple[str, float | str], ...]) -> ConfigType | None:
    """Return the config type of a field; the fields of a job share a few."""
    expression, _ = parse_type(text)
    assert expression is not None
    return constrained_type(expression, dict(constraints))
