"""Texts that are no type: what to say of them, and which type was meant (DESIGN 3, "Types")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobc.compiler.syntax.problems import SyntaxProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_PREFIXES = ("typing.", "t.", "builtins.", "datetime.", "dt.", "pathlib.", "collections.abc.", "collections.")
_SPELLINGS = {
    **dict.fromkeys(("string", "text", "unicode"), "str"),
    **dict.fromkeys(("integer", "long"), "int"),
    **dict.fromkeys(("double", "number", "decimal", "real"), "float"),
    **dict.fromkeys(("boolean",), "bool"),
    **dict.fromkeys(("object", "unknown"), "any"),
    **dict.fromkeys(("bytearray", "binary"), "bytes"),
    **dict.fromkeys(("purepath", "posixpath", "file", "filepath"), "path"),
    **dict.fromkeys(("timestamp",), "datetime"),
    **dict.fromkeys(("duration", "interval"), "timedelta"),
    **dict.fromkeys(("void", "nonetype", "unit"), "nothing"),
    **dict.fromkeys(("null", "none", "nil"), "None"),
    **dict.fromkeys(("secretstr", "secretbytes", "password"), "secret"),
    **dict.fromkeys(("sequence", "iterable", "iterator", "array", "collection"), "list"),
    **dict.fromkeys(("mapping", "mutablemapping", "map", "ordereddict", "defaultdict"), "dict"),
    **dict.fromkeys(("frozenset", "abstractset"), "set"),
    **dict.fromkeys(("enum",), "literal"),
}

_TOKEN = re.compile(r"\"(?:[^\"\\\n\r]|\\[^\n\r])*\"|'(?:[^'\\\n\r]|\\[^\n\r])*'|[\w.]+|\S")
_CLOSING = {"[": "]", "(": ")"}
_SYMBOLS = {
    "[": ("`[` follows no type that has items", "a list is written `list[T]`"),
    "(": ("round brackets only group types", "what a type is made of stands in square ones: `list[T]`"),
    "<": ("what a type is made of stands in square brackets", "write `list[T]`"),
    "{": ("`{` begins no type", "a mapping is written `dict[K, V]`"),
    ":": ("`:` stands between a module and a name, without spaces", "write `module:Name`"),
    "...": ("`...` is no type", "write `list[T]` for any number of items"),
    "&": ("types cannot be joined by `&`", "`A | B` is either of two types"),
}


def without_prefix(word: str) -> str:
    """Return a word without the module of Python's own that it is taken from, as in `typing.List`."""
    prefix = next((prefix for prefix in _PREFIXES if word.startswith(prefix)), "")
    return word.removeprefix(prefix)


def near_types(word: str, names: Collection[str]) -> tuple[str, ...]:
    """Return which of the names of types a word most likely means, best first; perhaps none.

    Words of Python and of other languages count as spellings of ours.
    """
    from jobc.schemas.names import near_names

    folded = word.casefold()
    if folded in names or folded in _SPELLINGS:
        return (_SPELLINGS.get(folded, folded),)
    return near_names(word, names)


def advice(word: str, bare: str, suggestions: tuple[str, ...]) -> str | None:
    """Return what to write for an unknown word, `bare` without its prefix, or None where a name says it."""
    if bare in {"Optional", "Union"}:
        return "write `T | None`" if bare == "Optional" else "write `A | B`"
    module, _, name = word.rpartition(".")
    if module and not suggestions:
        return f"a class of your own is written `{module}:{name}`"
    return None


def excess(text: str, longest: int, deepest: int) -> SyntaxProblem | None:
    """Return the problem of a text too long or too deep to be read."""
    if len(text) > longest:
        return SyntaxProblem(0, len(text), f"a type has at most {longest} characters, this has {len(text)}")
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match.group() in _CLOSING) - (match.group() in {"]", ")"})
        if depth > deepest:
            return SyntaxProblem(*match.span(), f"more than {deepest} types stand inside each other")
    return None


def explain(text: str, position: int) -> SyntaxProblem:
    """Say what is wrong with the first text that no rule fits, at `position`."""
    if not text.strip():
        return SyntaxProblem(0, len(text), "a type is missing")
    before: re.Match[str] | None = None
    brackets: list[re.Match[str]] = []
    for match in _TOKEN.finditer(text, 0, position):
        before = match
        if match.group() in _CLOSING:
            brackets.append(match)
        elif match.group() in _CLOSING.values() and brackets:
            brackets.pop()
    is_open = before is None or before.group() in {"[", "(", "|", ","}
    if position == len(text):
        return _unfinished(before, brackets, is_open)
    return _unfitting(text, position, brackets, is_open)


def _unfinished(
    before: re.Match[str] | None, brackets: Sequence[re.Match[str]], is_open: bool
) -> SyntaxProblem:
    if brackets and (before is None or before.group() != "|"):
        bracket = brackets[-1].group()
        closing = f"expected `{_CLOSING[bracket]}` further on"
        return SyntaxProblem(*brackets[-1].span(), f"`{bracket}` is never closed", closing)
    assert before is not None and is_open  # noqa: S101, PT018 - a whole type may end the text
    return SyntaxProblem(*before.span(), f"a type is missing after `{before.group()}`")


def _unfitting(text: str, position: int, brackets: Sequence[re.Match[str]], is_open: bool) -> SyntaxProblem:
    token = _TOKEN.match(text, position)
    found = token.group() if token else text[position]
    span = (position, position + len(found))
    if found in {",", "]", ")", "|", "?"} and is_open:
        return SyntaxProblem(*span, f"a type is missing before `{found}`")
    if found == ",":
        return SyntaxProblem(*span, "`,` separates types inside square brackets only")
    if found in {"]", ")"}:
        expected = f"expected `{_CLOSING[brackets[-1].group()]}`" if brackets else "no bracket is open here"
        return SyntaxProblem(*span, f"`{found}` closes nothing", expected)
    if found in _SYMBOLS:
        return SyntaxProblem(*span, _SYMBOLS[found][0], help=_SYMBOLS[found][1])
    if found in {'"', "'"}:
        return SyntaxProblem(*span, f"the text that begins with `{found}` does not end")
    if not is_open and (found[0].isalnum() or found[0] in "_\"'"):
        return SyntaxProblem(*span, f"`{found}` follows a type that is complete", help="join types by `|`")
    return SyntaxProblem(*span, f"`{found}` means nothing in a type")
