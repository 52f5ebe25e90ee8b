"""Config types of lists and maps: values with parts of one type each (SEMANTICS 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from jobc.runtime.config.base import SHOWN_LEVELS, ConfigType
from jobc.runtime.config.problems import Misfit
from jobc.runtime.config.scalars import Scalar
from jobc.runtime.config.schema import as_config_type
from jobc.runtime.errors import InvalidConfigDefinitionError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config.places import Place
    from jobc.runtime.config.reading import Reading


@dataclass(frozen=True, slots=True, init=False)
class Array(ConfigType):
    """A list of any length whose items are of one type."""

    inner_type: ConfigType

    def __init__(self, inner_type: object) -> None:
        """Build from any spelling of the items' type."""
        object.__setattr__(self, "inner_type", as_config_type(inner_type))

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return a new list of the items read."""
        if not isinstance(value, list):
            reading.report(place, self.misfit(value))
            return None
        return _items_read(value, self.inner_type, place, reading)

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `list[T]`."""
        return f"list[{self.inner_type.describe(levels)}]"

    def example(self) -> object:
        """Return a list of one item."""
        return [self.inner_type.example()]

    def hides_values(self) -> bool:
        """Tell whether the items are hidden: one item in place of the list may be one of them."""
        return self.inner_type.hides_values()


@dataclass(frozen=True, slots=True, init=False)
class Set(ConfigType):
    """A list of scalars of one type that becomes a `set`; equal items count once."""

    inner_type: Scalar

    def __init__(self, inner_type: object) -> None:
        """Build from any spelling of a scalar; raises `InvalidConfigDefinitionError` for other types."""
        object.__setattr__(self, "inner_type", scalar_of(inner_type, "the items of a set"))

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the list as written, or the set."""
        if not isinstance(value, list | tuple | set | frozenset):
            reading.report(place, self.misfit(value))
            return None
        items = _items_read(value, self.inner_type, place, reading)
        return reading.pick(items, set(items))

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `set[T]`."""
        return f"set[{self.inner_type.describe(levels)}]"

    def example(self) -> object:
        """Return a list of one item."""
        return [self.inner_type.example()]

    def hides_values(self) -> bool:
        """Tell whether the items are hidden."""
        return self.inner_type.hides_values()


@dataclass(frozen=True, slots=True)
class Tuple(ConfigType):
    """A list of fixed length, each item of its own type, that becomes a `tuple`."""

    item_types: tuple[ConfigType, ...]

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the list as written, or the tuple."""
        if not isinstance(value, list | tuple):
            reading.report(place, self.misfit(value))
            return None
        if len(value) != len(self.item_types):
            message = f"expected {len(self.item_types)} items ({self.describe()}), got {len(value)}"
            reading.report(place, Misfit(message, "range"))
            return None
        pairs = zip(self.item_types, value, strict=True)
        items = [
            item_type.read(item, (place, index), reading) for index, (item_type, item) in enumerate(pairs)
        ]
        return reading.pick(items, tuple(items))

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `tuple[A, B]`."""
        return f"tuple[{', '.join(item_type.describe(levels) for item_type in self.item_types)}]"

    def example(self) -> object:
        """Return a list of examples."""
        return [item_type.example() for item_type in self.item_types]

    def hides_values(self) -> bool:
        """Tell whether an item is hidden."""
        return any(item_type.hides_values() for item_type in self.item_types)


@dataclass(frozen=True, slots=True, init=False)
class Map(ConfigType):
    """A mapping of any size: keys of one scalar type, values of one type; required unless defaulted."""

    key_type: Scalar
    inner_type: ConfigType

    def __init__(self, key_type: object, inner_type: object) -> None:
        """Build from any spelling; raises `InvalidConfigDefinitionError` if the key type is no scalar."""
        object.__setattr__(self, "key_type", scalar_of(key_type, "the keys of a map"))
        object.__setattr__(self, "inner_type", as_config_type(inner_type))

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return a new dict of the entries read, in their order."""
        if not isinstance(value, Mapping):
            reading.report(place, self.misfit(value))
            return None
        read_key, read_value = self.key_type.read, self.inner_type.read
        found = {}
        for key, part in value.items():
            kept = read_key(key, (place, ("key", key)), reading)
            found[kept] = read_value(part, (place, ("value", key)), reading)
        return found

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return `dict[K, V]`."""
        return f"dict[{self.key_type.describe(levels)}, {self.inner_type.describe(levels)}]"

    def example(self) -> object:
        """Return a mapping of one entry."""
        return {self.key_type.example(): self.inner_type.example()}

    def hides_values(self) -> bool:
        """Tell whether a value is hidden."""
        return self.inner_type.hides_values()


def scalar_of(schema: object, role: str) -> Scalar:
    """Return the scalar that a spelling stands for; raises `InvalidConfigDefinitionError` naming its role."""
    scalar = as_config_type(schema)
    if isinstance(scalar, Scalar):
        return scalar
    raise InvalidConfigDefinitionError(f"{role} must be scalars, not {scalar.describe()}")


def _items_read(items: Iterable[object], inner: ConfigType, place: Place, reading: Reading) -> list[object]:
    read = inner.read
    return [read(item, (place, index), reading) for index, item in enumerate(items)]
