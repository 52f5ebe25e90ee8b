"""Find numbers that are not finite: no place of a spec has a use for them, and its canonical text no form."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from jobc.compiler.syntax.models import model_at
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.read import Path, Tree, Value


def infinite_numbers(value: Value, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every number that is infinite, or not a number."""
    kind = type(value)
    if kind is dict:
        for key, item in value.items():  # type: ignore[union-attr]
            if type(item) is not str:
                yield from infinite_numbers(item, (*path, key))
    elif kind is list:
        for index, item in enumerate(value):  # type: ignore[arg-type]
            yield from infinite_numbers(item, (*path, index))
    elif kind is float and not isfinite(value):  # type: ignore[arg-type]
        yield path


def is_for_a_key(path: Path) -> bool:
    """Tell whether a value stands at a key of the language's own, with a type of its own."""
    return path[-1] != "default" and isinstance(path[-1], str) and model_at(path[:-1]) is not None


def not_finite(tree: Tree, path: Path) -> Diagnostic:
    """Report a number that is infinite, or not a number."""
    return Diagnostic(
        "JC0213",
        "a number in a spec must be finite",
        tree.locate(path),
        label="infinite, or not a number",
        help="write a finite number, or leave the value out",
    )
