"""Find rings in a directed graph: things that lead back to themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def rings(edges: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield one ring for every edge that closes one, walking names and edges in their order.

    A ring is given by its members, each followed by the one its edge leads to, the last by the first. The
    walk keeps its own stack, so that a long chain costs no depth of Python's.
    """
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        trail: dict[str, Iterator[str]] = {start: iter(edges[start])}
        while trail:
            current = next(reversed(trail))
            following = next(trail[current], None)
            if following is None:
                done.add(current)
                del trail[current]
            elif following in trail:
                members = list(trail)
                yield tuple(members[members.index(following) :])
            elif following in edges and following not in done:
                trail[following] = iter(edges[following])
