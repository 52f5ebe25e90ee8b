"""Values that are known when a run has begun: from an environment variable, or from `${…}` in a spec.

Such a value is held by a mark until a config is resolved; checks that must not depend on the environment pass
over it. Only specs make these: config written in Python says `{env: NAME}` (SEMANTICS 4).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from jobc.runtime.config.base import NO_DEFAULT, SHOWN_LEVELS, ConfigType
from jobc.runtime.config.choices import Noneable, Union
from jobc.runtime.config.environment import EnvVar
from jobc.runtime.config.places import ROOT
from jobc.runtime.config.problems import Misfit
from jobc.runtime.config.reading import Resolving
from jobc.runtime.config.scalars import Any, Scalar
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config.places import Place
    from jobc.runtime.config.reading import Reading


@dataclass(frozen=True, slots=True)
class LateText:
    """A text of a spec that holds expressions of the run; in it a literal `${` is written `$${`."""

    text: str

    def __str__(self) -> str:
        return self.text


def late_value(value: object) -> object:
    """Return a value of the IR with texts that hold expressions marked, and the escapes of others undone."""
    if isinstance(value, dict):
        return {key: late_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [late_value(item) for item in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    plain = value.replace("$${", "")
    return LateText(value) if "${" in plain else value.replace("$${", "${")


def is_late(value: object) -> bool:
    """Tell whether something in a value is known only when a run has begun."""
    if isinstance(value, Mapping):
        return any(map(is_late, value.values()))
    if isinstance(value, list):
        return any(map(is_late, value))
    return isinstance(value, LateText)


def resolved(value: object, place: Place, reading: Resolving) -> object:
    """Return a value with its marks replaced; one whose expression has no value is reported."""
    if isinstance(value, Mapping):
        return {key: resolved(item, (place, key), reading) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, (place, index), reading) for index, item in enumerate(value)]
    if not isinstance(value, LateText):
        return value
    from jobc.runtime.expressions import EvaluationError, fill

    try:
        return fill(value.text, {"env": os.environ if reading.environ is None else reading.environ})
    except EvaluationError as error:
        reading.report(place, Misfit(str(error), "env"))
        return None


@dataclass(frozen=True, slots=True)
class WithLateDefault(ConfigType):
    """A type whose default holds expressions of the run."""

    inner: ConfigType
    default: object = field(hash=False)

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return what the type reads; of the default that is known at the run only."""
        if not is_late(value):
            return self.inner.read(value, place, reading)
        if not isinstance(reading, Resolving):
            return value
        before = len(reading.problems)
        found = resolved(value, place, reading)
        return None if len(reading.problems) > before else self.inner.read(found, place, reading)

    def implicit_default(self) -> object:
        """Return the default."""
        return self.default

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return the type's description."""
        return self.inner.describe(levels)

    def example(self) -> object:
        """Return an example of the type."""
        return self.inner.example()

    def hides_values(self) -> bool:
        """Tell whether the type hides its values."""
        return self.inner.hides_values()


@dataclass(frozen=True, slots=True)
class FromEnvironment(ConfigType):
    """A type whose values come from an environment variable where config gives none.

    A scalar is read from the variable's text as it stands, anything else as JSON. `fallback` is the value
    where the variable is not set; with none that is a mistake.
    """

    inner: ConfigType
    variable: str
    fallback: object = field(default=NO_DEFAULT, hash=False)

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return what the type reads, of the variable if its mark stands there."""
        if not isinstance(value, EnvVar):
            return self.inner.read(value, place, reading)
        if self.fallback is not NO_DEFAULT and isinstance(reading, Resolving) and not self._is_set(reading):
            return None if self.fallback is None else self.inner.read(self.fallback, place, reading)
        try:
            return reading.from_environment(self.variable, self._parse, value)
        except Misfit as misfit:
            reading.report(place, misfit)
            return None

    def _is_set(self, reading: Resolving) -> bool:
        return self.variable in (os.environ if reading.environ is None else reading.environ)

    def _parse(self, text: str) -> object:
        """Return what the text of the variable stands for.

        Errors: `Misfit`, which never shows the text, for it may be secret.
        """
        if self.inner == Any:
            return text
        for scalar in _scalars(self.inner):
            try:
                return scalar.from_text(text)
            except Misfit:
                continue
        attempt = Resolving(None)
        try:
            found = self.inner.read(json.loads(text), ROOT, attempt)
        except (ValueError, RecursionError):
            raise Misfit(f"expected {self.inner.describe()}") from None
        if attempt.problems:
            raise Misfit(f"expected {self.inner.describe()}")
        return found

    def implicit_default(self) -> object:
        """Return the mark of the variable."""
        return EnvVar(self.variable)

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return the type's description."""
        return self.inner.describe(levels)

    def example(self) -> object:
        """Return an example of the type."""
        return self.inner.example()

    def hides_values(self) -> bool:
        """Tell whether the type hides its values."""
        return self.inner.hides_values()


def _scalars(kind: ConfigType) -> tuple[Scalar, ...]:
    """Return the scalars that a text can be a value of, in the order in which they are tried."""
    if isinstance(kind, Noneable):
        return _scalars(kind.inner_type)
    if isinstance(kind, Union):
        return tuple(scalar for member in kind.members for scalar in _scalars(member))
    return (kind,) if isinstance(kind, Scalar) else ()
