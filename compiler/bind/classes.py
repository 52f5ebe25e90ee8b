"""Look up the classes that types name, `module:Name`, as targets are looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.syntax.document import Place, Target
from jobc.compiler.syntax.types import Generic, PythonType, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.functions import Functions
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.compiler.syntax.types import TypeExpr


def check_classes(document: Document, functions: Functions) -> None:
    """Report classes in type texts that are surely not there (JC0301, JC0302, JC0303)."""
    for path, expression in document.types.items():
        for named in _classes_in(expression):
            functions.check(_place(document, path, named), Target(named.module, named.name))


def _classes_in(expression: TypeExpr) -> Iterator[PythonType]:
    if isinstance(expression, PythonType):
        yield expression
    elif isinstance(expression, Generic):
        for argument in expression.arguments:
            yield from _classes_in(argument)
    elif isinstance(expression, Union):
        for member in expression.members:
            yield from _classes_in(member)


def _place(document: Document, path: Path, named: PythonType) -> Place:
    """Return where a class stands in a type's text; the whole text when it is written with spaces."""
    text: object = document.tree.value
    for part in path:
        text = text[part]  # type: ignore[index]
    start = str(text).find(str(named))
    return Place(path) if start < 0 else Place(path, (start, start + len(str(named))))
