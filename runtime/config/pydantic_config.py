"""Config as pydantic models: the base classes, and their schemas as config types (SEMANTICS 4, last part).

A model is used twice. Its annotations become a `Shape`, so that run config is checked like any other: no
coercion, all errors at once, paths that users know, scalars that may come from the environment. What passed
is then handed to the model itself when the op is entered; what its own validators say surfaces as pydantic
says it.

This module imports pydantic and is itself imported only where a model is at hand.
"""

from __future__ import annotations

import enum
import types
import typing
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path as FilePath

from pydantic import (
    BaseModel,
    ConfigDict,
    SecretStr,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from jobc.runtime.config.base import NO_DEFAULT, SHOWN_LEVELS, ConfigType
from jobc.runtime.config.choices import Enum, Literal, Noneable, Union
from jobc.runtime.config.containers import Array, Map, Set, Tuple
from jobc.runtime.config.environment import EnvVar
from jobc.runtime.config.fields import Field
from jobc.runtime.config.scalars import Any, Bool, Float, Int, Scalar, String
from jobc.runtime.config.secrets import Secret
from jobc.runtime.config.shapes import Permissive, Selector, Shape
from jobc.runtime.config.sources import Source
from jobc.runtime.config.texts import Bytes, Date, DateTime, Path, SecretText, SecretType, TimeDelta
from jobc.runtime.errors import InvalidConfigDefinitionError
from jobc.schemas.records import dataclass

if typing.TYPE_CHECKING:
    from jobc.runtime.config.places import Place
    from jobc.runtime.config.reading import Reading


class Config(BaseModel):
    """Base of config classes: an op takes one by annotating its parameter named `config`.

    Instances are frozen and know no fields but their own. A field without default whose type allows None is
    None when not given. A field may hold an `EnvVar` until the config is processed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __init__(self, **given: object) -> None:
        """Build from the fields' values.

        With an `EnvVar` among them pydantic checks nothing yet, for the values of variables are not known.
        They are checked like any other config when it is processed. Raises pydantic's `ValidationError`.
        """
        if self._awaits_environment(given):
            values: dict[str, typing.Any] = self._absent(given) | given
            self.__setstate__(self.model_construct(**values).__getstate__())
        else:
            super().__init__(**given)

    @model_validator(mode="before")
    @classmethod
    def _fill_in_none(cls, given: object) -> object:
        return {**cls._absent(given), **given} if isinstance(given, Mapping) else given

    @classmethod
    def _absent(cls, given: Mapping[str, object]) -> dict[str, object]:
        """Return the fields that are None for want of a value and of a default."""
        return {
            config_name(name, one): None
            for name, one in cls.model_fields.items()
            if one.is_required() and _allows_none(one.annotation) and not _is_given(name, one, given)
        }

    @classmethod
    def _awaits_environment(cls, given: Mapping[str, object]) -> bool:
        """Tell whether a value stands in the environment and nothing but values can be wrong."""
        if not any(isinstance(value, EnvVar) for value in given.values()):
            return False
        known = {key for name, one in cls.model_fields.items() for key in (name, config_name(name, one))}
        complete = all(
            _is_given(name, one, given) or not one.is_required() or _allows_none(one.annotation)
            for name, one in cls.model_fields.items()
        )
        return complete and (given.keys() <= known or cls.model_config.get("extra") == "allow")


class PermissiveConfig(Config):
    """Base of config classes that keep entries they do not declare."""

    model_config = ConfigDict(extra="allow")


@dataclass(frozen=True, slots=True)
class Discriminated(ConfigType):
    """One of several models, chosen by name: written `{cat: {…}}`, resolved to `{kind: cat, …}`."""

    discriminator: str
    selector: Selector

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the selector's branch, or its content with the discriminator added."""
        before = len(reading.problems)
        found = self.selector.read(value, place, reading)
        if len(reading.problems) > before or not isinstance(found, dict):
            return None
        ((name, body),) = found.items()
        return reading.pick(found, {self.discriminator: name, **body})

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return the selector's description."""
        return self.selector.describe(levels)

    def example(self) -> object:
        """Return the selector's example."""
        return self.selector.example()

    def hides_values(self) -> bool:
        """Return what the selector says."""
        return self.selector.hides_values()


class PydanticSecret(SecretType):
    """A secret for a field annotated with pydantic's own wrapper."""

    __slots__ = ()

    def parse(self, value: object) -> object:
        """Return pydantic's wrapper."""
        secret = SecretType.parse(self, value.get_secret_value() if isinstance(value, SecretStr) else value)
        return SecretStr(secret.get_secret_value()) if isinstance(secret, Secret) else secret

    def kept(self, value: object, parsed: object) -> object:  # noqa: ARG002
        """Return the wrapper, which processing takes again."""
        return parsed


Model = typing.TypeVar("Model", bound=BaseModel)

_SCALARS: Mapping[object, Scalar] = {
    int: Int,
    float: Float,
    str: String,
    bool: Bool,
    bytes: Bytes,
    date: Date,
    datetime: DateTime,
    timedelta: TimeDelta,
    FilePath: Path,
    Secret: SecretText,
    SecretStr: PydanticSecret(),
}
_LISTS = frozenset({list, Sequence})
_SETS = frozenset({set, frozenset})
_MAPS = frozenset({dict, Mapping})


def config_object(model: type[Model], processed: object) -> Model:
    """Make the object an op receives from processed config; lets pydantic's `ValidationError` through."""
    return model.model_validate(processed, by_alias=True, by_name=True)


def config_value(model: object) -> dict[str, object]:
    """Write a config object as the plain config that it came from or could have come from.

    Enum members become names, `EnvVar`s `{env: NAME}`, dates ISO text, bytes base64; a model chosen by a
    discriminator stands under its name. Secrets stay wrapped.
    """
    if not isinstance(model, BaseModel):
        raise TypeError(f"expected a config object, got {model!r}")
    found = {
        config_name(name, one): _plain(getattr(model, name), _discriminator_of(one, one.annotation))
        for name, one in type(model).model_fields.items()
    }
    return found | {name: _plain(value, None) for name, value in (model.model_extra or {}).items()}


def config_name(name: str, one: FieldInfo) -> str:
    """Return what a model's field is called in config: its alias if it has one."""
    return one.validation_alias if isinstance(one.validation_alias, str) else name


def model_shape(model: type[BaseModel], enclosing: tuple[type[BaseModel], ...] = ()) -> Shape:
    """Return the shape of a model's config; permissive if the model allows extra fields.

    Raises `InvalidConfigDefinitionError` naming class and field for an annotation that config cannot express.
    """
    if model in enclosing:
        raise InvalidConfigDefinitionError(f"the config class `{model.__name__}` contains itself")
    model.model_rebuild()
    fields = {
        config_name(name, one): _Annotated(model, name, enclosing).field(one)
        for name, one in model.model_fields.items()
    }
    return Permissive(fields) if model.model_config.get("extra") == "allow" else Shape(fields)


@dataclass(frozen=True, slots=True)
class _Annotated:
    """One field of a model whose annotation is being turned into a config type."""

    model: type[BaseModel]
    name: str
    enclosing: tuple[type[BaseModel], ...]

    def field(self, one: FieldInfo) -> Field:
        """Return the config field."""
        config_type = self.type_of(one.annotation, _discriminator_of(one, one.annotation))
        if one.default_factory is not None:
            return Field(config_type, is_required=False, description=one.description)
        if one.default is PydanticUndefined:
            return Field(config_type, NO_DEFAULT, None, one.description)
        default = _plain(one.default, _discriminator_of(one, one.annotation))
        return Field(config_type, default, None, one.description)

    def type_of(self, annotation: object, discriminator: str | None) -> ConfigType:
        """Return the config type of an annotation."""
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is typing.Annotated:
            return self.type_of(arguments[0], _discriminator_in(arguments[1:]) or discriminator)
        if origin in {typing.Union, types.UnionType}:
            return self._union(arguments, discriminator)
        if origin is typing.Literal:
            return _literal(arguments)
        if isinstance(annotation, type) and origin is None:
            return self._class(annotation)
        return self._generic(annotation, origin, arguments)

    def _class(self, annotation: type) -> ConfigType:
        if annotation is typing.Any:
            return Any
        if annotation in _SCALARS:
            return Source(_SCALARS[annotation])
        if issubclass(annotation, BaseModel):
            return model_shape(annotation, (*self.enclosing, self.model))
        if issubclass(annotation, enum.Enum):
            return Enum.from_python_enum(annotation)
        if annotation in _LISTS:
            return Array(Any)
        return Permissive() if annotation in _MAPS else self._generic(annotation, None, ())

    def _generic(self, annotation: object, origin: object, arguments: tuple[object, ...]) -> ConfigType:
        if origin in _LISTS:
            return Array(self.type_of(arguments[0], None))
        if origin in _SETS:
            return Set(self._scalar(arguments[0]))
        if origin in _MAPS:
            return Map(self._scalar(arguments[0]), self.type_of(arguments[1], None))
        if origin is tuple and arguments[-1:] == (...,):
            return Array(self.type_of(arguments[0], None))
        if origin is tuple:
            return Tuple(tuple(self.type_of(argument, None) for argument in arguments))
        written = annotation.__name__ if isinstance(annotation, type) and origin is None else str(annotation)
        raise InvalidConfigDefinitionError(
            f"{self._where()} has the type `{written}`, which config cannot express"
        )

    def _scalar(self, annotation: object) -> ConfigType:
        """Return the scalar itself where the environment has no say: keys, items of sets."""
        found = self.type_of(annotation, None)
        return found.scalar if isinstance(found, Source) else found

    def _union(self, arguments: tuple[object, ...], discriminator: str | None) -> ConfigType:
        members = [argument for argument in arguments if argument is not type(None)]
        inner = self._members(members, discriminator)
        return Noneable(inner) if len(members) < len(arguments) else inner

    def _members(self, members: list[object], discriminator: str | None) -> ConfigType:
        if discriminator is not None:
            return Discriminated(discriminator, self._selector(members, discriminator))
        converted = tuple(self.type_of(member, None) for member in members)
        return converted[0] if len(converted) == 1 else Union(converted)

    def _selector(self, members: list[object], discriminator: str) -> Selector:
        branches: dict[str, object] = {}
        for member in members:
            if not (isinstance(member, type) and issubclass(member, BaseModel)):
                raise InvalidConfigDefinitionError(
                    f"{self._where()} has a discriminator, but not only models to choose"
                )
            shape = model_shape(member, (*self.enclosing, self.model))
            rest = {name: one for name, one in shape.fields.items() if name != discriminator}
            for value in _discriminator_values(member, discriminator):
                branches[value] = type(shape)(rest)
        return Selector(branches)

    def _where(self) -> str:
        return f"the field `{self.name}` of the config class `{self.model.__name__}`"


def _literal(values: tuple[object, ...]) -> ConfigType:
    present = [value for value in values if value is not None]
    return Literal(present) if len(present) == len(values) else Noneable(Literal(present))


def _is_given(name: str, one: FieldInfo, given: Mapping[str, object]) -> bool:
    return name in given or config_name(name, one) in given


def _allows_none(annotation: object) -> bool:
    return type(None) in typing.get_args(annotation)


def _discriminator_of(one: FieldInfo, annotation: object) -> str | None:
    """Return the discriminator of a field: its own, or one inside `Annotated` below lists and maps."""
    if isinstance(one.discriminator, str):
        return one.discriminator
    for argument in typing.get_args(annotation):
        found = _discriminator_in(typing.get_args(argument)[1:]) or _discriminator_of(one, argument)
        if found is not None:
            return found
    return None


def _discriminator_in(metadata: tuple[object, ...]) -> str | None:
    for item in metadata:
        if isinstance(item, FieldInfo) and isinstance(item.discriminator, str):
            return item.discriminator
    return None


def _discriminator_values(member: type[BaseModel], discriminator: str) -> list[str]:
    annotation = member.model_fields[discriminator].annotation
    values = typing.get_args(annotation)
    return [value.name if isinstance(value, enum.Enum) else str(value) for value in values]


def _plain(value: object, discriminator: str | None) -> object:
    if isinstance(value, EnvVar):
        return {"env": value.name}
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, BaseModel):
        return _plain_model(value, discriminator)
    if isinstance(value, Mapping):
        return {_plain(key, None): _plain(part, discriminator) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part, discriminator) for part in value]
    return _plain_scalar(value)


def _plain_model(model: BaseModel, discriminator: str | None) -> object:
    body = config_value(model)
    if discriminator is None or discriminator not in body:
        return body
    chosen = body.pop(discriminator)
    return {str(chosen): body}


def _plain_scalar(value: object) -> object:
    if isinstance(value, SecretStr):
        return Secret(value.get_secret_value())
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value) if isinstance(value, FilePath) else value
