"""The scalar config types: values without parts (SEMANTICS 4)."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from jobc.runtime.config.base import SHOWN_LEVELS, ConfigType
from jobc.runtime.config.environment import EnvVar
from jobc.runtime.config.problems import Misfit
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config.places import Place
    from jobc.runtime.config.reading import Reading

ORDER_LIMITS = frozenset({"ge", "gt", "le", "lt"})
NUMBER_LIMITS = ORDER_LIMITS | {"multiple_of"}
LENGTH_LIMITS = frozenset({"min_length", "max_length"})
TEXT_LIMITS = LENGTH_LIMITS | {"pattern"}

# What N takes for false in an environment variable; every other text is true.
_FALSE_TEXTS = frozenset({"", "0", "false", "False"})


class Scalar(ConfigType):
    """A type whose values have no parts."""

    __slots__ = ()

    # The name in the type grammar of specs.
    label: ClassVar[str]
    # Which constraints make sense on the type (DESIGN 3, "Types").
    limit_names: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def parse(self, value: object) -> object:
        """Return what the value stands for; raises `Misfit`."""

    def from_text(self, text: str) -> object:
        """Return what the text of an environment variable stands for; raises `Misfit`."""
        return self.parse(text)

    def measured(self, parsed: object) -> object:
        """Return what constraints look at: the parsed value itself, or the text inside a wrapper."""
        return parsed

    def kept(self, value: object, parsed: object) -> object:  # noqa: ARG002
        """Return what filling in defaults makes of a value: what is written, unless that must not stay."""
        return value

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the value as written or parsed, as the reading wants."""
        try:
            parsed = self.parse(value)
        except Misfit as misfit:
            reading.report(place, misfit)
            return None
        return reading.pick(self.kept(value, parsed), parsed)

    def describe(self, levels: int = SHOWN_LEVELS) -> str:  # noqa: ARG002
        """Return the name of the type."""
        return self.label


class Leaf(Scalar):
    """A scalar type without parameters: two of one class are equal.

    A plain class, for dataclasses take their time to be made and these are on the path of every command.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class IntType(Leaf):
    """Whole numbers: no booleans, no `3.0`, no text."""

    __slots__ = ()

    label = "int"
    limit_names = NUMBER_LIMITS

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the number."""
        return value if type(value) is int else Scalar.read(self, value, place, reading)

    def parse(self, value: object) -> object:
        """Return the number."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self.misfit(value, unquoting_hint(value, int))

    def from_text(self, text: str) -> object:
        """Return the number that the text spells."""
        return number_of(self, text, int)

    def example(self) -> object:
        """Return 0."""
        return 0


class FloatType(Leaf):
    """Numbers: floats, ints and booleans, all converted to float."""

    __slots__ = ()

    label = "float"
    limit_names = NUMBER_LIMITS

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the number as a float."""
        return value if type(value) is float else Scalar.read(self, value, place, reading)

    def kept(self, value: object, parsed: object) -> object:  # noqa: ARG002
        """Return the float: an int equals it."""
        return parsed

    def parse(self, value: object) -> float:
        """Return the number as a float."""
        if not isinstance(value, int | float):
            raise self.misfit(value, unquoting_hint(value, float))
        try:
            return float(value)
        except OverflowError:
            raise Misfit("the number is too large for a float", "range") from None

    def from_text(self, text: str) -> object:
        """Return the number that the text spells."""
        return number_of(self, text, float)

    def example(self) -> object:
        """Return 0.5, which shows that fractions are welcome."""
        return 0.5


class StringType(Leaf):
    """Text, and nothing that merely could be written as text."""

    __slots__ = ()

    label = "str"
    limit_names = TEXT_LIMITS

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the text."""
        return value if type(value) is str else Scalar.read(self, value, place, reading)

    def parse(self, value: object) -> object:
        """Return the text."""
        if isinstance(value, str):
            return value
        hint = "; put it in quotes" if isinstance(value, int | float) else ""
        raise self.misfit(value, hint)

    def example(self) -> object:
        """Return a word."""
        return "text"


class BoolType(Leaf):
    """True and false; not 0 and 1."""

    __slots__ = ()

    label = "bool"

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the boolean."""
        return value if type(value) is bool else Scalar.read(self, value, place, reading)

    def parse(self, value: object) -> object:
        """Return the boolean."""
        if isinstance(value, bool):
            return value
        hint = "; write it without quotes" if isinstance(value, str) and value in {"true", "false"} else ""
        raise self.misfit(value, hint)

    def from_text(self, text: str) -> object:
        """Return false for nothing, `0`, `false` and `False`, true for any other text (SEMANTICS 4)."""
        return text not in _FALSE_TEXTS

    def example(self) -> object:
        """Return true."""
        return True


@dataclass(frozen=True, slots=True)
class AnyType(ConfigType):
    """Any value at all, handed on as it is."""

    takes_none = True

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the value itself."""
        if isinstance(value, EnvVar):
            reading.report(place, self.misfit(value))
        return value

    def describe(self, levels: int = SHOWN_LEVELS) -> str:  # noqa: ARG002
        """Return `any`."""
        return "any"

    def example(self) -> object:
        """Return a word."""
        return "value"


Int = IntType()
Float = FloatType()
String = StringType()
Bool = BoolType()
Any = AnyType()


def unquoting_hint(value: object, number: type[int | float]) -> str:
    """Return advice to drop the quotes if a text spells a number."""
    if not isinstance(value, str):
        return ""
    try:
        number(value)
    except ValueError:
        return ""
    return "; write it without quotes"


def number_of(scalar: Scalar, text: str, number: type[int | float]) -> int | float:
    """Return the number a text spells; raises `Misfit`."""
    try:
        return number(text)
    except ValueError:
        raise Misfit(f"expected {scalar.describe()}") from None
