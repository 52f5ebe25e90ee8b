"""Config laid over config: values that come before the defaults of fields, and behind all other config.

Nodes of specs have such values. They are defaults in the node's own copy of the schema, so that a run config
which gives one field leaves the others as they are. What is said of the node of a graph reaches the nodes
inside; the outermost word counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from jobc.runtime.config.fields import Field
from jobc.runtime.config.late import WithLateDefault, is_late
from jobc.runtime.config.scalars import Any
from jobc.runtime.config.shapes import Permissive, Shape
from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from jobc.runtime.config.base import ConfigType

Entry = Mapping[str, object]
"""What is said of a node, in the form of its run config: `config`, or `ops` for a graph."""

NOTHING: Entry = {}


def laid_over(below: Entry, above: Entry) -> Entry:
    """Lay values over others, at every depth."""
    if not below or not above:
        return above or below
    merged = dict(below)
    for key, value in above.items():
        known = merged.get(key)
        both = isinstance(value, Mapping) and isinstance(known, Mapping)
        merged[key] = laid_over(entry_of(known), entry_of(value)) if both else value
    return merged


def entry_of(value: object) -> Entry:
    """Return what is said below a key; nothing, where that is no mapping."""
    return value if isinstance(value, Mapping) else {}


def with_values(owner: str, field: Field | None, values: Entry) -> Field | None:
    """Return a config field in which values stand in place of the defaults of its fields.

    Errors: `InvalidDefinitionError` for a name that is no field, `InvalidConfigError` for a value that does
    not fit.
    """
    if not values:
        return field
    if field is None:
        return _with_default(Field(Any), values)
    kind = field.config_type
    if not isinstance(kind, Shape):
        return _with_default(field, values)
    unknown = [name for name in values if name not in kind.fields]
    if unknown and not isinstance(kind, Permissive):
        known = f"its fields are {listing(kind.fields)}" if kind.fields else "it takes none"
        raise InvalidDefinitionError(f"{owner} has no config field {listing(unknown)}; {known}")
    extra = {name: Field(Any, values[name]) for name in unknown}
    declared = {
        name: _with_value(owner, each, values[name]) if name in values else each
        for name, each in kind.fields.items()
    }
    return Field(type(kind)({**declared, **extra}, kind.description), description=field.description)


def _with_value(owner: str, field: Field, value: object) -> Field:
    if isinstance(value, Mapping) and type(field.config_type) in (Shape, Permissive):
        return with_values(owner, field, value) or field
    return _with_default(field, value)


def _with_default(field: Field, value: object) -> Field:
    kind: ConfigType = field.config_type
    if is_late(value):
        return Field(WithLateDefault(kind, value), description=field.description)
    return Field(kind, value, description=field.description)
