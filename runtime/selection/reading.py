"""Clauses of any form, read by the grammar `selection.lark` (SEMANTICS 7).

The grammar accepts more than the language; what it accepts too much is refused here, where the message can
say what to write instead.
"""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from jobc.runtime.grammars import QuotedTextError, UnexpectedTextError, unquote
from jobc.runtime.grammars import parse as parse_by_rules
from jobc.runtime.selection.clauses import levels_of
from jobc.runtime.selection.expressions import (
    ATTRIBUTES,
    FUNCTIONS,
    And,
    Attribute,
    Call,
    Everything,
    Except,
    Hop,
    Named,
    Not,
    Or,
    Path,
    Value,
)
from jobc.runtime.selection.problems import did_you_mean, refuse
from jobc.runtime.selection.unexpected import refuse_unexpected
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from jobc.runtime.grammars import Leaf, Node
    from jobc.runtime.selection.expressions import Expression, Levels

_RULES = FilePath(__file__).with_name("selection.lark")
_DEEPEST = 50
_MOST_DIGITS = 6


def read_clause(text: str) -> Expression:
    """Return the tree of a clause.

    Errors: `RefusedQueryError`.
    """
    try:
        tree = parse_by_rules(_RULES, text)
    except UnexpectedTextError as error:
        refuse_unexpected(text, error.position, error.expected)
    return _expression(tree, 0)


def _expression(tree: Node | Leaf, depth: int) -> Expression:
    assert not isinstance(tree, str)
    if depth > _DEEPEST:
        first = next(iter(tree.scan_values(lambda _: True)))
        start = _start(first)
        refuse(start, start + 1, f"more than {_DEEPEST} brackets or `not`s stand inside each other")
    match tree.data:
        case "path":
            return _path(_leaf(tree.children[0]))
        case "everything":
            return _everything(_leaf(tree.children[0]))
        case "named":
            leaf = _leaf(tree.children[0])
            return Named(leaf[1:], _start(leaf), _end(leaf))
        case "attribute":
            return _attribute([_leaf(child) for child in tree.children])
        case "hop":
            return _hop(tree, depth)
        case "group":
            return _expression(tree.children[1], depth + 1)
        case "call":
            return _call(tree, depth)
        case "complement":
            operand = _operand(tree.children[1], depth + 1)
            return Not(operand, _start(_leaf(tree.children[0])), operand.end)
        case "conjunction":
            return _conjunction(tree, depth)
        case _:
            operands = tuple(_operand(child, depth) for child in tree.children)
            return Or(operands, operands[0].start, operands[-1].end)


def _operand(tree: Node | Leaf, depth: int) -> Expression:
    """Return the tree of a part; a lone star is none."""
    expression = _expression(tree, depth)
    if isinstance(expression, Everything):
        refuse(
            expression.start,
            expression.end,
            "`*` stands alone: it is everything already",
            "write `*` and nothing else, or `name:*` as a part of something",
        )
    return expression


def _path(leaf: Leaf) -> Path:
    dotted, _, rest = leaf.partition("[")
    return Path(tuple(dotted.split(".")), rest[:-1] if rest else None, _start(leaf), _end(leaf))


def _everything(leaf: Leaf) -> Everything:
    if leaf != "*":
        refuse(_start(leaf), _end(leaf), f"`{leaf}` needs a node beside it", "write `+a`, `*a`, `a+` or `a*`")
    return Everything(_start(leaf), _end(leaf))


def _conjunction(tree: Node, depth: int) -> And:
    first = _operand(tree.children[0], depth)
    others = tuple(_conjunct(child, depth) for child in tree.children[1:])
    return And(first, others, first.start, others[-1].end)


def _conjunct(tree: Node | Leaf, depth: int) -> Expression | Except:
    if isinstance(tree, str) or tree.data != "exception":
        return _operand(tree, depth)
    word, excluded = tree.children
    operand = _operand(excluded, depth)
    return Except(operand, _start(_leaf(word)), operand.end)


def _hop(tree: Node, depth: int) -> Expression:
    """Return a set with its hops; without any level up or down it is the set itself."""
    children = list(tree.children)
    before = _leaf(children.pop(0)) if isinstance(children[0], str) else None
    after = _leaf(children.pop()) if isinstance(children[-1], str) else None
    operand = _expression(children[0], depth + 1)
    first, last = _outline(children[0])
    start = first if before is None else _start(before)
    end = last if after is None else _end(after)
    if isinstance(operand, Everything):
        refuse(start, end, "`*` stands alone: there is nothing around everything", "write `*`")
    up = _levels_up(before, first)
    down = _levels_down(after, last)
    return operand if up == 0 and down == 0 else Hop(up, operand, down, start, end)


def _levels_up(signs: Leaf | None, atom: int) -> Levels:
    if signs is None:
        return 0
    _refuse_gap(_end(signs), atom)
    if signs[0].isdigit():
        return _counted(signs, signs[:-1])
    if "*" in signs[1:]:
        advice = (
            f"write `{signs[0]}`" if signs.strip("*") == "" else "write `*` before the `+`s, or either alone"
        )
        refuse(_start(signs), _end(signs), f"`{signs}` is no hop up", advice)
    return levels_of(signs)


def _levels_down(signs: Leaf | None, atom: int) -> Levels:
    if signs is None:
        return 0
    _refuse_gap(atom, _start(signs))
    if signs[-1].isdigit():
        return _counted(signs, signs[1:])
    if "*" in signs[:-1]:
        advice = "write `*`" if signs.strip("*") == "" else "write `*` after the `+`s, or either alone"
        refuse(_start(signs), _end(signs), f"`{signs}` is no hop down", advice)
    return levels_of(signs)


def _counted(signs: Leaf, digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        message = f"a hop of {digits[:_MOST_DIGITS]}… levels is longer than any graph"
        refuse(_start(signs), _end(signs), message, "write `*` for all levels")
    return int(digits)


def _refuse_gap(left: int, right: int) -> None:
    if left != right:
        refuse(left, right, "there is a space inside a hop", "close the gap")


def _attribute(leaves: list[Leaf]) -> Attribute:
    word, *values = leaves
    key = word[:-1]
    if key not in ATTRIBUTES:
        hint = did_you_mean(key, ATTRIBUTES) or f"the attributes are {listing(ATTRIBUTES)}"
        refuse(_start(word), _end(word), f"there is no attribute `{key}`", hint)
    if len(values) > 1 and key != "tag":
        message = f"`{key}:` takes one value; only `tag:` is asked with `=`"
        refuse(_end(values[0]), _end(values[1]), message, "write a value that holds `=` in quotes")
    of_tag = _value(values[1]) if len(values) > 1 else None
    return Attribute(key, _value(values[0]), of_tag, _start(word), _end(values[-1]))


def _value(leaf: Leaf) -> Value:
    if leaf[0] not in "\"'":
        return Value(str(leaf), "*" in leaf or "?" in leaf)
    try:
        return Value(unquote(leaf))
    except QuotedTextError as error:
        refuse(_start(leaf) + error.start, _start(leaf) + error.end, error.message, error.advice)


def _call(tree: Node, depth: int) -> Call:
    word, _, *parts, close = tree.children
    name = _leaf(word)
    wanted = FUNCTIONS.get(name)
    if wanted is None:
        hint = did_you_mean(name, FUNCTIONS) or f"the functions are {listing(FUNCTIONS)}"
        refuse(_start(name), _end(name), f"there is no function `{name}`", hint)
    arguments = tuple(_operand(part, depth + 1) for part in parts)
    if len(arguments) != wanted:
        form = f"{name}({', '.join('ab'[:wanted])})"
        message = f"`{name}` takes {'one set' if wanted == 1 else 'two sets'}, not {len(arguments)}"
        refuse(_start(name), _end(_leaf(close)), message, f"write `{form}`")
    return Call(str(name), arguments, _start(name), _end(_leaf(close)))


def _outline(tree: Node | Leaf) -> tuple[int, int]:
    """Return where the text of a part begins and ends, its brackets included."""
    assert not isinstance(tree, str)
    first, last = tree.children[0], tree.children[-1]
    return _start(_leaf(first)), _end(_leaf(last))


def _leaf(leaf: Node | Leaf) -> Leaf:
    assert isinstance(leaf, str)
    return leaf


def _start(leaf: Leaf) -> int:
    assert leaf.start_pos is not None
    return leaf.start_pos


def _end(leaf: Leaf) -> int:
    return _start(leaf) + len(leaf)
