"""Constraints on scalars and on the size of collections, under pydantic's names (DESIGN 3, "Types")."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Sized as HasLength
from dataclasses import field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from jobc.runtime.config.base import NO_DEFAULT, SHOWN_LEVELS, ConfigType
from jobc.runtime.config.choices import Noneable
from jobc.runtime.config.containers import Array, Map, Set
from jobc.runtime.config.problems import Misfit
from jobc.runtime.config.scalars import LENGTH_LIMITS, ORDER_LIMITS, IntType, Scalar
from jobc.runtime.config.shapes import Permissive
from jobc.runtime.config.sources import Source
from jobc.runtime.config.wording import shown
from jobc.runtime.errors import InvalidConfigDefinitionError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config.places import Place
    from jobc.runtime.config.reading import Reading

# `date` stands for datetime too. Text is read as a value of the type, so that a limit on dates can be written
# down.
Bound: TypeAlias = int | float | date | timedelta | str
Check: TypeAlias = Callable[[Any], bool]

_UNSEEN = object()

# How far a quotient may be from a whole number and still count as one: floats are not exact.
_TOLERANCE = 1e-9

_WORDS: Mapping[str, str] = {
    "ge": "at least {}",
    "gt": "more than {}",
    "le": "at most {}",
    "lt": "less than {}",
    "min_length": "at least {} long",
    "max_length": "at most {} long",
    "pattern": "matched by {}",
    "multiple_of": "a multiple of {}",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Constraints on one value; None means no such constraint. `pattern` is searched for, not anchored."""

    ge: Bound | None = None
    gt: Bound | None = None
    le: Bound | None = None
    lt: Bound | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    multiple_of: float | None = None

    def given(self) -> Iterator[tuple[str, Any]]:
        """Yield the name and the value of each constraint there is, in the order of the fields."""
        for name in _WORDS:
            bound = getattr(self, name)
            if bound is not None:
                yield name, bound

    def describe(self) -> str:
        """Write the constraints for a message: `at least 1, at most 10`."""
        return ", ".join(limit_text(name, bound) for name, bound in self.given())


def limit_text(name: str, bound: object) -> str:
    """Write one constraint for a message: `at least 1`."""
    text = shown(bound) if isinstance(bound, int | float) else f"`{bound}`"
    return _WORDS[name].format(text)


@dataclass(frozen=True, slots=True)
class Constrained(Scalar):
    """A scalar whose values must also keep within limits."""

    scalar: Scalar
    limits: Limits
    _checks: tuple[tuple[str, Check], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _require_applicable(self.limits, self.scalar.limit_names, self.scalar.describe())
        checks = tuple(_checks_of(self.scalar, self.limits))
        object.__setattr__(self, "_checks", checks)

    def parse(self, value: object) -> object:
        """Return what the value stands for, if it is within the limits; raises `Misfit`."""
        parsed = self.scalar.parse(value)
        self._require_within(parsed, value)
        return parsed

    def from_text(self, text: str) -> object:
        """Return what the text stands for, if it is within the limits; raises `Misfit`."""
        parsed = self.scalar.from_text(text)
        self._require_within(parsed, _UNSEEN)
        return parsed

    def _require_within(self, parsed: object, value: object) -> None:
        """Check the limits; the message for a value outside tells the value, unless it is not to be seen."""
        measured = self.scalar.measured(parsed)
        for text, check in self._checks:
            try:
                fits = check(measured)
            except TypeError:  # one datetime with a zone, one without
                raise Misfit(
                    f"must be {text}, which cannot be compared: give both a zone or neither", "range"
                ) from None
            if not fits:
                got = "" if value is _UNSEEN or self.hides_values() else f", got {shown(value)}"
                raise Misfit(f"must be {text}{got}", "range")

    def kept(self, value: object, parsed: object) -> object:
        """Return what the scalar keeps."""
        return self.scalar.kept(value, parsed)

    def measured(self, parsed: object) -> object:
        """Return what the scalar measures."""
        return self.scalar.measured(parsed)

    def hides_values(self) -> bool:
        """Tell whether the scalar hides its values."""
        return self.scalar.hides_values()

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return the scalar's description with the limits."""
        return f"{self.scalar.describe(levels)} ({self.limits.describe()})"

    def example(self) -> object:
        """Return a value within the limits; where a pattern rules, just a value of the scalar."""
        return next((value for value in self._candidates() if self._fits(value)), self.scalar.example())

    def _fits(self, value: object) -> bool:
        try:
            self.parse(value)
        except Misfit:
            return False
        return True

    def _candidates(self) -> Iterator[object]:
        plain = self.scalar.example()
        yield plain
        if isinstance(plain, str):
            yield plain[: self.limits.max_length]
            yield plain.ljust(self.limits.min_length or 0, "x")
        bounds = [self.limits.ge, self.limits.gt, self.limits.le, self.limits.lt]
        numbers = [bound for bound in bounds if isinstance(bound, int | float)]
        yield from [sum(numbers) / 2] if len(numbers) == 2 else []
        for bound in bounds:
            if isinstance(bound, int | float):
                yield from _near(bound, self.limits.multiple_of)
            elif bound is not None:
                yield str(bound)


@dataclass(frozen=True, slots=True)
class Counted(ConfigType):
    """A collection with a limited number of entries; only the length limits apply."""

    collection: ConfigType
    limits: Limits

    def __post_init__(self) -> None:
        _require_applicable(self.limits, LENGTH_LIMITS, self.collection.describe())

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return what the collection reads; report it if it has too few or too many entries."""
        before = len(reading.problems)
        found = self.collection.read(value, place, reading)
        if len(reading.problems) == before and isinstance(found, HasLength):
            self._check(len(found), place, reading)
        return found

    def _check(self, length: int, place: Place, reading: Reading) -> None:
        least, most = self.limits.min_length, self.limits.max_length
        if least is not None and length < least:
            reading.report(place, Misfit(f"must have {least} or more entries, got {length}", "range"))
        if most is not None and length > most:
            reading.report(place, Misfit(f"must have no more than {most} entries, got {length}", "range"))

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return the collection's description with the limits."""
        return f"{self.collection.describe(levels)} ({self.limits.describe()})"

    def example(self) -> object:
        """Return an example of the collection, lengthened where it is a list."""
        plain = self.collection.example()
        if isinstance(plain, list) and plain:
            return (plain * max(1, self.limits.min_length or 0))[: self.limits.max_length]
        return plain

    def implicit_default(self) -> object:
        """Return the collection's, if an empty collection is allowed."""
        return NO_DEFAULT if self.limits.min_length else self.collection.implicit_default()

    def hides_values(self) -> bool:
        """Tell whether the collection hides its values."""
        return self.collection.hides_values()


def _require_applicable(limits: Limits, applicable: frozenset[str], type_text: str) -> None:
    wrong = [f"`{name}`" for name, _ in limits.given() if name not in applicable]
    if wrong:
        raise InvalidConfigDefinitionError(f"{' and '.join(wrong)} cannot limit a value of type {type_text}")


def _checks_of(scalar: Scalar, limits: Limits) -> Iterator[tuple[str, Check]]:
    for name, bound in limits.given():
        yield limit_text(name, bound), _check_of(scalar, name, bound)


def _check_of(scalar: Scalar, name: str, bound: Any) -> Check:
    if name in ORDER_LIMITS:
        compare, limit = getattr(operator, name), _bound_of(scalar, name, bound)
        return lambda value: bool(compare(value, limit))
    if name == "multiple_of":
        return lambda value: _is_multiple(value, bound)
    if name == "pattern":
        search = _compiled(bound).search
        return lambda value: search(value) is not None
    if name == "min_length":
        return lambda value: len(value) >= bound
    return lambda value: len(value) <= bound


def _bound_of(scalar: Scalar, name: str, bound: Any) -> object:
    if isinstance(bound, float) and isinstance(scalar, IntType):
        return bound
    try:
        return scalar.parse(bound)
    except Misfit as misfit:
        raise InvalidConfigDefinitionError(
            f"the limit `{name}` does not fit its type: {misfit.message}"
        ) from None


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise InvalidConfigDefinitionError(f"`{pattern}` is not a regular expression: {error}") from None


def _is_multiple(value: float, step: float) -> bool:
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    if not math.isfinite(value):
        return False
    quotient = value / step
    return abs(quotient - round(quotient)) <= _TOLERANCE * max(1.0, abs(quotient))


def _near(bound: float, step: float | None) -> Iterator[object]:
    """Yield numbers at and around a bound, multiples of `step` first."""
    if step is not None:
        whole = math.floor(bound / step)
        yield from (whole * step, (whole + 1) * step, (whole - 1) * step)
    yield from (bound, bound + 1, bound - 1, math.floor(bound), math.ceil(bound))


def constrain(config_type: ConfigType, limits: Limits) -> ConfigType:
    """Return the type with limits on its values: on the scalar in it, or else on the number of entries.

    Returns the type itself if there are no limits. Raises `InvalidConfigDefinitionError` for a limit that
    makes no sense for the type.
    """
    if not any(limits.given()):
        return config_type
    if isinstance(config_type, Scalar):
        return Constrained(config_type, limits)
    if isinstance(config_type, Source):
        return Source(Constrained(config_type.scalar, limits))
    if isinstance(config_type, Noneable):
        return Noneable(constrain(config_type.inner_type, limits))
    if isinstance(config_type, Array | Set | Map | Permissive):
        return Counted(config_type, limits)
    names = " and ".join(f"`{name}`" for name, _ in limits.given())
    raise InvalidConfigDefinitionError(f"{names} cannot limit a value of type {config_type.describe()}")
