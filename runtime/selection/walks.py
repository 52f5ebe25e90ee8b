"""Walks over numbered ops; `edges` gives, for each op, those next to it in the direction of the walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.runtime.selection.expressions import Levels
    from jobc.runtime.selection.query_graph import Edges


def reached(start: Iterable[int], edges: Edges, levels: Levels) -> set[int]:
    """Return `start` and all ops that so many edges lead to from it; None is any number of edges."""
    if levels is not None:
        return _reached_within(set(start), edges, levels)
    seen = set(start)
    waiting = list(seen)
    while waiting:
        for op in edges[waiting.pop()]:
            if op not in seen:
                seen.add(op)
                waiting.append(op)
    return seen


def _reached_within(seen: set[int], edges: Edges, levels: int) -> set[int]:
    front: Iterable[int] = seen
    for _ in range(levels):
        front = {after for op in front for after in edges[op]} - seen
        if not front:
            break
        seen |= front
    return seen


def beyond(ops: set[int], edges: Edges) -> set[int]:
    """Return all ops that one edge or more leads to from `ops`; members of `ops` may be among them."""
    return reached((after for op in ops for after in edges[op]), edges, None)


def shortest_path(sources: set[int], targets: set[int], down: Edges) -> set[int]:
    """Return the ops of a shortest path from a source to a target; empty if there is none.

    Of several, it is the same one every time.
    """
    came_from: dict[int, int | None] = dict.fromkeys(sorted(sources))
    front = list(came_from)
    while front:
        arrived = [op for op in front if op in targets]
        if arrived:
            return _walked_back(min(arrived), came_from)
        ahead: list[int] = []
        for op in front:
            for after in down[op]:
                if after not in came_from:
                    came_from[after] = op
                    ahead.append(after)
        front = ahead
    return set()


def _walked_back(op: int, came_from: dict[int, int | None]) -> set[int]:
    path = {op}
    before = came_from[op]
    while before is not None:
        path.add(before)
        before = came_from[before]
    return path
