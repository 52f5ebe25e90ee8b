"""YAML scalars of several lines, moved to another indentation (YAML 1.2.2, chapters 7 and 8)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_HEADER: Final = re.compile(r"(?P<sign>[|>][-+1-9]*)[ \t]*(?P<comment>[^\n]*)")

_FIRST_TEXT: Final = re.compile(r"(?:[ ]*+\n)*+(?P<indent>[ ]*+)(?=[^ \n])")


class Block(NamedTuple):
    """A block scalar taken apart.

    `header` is its sign with chomping and indentation, `lines` are those of its content without their
    indentation; `end` is the offset behind its last line. `is_open` tells that the file ends in that line, so
    that the content has no line end at its end.
    """

    header: str
    comment: str
    lines: tuple[str, ...]
    indent: int
    end: int
    is_open: bool

    @property
    def has_indicator(self) -> bool:
        """Whether the header says how deep the content is indented."""
        return bool(self.header.strip("|>+-"))


def read_block(text: str, start: int, parent: int) -> Block:
    """Take apart the block scalar at an offset; `parent` is the column of the collection around it, or -1."""
    header = _HEADER.match(text, start)
    assert header is not None
    at = min(header.end() + 1, len(text))
    digits = header["sign"].strip("|>+-")
    # Parsers count the indicator of a block without a collection around it from column 0.
    indent = max(parent, 0) + int(digits) if digits else _content_indent(text, at, parent)
    rows, end = _content(text, at, indent)
    is_open = end == len(text) and not text.endswith("\n") and bool(rows)
    if is_open and not rows[-1]:
        rows.pop()
        is_open = False
    if "+" not in header["sign"]:
        while rows and not rows[-1]:
            rows.pop()
        # Empty lines that are no content belong to the gap behind the block.
        end = min(end, _line_starts(text, at, len(rows)))
    is_open = is_open and "-" not in header["sign"]
    return Block(header["sign"], header["comment"].rstrip(), tuple(rows), indent, end, is_open)


def _content_indent(text: str, at: int, parent: int) -> int:
    """Return how deep the first line with text stands; deeper than any line if it is no part of the block."""
    match = _FIRST_TEXT.match(text, at)
    indent = len(match.group("indent")) if match else -1
    return indent if indent > parent else len(text)


def _content(text: str, at: int, indent: int) -> tuple[list[str], int]:
    rows = []
    while at < len(text):
        end = text.find("\n", at)
        line = text[at : len(text) if end < 0 else end]
        written = line.strip(" ")
        if written and (len(line) - len(line.lstrip(" ")) < indent or _is_marker(line)):
            break
        rows.append(line[indent:])
        at = len(text) if end < 0 else end + 1
    return rows, at


def _is_marker(line: str) -> bool:
    """Tell whether a line begins or ends a document, which it does in column 0 alone."""
    return line[:3] in ("---", "...") and line[3:4] in ("", " ", "\t")


def _line_starts(text: str, at: int, count: int) -> int:
    """Return the offset behind `count` lines."""
    for _ in range(count):
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        at = end + 1
    return at


def indent_further_lines(scalar: str, indent: int) -> str:
    """Give the further lines of a plain or quoted scalar an indentation, which is no part of its value.

    Empty lines are a part of it, and stay; blanks at the ends of lines are none, but where they are escaped.
    """
    first, *further = scalar.split("\n")
    if not further:
        return scalar
    lines = [_without_blanks(first, scalar[0])]
    lines += [_without_blanks(line.lstrip(" \t"), scalar[0]) for line in further[:-1]]
    lines.append(further[-1].lstrip(" \t"))
    return lines[0] + "".join("\n" + (" " * indent + line if line else "") for line in lines[1:])


def _without_blanks(line: str, quote: str) -> str:
    bare = line.rstrip(" \t")
    if quote == '"' and len(bare) < len(line):
        backslashes = len(bare) - len(bare.rstrip("\\"))
        return line[: len(bare) + backslashes % 2]
    return bare
