"""The canonical text of expressions: it reads back as what was printed."""

from __future__ import annotations

from datetime import date, datetime
from json import dumps
from typing import TYPE_CHECKING

from jobc.runtime.expressions.names import Path
from jobc.runtime.expressions.nodes import (
    Binary,
    Call,
    Conditional,
    Index,
    ListOf,
    Literal,
    MappingOf,
    Part,
    Unary,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jobc.runtime.expressions.nodes import Expression

# How tightly a form holds together; a looser form inside a tighter one needs brackets.
_CONDITIONAL, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _MINUS, _POSTFIX = range(9)
_STRENGTH = {
    "or": _OR,
    "and": _AND,
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "//": _PRODUCT,
    "%": _PRODUCT,
}


def expression_text(node: Expression) -> str:
    """Return the one text of an expression: one blank around operators, no bracket that is not needed."""
    return _written(node)[0]


def _written(node: Expression) -> tuple[str, int]:
    """Return the text of a node and how tightly it holds together."""
    match node:
        case Path():
            return node.dotted, _POSTFIX
        case Literal(value):
            return _value(value)
        case ListOf(items):
            return f"[{_listed(items)}]", _POSTFIX
        case MappingOf(entries):
            held = (f"{_quoted(entry.key)}: {expression_text(entry.value)}" for entry in entries)
            return "{" + ", ".join(held) + "}", _POSTFIX
        case Part(value, name):
            return f"{_within(value, _POSTFIX)}.{name.text}", _POSTFIX
        case Index(value, index):
            return f"{_within(value, _POSTFIX)}[{expression_text(index)}]", _POSTFIX
        case Call(function, arguments):
            return f"{function.text}({_listed(arguments)})", _POSTFIX
        case Unary(operator, operand):
            is_minus = operator == "-"
            return ("-" if is_minus else "not ") + _within(operand, _MINUS if is_minus else _NOT), (
                _MINUS if is_minus else _NOT
            )
        case Binary(operator, left, right):
            strength = _STRENGTH.get(operator, _COMPARISON)
            leftmost = strength + 1 if strength == _COMPARISON else strength
            return f"{_within(left, leftmost)} {operator} {_within(right, strength + 1)}", strength
        case Conditional(condition, then, otherwise):
            branches = _within(then, _OR), _within(condition, _OR), expression_text(otherwise)
            return "{} if {} else {}".format(*branches), _CONDITIONAL


def _within(node: Expression, strength: int) -> str:
    text, own = _written(node)
    return text if own >= strength else f"({text})"


def _listed(nodes: Iterable[Expression]) -> str:
    return ", ".join(map(expression_text, nodes))


def _value(value: object) -> tuple[str, int]:
    if value is None:
        return "null", _POSTFIX
    if isinstance(value, bool):
        return str(value).lower(), _POSTFIX
    if isinstance(value, int | float):
        text = repr(value)
        return text, _MINUS if text.startswith("-") else _POSTFIX
    if isinstance(value, str):
        return _quoted(value), _POSTFIX
    if isinstance(value, datetime):
        return f"datetime({_quoted(value.isoformat())})", _POSTFIX
    if isinstance(value, date):
        return f"date({_quoted(value.isoformat())})", _POSTFIX
    if isinstance(value, dict):
        held = (f"{_quoted(key)}: {_value(value[key])[0]}" for key in sorted(value))
        return "{" + ", ".join(held) + "}", _POSTFIX
    assert isinstance(value, list), "only plain values are constants"
    return f"[{', '.join(_value(item)[0] for item in value)}]", _POSTFIX


def _quoted(text: str) -> str:
    return dumps(text, ensure_ascii=False)
