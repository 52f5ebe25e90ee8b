"""What is wrong with a config value, as data: records for programs, worded for people."""

from __future__ import annotations

from typing import Literal, NamedTuple

from jobc.schemas.records import dataclass

Kind = Literal["unknown", "missing", "none", "type", "range", "selector", "enum", "env"]


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing that is wrong with a config value.

    `path`: keys and indexes from the root to the value at fault; for unknown and missing entries, to the
    mapping that has or lacks them. `message`: a sentence without the place. `names`: the unknown, missing or
    clashing entries in order of writing, the environment variable, or the enum name at fault; may be empty.
    `suggestions`: near names, nearest first. `place`: the path as people read it, `root:ops:x:config`, or
    "the root".
    """

    path: tuple[str | int, ...]
    message: str
    kind: Kind
    names: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    place: str = "the root"

    def __str__(self) -> str:
        return f"at {self.place}: {self.message}"


class Processed(NamedTuple):
    """A config value after processing; `value` is None and means nothing when there are `errors`."""

    value: object
    errors: tuple[ConfigProblem, ...]


class Misfit(Exception):  # noqa: N818 - it never leaves this package
    """Why a value does not fit a type, before the place is known; types raise or report it."""

    def __init__(
        self,
        message: str,
        kind: Kind = "type",
        names: tuple[str, ...] = (),
        suggestions: tuple[str, ...] = (),
    ) -> None:
        Exception.__init__(self, message)
        self.message = message
        self.kind: Kind = kind
        self.names = names
        self.suggestions = suggestions
