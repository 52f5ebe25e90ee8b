"""Written types: what values of a type look like in a spec or in run config, before they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.syntax.types import ANY, Generic, Named, Union, union_of

if TYPE_CHECKING:
    from jobc.compiler.syntax.types import TypeExpr

_TEXTS = frozenset({"path", "date", "datetime", "bytes", "secret"})


def written_type(expression: TypeExpr) -> TypeExpr:
    """Return the type of the written form: paths, dates and the like are text, sets and tuples are lists.

    A duration may be text or a number.
    """
    if expression == Named("timedelta"):
        return ANY
    if isinstance(expression, Named):
        return Named("str") if expression.name in _TEXTS else expression
    if isinstance(expression, Union):
        return union_of(map(written_type, expression.members))
    if not isinstance(expression, Generic):
        return expression
    held = tuple(map(written_type, expression.arguments))
    if expression.name == "dict":
        return Generic("dict", held)
    return Generic("list", (union_of(held),))
