"""Values as JSON text and back: the data of events, run config, tags.

Plain data keeps its types, tuples included, and so do jobc's own frozen dataclasses (metadata, assets,
errors), which are found again by name. Of anything else only its repr is kept, as an `Unstored`: a database
never makes a process import or run what it did not know.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import cast

from jobc.schemas.records import dataclass

_PACKAGE = "jobc."
_TUPLE, _PAIRS, _INT, _OBJECT, _REPR = "$tuple", "$pairs", "$int", "$object", "$repr"
_LONGEST_INT_BITS = 10_000
"""Longer integers are kept in base 16: Python refuses to write very long ones in base 10."""


@dataclass(frozen=True, slots=True)
class Unstored:
    """What is left of a value that cannot be stored: its repr."""

    text: str

    def __repr__(self) -> str:
        return self.text


def to_text(value: object) -> str:
    """Return a value as JSON text in ASCII; any value can be given."""
    try:
        return json.dumps(_packed(value))
    except RecursionError:
        return json.dumps({_REPR: f"a `{type(value).__name__}` that is nested too deeply to be stored"})


def from_text(text: str) -> object:
    """Return the value that a text of `to_text` stands for."""
    return _unpacked(json.loads(text))


def _packed(value: object) -> object:
    if value is None or isinstance(value, bool | str | float):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= _LONGEST_INT_BITS else {_INT: hex(value)}
    if isinstance(value, list):
        return [_packed(member) for member in value]
    if isinstance(value, tuple):
        return {_TUPLE: [_packed(member) for member in value]}
    if isinstance(value, Mapping):
        return _packed_mapping(value)
    if is_dataclass(value) and type(value).__module__.startswith(_PACKAGE):
        members = {each.name: _packed(getattr(value, each.name)) for each in fields(value)}
        return {_OBJECT: f"{type(value).__module__}:{type(value).__qualname__}", "fields": members}
    return {_REPR: _repr_of(value)}


def _packed_mapping(value: Mapping[object, object]) -> object:
    if all(isinstance(key, str) and not key.startswith("$") for key in value):
        return {key: _packed(member) for key, member in value.items()}
    return {_PAIRS: [[_packed(key), _packed(member)] for key, member in value.items()]}


def _repr_of(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - a user's `__repr__` may raise anything
        return object.__repr__(value)


def _unpacked(value: object) -> object:
    if isinstance(value, list):
        return [_unpacked(member) for member in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$tuple": list(members)}:
            return tuple(_unpacked(member) for member in members)
        case {"$pairs": list(pairs)}:
            return {_unpacked(key): _unpacked(member) for key, member in pairs}
        case {"$int": str(digits)}:
            return int(digits, 16)
        case {"$repr": str(text)}:
            return Unstored(text)
        case {"$object": str(name), "fields": dict(members)}:
            return _rebuilt(name, members)
        case _:
            return {key: _unpacked(member) for key, member in value.items()}


def _rebuilt(name: str, members: Mapping[str, object]) -> object:
    kind = _dataclass_named(name)
    if kind is None or {each.name for each in fields(kind)} != members.keys():
        return Unstored(f"{name.rpartition(':')[2]}({json.dumps(members)})")
    made: object = object.__new__(kind)
    for field, member in members.items():
        object.__setattr__(made, field, _unpacked(member))
    return made


def _dataclass_named(name: str) -> type | None:
    """Return a dataclass of jobc by its module and name, None where this jobc has none such."""
    module, _, qualified = name.partition(":")
    if not module.startswith(_PACKAGE):
        return None
    try:
        found = getattr(import_module(module), qualified, None)
    except ImportError:
        return None
    return cast("type", found) if isinstance(found, type) and is_dataclass(found) else None
