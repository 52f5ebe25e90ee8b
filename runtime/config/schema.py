"""From the Python spellings of a config schema to config types (SEMANTICS 4)."""

from __future__ import annotations

import sys
import typing

from jobc.runtime.config.base import ConfigType
from jobc.runtime.config.places import ROOT, Place, place_text
from jobc.runtime.config.scalars import Any, Bool, Float, Int, Scalar, String
from jobc.runtime.config.wording import shown
from jobc.runtime.errors import InvalidConfigDefinitionError

_BY_PYTHON_TYPE: dict[object, ConfigType] = {
    int: Int,
    float: Float,
    str: String,
    bool: Bool,
    typing.Any: Any,
}

_WAYS = (
    "write `int`, `float`, `str`, `bool`, `Any`, `dict`, `list`, `{name: type}`, `[type]`, `{str: type}`, a"
    " config type such as `Noneable(int)`, or a `Config` class"
)


def as_config_type(schema: object, place: Place = ROOT) -> ConfigType:
    """Return the config type that a Python spelling stands for.

    Spellings: `int`, `float`, `str`, `bool`, `Any`, `dict`, `list`, `{name: schema}`, `{str: schema}` (a
    map), `[schema]`, a config type, a `Field` that says no more than its type, a pydantic model class.
    `place` is where in a larger schema this one stands. Raises `InvalidConfigDefinitionError` with the place
    for anything else.
    """
    if isinstance(schema, ConfigType):
        return schema
    if isinstance(schema, dict):
        return _of_dict(schema, place)
    if isinstance(schema, list):
        return _of_list(schema, place)
    if isinstance(schema, type):
        return _of_class(schema, place)
    return _of_field(schema, place)


def is_model_class(schema: object) -> bool:
    """Tell whether `schema` is a pydantic model class; imports no pydantic, for without it there is none."""
    base = getattr(sys.modules.get("pydantic"), "BaseModel", None)
    return isinstance(base, type) and isinstance(schema, type) and issubclass(schema, base)


def is_model(value: object) -> bool:
    """Tell whether `value` is an instance of a pydantic model; imports no pydantic."""
    return is_model_class(type(value))


def definition_error(schema: object, place: Place) -> InvalidConfigDefinitionError:
    """Return the error for a schema that is none, with advice for near misses."""
    what = f"`{schema}`" if isinstance(schema, type) or typing.get_origin(schema) else shown(schema)
    return InvalidConfigDefinitionError(
        f"{what} at {place_text(place)} of the schema is not a config type; {_WAYS}"
    )


# The containers take schemas themselves and so import this module; hence the imports inside the functions
# below.


def _of_dict(schema: dict[object, object], place: Place) -> ConfigType:
    from jobc.runtime.config.containers import Map
    from jobc.runtime.config.fields import field_at
    from jobc.runtime.config.shapes import Shape

    if len(schema) == 1:
        ((key, inner),) = schema.items()
        if not isinstance(key, str):
            return Map(_key_type(key, place), as_config_type(inner, (place, ("value", key))))
    names = [_field_name(name, place) for name in schema]
    return Shape({name: field_at(schema[name], (place, name)) for name in names})


def _of_list(schema: list[object], place: Place) -> ConfigType:
    from jobc.runtime.config.containers import Array

    if len(schema) != 1:
        raise InvalidConfigDefinitionError(
            f"the list at {place_text(place)} of the schema has {len(schema)} items; a list type holds the"
            " one type of its items, such as `[int]`"
        )
    return Array(as_config_type(schema[0], (place, 0)))


def _of_class(schema: type, place: Place) -> ConfigType:
    from jobc.runtime.config.containers import Array
    from jobc.runtime.config.shapes import Permissive

    if schema in _BY_PYTHON_TYPE:
        return _BY_PYTHON_TYPE[schema]
    if schema is dict:
        return Permissive()
    if schema is list:
        return Array(Any)
    if is_model_class(schema):
        from jobc.runtime.config.pydantic_config import model_shape

        return model_shape(schema)
    raise definition_error(schema, place)


def _of_field(schema: object, place: Place) -> ConfigType:
    from jobc.runtime.config.fields import Field

    if not isinstance(schema, Field):
        raise definition_error(schema, place)
    if schema != Field(schema.config_type, description=schema.description):
        raise InvalidConfigDefinitionError(
            f"the `Field` at {place_text(place)} of the schema has a default or an optional value, which mean"
            " nothing where only a type may stand; write its type"
        )
    return schema.config_type


def _field_name(name: object, place: Place) -> str:
    if isinstance(name, str):
        return name
    raise InvalidConfigDefinitionError(
        f"the key {shown(name)} at {place_text(place)} of the schema is not a name; fields are named by text,"
        " and a map is one type to another, such as `{str: int}`"
    )


def _key_type(key: object, place: Place) -> Scalar:
    key_type = as_config_type(key, (place, ("key", key)))
    if isinstance(key_type, Scalar):
        return key_type
    raise InvalidConfigDefinitionError(
        f"the keys of the map at {place_text(place)} of the schema must be scalars, not {key_type.describe()}"
    )
