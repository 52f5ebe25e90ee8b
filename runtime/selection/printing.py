"""From a tree back to its text: the shortest that is read as the same tree."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from jobc.runtime.selection.expressions import (
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
)

if TYPE_CHECKING:
    from jobc.runtime.selection.expressions import Expression, Levels, Value

_BARE = re.compile(r"""[^\s()"'=,+*?]+""")
_FEW = 3
"""Up to so many levels are written as signs, more as a number."""


def printed(expression: Expression | Except) -> str:
    """Return the text of a tree; `parse` reads an equal tree from it."""
    match expression:
        case Path():
            return expression.text
        case Everything():
            return "*"
        case Named():
            return f"@{expression.name}"
        case Attribute():
            return _attribute(expression)
        case Call():
            return f"{expression.function}({', '.join(map(printed, expression.arguments))})"
        case Hop():
            return _hop(expression)
        case Not():
            return f"not {_tight(expression.operand)}"
        case Except():
            return f"except {_tight(expression.operand)}"
        case And():
            return _conjunction(expression)
        case Or():
            return " or ".join(
                f"({printed(each)})" if isinstance(each, Or) else printed(each)
                for each in expression.operands
            )


def _tight(operand: Expression) -> str:
    """Return the text of what stands beside `and`, `except` or `not`."""
    return f"({printed(operand)})" if isinstance(operand, And | Or) else printed(operand)


def _conjunction(expression: And) -> str:
    others = [
        printed(each) if isinstance(each, Except) else f"and {_tight(each)}" for each in expression.others
    ]
    return " ".join([_tight(expression.first), *others])


def _attribute(expression: Attribute) -> str:
    text = f"{expression.key}:{_value(expression.value)}"
    return text if expression.of_tag is None else f"{text}={_value(expression.of_tag)}"


def _value(value: Value) -> str:
    if value.has_wildcards or _BARE.fullmatch(value.text):
        return value.text
    return json.dumps(value.text, ensure_ascii=False)


def _hop(expression: Hop) -> str:
    operand = expression.operand
    text = printed(operand)
    if isinstance(operand, Hop | Not | And | Or):
        text = f"({text})"
    counted = expression.down is not None and expression.down > _FEW
    if counted and isinstance(operand, Path) and _is_number(operand):
        text = f"({text})"  # `5+4` are five levels up from a node called `4`
    down = _signs(expression.down, "+{}")
    if down == "*" and isinstance(operand, Attribute):
        down = "+*"  # a star beside a value is a wildcard
    return f"{_signs(expression.up, '{}+')}{text}{down}"


def _is_number(path: Path) -> bool:
    return len(path.names) == 1 and path.key is None and path.text.isdecimal()


def _signs(levels: Levels, counted: str) -> str:
    if levels is None:
        return "*"
    return "+" * levels if levels <= _FEW else counted.format(levels)
