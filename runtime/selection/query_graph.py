"""What a selection is asked of: ops, what each reads from, and where they stand, prepared once per graph.

Nothing here knows of definitions: the runtime makes these from jobs, and from the steps of a run; the
compiler from specs. Ops are numbers from 0 in the order they were written, so that a graph, whatever is in
it, is a range of them, and a set of ops is a set of ints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TypeAlias

from jobc.schemas.records import dataclass

Edges: TypeAlias = Sequence[Sequence[int]]
"""For each op, the ops next to it in one direction."""

AttributeIndex: TypeAlias = Mapping[tuple[str, str], Sequence[int]]
"""The ops by a value of an attribute: `(value, "")`, but `(tag, value)` for tags."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The nodes that a path of one name is looked up among.

    `index` numbers them by name; `up` and `down` are their edges. `spans` holds the ops of each node; it is
    None if every node is the op of the same number.
    """

    index: Mapping[str, int]
    up: Edges
    down: Edges
    spans: Sequence[range] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class QueryGraph:
    """The ops of one job, or the steps of one run.

    `owner` is what messages call it. `paths` are the dotted paths of the ops; `up` and `down` their edges.
    `inner` holds the ops of each node inside another, by its dotted path. `attributes` gives the index of
    one of ATTRIBUTES, or None for one that has no meaning here; it is asked once for each.
    """

    owner: str
    paths: Sequence[str]
    up: Edges
    down: Edges
    top: Level
    inner: Mapping[str, range]
    attributes: Callable[[str], AttributeIndex | None]
    _known: dict[str, AttributeIndex | None] = field(default_factory=dict)

    def attribute(self, key: str) -> AttributeIndex | None:
        """Return the ops by the values of an attribute, or None for one that has no meaning here."""
        if key not in self._known:
            self._known[key] = self.attributes(key)
        return self._known[key]

    def paths_of(self, ops: set[int]) -> tuple[str, ...]:
        """Return the paths of a set of ops, in the order they were written."""
        return tuple([self.paths[op] for op in sorted(ops)])


def reversed_edges(up: Edges) -> list[list[int]]:
    """Return, for each op, the ops that have it in `up`, in order."""
    down: list[list[int]] = [[] for _ in up]
    for op, before in enumerate(up):
        for earlier in before:
            down[earlier].append(op)
    return down


def flat_query_graph(
    owner: str,
    paths: Sequence[str],
    up: Edges,
    attributes: Callable[[str], AttributeIndex | None],
) -> QueryGraph:
    """Return the graph of ops without graphs among them: each is looked up by its whole path."""
    down = reversed_edges(up)
    level = Level({path: op for op, path in enumerate(paths)}, up, down)
    return QueryGraph(owner, paths, up, down, level, {}, attributes)
