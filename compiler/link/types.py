"""From types of the spec language to the types that values are checked against."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from jobc.compiler.bind.python_types import annotation_of
from jobc.compiler.syntax.types import Named, parse_type
from jobc.runtime.definitions.loading import spec_type
from jobc.runtime.definitions.types import JobcType, Nothing

if TYPE_CHECKING:
    from jobc.compiler.link.imports import Importer


def runtime_type(text: str, importer: Importer) -> JobcType:
    """Return the type that a type's text stands for.

    Raises `TargetError` when it names a class that cannot be imported.
    """
    if ":" not in text:
        return plain_type(text)
    expression, _ = parse_type(text)
    assert expression is not None
    return spec_type(annotation_of(expression, lambda named: importer.target(str(named))))


@lru_cache(maxsize=1024)
def plain_type(text: str) -> JobcType:
    """Return the type of a text that names no class; the ports of a job share a few."""
    expression, _ = parse_type(text)
    assert expression is not None
    return Nothing if expression == Named("nothing") else spec_type(annotation_of(expression))
