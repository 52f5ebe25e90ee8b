"""Rule: every import brings something that its file names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jobc.compiler.bind.uses import keys_in, texts_in
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import Program

_HEAD = re.compile(r"(?<![\w.])(\w+)\.\w")


def check_unused_imports(program: Program) -> Iterator[Diagnostic]:
    """Warn of imports of which no name is used, be it in a profile (JC0433)."""
    names, value = program.document.spec.imports, program.document.tree.value
    if not names or not isinstance(value, dict):
        return
    used: set[str] = set()
    for section, content in value.items():
        if section not in ("imports", "description"):
            for text in (*texts_in(content), *keys_in(content)):
                used.update(_HEAD.findall(text))
    for name in names:
        if name not in used:
            yield Diagnostic(
                "JC0433",
                f"nothing uses the import `{name}`",
                program.document.locate_key(("imports", name)),
                label=f"no name begins with `{name}.`",
                help=f"use something of it, such as `{name}.…`, or remove it",
            )
