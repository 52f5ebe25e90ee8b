"""The value of an expression. It ends, for there are no loops, and soon, for sizes are limited.

Names are looked up in mappings only; no attribute of a Python object is ever read, and values of kinds the
language does not have can be passed on, written as text, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from pathlib import PurePath
from typing import TYPE_CHECKING

from jobc.runtime.expressions.calls import value_misfit
from jobc.runtime.expressions.errors import EvaluationError, RefusedOperationError
from jobc.runtime.expressions.functions import FUNCTIONS
from jobc.runtime.expressions.limits import MAX_BITS, MAX_ITEMS, MAX_TEXT
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
from jobc.runtime.expressions.operators import EQUALITY, LOGIC, TAKES, apply_binary, binary_type
from jobc.runtime.expressions.problems import Problem
from jobc.runtime.expressions.types import ANY, head_of, outer_type, words_for
from jobc.schemas.names import listing, near_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from jobc.runtime.expressions.names import Name
    from jobc.runtime.expressions.nodes import Expression
    from jobc.runtime.expressions.problems import ProblemKind


def evaluate(expression: Expression, names: Mapping[str, object]) -> object:
    """Return the value of an expression where its roots have the values in `names`.

    Raises `EvaluationError`, placed at the part that has no value.
    """
    match expression:
        case Literal(value):
            return value
        case Path():
            return _path(expression, names)
        case ListOf(items):
            return [evaluate(item, names) for item in items]
        case MappingOf(entries):
            return {entry.key: evaluate(entry.value, names) for entry in entries}
        case Part(value, name):
            return _part(evaluate(value, names), name, None)
        case Index():
            return _index(expression, names)
        case Call():
            return _call(expression, names)
        case Unary():
            return _unary(expression, names)
        case Binary(operator) if operator in LOGIC:
            return _logic(expression, names)
        case Binary():
            return _binary(expression, names)
        case Conditional(condition, then, otherwise):
            is_met = _truth(condition, names, "the condition of `if`")
            return evaluate(then if is_met else otherwise, names)


def _fail(
    kind: ProblemKind,
    node: Expression | Name,
    message: str,
    advice: str | None = None,
    near: tuple[str, ...] = (),
) -> NoReturn:
    help_text = f"did you mean `{near[0]}`?" if near else advice
    raise EvaluationError(Problem(kind, node.start, node.end, message, help=help_text, suggestions=near))


def _path(path: Path, names: Mapping[str, object]) -> object:
    root, *inner = path.names
    if root.text not in names:
        near = near_names(root.text, names)
        _fail("missing", root, f"unknown variable `{root.text}`", f"known here: {listing(names)}", near)
    value, before = names[root.text], root.text
    for name in inner:
        value = _part(value, name, before)
        before = f"{before}.{name.text}"
    return value


def _part(owner: object, name: Name, owner_text: str | None) -> object:
    if isinstance(owner, Mapping):
        return _item_of(owner, name.text, name, owner_text)
    what = f"`{owner_text}`" if owner_text else "this"
    kind: ProblemKind = "missing" if owner is None else "type"
    _fail(kind, name, f"{what} is {words_for(outer_type(owner))} and has no part `{name.text}`")


def _item_of(
    owner: Mapping[str, object], key: str, place: Expression | Name, owner_text: str | None
) -> object:
    try:
        return owner[key]
    except KeyError:
        if owner_text == "env":
            advice = f"set it, or write `default(env.{key}, …)`"
            _fail("missing", place, f"the environment variable `{key}` is not set", advice)
        known = [str(each) for each in owner]
        what = f"`{owner_text}` has no `{key}`" if owner_text else f"there is no `{key}` here"
        advice = f"known here: {listing(known)}" if known else "nothing is defined here"
        _fail("missing", place, what, advice, near_names(key, known))


def _index(node: Index, names: Mapping[str, object]) -> object:
    owner, index = _plain(evaluate(node.value, names)), evaluate(node.key, names)
    if isinstance(owner, Mapping) and isinstance(index, str):
        return _item_of(owner, index, node.key, None)
    if isinstance(owner, list | str) and isinstance(index, int) and not isinstance(index, bool):
        if -len(owner) <= index < len(owner):
            return owner[index]
        count = f"{len(owner)} {'characters' if isinstance(owner, str) else 'items'}"
        _fail("missing", node.key, f"index {_short(index)} is out of range: there are {count}")
    if not isinstance(owner, Mapping | list | str):
        kind: ProblemKind = "missing" if owner is None else "type"
        _fail(kind, node.value, f"{words_for(outer_type(owner))} has no items")
    wanted = words_for("str" if isinstance(owner, Mapping) else "int")
    what = f"{words_for(outer_type(owner))} is indexed with {wanted}, not {words_for(outer_type(index))}"
    _fail("type", node.key, what)


def _call(node: Call, names: Mapping[str, object]) -> object:
    function = FUNCTIONS.get(node.function.text)
    if function is None:
        near = near_names(node.function.text, FUNCTIONS)
        _fail("function", node.function, f"unknown function `{node.function.text}`", near=near)
    if function.name == "default" and len(node.arguments) == 2:
        return _default(node, names)
    values = [_plain(evaluate(argument, names)) for argument in node.arguments]
    misfit = value_misfit(function, values)
    if misfit is not None:
        place = node if misfit.argument is None else node.arguments[misfit.argument]
        _fail("arguments", place, misfit.message, misfit.advice)
    return _done(node, lambda: function.apply(*values))


def _default(node: Call, names: Mapping[str, object]) -> object:
    """Return the first argument, or the second where the first is null or missing."""
    value, otherwise = node.arguments
    try:
        found = evaluate(value, names)
    except EvaluationError as error:
        if error.problem.kind != "missing":
            raise
        found = None
    return evaluate(otherwise, names) if found is None else found


def _unary(node: Unary, names: Mapping[str, object]) -> object:
    if node.operator == "not":
        return not _truth(node.operand, names, "`not`")
    value = evaluate(node.operand, names)
    if isinstance(value, bool) or not isinstance(value, int | float):
        _fail("type", node, f"`-` takes a number, not {words_for(outer_type(value))}")
    return _done(node, lambda: -value)


def _logic(node: Binary, names: Mapping[str, object]) -> bool:
    left = _truth(node.left, names, f"`{node.operator}`")
    if left is (node.operator == "or"):
        return left
    return _truth(node.right, names, f"`{node.operator}`")


def _truth(node: Expression, names: Mapping[str, object], owner: str) -> bool:
    value = evaluate(node, names)
    if isinstance(value, bool):
        return value
    what = f"{owner} takes a truth value, not {words_for(outer_type(value))}"
    _fail("type", node, what, "compare it with something, or write `bool(…)`")


def _binary(node: Binary, names: Mapping[str, object]) -> object:
    left, right = _plain(evaluate(node.left, names)), _plain(evaluate(node.right, names))
    kinds = outer_type(left), outer_type(right)
    is_foreign = ANY in kinds and node.operator not in EQUALITY and head_of(kinds[1]) != "list"
    if is_foreign or binary_type(node.operator, *kinds) is None:
        found = f"{words_for(kinds[0])} and {words_for(kinds[1])}"
        _fail("type", node, f"`{node.operator}` takes {TAKES[node.operator]}, not {found}")
    return _done(node, lambda: apply_binary(node.operator, left, right))


def _done(node: Expression, work: Callable[[], object]) -> object:
    """Return what an operation gives, if it is a value and no larger than values may get."""
    try:
        value = work()
    except RefusedOperationError as error:
        _fail(error.kind, node, error.message, error.advice)
    except (ArithmeticError, ValueError):
        _fail("value", node, "the number is too large, or no number at all")
    if isinstance(value, float) and not isfinite(value):
        _fail("value", node, "the number is too large, or no number at all")
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        _fail("value", node, "the number grows beyond a thousand digits")
    if isinstance(value, str) and len(value) > MAX_TEXT:
        _fail("value", node, f"the text grows beyond {MAX_TEXT:,} characters")
    if isinstance(value, list) and len(value) > MAX_ITEMS:
        _fail("value", node, f"the list grows beyond {MAX_ITEMS:,} items")
    return value


def _plain(value: object) -> object:
    """Return a value as one of the language's own where it is as good as one."""
    if isinstance(value, PurePath):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _short(index: int) -> str:
    return str(index) if abs(index) < 10**9 else "so large"
