"""Config types that choose: null or a value, one of some values, one of some types (SEMANTICS 4)."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from jobc.runtime.config.base import SHOWN_LEVELS, ConfigType
from jobc.runtime.config.containers import scalar_of
from jobc.runtime.config.places import Place, steps
from jobc.runtime.config.problems import Misfit
from jobc.runtime.config.scalars import AnyType, BoolType, FloatType, IntType, Scalar
from jobc.runtime.config.schema import as_config_type
from jobc.runtime.config.wording import alternatives, did_you_mean, kind_of, shown
from jobc.runtime.errors import InvalidConfigDefinitionError, ParameterCheckError
from jobc.schemas.names import near_names
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config.reading import Reading

_SHOWN_CHOICES = 12


@dataclass(frozen=True, slots=True, init=False)
class Noneable(ConfigType):
    """Null or a value of a type; a field of it is not required and defaults to None."""

    inner_type: ConfigType

    takes_none = True

    def __init__(self, inner_type: object) -> None:
        """Build from any spelling of the type."""
        object.__setattr__(self, "inner_type", as_config_type(inner_type))

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return None or what the type reads."""
        return None if value is None else self.inner_type.read(value, place, reading)

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `T | None`."""
        return f"{self.inner_type.describe(levels)} | None"

    def example(self) -> object:
        """Return an example of the type."""
        return self.inner_type.example()

    def implicit_default(self) -> object:
        """Return None."""
        return None

    def hides_values(self) -> bool:
        """Tell whether the type hides its values."""
        return self.inner_type.hides_values()


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value of an `Enum`: the name that config gives and the Python value that the op receives."""

    config_value: str
    python_value: object = field(default=None, hash=False)
    description: str | None = None

    def __post_init__(self) -> None:
        _require_text(self.config_value)
        if self.python_value is None:
            object.__setattr__(self, "python_value", self.config_value)


@dataclass(frozen=True, slots=True, init=False)
class Enum(Scalar):
    """A closed list of names, each standing for a Python value."""

    name: str
    enum_values: tuple[EnumValue, ...]
    _by_name: Mapping[str, object] = field(compare=False, repr=False)

    def __init__(self, name: str, enum_values: Sequence[EnumValue]) -> None:
        """Build from the values; raises `InvalidConfigDefinitionError` for none or a name given twice."""
        by_name = {value.config_value: value.python_value for value in enum_values}
        if not by_name or len(by_name) != len(enum_values):
            trouble = "has two values of one name" if by_name else "needs at least one value"
            raise InvalidConfigDefinitionError(f"the enum `{name}` {trouble}")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "enum_values", tuple(enum_values))
        object.__setattr__(self, "_by_name", by_name)

    @classmethod
    def from_python_enum(cls, python_enum: type[enum.Enum], name: str | None = None) -> Enum:
        """Build from a Python enum: its members' names stand for its members."""
        members = python_enum.__members__.items()
        return cls(
            name or python_enum.__name__, [EnumValue(member_name, member) for member_name, member in members]
        )

    def parse(self, value: object) -> object:
        """Return the Python value of a name."""
        if isinstance(value, enum.Enum):
            raise Misfit(f'expected the name of a value of `{self.name}` as text: write "{value.name}"')
        if not isinstance(value, str):
            raise self.misfit(value)
        try:
            return self._by_name[value]
        except KeyError:
            raise _no_choice(value, self._by_name, f"`{self.name}`") from None

    def describe(self, levels: int = SHOWN_LEVELS) -> str:  # noqa: ARG002
        """Return the names: `"A" or "B"`."""
        return _choices(self._by_name)

    def example(self) -> object:
        """Return the first name."""
        return self.enum_values[0].config_value


@dataclass(frozen=True, slots=True, init=False)
class Literal(Scalar):
    """A closed list of texts, numbers, booleans or null; 1, 1.0 and true differ."""

    values: tuple[object, ...]
    _known: frozenset[tuple[type, object]] = field(compare=False, repr=False)

    def __init__(self, values: Iterable[object]) -> None:
        """Build from the values; raises `InvalidConfigDefinitionError` for none, or one that is no scalar."""
        listed = tuple(values)
        wrong = [value for value in listed if not isinstance(value, str | int | float | None)]
        if wrong or not listed:
            what = f"cannot hold {shown(wrong[0])}" if wrong else "needs at least one value"
            raise InvalidConfigDefinitionError(f"a literal type {what}")
        object.__setattr__(self, "values", listed)
        object.__setattr__(self, "_known", frozenset((type(value), value) for value in listed))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Literal) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[tuple[type, object], ...]:
        return tuple((type(value), value) for value in self.values)

    def parse(self, value: object) -> object:
        """Return the value if it is one of the list."""
        if isinstance(value, str | int | float | None) and (type(value), value) in self._known:
            return value
        if isinstance(value, str):
            texts = [text for text in self.values if isinstance(text, str)]
            raise _no_choice(value, texts, "the values allowed") if texts else self.misfit(value)
        raise self.misfit(value)

    def from_text(self, text: str) -> object:
        """Return the value that is written like the text."""
        for value in self.values:
            if text == (value if isinstance(value, str) else shown(value)):
                return value
        raise self.misfit(text)

    def describe(self, levels: int = SHOWN_LEVELS) -> str:  # noqa: ARG002
        """Return the values: `"a" or "b"`."""
        return _choices(self.values)

    def example(self) -> object:
        """Return the first value."""
        return self.values[0]


@dataclass(frozen=True, slots=True, init=False)
class ScalarUnion(ConfigType):
    """A scalar or a value with parts: a mapping or a list is read as the latter, all else as the former."""

    scalar_type: Scalar
    non_scalar_type: ConfigType

    def __init__(self, scalar_type: object, non_scalar_schema: object) -> None:
        """Build from spellings; raises `InvalidConfigDefinitionError` if the types are not of these sorts."""
        non_scalar = as_config_type(non_scalar_schema)
        if isinstance(non_scalar, Scalar | AnyType | Noneable | ScalarUnion):
            message = (
                f"the second type of a `ScalarUnion` must be a mapping or a list, not {non_scalar.describe()}"
            )
            raise InvalidConfigDefinitionError(message)
        object.__setattr__(self, "scalar_type", scalar_of(scalar_type, "the first type of a `ScalarUnion`"))
        object.__setattr__(self, "non_scalar_type", non_scalar)

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return what the type chosen by the value's form reads."""
        if isinstance(value, dict | list | Mapping):
            return self.non_scalar_type.read(value, place, reading)
        return self.scalar_type.read(value, place, reading)

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `int | {a: str}`."""
        return f"{self.scalar_type.describe(levels)} | {self.non_scalar_type.describe(levels)}"

    def example(self) -> object:
        """Return an example of the scalar."""
        return self.scalar_type.example()

    def hides_values(self) -> bool:
        """Tell whether the scalar is hidden."""
        return self.scalar_type.hides_values()


@dataclass(frozen=True, slots=True)
class Union(ConfigType):
    """A value of any of some types: the first that fits, but float only after int and bool."""

    members: tuple[ConfigType, ...]
    _tried: tuple[ConfigType, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        exact = any(isinstance(member, IntType | BoolType) for member in self.members)
        tried = sorted(self.members, key=lambda member: exact and isinstance(member, FloatType))
        object.__setattr__(self, "_tried", tuple(tried))

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return what the first fitting type reads; or reports the one type that got inside."""
        inside = []
        for member in self._tried:
            attempt = reading.attempt()
            found = member.read(value, place, attempt)
            if not attempt.problems:
                return found
            if _got_inside(attempt, place):
                inside.append(attempt)
        if len(inside) == 1:
            reading.problems.extend(inside[0].problems)
        else:
            reading.report(place, self.misfit(value))
        return None

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `A | B`."""
        return " | ".join(member.describe(levels) for member in self.members)

    def example(self) -> object:
        """Return an example of the first type."""
        return self.members[0].example()

    def hides_values(self) -> bool:
        """Tell whether any of the types hides its values."""
        return any(member.hides_values() for member in self.members)


def _require_text(name: object) -> None:
    if not isinstance(name, str):
        raise ParameterCheckError(f"the name of an enum value must be text, not {kind_of(name)}")


def _got_inside(attempt: Reading, place: Place) -> bool:
    """Tell whether a failed attempt found the value to be of its sort, and only some part of it at fault."""
    depth = len(steps(place))
    return any(
        problem.kind not in {"type", "none"} or len(problem.path) > depth for problem in attempt.problems
    )


def _no_choice(value: str, known: Iterable[str], of: str) -> Misfit:
    names = list(known)
    near = near_names(value, names)
    message = f"{shown(value)} is none of {of}{did_you_mean(near)} (expected {_choices(names)})"
    return Misfit(message, "enum", (value,), near)


def _choices(values: Iterable[object]) -> str:
    texts = [shown(value) for value in values]
    if len(texts) > _SHOWN_CHOICES:
        return f"{', '.join(texts[:_SHOWN_CHOICES])} or {len(texts) - _SHOWN_CHOICES} more"
    return alternatives(texts)
