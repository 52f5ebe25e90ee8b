"""Lines of any form, read by the grammar `wiring.lark` (DESIGN 3).

The grammar accepts more than the language (any expression may stand on the right of `=`, any chain of calls
and dots is a value), because the code that builds the nodes can refuse the rest with a message that says what
is possible instead.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from jobc.compiler.syntax.grammar import UnexpectedTextError, parse, unquote
from jobc.compiler.syntax.problems import RefusalError, SyntaxProblem
from jobc.compiler.syntax.wiring_nodes import (
    CONSTANTS,
    METHODS,
    RESERVED,
    Argument,
    Call,
    CollectCall,
    ListOf,
    Literal,
    MapCall,
    Name,
    Reference,
    Return,
    ReturnItem,
    Statement,
    misplaced_argument,
    repeated_name,
    unfit_output,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from jobc.compiler.syntax.grammar import Leaf, Node
    from jobc.compiler.syntax.wiring_nodes import Expression, PlainValue

_DEEPEST = 32
"""How many values may stand inside each other, so that no walk over the nodes overflows the stack."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*(?:_[0-9]+)*)(?P<fraction>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
_LONGEST_NUMBER = 100
_SHOWN = 40
_PYTHON_CONSTANTS = {"True": "true", "False": "false", "None": "null"}
_MAP_FORM = "write `x.map(op)`, or `x.map(op, other=y)` when the op has more inputs"


def read_by_grammar(text: str, start: int, end: int) -> Statement | Return:
    """Return the statement of a logical line of any form. Raises RefusalError at its first mistake."""
    line = text[start:end]
    try:
        tree = parse("wiring", line)
    except UnexpectedTextError as error:
        from jobc.compiler.syntax.wiring_problems import explain

        raise RefusalError(_shift(explain(line, error.position), start)) from None
    builder = _Builder(text, start)
    return builder.return_line(tree) if tree.data == "return_line" else builder.statement(tree, end)


def _refuse(start: int, end: int, message: str, help_text: str | None = None) -> NoReturn:
    raise RefusalError(SyntaxProblem(start, end, message, help=help_text))


def _shown(written: str) -> str:
    """Return a piece of the text as a message repeats it: on one line, and not the whole of a long one."""
    line = " ".join(written.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _shift(problem: SyntaxProblem, offset: int) -> SyntaxProblem:
    return replace(problem, start=problem.start + offset, end=problem.end + offset)


class _Builder:
    """Build the nodes of one line from its tree, refusing what the language does not have."""

    def __init__(self, text: str, offset: int) -> None:
        self._text = text
        self._offset = offset

    def statement(self, tree: Node, end: int) -> Statement:
        """Return the node of a line that is no `return`."""
        targets, value, naming, ordering = tree.children
        names = tuple(self._names(targets))
        if (twice := repeated_name(names)) is not None:
            _refuse(twice.start, twice.end, f"`{twice.text}` stands twice on the left of `=`")
        called = self._called(self._value(value, 0), names)
        alias = next(self._names(naming), None)
        after = tuple(self._predecessors(ordering))
        if not isinstance(called, CollectCall):
            called = called._replace(alias=alias, after=after)
        elif alias or after:
            wrong = alias or after[0]
            _refuse(wrong.start, wrong.end, "`collect()` gathers a value and makes no node to name or order")
        return Statement(names, called, self._offset, end)

    def _called(self, value: Expression, targets: tuple[Name, ...]) -> Call | MapCall | CollectCall:
        """Return the call a statement consists of, or refuse what is none."""
        if isinstance(value, (Call, MapCall)) or (isinstance(value, CollectCall) and targets):
            return value
        if isinstance(value, CollectCall):
            message = "`collect()` alone does nothing"
            _refuse(value.start, value.end, message, "pass it to an op: `merge(x.collect())`")
        written = _shown(self._text[value.start : value.end])
        if targets:
            message = "the right side of `=` must be a call"
            instead = f"write `{written}` where `{targets[0].text}` is meant"
            _refuse(value.start, value.end, message, instead)
        message = f"`{written}` is no statement: a call is expected"
        call = f"write `{written}()` to call it" if isinstance(value, Reference) else None
        _refuse(value.start, value.end, message, call)

    def return_line(self, tree: Node) -> Return:
        """Return the node of a `return` line."""
        _, *outputs = tree.children
        items = tuple(self._output(output) for output in outputs)
        if (problem := unfit_output(items)) is not None:
            raise RefusalError(problem)
        return Return(items, self._offset, items[-1].end)

    def _output(self, tree: Node | Leaf) -> ReturnItem:
        keyword, value = self._named_value(tree, 0)
        return ReturnItem(keyword, value, (keyword or value).start, value.end)

    def _named_value(self, tree: Node | Leaf, depth: int) -> tuple[Name | None, Expression]:
        name, value = _children(tree)
        keyword = self._name(name) if isinstance(name, str) else None
        return keyword, self._value(value, depth)

    def _names(self, tree: Node | Leaf | None) -> Iterator[Name]:
        for leaf in _children(tree):
            yield self._name(leaf)

    def _predecessors(self, tree: Node | Leaf | None) -> Iterator[Name]:
        for child in _children(tree):
            value = self._value(child, 0)
            if not isinstance(value, Reference) or value.output is not None:
                _refuse(value.start, value.end, "`after` takes names of variables and nodes")
            yield value.name

    def _name(self, leaf: Node | Leaf) -> Name:
        word, start, end = self._leaf(leaf)
        if word in _PYTHON_CONSTANTS:
            constant = _PYTHON_CONSTANTS[word]
            problem = SyntaxProblem(
                start, end, f"`{word}` is written `{constant}` here", suggestions=(constant,)
            )
            raise RefusalError(problem)
        if word in CONSTANTS:
            _refuse(start, end, f"`{word}` is a constant and cannot be a name")
        if word in RESERVED:
            _refuse(start, end, f"`{word}` is a Python keyword and cannot be a name")
        if not word.isidentifier():
            _refuse(start, end, f"`{word}` is not a name", "names are made of letters, digits and `_`")
        return Name(word, start, end)

    def _leaf(self, leaf: Node | Leaf) -> tuple[str, int, int]:
        assert isinstance(leaf, str) and leaf.start_pos is not None  # noqa: S101, PT018 - the grammar says so
        start = leaf.start_pos + self._offset
        return str(leaf), start, start + len(leaf)

    def _value(self, tree: Node | Leaf | None, depth: int) -> Expression:
        assert tree is not None and not isinstance(tree, str)  # noqa: S101, PT018 - the grammar says so
        if depth > _DEEPEST:
            start = next(iter(tree.scan_values(lambda _: True)))
            position = self._leaf(start)[1]
            _refuse(position, position + 1, f"more than {_DEEPEST} values stand inside each other")
        match tree.data:
            case "chain":
                return self._chain(tree, depth)
            case "constant":
                return self._constant(tree.children[0])
            case "list":
                return self._list(tree, depth)
            case _:
                return self._mapping(tree, depth)

    def _constant(self, leaf: Node | Leaf) -> Literal:
        word, start, end = self._leaf(leaf)
        value: PlainValue = word
        if word in CONSTANTS:
            value = CONSTANTS[word]
        elif word[0] in "\"'":
            value = unquote(word, start)
        elif word[0] != "$":
            value = _number(word, start)
        return Literal(value, start, end)

    def _list(self, tree: Node, depth: int) -> Literal | ListOf:
        first, *children, last = tree.children
        start, end = self._leaf(first)[1], self._leaf(last)[2]
        items = tuple(self._value(child, depth + 1) for child in children)
        literals = [item.value for item in items if isinstance(item, Literal)]
        if len(literals) == len(items):
            return Literal(literals, start, end)
        return ListOf(items, start, end)

    def _mapping(self, tree: Node, depth: int) -> Literal:
        first, *pairs, last = tree.children
        values: dict[str, PlainValue] = {}
        for pair in pairs:
            key, value = self._pair(pair, depth, values)
            values[key] = value
        return Literal(values, self._leaf(first)[1], self._leaf(last)[2])

    def _pair(self, tree: Node | Leaf, depth: int, known: Container[str]) -> tuple[str, PlainValue]:
        leaf, child = _children(tree)
        word, start, end = self._leaf(leaf)
        if word[0] not in "\"'":
            _refuse(start, end, f"the key `{word}` needs quotes", f'write `"{word}": …`')
        key = unquote(word, start)
        if key in known:
            _refuse(start, end, f"the key `{key}` stands twice in one mapping")
        value = self._value(child, depth + 1)
        if not isinstance(value, Literal):
            _refuse(
                value.start, value.end, "a mapping holds constants only", "pass it as an input of its own"
            )
        return key, value.value

    def _chain(self, tree: Node, depth: int) -> Expression:
        """Return the value of a name and what follows it: names wait in `names` until a call takes them."""
        head, *trailers = tree.children
        names = [self._name(head)]
        value: Expression | None = None
        for left, trailer in zip(range(len(trailers), 0, -1), trailers, strict=True):
            children = _children(trailer)
            if isinstance(trailer, str) or trailer.data == "attribute":
                names.append(self._name(children[0]))
                continue
            arguments = tuple(self._argument(child, depth + left) for child in children[:-1])
            value = self._invoke(value, names, arguments, self._leaf(children[-1])[2])
            names = []
        if value is None:
            return self._reference(names)
        if names:
            message = "an output is read from a variable, not from a call"
            called = _shown(self._text[value.start : value.end])
            _refuse(
                names[0].start, names[0].end, message, f"write `x = {called}` first, then `x.{names[0].text}`"
            )
        return value

    def _argument(self, tree: Node | Leaf, depth: int) -> Argument:
        keyword, value = self._named_value(tree, depth)
        return Argument(keyword, value, (keyword or value).start, value.end)

    def _reference(self, names: list[Name]) -> Reference:
        if len(names) > 2:
            message = "a variable has outputs, and those have no parts: one dot at most"
            _refuse(names[2].start, names[-1].end, message, "take the value apart inside an op")
        output = names[1] if len(names) == 2 else None
        return Reference(names[0], output, names[0].start, names[-1].end)

    def _invoke(
        self, value: Expression | None, names: list[Name], arguments: tuple[Argument, ...], end: int
    ) -> Expression:
        """Return the node of one pair of brackets: what it calls is `value`, then `names`."""
        if names and names[-1].text in METHODS and (value is not None or len(names) > 1):
            source = value if value is not None and len(names) == 1 else self._reference(names[:-1])
            if names[-1].text == "map":
                return self._map(source, names[-1], arguments, end)
            return self._collect(source, arguments, end)
        if value is not None:
            start = names[0].start if names else value.end
            shown = (
                f"`{names[-1].text}` is called on a value"
                if names
                else "what a call returns cannot be called"
            )
            _refuse(start, end, shown, "only `map` and `collect` are called on values; write `op(value)`")
        if (problem := misplaced_argument(arguments)) is not None:
            raise RefusalError(problem)
        return Call(self._callee(names), arguments, None, (), names[0].start, end)

    def _callee(self, names: list[Name]) -> Name:
        start, end = names[0].start, names[-1].end
        text = ".".join(name.text for name in names)
        if len(names) > 2:
            _refuse(start, end, f"`{text}` has too many dots", "a call names an op or graph, or `import.op`")
        if self._text[start:end] != text:
            _refuse(start, end, "a dotted name is written without spaces", f"write `{text}`")
        return Name(text, start, end)

    def _map(self, source: Expression, name: Name, arguments: tuple[Argument, ...], end: int) -> MapCall:
        if not arguments or arguments[0].keyword is not None:
            _refuse(name.start, end, "`map` needs the op to call for each item", _MAP_FORM)
        op, *extra = arguments
        if isinstance(op.value, Call) and not op.value.arguments:
            _refuse(
                op.start,
                op.end,
                "`map` takes the name of an op, not a call",
                f"write `{op.value.callee.text}`",
            )
        if not isinstance(op.value, Reference):
            _refuse(op.start, op.end, "`map` takes the name of an op or graph first", _MAP_FORM)
        for argument in extra:
            if argument.keyword is None:
                _refuse(
                    argument.start, argument.end, "further inputs of a mapped op are given by name", _MAP_FORM
                )
        if (problem := misplaced_argument(extra)) is not None:
            raise RefusalError(problem)
        names = [op.value.name, op.value.output] if op.value.output else [op.value.name]
        return MapCall(source, self._callee(names), tuple(extra), None, (), source.start, end)

    def _collect(self, source: Expression, arguments: tuple[Argument, ...], end: int) -> CollectCall:
        if arguments:
            _refuse(arguments[0].start, arguments[-1].end, "`collect()` takes no inputs")
        return CollectCall(source, source.start, end)


def _children(tree: Node | Leaf | None) -> list[Node | Leaf]:
    """Return what stands in a part of the tree; a part that was left out holds nothing."""
    return [] if tree is None or isinstance(tree, str) else tree.children


def _number(word: str, start: int) -> int | float:
    match = _NUMBER.fullmatch(word)
    if match is None:
        _refuse(
            start, start + len(word), f"`{word}` is not a number", "numbers look like `7`, `-0.5` or `1e-3`"
        )
    value = float(word) if match["fraction"] else int(word) if len(word) <= _LONGEST_NUMBER else math.inf
    if math.isinf(value):
        _refuse(start, start + len(word), "the number is too large")
    return value
