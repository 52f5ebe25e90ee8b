"""A tree with a part of its own text laid over it: what stands where says the text that was laid over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.read.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.read.chart import Chart, Span
    from jobc.compiler.read.tree import Entry, Path, Value
    from jobc.schemas.diagnostics import Location


class OverlaidTree(Tree):
    """The values of a tree after a merge, and where each of them is written in the tree that was merged.

    `moved` holds for the path of every part that was replaced or added the path where it is written.
    """

    __slots__ = ("_below", "moved")

    def __init__(self, below: Tree, value: Value, moved: Mapping[Path, Path]) -> None:
        super().__init__(below.source, value)
        self._below = below
        self.moved = moved
        origins = {written: path for path, written in moved.items()}
        self.holes = below.holes | {
            (*origins[hole[:length]], *hole[length:])
            for hole in below.holes
            for length in range(len(hole) + 1)
            if hole[:length] in origins
        }

    def written(self, path: Path) -> Path:
        """Return where in the tree below the value at a path is written."""
        for length in range(len(path), 0, -1):
            origin = self.moved.get(path[:length])
            if origin is not None:
                return (*origin, *path[length:])
        return path

    def replaced(self, path: Path) -> Location | None:
        """Return where the value stands that was laid over; None where there was none."""
        return None if self._below.entry(path) is None else self._below.locate(path)

    def entry(self, path: Path) -> Entry | None:
        """Return where the entry at `path` stands, None if there is none."""
        return self._below.entry(self.written(path))

    def origin(self, span: Span) -> Span:
        """Return where a scalar used at `span` is really written."""
        return self._below.origin(span)

    def chart(self, span: Span, value: str) -> Chart | None:
        """Chart the string written at `span`."""
        return self._below.chart(span, value)
