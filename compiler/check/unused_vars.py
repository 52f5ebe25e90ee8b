"""Rule: every var is used in an expression of its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobc.compiler.bind.uses import texts_in
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import Program

# `vars.name`, `vars["name"]`, or `vars` by itself, which may be any of them.
_USE = re.compile(r"\bvars\b(?:\s*\.\s*(\w+)|\s*\[\s*[\"'](\w+)[\"']\s*\])?")


def check_unused_vars(program: Program) -> Iterator[Diagnostic]:
    """Warn of vars that no expression names, those in profiles included (JC0432)."""
    names = program.document.spec.vars
    if not names:
        return
    used: set[str] = set()
    for text in texts_in(program.document.tree.value):
        for dotted, indexed in _USE.findall(text) if "${" in text else ():
            used.add(dotted or indexed)
    if "" in used:
        return
    for name in names:
        if name not in used:
            yield Diagnostic(
                "JC0432",
                f"nothing uses the var `{name}`",
                program.document.locate_key(("vars", name)),
                label=f"no expression holds `vars.{name}`",
                help="use it, or remove it",
            )
