"""Config types, and the processing of config values against them (SEMANTICS 3 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.config.base import NO_DEFAULT, ConfigType
from jobc.runtime.config.choices import Enum, EnumValue, Literal, Noneable, ScalarUnion, Union
from jobc.runtime.config.containers import Array, Map, Set, Tuple
from jobc.runtime.config.environment import EnvVar
from jobc.runtime.config.errors import InvalidConfigError
from jobc.runtime.config.fields import Field, as_field
from jobc.runtime.config.limits import Constrained, Counted, Limits, constrain
from jobc.runtime.config.problems import ConfigProblem, Processed
from jobc.runtime.config.processing import (
    describe,
    example_value,
    process,
    process_or_raise,
    validate,
    validate_or_raise,
)
from jobc.runtime.config.run_config import RunConfig
from jobc.runtime.config.scalars import Any, Bool, Float, Int, Scalar, String
from jobc.runtime.config.schema import as_config_type
from jobc.runtime.config.secrets import Secret
from jobc.runtime.config.shapes import Permissive, Selector, Shape
from jobc.runtime.config.sources import BoolSource, IntSource, Source, StringSource
from jobc.runtime.config.texts import Bytes, Date, DateTime, Path, SecretText, TimeDelta

if TYPE_CHECKING:
    from jobc.runtime.config.pydantic_config import Config, PermissiveConfig, config_object, config_value

__all__ = [
    "NO_DEFAULT",
    "Any",
    "Array",
    "Bool",
    "BoolSource",
    "Bytes",
    "Config",
    "ConfigProblem",
    "ConfigType",
    "Constrained",
    "Counted",
    "Date",
    "DateTime",
    "Enum",
    "EnumValue",
    "EnvVar",
    "Field",
    "Float",
    "Int",
    "IntSource",
    "InvalidConfigError",
    "Limits",
    "Literal",
    "Map",
    "Noneable",
    "Path",
    "Permissive",
    "PermissiveConfig",
    "Processed",
    "RunConfig",
    "Scalar",
    "ScalarUnion",
    "Secret",
    "SecretText",
    "Selector",
    "Set",
    "Shape",
    "Source",
    "String",
    "StringSource",
    "TimeDelta",
    "Tuple",
    "Union",
    "as_config_type",
    "as_field",
    "config_object",
    "config_value",
    "constrain",
    "describe",
    "example_value",
    "process",
    "process_or_raise",
    "validate",
    "validate_or_raise",
]

# Loaded when first used, for they need pydantic.
_PYDANTIC_NAMES = frozenset({"Config", "PermissiveConfig", "config_object", "config_value"})


def __getattr__(name: str) -> object:
    if name not in _PYDANTIC_NAMES:
        raise AttributeError(f"module `{__name__}` has no attribute `{name}`")
    from jobc.runtime.config import pydantic_config

    return getattr(pydantic_config, name)
