"""Config types of mappings with declared fields: shapes, permissive shapes and selectors (SEMANTICS 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from itertools import islice
from typing import TypeAlias

from jobc.runtime.config.base import NO_DEFAULT, SHOWN_LEVELS, ConfigType
from jobc.runtime.config.fields import Field, field_at
from jobc.runtime.config.places import ROOT, Place
from jobc.runtime.config.problems import Misfit
from jobc.runtime.config.reading import Reading
from jobc.runtime.config.wording import alternatives, did_you_mean, example_text, key_name, kind_of
from jobc.runtime.errors import InvalidConfigDefinitionError
from jobc.schemas.names import listing, near_names
from jobc.schemas.records import dataclass

# How many fields of a shape a message shows, and for how many unknown names near ones are looked up.
_SHOWN_FIELDS = 8
_LOOKED_UP = 5

Read: TypeAlias = Callable[[object, Place, Reading], object]
# A field's name, its type's `read`, its constant default, and itself for the other defaults.
Row: TypeAlias = tuple[str, Read, object, Field]


# The subclasses add no fields of their own and so inherit equality, which minds the class.
@dataclass(frozen=True, slots=True, init=False)
class Fields(ConfigType):
    """What shapes and selectors share: fields by name, in order of declaration; the order means nothing."""

    fields: Mapping[str, Field]
    description: str | None
    _rows: tuple[Row, ...] = field(compare=False, repr=False)
    _required: frozenset[str] = field(compare=False, repr=False)

    has_fields = True

    def __init__(self, fields: Mapping[str, object], description: str | None = None) -> None:
        """Build from the spelling of each field."""
        _require_named(fields)
        named = {name: field_at(schema, (ROOT, name)) for name, schema in fields.items()}
        rows = tuple((name, one.config_type.read, one.constant, one) for name, one in named.items())
        object.__setattr__(self, "fields", named)
        object.__setattr__(self, "description", description)
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(
            self, "_required", frozenset(name for name, one in named.items() if one.is_required)
        )

    def __hash__(self) -> int:
        return hash((type(self), frozenset(self.fields.items())))

    def hides_values(self) -> bool:
        """Return true: text in place of a mapping may be anything."""
        return True

    def known_fields(self, levels: int) -> list[str]:
        """Describe the first fields, and say so if there are more."""
        shown = [one.describe(name, levels - 1) for name, one in islice(self.fields.items(), _SHOWN_FIELDS)]
        return [*shown, "..."] if len(self.fields) > _SHOWN_FIELDS else shown

    def report_unknown(self, names: list[str], place: Place, reading: Reading) -> None:
        """Report the entries that have no field, all in one."""
        near = [near_names(name, self.fields)[:1] for name in names[:_LOOKED_UP]]
        suggestions = tuple(dict.fromkeys(name for found in near for name in found))
        what = "entry" if len(names) == 1 else "entries"
        inner = {} if suggestions else self._inner_places(names)
        known = did_you_mean(inner.values()) if len(inner) == len(names) else f" (expected {self.describe()})"
        message = f"unknown {what} {listing(names)}{did_you_mean(suggestions)}{known}"
        reading.report(place, Misfit(message, "unknown", tuple(names), suggestions))

    def _inner_places(self, names: list[str]) -> dict[str, str]:
        """Return, for names that one field knows inside it, where they belong, as `field.name`."""
        found: dict[str, str] = {}
        for name in names[:_LOOKED_UP]:
            holders = [
                outer
                for outer, one in self.fields.items()
                if isinstance(one.config_type, Fields) and name in one.config_type.fields
            ]
            if len(holders) == 1:
                found[name] = f"{holders[0]}.{name}"
        return found


class Shape(Fields):
    """A mapping with the declared fields only; an optional one without default may be absent afterwards."""

    __slots__ = ()

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return a new dict in order of declaration; reports unknown entries, then missing, then parts."""
        if type(value) is not dict and not isinstance(value, Mapping):
            reading.report(place, self.misfit(value))
            return None
        unknown = [key_name(key) for key in value if key not in self.fields]
        if unknown:
            self.report_unknown(unknown, place, reading)
        return self.read_declared(value, place, reading)

    def read_declared(
        self, value: Mapping[object, object], place: Place, reading: Reading
    ) -> dict[object, object]:
        """Return a new dict of the declared fields only; reports the missing, then what is wrong in each."""
        if not self._required <= value.keys():
            self._report_missing(value, place, reading)
        found: dict[object, object] = {}
        for name, read, constant, one in self._rows:
            if name in value:
                found[name] = read(value[name], (place, name), reading)
            elif constant is not NO_DEFAULT:
                found[name] = constant
            elif one.default_value is not NO_DEFAULT:
                found[name] = one.fill((place, name), reading)
        return found

    def _report_missing(self, value: Mapping[object, object], place: Place, reading: Reading) -> None:
        names = [name for name, one in self.fields.items() if one.is_required and name not in value]
        example = {name: self.fields[name].config_type.example() for name in names[:_SHOWN_FIELDS]}
        what = "entry" if len(names) == 1 else "entries"
        message = f"missing required {what} {listing(names)}; for example {example_text(example)}"
        reading.report(place, Misfit(message, "missing", tuple(names)))

    def implicit_default(self) -> object:
        """Return the empty mapping if no field is required."""
        return NO_DEFAULT if self._required else {}

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `{path: str, limit?: int}`; `{...}` below the levels shown."""
        if levels == 0 and self.fields:
            return "{...}"
        return "{" + ", ".join(self.known_fields(levels)) + "}"

    def example(self) -> object:
        """Return a mapping of the required fields."""
        return {name: one.config_type.example() for name, one in self.fields.items() if one.is_required}


class Permissive(Shape):
    """A shape that keeps entries it does not declare, as they are, after the declared ones."""

    __slots__ = ()

    def __init__(self, fields: Mapping[str, object] | None = None, description: str | None = None) -> None:
        """Build from the spelling of each field; without any it takes every mapping."""
        Shape.__init__(self, fields or {}, description)

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return a new dict of the declared fields and of the other entries as given."""
        if type(value) is not dict and not isinstance(value, Mapping):
            reading.report(place, self.misfit(value))
            return None
        found = self.read_declared(value, place, reading)
        found.update((key, part) for key, part in value.items() if key not in self.fields)
        return found

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `dict`, or `{path: str, ...}` if there are fields."""
        if not self.fields:
            return "dict"
        return "{" + ", ".join([*(self.known_fields(levels) if levels else []), "..."]) + "}"


class Selector(Fields):
    """A mapping with exactly one of the declared fields; a null there means the defaults of that branch."""

    __slots__ = ()

    def __init__(self, fields: Mapping[str, object], description: str | None = None) -> None:
        """Build from the spelling of each field; raises `InvalidConfigDefinitionError` if there is none."""
        Fields.__init__(self, fields, description)
        if not self.fields:
            raise InvalidConfigDefinitionError("a selector needs at least one field to choose from")

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return a new dict of the one branch."""
        if type(value) is not dict and not isinstance(value, Mapping):
            reading.report(place, self._not_a_choice(value))
            return None
        if len(value) != 1:
            return self._read_none_or_many(value, place, reading)
        ((name, chosen),) = value.items()
        branch = self.fields.get(name)
        if branch is None:
            self.report_unknown([key_name(name)], place, reading)
            return None
        given = branch.value_for_null() if chosen is None else chosen
        return {name: branch.config_type.read(given, (place, name), reading)}

    def _read_none_or_many(self, value: Mapping[object, object], place: Place, reading: Reading) -> object:
        choices = alternatives(f"`{name}`" for name in islice(self.fields, _SHOWN_FIELDS))
        if value:
            names = tuple(key_name(key) for key in value)
            message = f"exactly one of {choices} must be given, got {len(names)}: {listing(names)}"
            reading.report(place, Misfit(message, "selector", names))
            return None
        if self._required or len(self.fields) > 1:
            example = example_text(self.example())
            message = f"exactly one of {choices} must be given, got none; for example {example}"
            reading.report(place, Misfit(message, "selector"))
            return None
        ((name, only),) = self.fields.items()
        return {} if only.default_value is NO_DEFAULT else {name: only.fill((place, name), reading)}

    def _not_a_choice(self, value: object) -> Misfit:
        """Return the misfit for what is no mapping; a branch's name alone gets the advice to write it out."""
        if isinstance(value, str) and value in self.fields:
            example = {value: self.fields[value].config_type.example()}
            return Misfit(f"expected {self.describe()}, got {kind_of(value)}; write {example_text(example)}")
        return self.misfit(value)

    def implicit_default(self) -> object:
        """Return the empty mapping if there is one field and it is optional."""
        return NO_DEFAULT if self._required or len(self.fields) > 1 else {}

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `one of {a: int} or {b: str}`; `{...}` below the levels shown."""
        if levels == 0:
            return "{...}"
        known = [branch.replace("?: ", ": ", 1) for branch in self.known_fields(levels)]
        return "one of " + alternatives(branch if branch == "..." else f"{{{branch}}}" for branch in known)

    def example(self) -> object:
        """Return the first branch."""
        name, first = next(iter(self.fields.items()))
        return {name: first.config_type.example()}


def _require_named(fields: object) -> None:
    if not isinstance(fields, Mapping):
        message = f"fields are written as a mapping from names to types, not {kind_of(fields)}"
        raise InvalidConfigDefinitionError(message)
    wrong = [key for key in fields if not isinstance(key, str)]
    if wrong:
        raise InvalidConfigDefinitionError(f"the field name {key_name(wrong[0])} must be text")
