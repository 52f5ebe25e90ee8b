"""Rule: the key of an asset has parts, and none is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.bind.outputs import asset_parts
from jobc.compiler.bind.program import own
from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import Program


def check_outputs(program: Program) -> Iterator[Diagnostic]:
    """Report assets of outputs whose keys name nothing (JC0419)."""
    for op in own(program.ops):
        forms = program.document.spec.ops[op.name].outputs or {}
        for name, form in forms.items():
            if isinstance(form, str) or form.asset is None:
                continue
            parts = asset_parts(form.asset)
            is_slashed = isinstance(form.asset, list) and any("/" in part for part in parts)
            if not all(parts) or not parts or is_slashed:
                yield Diagnostic(
                    "JC0419",
                    f"the asset of output `{name}` has a part with `/` in it"
                    if is_slashed
                    else f"the asset of output `{name}` has an empty key, or an empty part in it",
                    program.document.tree.locate((*op.path, "outputs", name, "asset")),
                    label="expected names with `/` between them",
                    help="for example `asset: daily/orders`, or `asset: [daily, orders]`",
                )
