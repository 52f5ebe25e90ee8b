"""The types of expressions: what can be told of a value before there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import PurePath
from typing import TypeAlias

from jobc.schemas.records import dataclass

HEADS = ("null", "bool", "int", "float", "str", "date", "datetime", "list", "mapping", "any")
"""The kinds of values; `any` is what cannot be told, or a value the language has no operations for."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A type without parts; `name` is one of `HEADS`, neither `list` nor `mapping`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """A list, with the type of its items."""

    item: Type


@dataclass(frozen=True, slots=True)
class MappingType:
    """A mapping of any keys, with the type of its values."""

    value: Type


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping whose keys are known, each with its type."""

    fields: Mapping[str, Type]


Type: TypeAlias = Plain | ListType | MappingType | Record

NULL = Plain("null")
BOOL = Plain("bool")
INT = Plain("int")
FLOAT = Plain("float")
STR = Plain("str")
DATE = Plain("date")
DATETIME = Plain("datetime")
ANY = Plain("any")

_WORDS = {
    "null": "null",
    "bool": "a truth value",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "date": "a date",
    "datetime": "a datetime",
    "list": "a list",
    "mapping": "a mapping",
    "any": "a value of another kind",
}


def head_of(kind: Type) -> str:
    """Return the kind of values a type has, one of `HEADS`."""
    if isinstance(kind, Plain):
        return kind.name
    return "list" if isinstance(kind, ListType) else "mapping"


def words_for(kind: Type | str) -> str:
    """Name a type, or one of `HEADS`, in a message: `a whole number`."""
    return _WORDS[kind if isinstance(kind, str) else head_of(kind)]


def words_for_heads(heads: Iterable[str]) -> str:
    """Name what is expected: `a text or a list`."""
    given = set(heads)
    if "float" in given:
        given.discard("int")
    names = [_WORDS[head] for head in HEADS if head in given]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def type_of(value: object) -> Type:
    """Return the type of a value, with the types of what is inside it."""
    if isinstance(value, Mapping):
        return Record({str(key): type_of(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return ListType(joined(map(type_of, value)))
    return outer_type(value)


def outer_type(value: object) -> Type:
    """Return the type of a value without looking inside it."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int):
        return INT
    if isinstance(value, float):
        return FLOAT
    if isinstance(value, str | PurePath):
        return STR
    if isinstance(value, date):
        return DATETIME if isinstance(value, datetime) else DATE
    if isinstance(value, list | tuple):
        return ListType(ANY)
    return MappingType(ANY) if isinstance(value, Mapping) else ANY


def joined(kinds: Iterable[Type]) -> Type:
    """Return the type that covers all the given; `any` where there is no narrower, and of none."""
    found: Type | None = None
    for kind in kinds:
        found = kind if found is None else _join(found, kind)
    return ANY if found is None else found


def _join(first: Type, second: Type) -> Type:
    if first == second:
        return first
    heads = {head_of(first), head_of(second)}
    if heads == {"int", "float"}:
        return FLOAT
    if isinstance(first, ListType) and isinstance(second, ListType):
        return ListType(_join(first.item, second.item))
    if heads == {"mapping"}:
        return MappingType(joined([value_type(first), value_type(second)]))
    return ANY


def value_type(kind: Type) -> Type:
    """Return the type of the values of a mapping."""
    if isinstance(kind, Record):
        return joined(kind.fields.values())
    return kind.value if isinstance(kind, MappingType) else ANY


def item_type(kind: Type) -> Type:
    """Return the type of the items of a list."""
    return kind.item if isinstance(kind, ListType) else ANY


def has_type(value: object, kind: Type) -> bool:
    """Tell whether a value is of a type; whole numbers are numbers."""
    if kind == ANY:
        return True
    if isinstance(kind, ListType):
        return isinstance(value, list | tuple) and all(has_type(item, kind.item) for item in value)
    if isinstance(kind, MappingType):
        return isinstance(value, Mapping) and all(has_type(item, kind.value) for item in value.values())
    if isinstance(kind, Record):
        return (
            isinstance(value, Mapping)
            and value.keys() == kind.fields.keys()
            and all(has_type(value[name], inner) for name, inner in kind.fields.items())
        )
    return outer_type(value) == kind or (kind == FLOAT and outer_type(value) == INT)
