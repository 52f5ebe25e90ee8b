"""The seam between definitions and config types: what a `config_schema=` argument stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobc.runtime.config import Field


def config_field_of(schema: object) -> Field | None:
    """Return the field of a definition's `config_schema`; None if it declares none.

    Errors: `InvalidConfigDefinitionError` for what is no schema, with the path inside it.
    """
    if schema is None:
        return None
    from jobc.runtime.config import as_field

    return as_field(schema)
