"""Expressions of any form, read by the grammar `expression.lark`.

The grammar accepts more than the language; what it accepts too much is refused here, where the message can
say what to write instead.
"""

from __future__ import annotations

from math import isfinite
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from jobc.runtime.expressions.limits import MAX_BITS, MAX_DEPTH, MAX_LENGTH
from jobc.runtime.expressions.names import Name, Path
from jobc.runtime.expressions.nodes import (
    Binary,
    Call,
    Conditional,
    Entry,
    Index,
    ListOf,
    Literal,
    MappingOf,
    Part,
    Unary,
    spanned,
)
from jobc.runtime.expressions.problems import Problem, RefusedExpressionError
from jobc.runtime.expressions.unexpected import unexpected_problem
from jobc.runtime.grammars import QuotedTextError, UnexpectedTextError, parse, unquote

if TYPE_CHECKING:
    from typing import NoReturn, TypeGuard

    from jobc.runtime.expressions.nodes import Expression
    from jobc.runtime.grammars import Leaf, Node

RULES = FilePath(__file__).with_name("expression.lark")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_DIGITS = MAX_BITS * 3 // 10


def read_expression(text: str, start: int, end: int) -> Expression:
    """Return the expression that stands in `text` from `start` up to `end`.

    Raises `RefusedExpressionError`, its problem placed in `text`.
    """
    body = text[start:end]
    if not body.strip():
        message = "an expression is expected between `${` and `}`, not nothing"
        _refuse(max(start - 2, 0), min(end + 1, len(text)), message, "for example `${vars.name}`")
    if len(body) > MAX_LENGTH:
        _refuse(start, end, f"the expression is longer than {MAX_LENGTH:,} characters", "take it apart")
    try:
        tree = parse(RULES, body)
    except UnexpectedTextError as error:
        raise RefusedExpressionError(unexpected_problem(body, start, error)) from None
    return _Reader(start).read(tree, 0)


def _first_leaf(tree: Node | Leaf) -> Leaf:
    """Return where a tree begins, however deep that is."""
    while not isinstance(tree, str):
        tree = tree.children[0]
    return tree


def _refuse(start: int, end: int, message: str, advice: str | None = None) -> NoReturn:
    raise RefusedExpressionError(Problem("syntax", start, end, message, help=advice))


class _Reader:
    """Turns the grammar's trees into nodes; the text that was parsed begins at `offset`."""

    def __init__(self, offset: int) -> None:
        self._offset = offset

    def read(self, tree: Node | Leaf, depth: int) -> Expression:
        assert not isinstance(tree, str)
        if depth > MAX_DEPTH:
            start = self._start(_first_leaf(tree))
            message = f"more than {MAX_DEPTH} operations stand inside each other"
            _refuse(start, start + 1, message, "give a part of it a name of its own under `vars`")
        kind, children = tree.data, tree.children
        if len(children) == 1 and isinstance(children[0], str):
            return self._atom(kind, children[0])
        match kind:
            case "list":
                items = tuple(self.read(child, depth + 1) for child in children[1:-1])
                return ListOf(items, *self._span(children))
            case "mapping":
                return self._mapping(children, depth)
            case "call":
                arguments = tuple(self.read(child, depth + 1) for child in children[2:-1])
                return Call(self._name(_leaf(children[0])), arguments, *self._span(children))
            case "group":
                return spanned(self.read(children[1], depth + 1), *self._span(children))
            case "unary":
                return self._unary(children, depth)
            case _:
                return self._operation(kind, children, depth)

    def _operation(self, kind: str, children: list[Node | Leaf], depth: int) -> Expression:
        first = self.read(children[0], depth + 1)
        if kind == "part":
            return self._part(first, _leaf(children[1]))
        if kind == "index":
            index = self.read(children[2], depth + 1)
            return Index(first, index, first.start, self._end(_leaf(children[-1])))
        last = self.read(children[-1], depth + 1)
        if kind == "conditional":
            condition = self.read(children[1], depth + 1)
            return Conditional(condition, first, last, first.start, last.end)
        operator = " ".join(_leaf(child) for child in children[1:-1])
        return Binary(operator, first, last, first.start, last.end)

    def _atom(self, kind: str, leaf: Leaf) -> Expression:
        start, end = self._start(leaf), self._end(leaf)
        match kind:
            case "name":
                return Path((self._name(leaf),), start, end)
            case "word":
                return Literal(_WORDS[leaf], start, end)
            case "text":
                return Literal(self._text(leaf), start, end)
            case "integer":
                if len(leaf) > _DIGITS:
                    _refuse(start, end, f"the number has more than {_DIGITS:,} digits")
                return Literal(int(leaf), start, end)
            case _:
                if not isfinite(float(leaf)):
                    _refuse(start, end, f"the number `{leaf}` is too large")
                return Literal(float(leaf), start, end)

    def _text(self, leaf: Leaf) -> str:
        try:
            return unquote(leaf)
        except QuotedTextError as error:
            start = self._start(leaf)
            _refuse(start + error.start, start + error.end, error.message, error.advice)

    def _name(self, leaf: Leaf) -> Name:
        start, end = self._start(leaf), self._end(leaf)
        if not leaf.isidentifier():
            _refuse(start, end, f"`{leaf}` is no name", "names are letters, digits and `_`")
        return Name(str(leaf), start, end)

    def _part(self, value: Expression, leaf: Leaf) -> Expression:
        start, end = self._start(leaf) + 1, self._end(leaf)
        if not leaf[1:].isidentifier():
            _refuse(start, end, f"`{leaf[1:]}` is no name", 'write `x["key"]` for a key that is no name')
        name = Name(leaf[1:], start, end)
        if isinstance(value, Path):
            return Path((*value.names, name), value.start, end)
        return Part(value, name, value.start, end)

    def _unary(self, children: list[Node | Leaf], depth: int) -> Expression:
        sign, operand = _leaf(children[0]), self.read(children[1], depth + 1)
        start = self._start(sign)
        if sign == "-" and isinstance(operand, Literal) and _is_number(operand.value):
            return Literal(-operand.value, start, operand.end)
        return Unary(str(sign), operand, start, operand.end)

    def _mapping(self, children: list[Node | Leaf], depth: int) -> MappingOf:
        entries: dict[str, Entry] = {}
        for child in children[1:-1]:
            assert not isinstance(child, str)
            leaf, value = _leaf(child.children[0]), self.read(child.children[1], depth + 1)
            key = self._text(leaf)
            if key in entries:
                _refuse(self._start(leaf), self._end(leaf), f"the key `{key}` stands twice")
            entries[key] = Entry(key, value, self._start(leaf), value.end)
        return MappingOf(tuple(entries.values()), *self._span(children))

    def _span(self, children: list[Node | Leaf]) -> tuple[int, int]:
        return self._start(_leaf(children[0])), self._end(_leaf(children[-1]))

    def _start(self, leaf: Leaf) -> int:
        assert leaf.start_pos is not None
        return self._offset + leaf.start_pos

    def _end(self, leaf: Leaf) -> int:
        return self._start(leaf) + len(leaf)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _leaf(leaf: Node | Leaf) -> Leaf:
    assert isinstance(leaf, str)
    return leaf
