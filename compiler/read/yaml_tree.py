"""The tree of a YAML file: places come from the rows that the builder recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from jobc.compiler.read.chart import Chart, Span
from jobc.compiler.read.tree import Entry, Path, Tree, Value
from jobc.compiler.read.yaml_chart import chart_scalar

if TYPE_CHECKING:
    from jobc.compiler.read.source import Source
    from jobc.compiler.read.yaml_build import TreeBuilder

# An anchor or tag, and what may stand between it and its node: blanks, comments, line ends.
_PROPERTIES: Final = re.compile(
    r"(?:(?:!<[^> \t\r\n]*+>|[&!][^ \t\r\n,\[\]{}]*+)(?:[ \t\r\n]++|(?<=[ \t\r\n])#[^\r\n]*+)*+)++"
)


class YamlTree(Tree):
    """Look paths up in the rows of a finished `TreeBuilder` (their form is described there)."""

    __slots__ = ("_alias_origins", "_holder", "_indexes", "_rows")

    def __init__(self, source: Source, built: TreeBuilder, holes: frozenset[Path]) -> None:
        super().__init__(source, built.holder[0], holes)
        self._holder: list[Value] = built.holder
        self._rows = built.rows
        self._alias_origins = built.alias_origins
        self._indexes: dict[int, dict[str | int, int]] = {}

    def entry(self, path: Path) -> Entry | None:
        """Return where the entry at `path` stands, None if there is none."""
        container: Any = self._holder
        for step in (0, *path[:-1]):
            if self._offset(container, step) is None:
                return None
            container = container[step]
        return self._found(container, path[-1]) if path else self._found(self._holder, 0)

    def origin(self, span: Span) -> Span:
        """Return where a scalar used at `span` is written: behind its anchor and tag, aliases followed."""
        origin = self._alias_origins.get(span.start, span)
        return self._node(Span(*origin))

    def chart(self, span: Span, value: str) -> Chart | None:
        """Chart a scalar in any of YAML's five styles."""
        return chart_scalar(self.source.text, span, value)

    def _found(self, container: Any, step: str | int) -> Entry | None:
        at = self._offset(container, step)
        if at is None:
            return None
        key = None
        row = self._rows[id(container)]
        if container.__class__ is dict:
            key = self._node(Span(row[at], row[at + 1]))
            at += 2
        start, end = row[at : at + 2]
        value = container[step]
        is_container = value.__class__ is dict or value.__class__ is list
        if is_container and not self.source.text.startswith("*", start):
            end = self._rows[id(value)][1]
        return Entry(key, self._node(Span(start, end)))

    def _offset(self, container: Any, step: str | int) -> int | None:
        """Return where the entry of `step` begins in the container's row, None if it has no such entry."""
        if container.__class__ is dict:
            return self._index(container).get(step)
        if container.__class__ is list and isinstance(step, int) and 0 <= step < len(container):
            return 2 + 2 * step
        return None

    def _index(self, mapping: dict[str, Any]) -> dict[str | int, int]:
        """Return where in the mapping's row each key begins; made once per mapping."""
        index = self._indexes.get(id(mapping))
        if index is None:
            keys: list[str | int] = list(mapping)
            index = {key: 2 + 4 * number for number, key in enumerate(keys)}
            self._indexes[id(mapping)] = index
        return index

    def _node(self, span: Span) -> Span:
        """Leave out a node's anchor and tag in front, and the blanks that parsers count behind it."""
        text = self.source.text
        start, end = span
        if start < end and text[start] in "&!":
            properties = _PROPERTIES.match(text, start, end)
            if properties and properties.end() < end:
                start = properties.end()
        while end > start and text[end - 1] in " \t\r\n":
            end -= 1
        return Span(start, end)
