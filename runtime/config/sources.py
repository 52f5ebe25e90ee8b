"""Scalars that may come from the environment: a literal or `{env: NAME}` (SEMANTICS 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from jobc.runtime.config.base import SHOWN_LEVELS, ConfigType
from jobc.runtime.config.problems import Misfit
from jobc.runtime.config.scalars import Bool, Int, Scalar, String
from jobc.runtime.config.shapes import Selector
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from jobc.runtime.config.places import Place
    from jobc.runtime.config.reading import Reading

_ENV: Final = Selector({"env": str})


@dataclass(frozen=True, slots=True)
class Source(ConfigType):
    """A scalar written out, or the name of the environment variable that holds it.

    The variable is read when the config of a run is resolved, not before: a job may be built where it is
    unset.
    """

    scalar: Scalar

    def read(self, value: object, place: Place, reading: Reading) -> object:
        """Return the scalar read, the value of the variable, or `{env: NAME}` as written."""
        if not isinstance(value, dict | list | Mapping):
            return self.scalar.read(value, place, reading)
        chosen = _ENV.read(value, place, attempt := reading.attempt())
        if attempt.problems:
            reading.problems.extend(attempt.problems)
        elif isinstance(chosen, dict):
            return self._from_environment(str(chosen["env"]), chosen, place, reading)
        return None

    def _from_environment(self, name: str, written: object, place: Place, reading: Reading) -> object:
        try:
            return reading.from_environment(name, self._parse_text, written)
        except Misfit as misfit:
            reading.report(place, misfit)
            return None

    def _parse_text(self, text: str) -> object:
        # What the scalar says may quote the text, and the text of a variable may be a secret.
        try:
            return self.scalar.from_text(text)
        except Misfit:
            raise Misfit(f"expected {self.scalar.describe()}") from None

    def describe(self, levels: int = SHOWN_LEVELS) -> str:
        """Return the scalar's description."""
        return self.scalar.describe(levels)

    def example(self) -> object:
        """Return an example of the scalar."""
        return self.scalar.example()

    def hides_values(self) -> bool:
        """Tell whether the scalar hides its values."""
        return self.scalar.hides_values()


StringSource = Source(String)
IntSource = Source(Int)
BoolSource = Source(Bool)
