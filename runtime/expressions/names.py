"""Dotted names such as `vars.root`: the one kind of expression that is read without a grammar."""

from __future__ import annotations

from typing import NamedTuple

WORDS = frozenset({"and", "or", "not", "in", "if", "else", "true", "false", "null"})
"""The words of the language, which no root can have as its name."""


class Name(NamedTuple):
    """One name as it stands in the text, from `start` up to `end` (0-based, in code points)."""

    text: str
    start: int
    end: int


class Path(NamedTuple):
    """Read a root, or a part of a part of it: `vars.root`. `names` is not empty; its first is the root."""

    names: tuple[Name, ...]
    start: int
    end: int

    @property
    def dotted(self) -> str:
        """The names as they are written."""
        return ".".join(name.text for name in self.names)
