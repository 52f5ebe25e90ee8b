"""Annotations of Python functions, as types of the spec language (DESIGN 3, "Binding a plain function")."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jobc.compiler.syntax.types import (
    ANY,
    COUNTS,
    DEEPEST,
    LONGEST,
    NONE,
    PYTHON_WORDS,
    Generic,
    LiteralType,
    Named,
    union_of,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Sequence

    from jobc.compiler.syntax.types import PythonType, TypeExpr

    FindClass: TypeAlias = Callable[[str], PythonType | None]

_ANNOTATIONS: dict[str, TypeExpr] = {
    **{word: Named(word) for word in PYTHON_WORDS},
    **dict.fromkeys(("Any", "object"), ANY),
    "Path": Named("path"),
    **dict.fromkeys(("list", "List"), Generic("list", (ANY,))),
    **dict.fromkeys(("set", "Set"), Generic("set", (ANY,))),
    **dict.fromkeys(("dict", "Dict"), Generic("dict", (ANY, ANY))),
}
_TYPING = frozenset({"Any", "List", "Set", "Dict", "Tuple", "Optional", "Union", "Literal", "Annotated"})
_DATES = frozenset({"date", "datetime", "timedelta"})
_MODULES = {
    **dict.fromkeys(("typing", "typing_extensions", "t"), _TYPING),
    **dict.fromkeys(("datetime", "dt"), _DATES),
    "pathlib": frozenset({"Path"}),
    "builtins": frozenset({"int", "float", "bool", "str", "bytes", "object", "list", "set", "dict", "tuple"}),
}

_LARGEST = 10**100 - 1
"""The largest number that `literal[...]` can hold; one with a sign is no constant to Python."""


@lru_cache(maxsize=4096)
def annotation_type(text: str) -> TypeExpr | None:
    """Return the type that a Python annotation means, or None where this language cannot say it.

    `text` is the annotation's source. `None` as a whole is `nothing`. A bare `dict` may have any keys, as in
    Python: it is `dict[any, any]`, where the spec's own bare `dict` has texts for keys. The text of the type
    parses back to it.
    """
    return annotation_with_classes(text, _no_class)


def annotation_with_classes(text: str, find_class: FindClass) -> TypeExpr | None:
    """Return the type that a Python annotation means, classes of the author's own included.

    `find_class` tells what a dotted name stands for that is no word of this language; None for no class.
    """
    found = _annotated_text(text, _Depth(0, find_class))
    if found is None or len(str(found)) > LONGEST:
        return None
    return Named("nothing") if found == NONE else found


class _Depth(NamedTuple):
    """How deep inside other types a part of an annotation stands, and what its names stand for."""

    number: int
    find_class: FindClass

    @property
    def below(self) -> _Depth:
        return self._replace(number=self.number + 1)


def _no_class(_: str) -> None:
    """Tell that a name is of no class that is known."""


def _annotated_text(text: str, depth: _Depth) -> TypeExpr | None:
    import ast

    if "\\" in text:  # an escape could make the parser warn, and means no type
        return None
    try:
        return _annotated(ast.parse(text.strip(), mode="eval").body, depth)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _annotated(node: ast.expr, depth: _Depth) -> TypeExpr | None:
    """Return the type of an annotation, `none` included."""
    import ast

    if depth.number >= DEEPEST:  # one less than types allow: a bare `list` here is a `list[any]` there
        return None
    match node:
        case ast.Constant(value=None):
            return NONE
        case ast.Constant(value=str() as quoted):
            return _annotated_text(quoted, depth.below)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _annotated_union((left, right), depth)
        case ast.Subscript(value=value, slice=ast.Tuple(elts=items)):
            return _annotated_generic(_annotation_word(value), items, depth)
        case ast.Subscript(value=value, slice=item):
            return _annotated_generic(_annotation_word(value), [item], depth)
        case ast.Name() | ast.Attribute():
            return _ANNOTATIONS.get(_annotation_word(node)) or depth.find_class(ast.unparse(node))
        case _:
            return None


def _annotation_word(node: ast.expr) -> str:
    """Return the last word of a name that is known to mean what it says, or "" for any other expression."""
    import ast

    match node:
        case ast.Name(id=word):
            return word
        case ast.Attribute(value=ast.Name(id=module), attr=word) if word in _MODULES.get(module, ()):
            return word
        case _:
            return ""


def _annotated_union(nodes: Iterable[ast.expr], depth: _Depth) -> TypeExpr | None:
    members = [_annotated(node, depth.below) for node in nodes]
    known = [member for member in members if member is not None]
    return union_of(known) if known and len(known) == len(members) else None


def _annotated_generic(word: str, items: Sequence[ast.expr], depth: _Depth) -> TypeExpr | None:
    match word:
        case "Annotated" if items:
            return _annotated(items[0], depth.below)
        case "Optional" if len(items) == 1:
            found = _annotated(items[0], depth.below)
            return None if found is None else union_of((found, NONE))
        case "Union":
            return _annotated_union(items, depth)
        case "Literal":
            return _annotated_literal(items)
    name = word.lower() if word in {"List", "Set", "Dict", "Tuple"} else word
    held = [_annotated(item, depth.below) for item in items]
    known = tuple(item for item in held if item is not None and item != NONE)
    fits = name == "tuple" or COUNTS.get(name) == len(held)
    return Generic(name, known) if fits and known and len(known) == len(held) else None


def _annotated_literal(items: Sequence[ast.expr]) -> TypeExpr | None:
    import ast

    values: list[str | int] = []
    for item in items:
        value = item.value if isinstance(item, ast.Constant) else None
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            return None
        if isinstance(value, int) and value > _LARGEST:
            return None
        values.append(value)
    return LiteralType(tuple(dict.fromkeys(values))) if values else None
