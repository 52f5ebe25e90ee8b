"""What to say where no rule goes on: most slips come from other languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobc.runtime.expressions.names import WORDS
from jobc.runtime.expressions.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from jobc.runtime.grammars import UnexpectedTextError

_VALUE = "a name such as `vars.name`, a number, a text in quotes, a function such as `len(…)`, or `(`"
_OTHER_LANGUAGES = {
    "&": "write `and`",
    "&&": "write `and`",
    "|": "write `or`; functions are called as `upper(x)`",
    "||": "write `or`",
    "!": "write `not`",
    "=": "write `==` to compare; nothing can be assigned",
    "?": "write `a if condition else b`",
    "^": "there are no powers",
    "**": "there are no powers",
    "~": "write `not`",
    "$": "names stand alone inside `${…}`: write `vars.name`",
    "`": "put texts into `'` or `\"`",
    "is": "write `==`",
    "for": "there are no loops",
    "lambda": "functions cannot be made here",
}
_WORD = re.compile(r"\w+|&&|\|\||\*\*|\s*$|.", re.DOTALL)


def unexpected_problem(text: str, offset: int, error: UnexpectedTextError) -> Problem:
    """Return the problem of `text`, which begins at `offset`, at the place where no rule goes on."""
    position = error.position
    found = _WORD.match(text, position)
    assert found is not None
    word = found[0].strip()
    what = f"`{word}` does not belong here" if word else "the expression ends too early"
    end = found.end() if word else position
    return Problem(
        "syntax",
        offset + position,
        offset + max(end, position + 1 if word else position),
        f"{what}: expected {_expected(error.expected)}",
        help=_advice(text, position, word, error.expected),
    )


def _expected(expected: AbstractSet[str]) -> str:
    if "NAME" in expected:
        return _VALUE
    if expected and expected <= {"TEXT", "CLOSE_CURLY", "_COMMA"}:
        return "a key in quotes" if "TEXT" in expected else "`,` or `}`"
    if "_COLON" in expected:
        return "`:` and the value of the key"
    if {"_IF", "_ELSE"} <= expected:
        return "an operator"
    if "_ELSE" in expected:
        return "`else` and the other value, or an operator"
    if "CLOSE_SQUARE" in expected:
        return "an operator, `,` or `]`" if "_COMMA" in expected else "an operator or `]`"
    if "CLOSE" in expected:
        return "an operator, `,` or `)`" if "_COMMA" in expected else "an operator or `)`"
    if "CLOSE_CURLY" in expected:
        return "an operator, `,` or `}`"
    return "an operator or the end"


def _advice(text: str, position: int, word: str, expected: AbstractSet[str]) -> str | None:
    before = text[:position].rstrip()
    if word in ("'", '"') and text.count(word, position) == 1:
        return f"the quote {word} is never closed"
    if word == "*" and before.endswith("*"):
        return _OTHER_LANGUAGES["**"]
    if word == "(" and "NAME" not in expected:
        method = re.search(r"\.(\w+)$", before)
        return f"there are no methods: write `{method[1]}(x)`" if method else "only functions can be called"
    if word.casefold() in WORDS and word not in WORDS:
        return f"words are lower-case: write `{word.casefold()}`"
    if word in WORDS and "NAME" in expected:
        return f"`{word}` is a word of the language and cannot be a name"
    if word == ":" and "CLOSE_SQUARE" in expected:
        return "an index is one number or one key; parts of a list or text cannot be cut out"
    if word in ("=", "<", ">", "==", "!=", "<=", ">=", "in") and "COMPARISON" not in expected:
        return "one comparison at a time: write `a < b and b < c`" if word != "=" else _OTHER_LANGUAGES["="]
    if word == ")" and "CLOSE" not in expected and "NAME" not in expected:
        return "no bracket is open"
    if word and "TEXT" in expected and "NAME" not in expected:
        return f'write the key in quotes: `{{"{word}": …}}`' if word.isidentifier() else None
    return _OTHER_LANGUAGES.get(word)
