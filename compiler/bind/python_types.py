"""From types of the spec language to the annotations that mean the same in Python."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Union

from jobc.compiler.syntax.types import ANY, Generic, LiteralType, Named, PythonType
from jobc.compiler.syntax.types import Union as UnionType
from jobc.runtime.config import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.compiler.syntax.types import TypeExpr

_NAMED: dict[str, object] = {
    "any": Any,
    "bool": bool,
    "bytes": bytes,
    "date": dt.date,
    "datetime": dt.datetime,
    "float": float,
    "int": int,
    "none": None,
    "path": Path,
    "secret": Secret,
    "str": str,
    "timedelta": dt.timedelta,
}
_GENERICS: dict[str, Any] = {"dict": dict, "list": list, "set": set, "tuple": tuple}


def annotation_of(expression: TypeExpr, find_class: Callable[[PythonType], object] | None = None) -> Any:  # noqa: ANN401 - any type of Python's
    """Return the annotation that a type means, other than `nothing` alone.

    `find_class` gives the classes that it names; without it there must be none.
    """
    if isinstance(expression, Named):
        return _NAMED[expression.name]
    if isinstance(expression, PythonType):
        assert find_class is not None
        return find_class(expression)
    if isinstance(expression, LiteralType):
        return Literal[expression.values]
    if isinstance(expression, Generic):
        generic = _GENERICS[expression.name]
        if all(argument == ANY for argument in expression.arguments):
            return generic
        return generic[tuple(annotation_of(argument, find_class) for argument in expression.arguments)]
    assert isinstance(expression, UnionType)
    return Union[tuple(annotation_of(member, find_class) for member in expression.members)]  # noqa: UP007


def names_class(expression: TypeExpr) -> bool:
    """Tell whether a type names a class of the author's own."""
    if isinstance(expression, Generic):
        return any(map(names_class, expression.arguments))
    if isinstance(expression, UnionType):
        return any(map(names_class, expression.members))
    return isinstance(expression, PythonType)
