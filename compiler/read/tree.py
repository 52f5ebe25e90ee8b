"""The tree: what a file says, as plain values, and where each part of it is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, Union

from jobc.compiler.read.chart import Chart, Span

if TYPE_CHECKING:
    from jobc.compiler.read.source import Source
    from jobc.schemas.diagnostics import Location

Path: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = Union[dict[str, "Value"], list["Value"], str, int, float, bool, None]  # noqa: UP007


class Entry(NamedTuple):
    """Where a value stands, and its key if it has one."""

    key: Span | None
    value: Span


class Tree(ABC):
    """Hold the values of one file and find where they are written.

    `value` is made of exact built-in types and may share parts (YAML aliases): do not change it. `holes` are
    the paths of parts that were broken; the value there is None, the mistake is reported, later phases skip
    them.
    """

    __slots__ = ("_charts", "holes", "source", "value")

    def __init__(self, source: Source, value: Value, holes: frozenset[Path] = frozenset()) -> None:
        self.source = source
        self.value = value
        self.holes = holes
        self._charts: dict[Span, Chart | None] = {}

    def locate(self, path: Path) -> Location:
        """Return where the value at `path` stands.

        A quoted scalar includes its quotes, a container is its whole stretch, an alias is the alias itself, a
        value left empty is its key. A path that does not exist gives the nearest ancestor's key, or, where it
        has none, that ancestor's value.
        """
        entry, is_exact = self._nearest(path)
        return self._place(entry.value if is_exact or entry.key is None else entry.key, entry.key)

    def locate_key(self, path: Path) -> Location:
        """Return where the key of the entry at `path` stands; for list items and the root, the value."""
        entry, _ = self._nearest(path)
        return self._place(entry.key or entry.value, entry.key)

    def locate_part(self, path: Path, start: int, end: int) -> Location:
        """Return where a part of the string at `path` is written; `start` and `end` are offsets in its value.

        Escapes, folded lines and indents are undone, aliases followed. Where that cannot be done exactly, and
        for values that are no strings, it is the whole scalar.
        """
        entry, is_exact = self._nearest(path)
        value = self._value_at(path) if is_exact else None
        if not isinstance(value, str):
            return self.locate(path)
        span = self.origin(entry.value)
        if span not in self._charts:
            self._charts[span] = self.chart(span, value)
        chart = self._charts[span]
        return self.source.location(*(span if chart is None else chart.span(start, end)))

    @abstractmethod
    def entry(self, path: Path) -> Entry | None:
        """Return where the entry at `path` stands, None if there is none."""

    @abstractmethod
    def origin(self, span: Span) -> Span:
        """Return where a scalar used at `span` is really written (an alias leads to its anchor)."""

    @abstractmethod
    def chart(self, span: Span, value: str) -> Chart | None:
        """Chart the string written at `span`; None if its text cannot be followed to `value` exactly."""

    def _nearest(self, path: Path) -> tuple[Entry, bool]:
        for length in range(len(path), 0, -1):
            entry = self.entry(path[:length])
            if entry is not None:
                return entry, length == len(path)
        root = self.entry(())
        return root or Entry(None, Span(0, 0)), not path

    def _value_at(self, path: Path) -> Value:
        value = self.value
        for step in path:
            value = value[step]  # type: ignore[index]
        return value

    def _place(self, span: Span, key: Span | None) -> Location:
        if span.start == span.end and key is not None:
            span = key
        return self.source.location(*span)
