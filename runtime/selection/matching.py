"""Whether a value that a query asks for fits the value that a node has."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobc.runtime.selection.expressions import Value


def fits(value: Value, text: str) -> bool:
    """Tell whether a text is the value, or matches its wildcards: `*` any text, `?` any character."""
    return _pattern(value.text).fullmatch(text) is not None if value.has_wildcards else value.text == text


@lru_cache(maxsize=256)
def _pattern(wildcards: str) -> re.Pattern[str]:
    """Return a regular expression that never looks back: a run after a `*` is taken where it is first."""
    first, *others = [
        "".join("." if letter == "?" else re.escape(letter) for letter in run)
        for run in re.sub(r"\*+", "*", wildcards).split("*")
    ]
    if not others:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{run})" for run in others[:-1])
    return re.compile(f"{first}{middle}.*{others[-1]}", re.DOTALL)
