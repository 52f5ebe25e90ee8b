"""What to say where a clause goes on with something no rule has: most slips come from other languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from jobc.runtime.selection.clauses import KEYWORDS
from jobc.runtime.selection.problems import refuse

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_SET = "a node, `@name`, an attribute such as `tag:team=orders`, a function such as `roots(…)`, or `(`"
_OPERATOR = "`and`, `or`, `except`"
_SIGNS = {
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    "-": "write `except`",
    "~": "write `not`",
    ",": "write `or` between sets, or give them as a list of clauses",
    "?": "wildcards stand in values only: write `name:…`",
    "[": "square brackets hold the key of one mapped step",
    "/": "a path through graphs is written with dots",
    "=": "only `tag:` takes a value after `=`",
    ":": "an attribute is written `key:value`",
}


def refuse_unexpected(text: str, position: int, expected: AbstractSet[str]) -> NoReturn:
    """Give up the clause at `position`, where one of the terminals `expected` should stand.

    Errors: `RefusedQueryError`.
    """
    if not text.strip():
        refuse(0, len(text), "the clause is empty", "name a node, or write `*` for everything")
    found = re.compile(r"@?\w+|\s*$|.", re.DOTALL).match(text, position)
    assert found is not None
    word = found[0].strip()
    what = f"`{word}` does not belong here" if word else "the clause ends too early"
    refuse(
        position,
        max(found.end(), position + 1) if word else position,
        f"{what}: expected {_expected(expected)}",
        _advice(text, position, word, expected),
    )


def _expected(expected: AbstractSet[str]) -> str:
    if "PATH" in expected:
        return _SET
    if "STRING" in expected:
        return "a value, in quotes unless it is one word"
    if "CLOSE" in expected:
        return f"{_OPERATOR} or `)`"
    return f"{_OPERATOR} or the end"


def _advice(text: str, position: int, word: str, expected: AbstractSet[str]) -> str | None:
    before = text[:position]
    if before.rstrip()[-1:] in ("*", "+") and word and (word.isidentifier() or word in "*+"):
        if before[-1].isspace():
            return "a hop has no spaces in it: close the gap"
        return (
            "`*` and `+` end a set; in a value, as in `name:a*b`, a star is a wildcard and a `+` needs quotes"
        )
    if word.casefold() in KEYWORDS and word not in KEYWORDS:
        return f"keywords are lower-case: write `{word.casefold()}`"
    if word in KEYWORDS and "PATH" in expected:
        return f"`{word}` is a word of the language and cannot be the name of a node"
    if word in ("'", '"') and text.count(word, position) == 1:
        return f"the quote {word} is never closed"
    if word == "@":
        return "the name of a selection follows its `@` at once: `@nightly`"
    if word == ")" and "CLOSE" not in expected:
        return "no bracket is open"
    return _SIGNS.get(word)
