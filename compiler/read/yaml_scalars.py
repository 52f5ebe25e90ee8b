"""What a plain YAML scalar means: the core schema of YAML 1.2 and nothing else (YAML 1.2.2, section 10.3).

So `yes`, `1_000`, `1:30` and `2024-01-01` are text, `017` is seventeen, `0o17` is fifteen and `1e3` is a
float.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

NUMBER_STARTS: Final = frozenset("+-.0123456789")
"""The first characters of all plain scalars that may be numbers."""

WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{sign + word: float("inf") for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **{"-" + word: float("-inf") for word in (".inf", ".Inf", ".INF")},
}
"""All plain scalars that are neither text nor numbers in digits."""

_INTEGER: Final = re.compile(r"[-+]?[0-9]++")
_BASED: Final = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def resolve(text: str) -> Scalar:
    """Return what a plain scalar stands for.

    Raises ValueError for an integer of more digits than CPython reads.
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] not in NUMBER_STARTS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    return text
