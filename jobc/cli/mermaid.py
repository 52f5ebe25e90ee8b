"""Drawings in the language of Mermaid: <https://mermaid.js.org/syntax/flowchart.html>."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jobc.cli.drawing import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.cli.drawing import Arrow, Box, Drawing

MARK = "fill:#ffe08a,stroke:#8a6d00,stroke-width:3px,color:#000000"

# Mermaid has entity codes in place of escapes, `#quot;` or `#35;`, and reads some marks as HTML or Markdown.
_SPECIAL = '#"&<>`*\\;|'


def mermaid(drawing: Drawing) -> str:
    """Return a flowchart, which ends with a line's end."""
    lines = ["---", f"title: {json.dumps(drawing.title)}", "---", "flowchart LR"]
    lines += [f"    {line}" for member in drawing.members for line in _member(member)]
    lines += [f"    {_arrow(arrow)}" for arrow in drawing.arrows]
    if drawing.marked:
        lines += [f"    classDef selected {MARK}", f"    class {','.join(drawing.marked)} selected"]
    return "\n".join(lines) + "\n"


def _member(member: Box | Frame) -> Iterator[str]:
    if not isinstance(member, Frame):
        yield f"{member.id}[{mermaid_text(member.label)}]"
        return
    yield f"subgraph {member.id}[{mermaid_text(member.label)}]"
    for inside in member.members:
        yield from (f"    {line}" for line in _member(inside))
    yield "end"


def _arrow(arrow: Arrow) -> str:
    line = "-.->" if arrow.is_dashed else "-->"
    label = f"|{mermaid_text(arrow.label)}|" if arrow.label else ""
    return f"{arrow.tail} {line}{label} {arrow.head}"


def mermaid_text(text: str) -> str:
    """Return a text in quotes, with whatever Mermaid would take for more than a letter written as a code."""
    return f'"{"".join(map(_letter, text))}"'


def _letter(letter: str) -> str:
    if letter == "\n":
        return "<br/>"
    if letter in _SPECIAL or not letter.isprintable():
        return f"#{ord(letter)};"
    return letter
