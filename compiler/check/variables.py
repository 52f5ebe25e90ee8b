"""Rule: a var that states its type has a value, and of that type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.config_types import config_type
from jobc.compiler.syntax.document import is_declaration
from jobc.runtime.config import validate
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import Program
    from jobc.compiler.read import Path


def check_variables(program: Program) -> Iterator[Diagnostic]:
    """Report vars without a value, and values that are not of the stated type (JC0202, JC0203)."""
    document = program.document
    for name, written in document.spec.vars.items():
        if not is_declaration(written):
            continue
        if "default" not in written:
            yield Diagnostic(
                "JC0202",
                f"var `{name}` has no value",
                document.locate_key(("vars", name)),
                label="`default` is missing",
                help="add `default:` with the value",
            )
            continue
        yield from _check_type(program, name)


def _check_type(program: Program, name: str) -> Iterator[Diagnostic]:
    document = program.document
    expression = document.types.get(("vars", name, "type"))
    kind = None if expression is None else config_type(expression)
    path: Path = ("vars", name, "default")
    if kind is None or name not in program.variables:
        return
    for problem in validate(kind, program.variables[name]).errors:
        yield Diagnostic(
            "JC0203",
            f"var `{name}`: {problem.message}",
            document.tree.locate((*path, *problem.path)),
            label=f"expected `{expression}`",
            help="change the value or the type",
        )
