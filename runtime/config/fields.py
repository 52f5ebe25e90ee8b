"""Fields: a config type with what to do when nothing is given (SEMANTICS 4)."""

from __future__ import annotations

import enum
from dataclasses import field
from typing import TYPE_CHECKING

from jobc.runtime.config.base import NO_DEFAULT, SHOWN_LEVELS, ConfigType
from jobc.runtime.config.errors import InvalidConfigError
from jobc.runtime.config.places import ROOT, Place
from jobc.runtime.config.processing import process, validate
from jobc.runtime.config.schema import as_config_type
from jobc.runtime.config.secrets import Secret
from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config.reading import Reading

_CONSTANT_TYPES = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True, init=False)
class Field:
    """A config type with a default and whether a value is required.

    Without `is_required`, a field is required unless it has a default or its type implies one: a `Noneable`
    (None), fields that are all optional (their defaults), a selector whose one field is optional. With
    `is_required=False` and no default it is absent from the result when not given.
    """

    config_type: ConfigType
    default_value: object = field(hash=False)
    is_required: bool
    description: str | None
    # The default, if reading it changes nothing and nobody can change it.
    constant: object = field(compare=False, repr=False)

    def __init__(
        self,
        config: object,
        default_value: object = NO_DEFAULT,
        is_required: bool | None = None,
        description: str | None = None,
    ) -> None:
        """Build from any spelling of a type.

        Raises `ParameterCheckError` for a required field with a default or a callable default,
        `InvalidDefinitionError` for an enum member as default, `InvalidConfigError` for one that does not
        fit.
        """
        config_type = as_config_type(config)
        if default_value is not NO_DEFAULT:
            default_value = _checked_default(config_type, default_value, is_required)
        elif is_required is None:
            default_value = config_type.implicit_default()
        required = default_value is NO_DEFAULT if is_required is None else is_required
        object.__setattr__(self, "config_type", config_type)
        object.__setattr__(self, "default_value", default_value)
        object.__setattr__(self, "is_required", required)
        object.__setattr__(self, "description", description)
        object.__setattr__(self, "constant", _constant_of(config_type, default_value))

    @property
    def default_provided(self) -> bool:
        """Tell whether there is a default, given or implied by the type."""
        return self.default_value is not NO_DEFAULT

    def fill(self, place: Place, reading: Reading) -> object:
        """Return the default as read anew, so that no two results share what can be changed."""
        if self.constant is not NO_DEFAULT:
            return self.constant
        return self.config_type.read(_fresh(self.default_value), place, reading)

    def value_for_null(self) -> object:
        """Return what a null stands for where naming the field says something: a selector's branch."""
        if self.config_type.has_fields:
            return {}
        if self.config_type.takes_none or self.default_value is NO_DEFAULT:
            return None
        return _fresh(self.default_value)

    def describe(self, name: str, levels: int = SHOWN_LEVELS) -> str:
        """Write the field under its name: `limit?: int`."""
        mark = "" if self.is_required else "?"
        return f"{name}{mark}: {self.config_type.describe(levels)}"


def as_field(schema: object) -> Field:
    """Return the field that a Python spelling stands for; a type alone is a field without a given default.

    Raises `InvalidConfigDefinitionError` as `as_config_type` does.
    """
    return field_at(schema, ROOT)


def field_at(schema: object, place: Place) -> Field:
    """Return the field that stands at `place` of a larger schema."""
    return schema if isinstance(schema, Field) else Field(as_config_type(schema, place))


def _checked_default(config_type: ConfigType, default: object, is_required: bool | None) -> object:
    """Return the default as given, but wrapped if it is a secret; raises if it cannot be the default."""
    if is_required:
        raise ParameterCheckError(
            "a field with `is_required=True` cannot have a default: leave one of them out"
        )
    if callable(default):
        raise ParameterCheckError("the default of a config field must be a value, not a function")
    checked = validate(config_type, default)
    if checked.errors and isinstance(default, enum.Enum):
        raise InvalidDefinitionError(
            f"the default of a config field of type {config_type.describe()} must be the name of a value:"
            f' write "{default.name}" instead of `{default}`'
        )
    if checked.errors:
        raise InvalidConfigError("Error in the default value of a config field", checked.errors, default)
    return checked.value if isinstance(checked.value, Secret) else default


def _constant_of(config_type: ConfigType, default: object) -> object:
    """Return the default if it is immutable and every reading yields it unchanged, else `NO_DEFAULT`."""
    if not isinstance(default, _CONSTANT_TYPES):
        return NO_DEFAULT
    filled = validate(config_type, default).value
    resolved = process(config_type, default, environ={}).value
    same = type(filled) is type(resolved) and filled == resolved
    return filled if same and isinstance(filled, _CONSTANT_TYPES) else NO_DEFAULT


def _fresh(value: object) -> object:
    if isinstance(value, dict):
        return {key: _fresh(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_fresh(part) for part in value]
    return value
