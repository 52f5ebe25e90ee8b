"""The layout of YAML: two spaces for each level, and one way to write what stands between tokens.

A line that begins an entry of a block collection stands in the collection's column; a line that begins a
value stands two columns deeper than the collection around it. A collection that begins behind `- ` stands
where it begins. In a flow collection, lines stand two columns deeper than the line that opened it, and a
closing bracket as deep as that line. So the old columns decide nothing but which collection the parsers saw,
and to which one a comment between two of them belongs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from jobc.compiler.format.wiring_layout import lay_out_wiring
from jobc.compiler.format.yaml_gaps import Gap, OwnLine, read_gap, space_between
from jobc.compiler.format.yaml_scalars import indent_further_lines, read_block
from jobc.compiler.read.yaml_tokens import YamlToken, yaml_tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

INDENT: Final = 2
_STREAM: Final = frozenset({"StreamStart", "StreamEnd"})
_DOCUMENT: Final = frozenset({"DocumentStart", "DocumentEnd", "Directive"})
_BLOCK_STARTS: Final = frozenset({"BlockMappingStart", "BlockSequenceStart"})
_FLOW_STARTS: Final = frozenset({"FlowSequenceStart", "FlowMappingStart"})
_FLOW_ENDS: Final = frozenset({"FlowSequenceEnd", "FlowMappingEnd"})
_ENTRIES: Final = frozenset({"Key", "Value", "BlockEntry"})


class Leaf(NamedTuple):
    """A token that is written as something, with the marks that parsers put before it.

    `ends` counts the block collections that end before it; `opens` is the one that begins at it, or empty.
    `is_entry` tells that it begins an entry of a block mapping or list.
    """

    kind: str
    start: int
    end: int
    ends: int
    opens: str
    is_entry: bool


class OpenBlock(NamedTuple):
    """An open block collection: its column before and after; a list as deep as its key is `dangling`."""

    kind: str
    old: int
    new: int
    is_dangling: bool = False


def lay_out_yaml(text: str, wirings: Collection[int]) -> tuple[str, tuple[str, ...]]:
    """Return an accepted text in its canonical layout, and its comments in order.

    Line ends must be LF. `wirings` are the offsets of the block scalars that hold wiring text.
    """
    return _Layout(text, wirings).run(_leaves(yaml_tokens(text)))


def _leaves(tokens: Iterable[YamlToken]) -> Iterator[Leaf]:
    ends, opens, is_key = 0, "", False
    depth = 0
    for kind, start, end in tokens:
        if kind == "BlockEnd":
            ends += 1
        elif kind in _BLOCK_STARTS:
            opens = kind
        elif kind == "Key" and start == end:
            is_key = True
        elif kind not in _STREAM:
            is_entry = not depth and (is_key or kind in _ENTRIES)
            yield Leaf(kind, start, end, ends, opens, is_entry)
            ends, opens, is_key = 0, "", False
            depth += (kind in _FLOW_STARTS) - (kind in _FLOW_ENDS)


class _Layout:
    """Write leaf after leaf; the fields say what is open, and what was written last."""

    def __init__(self, text: str, wirings: Collection[int]) -> None:
        self._text = text
        self._wirings = wirings
        self._out: list[str] = []
        self._comments: list[str] = []
        self._column = 0
        self._blocks: list[OpenBlock] = []
        self._brackets: list[int] = []
        self._line_indent = 0
        self._at = 0
        self._previous = ""
        self._is_open = False

    def run(self, leaves: Iterable[Leaf]) -> tuple[str, tuple[str, ...]]:
        for leaf in leaves:
            self._leaf(leaf)
        self._end()
        return "".join(self._out), tuple(self._comments)

    def _leaf(self, leaf: Leaf) -> None:
        gap = read_gap(self._text[self._at : leaf.start], begins_line=self._begins_line())
        before = tuple(self._blocks)
        self._close(leaf)
        old = leaf.start - self._text.rfind("\n", 0, leaf.start) - 1
        if leaf.kind == "BlockEntry" and not leaf.opens and not self._is_in_list():
            self._blocks.append(OpenBlock("BlockSequenceStart", old, self._child_column(), True))
        if gap.is_broken:
            column = self._line_column(leaf)
            self._break(gap, before, old, column)
            self._line_indent = column
        else:
            self._emit(space_between(self._previous, leaf.kind) if self._previous else "")
        if leaf.opens:
            self._blocks.append(OpenBlock(leaf.opens, old, self._column))
        self._token(leaf, is_first=gap.is_broken)
        self._previous = leaf.kind

    def _begins_line(self) -> bool:
        return not self._out or self._out[-1].endswith("\n")

    def _is_in_list(self) -> bool:
        """Tell whether the innermost collection is a list, which an entry then goes on with."""
        return bool(self._blocks) and self._blocks[-1].kind == "BlockSequenceStart"

    def _close(self, leaf: Leaf) -> None:
        """Leave the collections that end before a leaf; parsers do not mark the end of a dangling list."""
        for _ in range(leaf.ends):
            if self._blocks.pop().is_dangling:
                self._blocks.pop()
        ends_list = leaf.is_entry and leaf.kind != "BlockEntry" and not leaf.opens
        if ends_list and self._blocks and self._blocks[-1].is_dangling:
            self._blocks.pop()

    def _child_column(self) -> int:
        return self._blocks[-1].new + INDENT if self._blocks else 0

    def _line_column(self, leaf: Leaf) -> int:
        """Return where a leaf that begins a line stands."""
        if self._brackets:
            return self._brackets[-1] + (0 if leaf.kind in _FLOW_ENDS else INDENT)
        if leaf.kind in _DOCUMENT:
            return 0
        if leaf.is_entry and not leaf.opens and self._blocks:
            return self._blocks[-1].new
        return self._child_column()

    def _break(self, gap: Gap, before: tuple[OpenBlock, ...], old: int, column: int) -> None:
        """Write a gap with line ends, and indent the line behind it."""
        self._trail(gap.comment)
        for line in self._lines(gap, is_last=old < 0):
            if line.text:
                self._comments.append(line.text)
                self._emit(" " * self._comment_column(line.column, before, old, column) + line.text)
            self._out.append("\n")
        self._column = 0
        self._emit(" " * column)

    def _lines(self, gap: Gap, *, is_last: bool) -> tuple[OwnLine, ...]:
        """Return the lines of a gap without an empty one at the beginning or the end of the file."""
        lines = gap.lines
        if lines and not self._out and not lines[0].text:
            lines = lines[1:]
        return lines[:-1] if lines and is_last and not lines[-1].text else lines

    def _trail(self, comment: str) -> None:
        """End the line that is being written, if one is, with the comment behind it."""
        if comment:
            self._comments.append(comment)
            self._out.append(f"  {comment}")
        if not self._begins_line():
            self._out.append("\n")

    def _comment_column(self, written: int, before: tuple[OpenBlock, ...], old: int, column: int) -> int:
        """Indent a comment like what follows, or like a collection that ends there if it stood that deep."""
        if self._brackets:
            return self._brackets[-1] + INDENT
        ending = [block for block in before if old < block.old <= written and block.new > column]
        return ending[-1].new if ending else column

    def _token(self, leaf: Leaf, *, is_first: bool) -> None:
        written = self._text[leaf.start : leaf.end]
        self._at = leaf.end
        if leaf.kind == "Scalar":
            self._scalar(leaf, written)
            return
        if leaf.kind in _FLOW_STARTS:
            if not self._brackets and not is_first:
                self._line_indent = self._flow_base()
            self._brackets.append(self._line_indent)
        elif leaf.kind in _FLOW_ENDS:
            self._brackets.pop()
        self._emit(written.rstrip(" \t\n"))

    def _flow_base(self) -> int:
        """Return how deep a flow collection stands that begins behind other tokens."""
        if not self._blocks:
            return 0
        block = self._blocks[-1]
        return block.new if block.kind == "BlockMappingStart" else block.new + INDENT

    def _scalar(self, leaf: Leaf, written: str) -> None:
        if written[0] in "|>" and not self._brackets:
            self._block(leaf)
            return
        inner = self._line_indent + INDENT if self._brackets else self._child_column() or INDENT
        self._emit(indent_further_lines(written, inner))

    def _block(self, leaf: Leaf) -> None:
        old, new = self._blocks[-1][1:3] if self._blocks else (-1, -1)
        block = read_block(self._text, leaf.start, old)
        rows, self._is_open = block.lines, block.is_open
        wiring = lay_out_wiring("\n".join(rows)) if self._is_wiring(leaf) else None
        if wiring is not None:
            rows, self._is_open = tuple(wiring.split("\n")) if wiring else (), False
        indent = block.indent + new - old if block.has_indicator or not self._blocks else new + INDENT
        self._emit(block.header)
        self._trail(block.comment)
        if rows:
            text = "\n".join(" " * indent + row if row else "" for row in rows)
            self._out.append(text if self._is_open else f"{text}\n")
        self._at = block.end
        self._column = 0

    def _is_wiring(self, leaf: Leaf) -> bool:
        """Tell whether a block scalar is wiring text, and nothing else by an alias."""
        return leaf.start in self._wirings and self._text[leaf.start] == "|" and self._previous != "Anchor"

    def _end(self) -> None:
        """Write the comments behind the last token; end the last line unless that changes a value."""
        if not self._is_open:
            gap = read_gap(f"{self._text[self._at :]}\n", begins_line=self._begins_line())
            self._break(gap, tuple(self._blocks), -1, 0)

    def _emit(self, text: str) -> None:
        if text:
            self._out.append(text)
        end = text.rfind("\n")
        self._column = len(text) - end - 1 if end >= 0 else self._column + len(text)
