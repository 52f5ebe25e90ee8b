"""Rule: a config field says in one way what its values are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.fields import KINDS, own_fields
from jobc.schemas.diagnostics import Diagnostic
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import FieldSymbol, Program


def check_fields(program: Program) -> Iterator[Diagnostic]:
    """Report fields of no kind or several, and keys that do not go with it (JC0202, JC0210, JC0707)."""
    for field in own_fields(program):
        if program.document.is_broken(field.path):
            continue
        if not field.kinds and not _is_reported(program, field):
            yield _no_kind(program, field)
        elif len(field.kinds) > 1:
            yield _several_kinds(program, field)
        elif field.kinds:
            yield from _check_keys(program, field)


def _is_reported(program: Program, field: FieldSymbol) -> bool:
    """Tell whether the key is there and has no value, which was reported."""
    return any(program.document.tree.entry((*field.path, kind)) is not None for kind in KINDS)


def _no_kind(program: Program, field: FieldSymbol) -> Diagnostic:
    return Diagnostic(
        "JC0202",
        f"config field `{field.name}` has no `type`",
        program.document.locate_key(field.path),
        label="`type` is missing",
        help=f"add `type`, for example `type: str`, or one of {listing(KINDS[1:])}",
    )


def _several_kinds(program: Program, field: FieldSymbol) -> Diagnostic:
    return Diagnostic(
        "JC0210",
        f"config field `{field.name}` has {listing(field.kinds)}",
        program.document.locate_key((*field.path, field.kinds[1])),
        label="a field is of one kind",
        help="keep one of them",
    )


def _check_keys(program: Program, field: FieldSymbol) -> Iterator[Diagnostic]:
    (kind,) = field.kinds
    locate_key = program.document.locate_key
    if field.permissive and kind != "fields":
        yield Diagnostic(
            "JC0707",
            f"config field `{field.name}`: `permissive` goes with `fields`, not with `{kind}`",
            locate_key((*field.path, "permissive")),
            label="says nothing here",
            help="remove it; a `dict` takes any keys as it is" if kind == "type" else "remove it",
        )
    if not field.inner and kind in ("fields", "one_of") and not field.permissive:
        yield Diagnostic(
            "JC0707",
            f"config field `{field.name}`: `{kind}` is empty",
            locate_key((*field.path, kind)),
            label="no value would fit",
            help="add fields, or write `type: dict` for any mapping",
        )
    if field.env is not None and not _is_variable(field.env):
        yield Diagnostic(
            "JC0707",
            f"config field `{field.name}`: `{field.env}` cannot be the name of an environment variable",
            program.document.tree.locate((*field.path, "env")),
            label="not a name",
            help="write the bare name, for example `env: SHOP_TOKEN`",
        )


def _is_variable(name: str) -> bool:
    return name.isidentifier() and name.isascii()
