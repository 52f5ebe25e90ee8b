"""Outputs that an `@op` decorator declares, as far as they are spelled out in its text.

What is computed, or taken from elsewhere, is not told here: only the imported function has it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_DECLARATIONS = {"jobc.Out": False, "jobc.DynamicOut": True}
_BEFORE_IS_REQUIRED = 2
"""How many parameters of `Out` may be given by position before the one that makes it optional."""


class DeclaredOut(NamedTuple):
    """An output as a decorator declares it."""

    name: str
    required: bool
    dynamic: bool


def read_outs(
    decorator: ast.expr, qualified: Callable[[ast.expr], str | None]
) -> tuple[DeclaredOut, ...] | None:
    """Return the outputs that `@op(out=…)` spells out, in order; None where it does not.

    `qualified` gives the full dotted name of what an expression names.
    """
    if not isinstance(decorator, ast.Call) or qualified(decorator.func) != "jobc.op":
        return None
    out = next((each.value for each in decorator.keywords if each.arg == "out"), None)
    if not isinstance(out, ast.Dict):
        return None if out is None else _all_or_none([_read("result", out, qualified)])
    names = [key.value if isinstance(key, ast.Constant) else None for key in out.keys]
    pairs = zip(names, out.values, strict=True)
    found = [_read(name, value, qualified) if isinstance(name, str) else None for name, value in pairs]
    return _all_or_none(found)


def _all_or_none(found: list[DeclaredOut | None]) -> tuple[DeclaredOut, ...] | None:
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) else None


def _read(name: str, value: ast.expr, qualified: Callable[[ast.expr], str | None]) -> DeclaredOut | None:
    """Read `Out(…)` or `DynamicOut(…)`."""
    if not isinstance(value, ast.Call) or len(value.args) > _BEFORE_IS_REQUIRED:
        return None
    declared, given = qualified(value.func), {each.arg: each.value for each in value.keywords}
    required = given.get("is_required", ast.Constant(value=True))
    is_plain = isinstance(required, ast.Constant) and isinstance(required.value, bool)
    if declared not in _DECLARATIONS or None in given or not is_plain:
        return None
    assert isinstance(required, ast.Constant)
    return DeclaredOut(name, required.value is True, _DECLARATIONS[declared])
