"""Types of config fields: what a function gets for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.syntax.types import ANY, NONE, Generic, LiteralType, Named, union_of

if TYPE_CHECKING:
    from jobc.compiler.bind.program import FieldSymbol
    from jobc.compiler.syntax.types import TypeExpr


def value_type(field: FieldSymbol) -> TypeExpr | None:
    """Return the type of a field's values; None where it is not known.

    One that may be left out is None, too.
    """
    if field.fields is not None or field.one_of is not None:
        kind: TypeExpr | None = Generic("dict", (Named("str"), ANY))
    elif field.enum is not None:
        kind = LiteralType(field.enum) if field.enum else None
    else:
        kind = field.type
    if kind is None or field.required or field.has_default:
        return kind
    return union_of((kind, NONE))
