"""What stands between the tokens of a YAML text: white space, line ends and comments."""

from __future__ import annotations

from typing import Final, NamedTuple

_OPENERS: Final = frozenset({"FlowSequenceStart", "FlowMappingStart"})
_CLOSERS: Final = frozenset({"FlowSequenceEnd", "FlowMappingEnd"})
_INDICATORS: Final = frozenset({"BlockEntry", "Key", "Value", "FlowEntry", "Anchor", "Tag", "DocumentStart"})
_NAMES: Final = frozenset({"Alias", "Anchor", "Tag"})


class OwnLine(NamedTuple):
    """A line that holds a comment alone and the column where it begins, or nothing (no text)."""

    text: str
    column: int


class Gap(NamedTuple):
    """One gap: the comment behind the token before it, then whole lines; at most one empty one in a row.

    `is_broken` tells whether the token behind the gap begins a line.
    """

    comment: str
    lines: tuple[OwnLine, ...]
    is_broken: bool


_ON_ONE_LINE: Final = Gap("", (), is_broken=False)


def read_gap(text: str, *, begins_line: bool) -> Gap:
    """Take a gap apart; `begins_line` says that its first line has no token before it."""
    if "\n" not in text and not begins_line:
        return _ON_ONE_LINE
    first, *rest = text.split("\n")
    if begins_line:
        first, rest = "", [first, *rest]
    lines: list[OwnLine] = []
    for line in rest[:-1]:
        comment = line.strip(" \t")
        if comment or not lines or lines[-1].text:
            lines.append(OwnLine(comment, len(line) - len(line.lstrip(" \t"))))
    return Gap(first.strip(" \t"), tuple(lines), bool(rest))


def space_between(previous: str, following: str) -> str:
    """Return what separates two tokens of these kinds that stand on one line."""
    if previous == "FlowEntry" and following in _CLOSERS:
        return ""
    if previous in _INDICATORS:
        return " "
    if previous in _OPENERS or following in _CLOSERS or following == "FlowEntry":
        return ""
    if following == "Value" and previous not in _NAMES:
        return ""
    return " "
