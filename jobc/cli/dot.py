"""Drawings in the language of Graphviz: <https://graphviz.org/doc/info/lang.html>."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.cli.drawing import Box, Frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jobc.cli.drawing import Arrow, Drawing

MARK = 'fillcolor="#ffe08a", color="#8a6d00", penwidth=3'


def dot(drawing: Drawing) -> str:
    """Return a directed graph, which ends with a line's end; graphs inside the job are clusters."""
    lines = [
        f"digraph {dot_text(drawing.title)} {{",
        f"    label={dot_text(drawing.title)}",
        "    labelloc=t",
        "    rankdir=LR",
        "    compound=true",
        '    node [shape=box, style="rounded,filled", fillcolor=white]',
    ]
    marked = frozenset(drawing.marked)
    lines += [f"    {line}" for member in drawing.members for line in _member(member, marked)]
    frames = {frame.id: frame for frame in _frames(drawing.members)}
    lines += [f"    {_arrow(arrow, frames)}" for arrow in drawing.arrows]
    return "\n".join((*lines, "}")) + "\n"


def _member(member: Box | Frame, marked: frozenset[str]) -> Iterator[str]:
    if isinstance(member, Box):
        mark = f", {MARK}" if member.id in marked else ""
        yield f"{member.id} [label={dot_text(member.label)}{mark}]"
        return
    yield f"subgraph {_cluster(member)} {{"
    yield f"    label={dot_text(member.label)}"
    for inside in member.members:
        yield from (f"    {line}" for line in _member(inside, marked))
    yield "}"


def _arrow(arrow: Arrow, frames: dict[str, Frame]) -> str:
    """Write an arrow; one that ends at a frame goes to a box inside and is cut off at the border."""
    tail, head = frames.get(arrow.tail), frames.get(arrow.head)
    attributes = []
    if arrow.label:
        attributes.append(f"label={dot_text(arrow.label)}")
    if arrow.is_dashed:
        attributes.append("style=dashed")
    if tail:
        attributes.append(f"ltail={_cluster(tail)}")
    if head:
        attributes.append(f"lhead={_cluster(head)}")
    ends = f"{tail.first_box.id if tail else arrow.tail} -> {head.first_box.id if head else arrow.head}"
    return f"{ends} [{', '.join(attributes)}]" if attributes else ends


def _cluster(frame: Frame) -> str:
    return f"cluster_{frame.id}"


def _frames(members: Iterable[Box | Frame]) -> Iterator[Frame]:
    for member in members:
        if isinstance(member, Frame):
            yield member
            yield from _frames(member.members)


def dot_text(text: str) -> str:
    """Return a text in quotes; a backslash is doubled, for it would begin an escape of Graphviz's own."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\n", "\\n")
    return f'"{escaped}"'
