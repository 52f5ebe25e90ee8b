"""What every config type can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final

from jobc.runtime.config.environment import EnvVar
from jobc.runtime.config.problems import Misfit
from jobc.runtime.config.wording import env_advice, kind_of, shown

if TYPE_CHECKING:
    from jobc.runtime.config.places import Place
    from jobc.runtime.config.reading import Reading


class NoDefault:
    """The type of `NO_DEFAULT`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_DEFAULT"

    def __reduce__(self) -> str:
        return "NO_DEFAULT"


# Stands where a default would; None is a default like any other.
NO_DEFAULT: Final = NoDefault()

# How many levels of nested shapes a message shows.
SHOWN_LEVELS = 2


class ConfigType(ABC):
    """A type of config values: frozen, equal by value, made once and used for any number of values."""

    __slots__ = ()

    # Whether a null is a value of the type.
    takes_none: ClassVar[bool] = False
    # Whether the type's values are mappings with declared fields, so that an empty one means "all defaults".
    has_fields: ClassVar[bool] = False

    @abstractmethod
    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the value read, and report every problem in it; after a problem the result means nothing."""

    @abstractmethod
    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Write the type in the notation of messages: `int`, `list[str]`, `{path: str, limit?: int}`."""

    @abstractmethod
    def example(self) -> object:
        """Return a small value that fits the type, made of JSON's types."""

    def implicit_default(self) -> object:
        """Return the value a field of this type takes when nothing is given, or `NO_DEFAULT`."""
        return NO_DEFAULT

    def hides_values(self) -> bool:
        """Tell whether messages must not show values given for this type."""
        return False

    def misfit(self, value: object, hint: str = "") -> Misfit:
        """Say that a value is not of this type at all."""
        if isinstance(value, EnvVar):
            return Misfit(env_advice(value), "env", (value.name,))
        if value is None:
            return Misfit(f"must not be None (null); expected {self.describe()}", "none")
        got = kind_of(value) if self.hides_values() else shown(value)
        return Misfit(f"expected {self.describe()}, got {got}{hint}")
