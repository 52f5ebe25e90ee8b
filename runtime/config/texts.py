"""Scalars that config writes as text: dates, durations, paths, bytes and secrets (DESIGN 3, "Types").

Each also takes the Python value that its text stands for, so that config made in Python may hold either, and
what was processed once can be processed again.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from os import PathLike, fspath
from typing import TYPE_CHECKING, ClassVar

from jobc.runtime.config.base import SHOWN_LEVELS
from jobc.runtime.config.problems import Misfit
from jobc.runtime.config.scalars import ORDER_LIMITS, TEXT_LIMITS, Leaf
from jobc.runtime.config.secrets import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

# ISO 8601: P2W, P1DT12H, PT1.5S; at least one part.
_ISO_DURATION = re.compile(
    r"(?P<sign>[+-])?P(?=[\dT])(?:(?P<weeks>\d+(?:\.\d+)?)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
# As Python writes a timedelta: 2 days, 1:30:00 or 0:00:01.5.
_CLOCK_DURATION = re.compile(
    r"(?:(?P<days>[+-]?\d+) days?, )?(?P<hours>\d+):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d(?:\.\d+)?)",
    re.ASCII,
)
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


class TextScalar(Leaf):
    """A scalar whose values are written as text of some form."""

    __slots__ = ()

    # A text that fits, for messages.
    sample: ClassVar[str]

    def describe(self, levels: int = SHOWN_LEVELS) -> str:  # noqa: ARG002
        """Return the name of the type with a sample."""
        return f"{self.label} (such as {self.sample})"

    def example(self) -> object:
        """Return the sample."""
        return self.sample

    def parsed(self, text: str, parse: Callable[[str], object]) -> object:
        """Return what `parse` makes of `text`; raises `Misfit` where that fails."""
        try:
            return parse(text)
        except (ValueError, OverflowError):
            raise self.misfit(text) from None


class DateType(TextScalar):
    """A day, as ISO 8601 text or a `date`."""

    __slots__ = ()

    label = "date"
    sample = "2024-01-31"
    limit_names = ORDER_LIMITS

    def parse(self, value: object) -> object:
        """Return the `date`; a `datetime` is refused, for its time would be lost."""
        if isinstance(value, str):
            return self.parsed(value, date.fromisoformat)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        raise self.misfit(value)


class DateTimeType(TextScalar):
    """A point in time, with or without a zone, as ISO 8601 text or a `datetime`; a day means its midnight."""

    __slots__ = ()

    label = "datetime"
    sample = "2024-01-31T12:00:00"
    limit_names = ORDER_LIMITS

    def parse(self, value: object) -> object:
        """Return the `datetime`."""
        if isinstance(value, str):
            return self.parsed(value, datetime.fromisoformat)
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time())
        raise self.misfit(value)


class TimeDeltaType(TextScalar):
    """A duration: seconds, `1:30:00`, `2 days, 1:30:00`, ISO 8601 (`PT1H30M`), or a `timedelta`."""

    __slots__ = ()

    label = "timedelta"
    sample = "PT1H30M"
    limit_names = ORDER_LIMITS

    def parse(self, value: object) -> object:
        """Return the `timedelta`."""
        if isinstance(value, timedelta):
            return value
        if isinstance(value, str):
            return self.parsed(value, _duration)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._of_seconds(value)
        raise self.misfit(value)

    def _of_seconds(self, value: float) -> timedelta:
        try:
            return timedelta(seconds=value)
        except (ValueError, OverflowError):
            raise Misfit("the number of seconds is too large for a duration", "range") from None


class PathType(TextScalar):
    """A path of the file system, as text or anything with `__fspath__`; it need not exist."""

    __slots__ = ()

    label = "path"
    sample = "folder/file.txt"

    def parse(self, value: object) -> object:
        """Return the `pathlib.Path`; the empty text is none."""
        from pathlib import Path as FilePath

        if isinstance(value, FilePath):
            return value
        if isinstance(value, PathLike):
            value = fspath(value)
        if isinstance(value, str) and value:
            return FilePath(value)
        raise self.misfit(value)

    def describe(self, levels: int = SHOWN_LEVELS) -> str:  # noqa: ARG002
        """Return `path`."""
        return self.label


class BytesType(TextScalar):
    """Bytes, as base64 text or `bytes`."""

    __slots__ = ()

    label = "bytes"
    sample = "aGVsbG8="
    limit_names = frozenset({"min_length", "max_length"})

    def parse(self, value: object) -> object:
        """Return the `bytes`."""
        if isinstance(value, str):
            return self.parsed(value, _base64)
        if isinstance(value, bytes):
            return value
        raise self.misfit(value)

    def describe(self, levels: int = SHOWN_LEVELS) -> str:  # noqa: ARG002
        """Return the name of the type with how it is written."""
        return f"bytes (base64 text, such as {self.sample})"


class SecretType(Leaf):
    """Text that becomes a `Secret` at once, even when only defaults are filled in, and is never shown."""

    __slots__ = ()

    label = "secret"
    limit_names = TEXT_LIMITS

    def parse(self, value: object) -> object:
        """Return the `Secret`."""
        if isinstance(value, Secret):
            return value
        if isinstance(value, str):
            return Secret(value)
        raise self.misfit(value)

    def kept(self, value: object, parsed: object) -> object:  # noqa: ARG002
        """Return the `Secret` in place of the written text."""
        return parsed

    def measured(self, parsed: object) -> object:
        """Return the text."""
        return parsed.get_secret_value() if isinstance(parsed, Secret) else parsed

    def hides_values(self) -> bool:
        """Return true: even a value of the wrong type may be the secret."""
        return True

    def example(self) -> object:
        """Return a word that nobody takes for a real secret."""
        return "secret text"


Date = DateType()
DateTime = DateTimeType()
TimeDelta = TimeDeltaType()
Path = PathType()
Bytes = BytesType()
SecretText = SecretType()


def _base64(text: str) -> bytes:
    from base64 import b64decode

    return b64decode(text, validate=True)


def _duration(text: str) -> timedelta:
    match = _ISO_DURATION.fullmatch(text) or _CLOCK_DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    parts = {unit: float(amount) for unit, amount in match.groupdict().items() if unit in _UNITS and amount}
    length = timedelta(**parts)
    return -length if match.groupdict().get("sign") == "-" else length
