"""Texts of types in one form, so that a query may ask for a type in any of them.

A type of Python and one of the spec language are told by the same text: `Optional[Path]`, `path | None` and
`path?` are all `None | path`. The form is for comparing only.
"""

from __future__ import annotations

import ast
import json
import re
from functools import lru_cache

_TOKEN = re.compile(
    r"""\s*(\.\.\.|-?\d+|\w+(?:[.:]\w+)*|[\[\],|?]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*""", re.ASCII
)
_WORDS = {"Any": "any", "Path": "path", "Secret": "secret", "NoneType": "None", "Literal": "literal"}
_BARE = {"list": "list[any]", "dict": "dict[str, any]", "set": "set[any]"}
_ANYTHING = {"dict[any, any]": "dict[str, any]"}


@lru_cache(maxsize=1024)
def comparable_type(text: str) -> str:
    """Return the one form of a type's text; a text that is no type is returned as it is."""
    try:
        form = _Tokens(_tokens(text)[::-1])
        found = form.union()
    except (IndexError, ValueError, SyntaxError, RecursionError):
        return text
    return text if form.left else found


def _tokens(text: str) -> list[str]:
    """Split a text; raises ValueError for one with anything that stands in no type."""
    tokens, end = [], 0
    while end < len(text):
        match = _TOKEN.match(text, end)
        if match is None:
            raise ValueError(text)
        tokens.append(match.group(1))
        end = match.end()
    return tokens


class _Tokens:
    """What is left of a text: its tokens, the next one last.

    Errors: IndexError, ValueError and SyntaxError where a type is not well formed.
    """

    def __init__(self, left: list[str]) -> None:
        self.left = left

    def union(self) -> str:
        """Take a union, whose members are put in order, each once."""
        return " | ".join(sorted(self._members()))

    def _members(self) -> set[str]:
        members = self._one()
        while self.left and self.left[-1] in "|?":
            members |= {"None"} if self.left.pop() == "?" else self._one()
        return members

    def _one(self) -> set[str]:
        word = self.left.pop()
        if word[0] in "\"'":
            return {json.dumps(ast.literal_eval(word))}
        if word[0] in "[],|?":
            raise ValueError(word)
        name = re.split("[.:]", word)[-1] or word
        name = _WORDS.get(name, name)
        if not self.left or self.left[-1] != "[":
            return {_BARE.get(name, name)}
        arguments = self._arguments()
        if name in ("Optional", "Union"):
            return set().union(*arguments) | ({"None"} if name == "Optional" else set[str]())
        form = f"{name}[{', '.join(' | '.join(sorted(members)) for members in arguments)}]"
        return {_ANYTHING.get(form, form)}

    def _arguments(self) -> list[set[str]]:
        """Take what stands in brackets."""
        arguments = []
        mark = self.left.pop()
        while mark != "]":
            arguments.append(self._members())
            mark = self.left.pop()
            if mark not in ",]":
                raise ValueError(mark)
        return arguments
