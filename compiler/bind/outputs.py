"""From the written forms of an op's outputs to symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.program import OutputSymbol
from jobc.compiler.syntax.types import parse_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobc.compiler.bind.variables import Variables
    from jobc.compiler.read import Path
    from jobc.compiler.syntax.document import Document
    from jobc.compiler.syntax.types import TypeExpr
    from jobc.schemas.spec import OutputSpec


def output_symbols(
    document: Document, variables: Variables, path: Path, forms: Mapping[str, str | OutputSpec]
) -> tuple[OutputSymbol, ...]:
    """Return the outputs declared under `path`, in the order of the file."""
    return tuple(_output(document, variables, (*path, name), form) for name, form in forms.items())


def _output(document: Document, variables: Variables, path: Path, form: str | OutputSpec) -> OutputSymbol:
    name = str(path[-1])
    if isinstance(form, str):
        return OutputSymbol(name, document.types.get(path), True, None, path)
    return OutputSymbol(
        name,
        _declared_type(document, path, form),
        form.required,
        form.description,
        path,
        form.dynamic,
        form.io_manager,
        asset_parts(form.asset),
        variables.fold_mapping((*path, "metadata"), form.metadata),
    )


def asset_parts(key: str | list[str] | None) -> tuple[str, ...]:
    """Return the parts of an asset's key, which a text has between `/`; none where there is no key."""
    if key is None:
        return ()
    return tuple(key.split("/")) if isinstance(key, str) else tuple(key)


def _declared_type(document: Document, path: Path, form: OutputSpec) -> TypeExpr | None:
    if "type" in form.model_fields_set:
        return document.types.get((*path, "type"))
    return parse_type(form.type)[0]
