"""The functions on texts and paths. All raise `RefusedOperationError` where there is no result."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from jobc.runtime.expressions.errors import refuse
from jobc.runtime.expressions.limits import MAX_ITEMS, MAX_TEXT
from jobc.runtime.expressions.signatures import LISTS, PATH, TEXT, TEXTS, VALUE, Function, Parameter, always
from jobc.runtime.expressions.texts import as_text
from jobc.runtime.expressions.types import BOOL, STR, ListType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import NoReturn

_FIELD = re.compile(r"\{\{|\}\}|\{([0-9]{0,3})(?::([^{}]*))?\}|[{}]")
_FORM = re.compile(r"[<>^]?0?[0-9]{0,3}(?:\.[0-9]{1,2})?[dfegxs%]?")


def lower(text: str) -> str:
    """Return a text in lower case."""
    return text.lower()


def upper(text: str) -> str:
    """Return a text in upper case."""
    return text.upper()


def strip(text: str, characters: str | None = None) -> str:
    """Return a text without blanks, or the given characters, at its ends."""
    return text.strip(characters)


def replace(text: str, old: str, new: str) -> str:
    """Return a text with every `old` replaced."""
    if len(text) + text.count(old) * (len(new) - len(old)) > MAX_TEXT:
        refuse(f"the text grows beyond {MAX_TEXT:,} characters")
    return text.replace(old, new)


def split(text: str, separator: str | None = None) -> list[str]:
    """Return the pieces of a text between separators, or between runs of blanks."""
    if separator == "":
        refuse("a text cannot be split at nothing", "leave the separator out to split at blanks")
    if text.count(separator or " ") > MAX_ITEMS and separator:
        refuse(f"the list grows beyond {MAX_ITEMS:,} items")
    return text.split(separator)


def join(items: Iterable[object], separator: str = "") -> str:
    """Return the texts of a list in one text."""
    texts = [as_text(item) for item in items]
    if sum(map(len, texts)) + len(separator) * len(texts) > MAX_TEXT:
        refuse(f"the text grows beyond {MAX_TEXT:,} characters")
    return separator.join(texts)


def fill_form(form: str, *values: object) -> str:
    """Return a text whose `{}` and `{0:03d}` stand for values; `{{` is a brace."""
    parts: list[str] = []
    position = following = size = 0
    for field in _FIELD.finditer(form):
        parts.append(form[position : field.start()])
        position = field.end()
        if field[0] in ("{{", "}}"):
            parts.append(field[0][0])
        elif field[0] in ("{", "}"):
            refuse(f"the lone `{field[0]}` has no meaning", f"write `{field[0] * 2}` for the sign itself")
        else:
            index = int(field[1]) if field[1] else following
            following += not field[1]
            parts.append(_shown(values, index, field[2] or ""))
        size += len(parts[-1])
        if size > MAX_TEXT:
            refuse(f"the text grows beyond {MAX_TEXT:,} characters")
    return "".join([*parts, form[position:]])


def _shown(values: Sequence[object], index: int, form: str) -> str:
    if index >= len(values):
        refuse(
            f"the text has a place for value {index + 1}, and {len(values)} given",
            "give one value for each `{}`",
        )
    value = values[index]
    if not form:
        return as_text(value)
    if _FORM.fullmatch(form) is None:
        _refuse_form(form)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return format(value if is_number else as_text(value), form)
    except (ValueError, OverflowError):
        _refuse_form(form)


def _refuse_form(form: str) -> NoReturn:
    refuse(f"`{form}` does not say how to write this value", "for example `{:03d}`, `{:.2f}`, `{:>10}`")


def basename(path: str) -> str:
    """Return the last part of a path."""
    return posixpath.basename(path)


def dirname(path: str) -> str:
    """Return a path without its last part."""
    return posixpath.dirname(path)


def path_join(*parts: str) -> str:
    """Return one path of parts; an absolute part begins anew."""
    return posixpath.join(*parts)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text, as 64 hexadecimal digits."""
    from hashlib import sha256 as digest

    try:
        return digest(text.encode()).hexdigest()
    except UnicodeEncodeError:
        refuse("the text holds half of a character: a lone surrogate")


def startswith(text: str, prefix: str) -> bool:
    """Tell whether a text begins with another."""
    return text.startswith(prefix)


def endswith(text: str, suffix: str) -> bool:
    """Tell whether a text ends with another."""
    return text.endswith(suffix)


FUNCTIONS = (
    Function("lower", (TEXT,), 1, False, always(STR), lower, "a text in lower case", 'lower("EU")', "eu"),
    Function("upper", (TEXT,), 1, False, always(STR), upper, "a text in upper case", 'upper("eu")', "EU"),
    Function(
        "strip",
        (TEXT, Parameter("characters", TEXTS)),
        1,
        False,
        always(STR),
        strip,
        "a text without blanks, or the given characters, at its ends",
        'strip("--a-b--", "-")',
        "a-b",
    ),
    Function(
        "replace",
        (TEXT, Parameter("old", TEXTS), Parameter("new", TEXTS)),
        3,
        False,
        always(STR),
        replace,
        "a text in which something is replaced wherever it stands",
        'replace("a-b-c", "-", "/")',
        "a/b/c",
    ),
    Function(
        "split",
        (TEXT, Parameter("separator", TEXTS)),
        1,
        False,
        always(ListType(STR)),
        split,
        "the pieces of a text between separators, or between blanks",
        'split("a,b", ",")',
        ["a", "b"],
    ),
    Function(
        "join",
        (Parameter("list", LISTS), Parameter("separator", TEXTS)),
        1,
        False,
        always(STR),
        join,
        "the items of a list as one text",
        'join(["a", 1], "-")',
        "a-1",
    ),
    Function(
        "format",
        (TEXT, VALUE),
        1,
        True,
        always(STR),
        fill_form,
        "a text whose `{}`, or `{0:03d}`, stand for values",
        'format("{}-{:03d}", "eu", 7)',
        "eu-007",
    ),
    Function(
        "basename",
        (PATH,),
        1,
        False,
        always(STR),
        basename,
        "the last part of a path",
        'basename("out/a.csv")',
        "a.csv",
    ),
    Function(
        "dirname",
        (PATH,),
        1,
        False,
        always(STR),
        dirname,
        "a path without its last part",
        'dirname("out/a.csv")',
        "out",
    ),
    Function(
        "path_join",
        (Parameter("part", TEXTS),),
        1,
        True,
        always(STR),
        path_join,
        "one path of parts; an absolute part begins anew",
        'path_join("out", "a.csv")',
        "out/a.csv",
    ),
    Function(
        "sha256",
        (TEXT,),
        1,
        False,
        always(STR),
        sha256,
        "the SHA-256 of a text, in 64 hexadecimal digits",
        'len(sha256("a"))',
        64,
    ),
    Function(
        "startswith",
        (TEXT, Parameter("prefix", TEXTS)),
        2,
        False,
        always(BOOL),
        startswith,
        "whether a text begins with another",
        'startswith("abc", "a")',
        True,
    ),
    Function(
        "endswith",
        (TEXT, Parameter("suffix", TEXTS)),
        2,
        False,
        always(BOOL),
        endswith,
        "whether a text ends with another",
        'endswith("a.csv", ".csv")',
        True,
    ),
)
"""The functions on texts and paths, in the order of the language reference."""
