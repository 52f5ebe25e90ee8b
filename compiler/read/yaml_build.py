"""Build plain values from YAML events, and record where every key and value stands.

One pass, eager: recording the spans costs a third of building the values, while finding them later means to
parse again, with aliases and merge keys resolved a second time. The spans are kept in flat lists, one per
container (`rows`, by the container's identity): start and end of the container, then for each entry of a
mapping the start and end of its key and of its value, for each item of a list those of the item, in the
order of the values. A merge key copies the origin's spans, so they point at where a key was really written;
an alias shares the container, and so its row.

A mistake is reported and leaves a hole; only limits stop the building.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from jobc.compiler.read.limits import DEPTH, EXPANDED_NODES, INTEGER_DIGITS
from jobc.compiler.read.yaml_faults import Faults
from jobc.compiler.read.yaml_scalars import NUMBER_STARTS, WORDS, resolve

if TYPE_CHECKING:
    from jobc.compiler.read.source import Source
    from jobc.compiler.read.tree import Path
    from jobc.compiler.read.yaml_events import EventStream
    from jobc.schemas.diagnostics import Diagnostic


class Slot(Enum):
    """What the next node is for, where it is not the value of a key."""

    ITEM = "an item of a list"
    KEY = "a key"
    SKIPPED = "the value of a key that was refused"
    MERGED = "the value of a merge key"
    KEY_CONTAINER = "inside a container that stands as a key"


HOLE: Final = object()
"""Stands for a broken part while building; in the end each is a None whose path is in `holes`."""

_ITEM: Final = Slot.ITEM
_KEY: Final = Slot.KEY
_SKIPPED: Final = Slot.SKIPPED
_KEY_CONTAINER: Final = Slot.KEY_CONTAINER
_CORE: Final = "tag:yaml.org,2002:"


class Halt(Exception):  # noqa: N818 - carries a diagnostic out of the loop
    """Stop building: a limit is exceeded."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic


class TreeBuilder:
    """Turn the events of one text into values; afterwards `holder` is a list of the one root value.

    `rows` are described above; that of `holder` gives the root's place. `alias_origins` leads from the start
    of an alias to where its anchored scalar stands.
    """

    __slots__ = (
        "_anchors",
        "_document_start",
        "_expanded",
        "_measures",
        "_merges",
        "_numbered",
        "_numbers",
        "_stack",
        "_stream",
        "alias_origins",
        "faults",
        "holder",
        "rows",
    )

    def __init__(self, source: Source, stream: EventStream) -> None:
        self.holder: list[Any] = []
        self.rows: dict[int, list[int]] = {id(self.holder): [0, 0]}
        self.alias_origins: dict[int, tuple[int, int]] = {}
        self.faults = Faults(source)
        self._stream = stream
        self._stack: list[tuple[Any, list[int], Any]] = []
        self._anchors: dict[str, tuple[Any, int, int]] = {}
        self._merges: dict[int, list[tuple[Any, int, int]]] = {}
        self._measures: dict[int, tuple[Any, int, int]] = {}
        self._numbered: dict[int, tuple[Any, dict[str, int]]] = {}
        self._numbers: dict[str, Any] = {}
        self._expanded = 0
        self._document_start: int | None = None

    def run(self) -> frozenset[Path]:
        """Build everything and return the paths of the holes.

        Raises `Halt` at a limit, and what the stream says it raises.
        """
        self._consume()
        if not self.holder:
            self.holder.append(None)
            self.rows[id(self.holder)] += (0, 0)
        return self._fill_holes() if self.faults.diagnostics else frozenset()

    def _consume(self) -> None:
        next_event = self._stream.next_event
        scalar, alias, mapping_start, mapping_end, sequence_start, sequence_end = self._stream[2:8]
        current: Any = self.holder
        child: Any = None
        row = self.rows[id(current)]
        key: Any = _ITEM
        key_start = key_end = end = 0
        while True:
            event = next_event()
            kind = event.__class__
            if kind is scalar:
                value = event.value
                start, end = event.start_mark.index, event.end_mark.index
                if event.tag is not None or event.anchor is not None:
                    value = self._dressed_scalar(event, start, end)
                elif (value in WORDS or value[0] in NUMBER_STARTS) and event.implicit[0]:
                    value = self._plain(value, start, end)
                if key is _KEY and value.__class__ is str and value != "<<" and value not in current:
                    key, key_start, key_end = value, start, end
                    continue
            elif kind is mapping_end or kind is sequence_end:
                if event.start_mark.index != event.end_mark.index:
                    end = event.end_mark.index
                row[1] = end
                if self._merges:
                    self._merge(current, row)
                current, row, slot = self._stack.pop()
                key = _ITEM if slot is _ITEM else _SKIPPED if slot is _KEY_CONTAINER else _KEY
                continue
            elif kind is mapping_start or kind is sequence_start:
                start = end = event.start_mark.index
                value = child = {} if kind is mapping_start else []
                if event.tag is not None or event.anchor is not None:
                    value = self._dressed_container(event, child, start)
            elif kind is alias:
                start, end = event.start_mark.index, event.end_mark.index
                value = self._alias(event.anchor, current, start, end)
            elif self._is_over(event):
                return
            else:
                continue
            slot = key
            if slot is _KEY:
                key = self._odd_key(current, value, event)
                key_start, key_end = start, end
            elif slot is _ITEM:
                current.append(value)
                row += (start, end)
            else:
                key = _KEY
                if slot.__class__ is str:
                    current[slot] = value
                    row += (key_start, key_end, start, end)
                elif slot is Slot.MERGED:
                    self._merges.setdefault(id(current), []).append((value, start, end))
            if kind is not scalar and kind is not alias:
                self._stack.append((current, row, _KEY_CONTAINER if slot is _KEY else slot))
                current, key = child, _KEY if kind is mapping_start else _ITEM
                row = self._opened(child, start)

    def _opened(self, container: Any, start: int) -> list[int]:
        if len(self._stack) > DEPTH:
            raise Halt(self.faults.too_deep(start))
        row = [start, start]
        self.rows[id(container)] = row
        return row

    def _plain(self, text: str, start: int, end: int) -> Any:
        value: Any = self._numbers.get(text)
        if value is not None:
            return value
        if len(text) > INTEGER_DIGITS and text.lstrip("+-").isdigit():
            self.faults.long_integer(len(text), start, end)
            return HOLE
        value = resolve(text)
        if value.__class__ is not str and not self.faults.check_number(text, value, start, end):
            self._numbers[text] = value
        return value

    def _dressed_scalar(self, event: Any, start: int, end: int) -> Any:
        value: Any = event.value
        tag = event.tag
        if tag is None:
            if event.implicit[0]:
                value = self._plain(value, start, end)
        elif tag != "!":
            value = self._tagged(str(tag), value, start, end)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, start, end)
        return value

    def _tagged(self, tag: str, text: str, start: int, end: int) -> Any:
        kind = tag.removeprefix(_CORE)
        if kind == tag or kind not in {"str", "int", "float", "bool", "null"}:
            self.faults.unknown_tag(tag, start, end)
            return HOLE
        value = text if kind == "str" else self._plain(text, start, end)
        if kind == "float" and value.__class__ is int:
            value = float(value)
        fits = {"str": str, "int": int, "float": float, "bool": bool, "null": type(None)}[kind]
        if value is not HOLE and value.__class__ is not fits:
            self.faults.unfit_tag(kind, text, start, end)
            return HOLE
        return value

    def _dressed_container(self, event: Any, child: Any, start: int) -> Any:
        value = child
        fits = "map" if child.__class__ is dict else "seq"
        if event.tag is not None and str(event.tag) not in {"!", _CORE + fits}:
            self.faults.unknown_tag(str(event.tag), start, event.end_mark.index)
            value = HOLE
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, start, start)
        return value

    def _alias(self, name: str, current: Any, start: int, end: int) -> Any:
        if name not in self._anchors:
            self.faults.unknown_alias(name, self._anchors, start, end)
            return HOLE
        value, *origin = self._anchors[name]
        if value.__class__ is not dict and value.__class__ is not list:
            self.alias_origins[start] = (origin[0], origin[1])
            return value
        if value is current or any(value is frame[0] for frame in self._stack):
            self.faults.endless_alias(name, start, end, origin[0])
            return HOLE
        size, depth = self._measure(value)
        self._expanded += size
        if self._expanded > EXPANDED_NODES:
            raise Halt(self.faults.too_many_nodes(start, end))
        if len(self._stack) + depth > DEPTH:
            raise Halt(self.faults.too_deep(start))
        return value

    def _measure(self, value: Any) -> tuple[int, int]:
        """Return how many nodes a finished container has, aliases written out, and how deep it is."""
        if id(value) not in self._measures:
            size = depth = 0
            for item in value.values() if value.__class__ is dict else value:
                is_container = item.__class__ is dict or item.__class__ is list
                item_size, item_depth = self._measure(item) if is_container else (1, 0)
                size, depth = size + item_size, max(depth, item_depth)
            self._measures[id(value)] = (value, size + 1, depth + 1)
        return self._measures[id(value)][1:]

    def _odd_key(self, current: Any, key: Any, event: Any) -> Any:
        """Decide on a key that is no new string: return a string to use it, or a slot for its value."""
        span = event.start_mark.index, event.end_mark.index
        kind = event.__class__
        if key == "<<" and kind is self._stream.scalar and event.implicit[0] and event.tag is None:
            if id(current) in self._merges:
                first = self._merges[id(current)][0][1]
                self.faults.second_merge(first, *span)
                return Slot.SKIPPED
            return Slot.MERGED
        if key.__class__ is not str:
            if key is not HOLE:
                self.faults.key_of_other_type(key, *span)
            return Slot.SKIPPED
        if key in current:
            self.faults.duplicate_key(key, *span, *self._first_place(current, key))
            return Slot.SKIPPED
        return key

    def _first_place(self, current: dict[str, Any], key: str) -> list[int]:
        """Return where a key of a mapping under way stands; many such calls are linear in its keys."""
        _, numbers = self._numbered.setdefault(id(current), (current, {}))
        fresh = range(len(current) - 1, len(numbers) - 1, -1)
        numbers.update(zip(reversed(current), fresh, strict=False))
        at = 2 + 4 * numbers[key]
        return self.rows[id(current)][at : at + 2]

    def _merge(self, current: Any, row: list[int]) -> None:
        for source, *span in self._merges.pop(id(current), ()):
            sources, spans = ([source], span)
            if source.__class__ is list:
                sources, spans = source, self.rows[id(source)][2:]
            others = []
            for number, mapping in enumerate(sources):
                if mapping.__class__ is dict:
                    self._merge_one(current, row, mapping)
                elif mapping is not HOLE:
                    start, end = spans[2 * number : 2 * number + 2]
                    others.append((start, max(end, self._end_of(mapping))))
            if sources is source and self.faults.source.text.startswith("*", span[0]):
                # The list stands elsewhere; the mistake is to use it here.
                others = [(span[0], span[1])] if others else []
            for start, end in others:
                self.faults.merge_of_other_type(start, end)

    def _merge_one(self, current: Any, row: list[int], mapping: dict[str, Any]) -> None:
        spans = self.rows[id(mapping)]
        for number, (key, value) in enumerate(mapping.items()):
            if key not in current:
                current[key] = value
                row += spans[2 + 4 * number : 6 + 4 * number]

    def _end_of(self, value: Any) -> int:
        return self.rows[id(value)][1] if value.__class__ is list else 0

    def _is_over(self, event: Any) -> bool:
        kind = event.__class__
        if kind is self._stream.document_start:
            if self._document_start is not None:
                self.faults.second_document(self._document_start, event.start_mark.index)
                return True
            self._document_start = event.start_mark.index
            if event.version is not None and tuple(event.version) != (1, 2):
                self.faults.other_version(event.version, event.start_mark.index)
        return kind is self._stream.stream_end

    def _fill_holes(self) -> frozenset[Path]:
        found: list[tuple[Path, Any, Any]] = []
        todo: list[tuple[Path, Any]] = [((), self.holder)]
        while todo:
            path, container = todo.pop()
            for step, item in container.items() if container.__class__ is dict else enumerate(container):
                if item is HOLE:
                    found.append(((*path, step), container, step))
                elif item.__class__ is dict or item.__class__ is list:
                    todo.append(((*path, step), item))
        for _, container, step in found:
            container[step] = None
        return frozenset(path[1:] for path, _, _ in found)
