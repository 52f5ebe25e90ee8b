"""Processing config values: the two questions to a type, and their forms that raise (SEMANTICS 4 and 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.runtime.config.errors import InvalidConfigError
from jobc.runtime.config.places import ROOT
from jobc.runtime.config.problems import Processed
from jobc.runtime.config.reading import Filling, Reading, Resolving

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.runtime.config.base import ConfigType


def validate(config_type: ConfigType, value: object) -> Processed:
    """Check a value and fill in its defaults; `{env: NAME}`, enum names and texts of dates stay as written.

    Reads no environment variable. Never raises for what the value holds.
    """
    return _read(config_type, value, Filling())


def process(config_type: ConfigType, value: object, *, environ: Mapping[str, str] | None = None) -> Processed:
    """Check a value and turn it into what an op sees: defaults filled in, environment read, enums converted.

    `environ` is read instead of the process's environment. Never raises for what the value holds.
    """
    return _read(config_type, value, Resolving(environ))


def validate_or_raise(config_type: ConfigType, value: object, header: str) -> object:
    """Return `validate`'s value; raises `InvalidConfigError` under `header` with all problems."""
    return _value_of(validate(config_type, value), value, header)


def process_or_raise(
    config_type: ConfigType, value: object, header: str, *, environ: Mapping[str, str] | None = None
) -> object:
    """Return `process`'s value; raises `InvalidConfigError` under `header` with all problems."""
    return _value_of(process(config_type, value, environ=environ), value, header)


def describe(config_type: ConfigType) -> str:
    """Write a type in the notation of messages: `int`, `list[str]`, `{path: str, limit?: int}`."""
    return config_type.describe()


def example_value(config_type: ConfigType) -> object:
    """Return a small value that fits the type, made of JSON's types; a pattern may be missed."""
    return config_type.example()


def _read(config_type: ConfigType, value: object, reading: Reading) -> Processed:
    found = config_type.read(value, ROOT, reading)
    if reading.problems:
        return Processed(None, tuple(reading.problems))
    return Processed(found, ())


def _value_of(processed: Processed, written: object, header: str) -> object:
    if processed.errors:
        raise InvalidConfigError(header, processed.errors, written)
    return processed.value
