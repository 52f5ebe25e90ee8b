"""The two ways to read a config value: filling in defaults only, or resolving everything to what ops see.

A type's `read` is the same for both; the reading object decides at the leaves. *Filling* keeps `{env: NAME}`,
enum names and texts of dates as they are written: it serves the checks at build time, which must not depend
on the environment, and config mappings that want raw values. *Resolving* reads the environment and converts.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from jobc.runtime.config.places import Place, place_text, plain_path
from jobc.runtime.config.problems import ConfigProblem, Misfit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Reading(ABC):
    """One pass over a value; it collects the problems of the whole value."""

    __slots__ = ("problems",)

    def __init__(self) -> None:
        self.problems: list[ConfigProblem] = []

    def report(self, place: Place, misfit: Misfit) -> None:
        """Record that the value at `place` does not fit."""
        problem = ConfigProblem(
            path=plain_path(place),
            message=misfit.message,
            kind=misfit.kind,
            names=misfit.names,
            suggestions=misfit.suggestions,
            place=place_text(place),
        )
        self.problems.append(problem)

    @abstractmethod
    def pick(self, written: object, parsed: object) -> object:
        """Choose between a value as written and what it stands for."""

    @abstractmethod
    def from_environment(self, name: str, parse: Callable[[str], object], written: object) -> object:
        """Return what the variable `name` holds, parsed, or the value as written; raises `Misfit`."""

    @abstractmethod
    def attempt(self) -> Reading:
        """Return a reading of the same way whose problems may be thrown away."""


class Filling(Reading):
    """Check a value and fill in its defaults; leave what it says as written."""

    __slots__ = ()

    def pick(self, written: object, parsed: object) -> object:  # noqa: ARG002
        """Return the value as written."""
        return written

    def from_environment(
        self,
        name: str,  # noqa: ARG002
        parse: Callable[[str], object],  # noqa: ARG002
        written: object,
    ) -> object:
        """Return the value as written: the variable may be unset until the run."""
        return written

    def attempt(self) -> Filling:
        """Return a fresh filling."""
        return Filling()


class Resolving(Reading):
    """Check a value and turn it into what an op sees."""

    __slots__ = ("environ",)

    def __init__(self, environ: Mapping[str, str] | None) -> None:
        # No super(): this is on the path of every op's config.
        self.problems: list[ConfigProblem] = []
        self.environ = environ

    def pick(self, written: object, parsed: object) -> object:  # noqa: ARG002
        """Return what the value stands for."""
        return parsed

    def from_environment(
        self,
        name: str,
        parse: Callable[[str], object],
        written: object,  # noqa: ARG002
    ) -> object:
        """Return what the variable holds; the message never shows its text, which may be a secret."""
        text = (os.environ if self.environ is None else self.environ).get(name)
        failed = f"post processing of {{env: {name}}} failed"
        if text is None:
            raise Misfit(f"{failed}: the environment variable `{name}` is not set", "env", (name,))
        try:
            return parse(text)
        except Misfit as misfit:
            reason = f"the environment variable `{name}` does not fit: {misfit.message}"
            raise Misfit(f"{failed}: {reason}", "env", (name,)) from None

    def attempt(self) -> Resolving:
        """Return a fresh resolving with the same environment."""
        return Resolving(self.environ)
