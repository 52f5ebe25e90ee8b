"""Lines of the plain form, names called on names: one regular expression reads them, not Lark (DESIGN 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobc.compiler.syntax.wiring_nodes import (
    RESERVED,
    Argument,
    Call,
    Name,
    Reference,
    Return,
    ReturnItem,
    Statement,
    misplaced_argument,
    repeated_name,
    unfit_output,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_N = r"[A-Za-z_][A-Za-z0-9_]*+"
_PLAIN_NAMES = rf"{_N}(?:[ \t]*+,[ \t]*+{_N})*"
_PLAIN_ITEM = rf"(?:{_N}[ \t]*+=[ \t]*+)?{_N}(?:\.{_N})?"
_PLAIN_ITEMS = rf"{_PLAIN_ITEM}(?:[ \t]*+,[ \t]*+{_PLAIN_ITEM})*"
_PLAIN_CALL = re.compile(
    rf"(?:(?P<targets>{_PLAIN_NAMES})[ \t]*+=[ \t]*+)?(?P<callee>{_N}(?:\.{_N})?)[ \t]*+"
    rf"\([ \t]*+(?P<arguments>{_PLAIN_ITEMS})?[ \t]*+\)"
    rf"(?:[ \t]++as[ \t]++(?P<alias>{_N}))?(?:[ \t]++after[ \t]++(?P<after>{_PLAIN_NAMES}))?"
)
_PLAIN_RETURN = re.compile(rf"return[ \t]++(?P<items>{_PLAIN_ITEMS})")
_ITEM = re.compile(rf"(?:(?P<keyword>{_N})[ \t]*+=[ \t]*+)?(?P<name>{_N})(?:\.(?P<output>{_N}))?")
_WORD = re.compile(r"[^\W\d]\w*")


def read_plain(text: str, start: int, end: int) -> Statement | Return | None:
    """Return the statement of a line of the plain form, or None where it has another form or a mistake."""
    if match := _PLAIN_CALL.fullmatch(text, start, end):
        statement: Statement | Return | None = _plain_call(match)
        expected = ["as"] if match["alias"] else []
    elif match := _PLAIN_RETURN.fullmatch(text, start, end):
        statement = _plain_return(match)
        expected = ["return"]
    else:
        return None
    reserved = [word for word in _WORD.findall(text, start, end) if word in RESERVED]
    return statement if reserved == expected else None


def _plain_call(match: re.Match[str]) -> Statement | None:
    arguments = tuple(Argument(*item) for item in _plain_items(match, "arguments"))
    targets = tuple(names_in(match.string, *match.span("targets")))
    is_method = match["callee"].endswith((".map", ".collect"))
    if is_method or misplaced_argument(arguments) is not None or repeated_name(targets) is not None:
        return None
    call = Call(
        name_of(match, "callee"),
        arguments,
        name_of(match, "alias") if match["alias"] else None,
        tuple(names_in(match.string, *match.span("after"))),
        match.start("callee"),
        match.string.index(")", match.end("arguments") if match["arguments"] else match.end("callee")) + 1,
    )
    return Statement(targets, call, match.start(), match.end())


def _plain_return(match: re.Match[str]) -> Return | None:
    items = tuple(ReturnItem(*item) for item in _plain_items(match, "items"))
    return Return(items, match.start(), match.end()) if unfit_output(items) is None else None


def _plain_items(match: re.Match[str], group: str) -> Iterator[tuple[Name | None, Reference, int, int]]:
    for item in _ITEM.finditer(match.string, *match.span(group)):
        keyword = name_of(item, "keyword") if item["keyword"] else None
        output = name_of(item, "output") if item["output"] else None
        value = Reference(name_of(item, "name"), output, item.start("name"), item.end())
        yield keyword, value, *item.span()


def name_of(match: re.Match[str], group: str) -> Name:
    """Return the name that a group of a match took."""
    return Name(match[group], *match.span(group))


def names_in(text: str, start: int, end: int) -> Iterator[Name]:
    """Yield the names of a list of names; none where a group took no part in its match (start -1)."""
    for word in _WORD.finditer(text, start, end) if start >= 0 else ():
        yield Name(word.group(), *word.span())
