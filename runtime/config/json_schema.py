"""Config types as JSON Schema (2020-12), for editors that complete run config.

The schema says what is written, not what it becomes: a date is text here. It never refuses what the type
takes; where JSON Schema cannot say what a type wants, it takes more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from jobc.runtime.config.base import NO_DEFAULT
from jobc.runtime.config.choices import Enum, Literal, Noneable, ScalarUnion, Union
from jobc.runtime.config.containers import Array, Map, Set, Tuple
from jobc.runtime.config.limits import Constrained, Counted
from jobc.runtime.config.scalars import BoolType, FloatType, IntType, StringType
from jobc.runtime.config.shapes import Fields, Permissive, Selector
from jobc.runtime.config.sources import Source
from jobc.runtime.config.texts import BytesType, DateTimeType, DateType, PathType, SecretType, TimeDeltaType

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.config.base import ConfigType
    from jobc.runtime.config.fields import Field
    from jobc.runtime.config.limits import Limits

Schema: TypeAlias = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_SCALARS: dict[type, Schema] = {
    IntType: {"type": "integer"},
    FloatType: {"type": ["number", "boolean"]},
    StringType: _TEXT,
    BoolType: {"type": "boolean"},
    DateType: {"type": "string", "format": "date"},
    DateTimeType: _TEXT,
    TimeDeltaType: {"type": ["string", "number"]},
    PathType: _TEXT,
    BytesType: {"type": "string", "contentEncoding": "base64"},
    SecretType: {"type": "string", "writeOnly": True},
}
_NUMBER_LIMITS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
_TEXT_LIMITS = {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"}
_ENV: Schema = {
    "type": "object",
    "properties": {"env": {"type": "string", "description": "An environment variable."}},
    "required": ["env"],
    "additionalProperties": False,
}


def json_schema(kind: ConfigType) -> Schema:
    """Return the JSON Schema of values that fit a config type; `{}` takes everything."""
    for cls in type(kind).__mro__:
        if cls in _SCALARS:
            return dict(_SCALARS[cls])
        if cls in _WRITERS:
            return _WRITERS[cls](kind)
    return {}


def field_schema(one: Field) -> Schema:
    """Return the schema of a field, with its default and what it is for."""
    schema = json_schema(one.config_type)
    if one.description:
        schema["description"] = one.description
    if one.default_value is not NO_DEFAULT and _is_plain(one.default_value) and not _is_secret(schema):
        schema["default"] = one.default_value
    return schema


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def _is_secret(schema: Schema) -> bool:
    return bool(schema.get("writeOnly")) or any(
        _is_secret(each) for each in (*schema.get("properties", {}).values(), *schema.get("anyOf", ()))
    )


def _fields(kind: Fields) -> Schema:
    is_choice = isinstance(kind, Selector)
    required = [name for name, one in kind.fields.items() if one.is_required and not is_choice]
    schema: Schema = {
        "type": "object",
        "properties": {name: field_schema(one) for name, one in kind.fields.items()},
        "additionalProperties": isinstance(kind, Permissive),
    }
    if required:
        schema["required"] = required
    if is_choice:
        schema["maxProperties"] = 1
        schema["minProperties"] = 0 if kind.implicit_default() is not NO_DEFAULT else 1
    if kind.description:
        schema["description"] = kind.description
    return schema


def _noneable(kind: Noneable) -> Schema:
    inner = json_schema(kind.inner_type)
    return {"anyOf": [inner, {"type": "null"}]} if inner else {}


def _union(kind: Union) -> Schema:
    choices = [json_schema(member) for member in kind.members]
    return {"anyOf": choices} if all(choices) else {}


def _scalar_union(kind: ScalarUnion) -> Schema:
    choices = [json_schema(kind.scalar_type), json_schema(kind.non_scalar_type)]
    return {"anyOf": choices} if all(choices) else {}


def _constrained(kind: Constrained) -> Schema:
    schema = json_schema(kind.scalar)
    words = _TEXT_LIMITS if isinstance(kind.scalar, StringType | SecretType) else {}
    if isinstance(kind.scalar, IntType | FloatType):
        words = _NUMBER_LIMITS
    return {**schema, **{words[name]: bound for name, bound in kind.limits.given() if name in words}}


def _counted(kind: Counted) -> Schema:
    schema = json_schema(kind.collection)
    return {**schema, **_counts(kind.limits, "Properties" if schema.get("type") == "object" else "Items")}


def _counts(limits: Limits, what: str) -> Schema:
    words = {"min_length": f"min{what}", "max_length": f"max{what}"}
    return {words[name]: bound for name, bound in limits.given() if name in words}


_WRITERS: dict[type, Callable[[Any], Schema]] = {
    Fields: _fields,
    Noneable: _noneable,
    Union: _union,
    ScalarUnion: _scalar_union,
    Constrained: _constrained,
    Counted: _counted,
    Array: lambda kind: {"type": "array", "items": json_schema(kind.inner_type)},
    Set: lambda kind: {"type": "array", "items": json_schema(kind.inner_type)},
    Tuple: lambda kind: {"type": "array", "prefixItems": [json_schema(each) for each in kind.item_types]},
    Map: lambda kind: {"type": "object", "additionalProperties": json_schema(kind.inner_type)},
    Enum: lambda kind: {"enum": [each.config_value for each in kind.enum_values]},
    Literal: lambda kind: {"enum": list(kind.values)} if all(map(_is_plain, kind.values)) else {},
    Source: lambda kind: {"anyOf": [json_schema(kind.scalar), _ENV]},
}
