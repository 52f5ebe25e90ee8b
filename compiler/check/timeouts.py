"""Rule: a time limit stands on a function that can be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import Program


def check_timeouts(program: Program) -> Iterator[Diagnostic]:
    """Report time limits on functions that are not async (JC0418): nothing could stop them."""
    for op in program.ops.values():
        if op.timeout_s is not None and op.function is not None and not op.function.is_async:
            yield Diagnostic(
                "JC0418",
                f"`{op.function.name}` cannot be stopped after `timeout_s`: it is not async",
                program.document.locate_key((*op.path, "timeout_s")),
                label="only an async function can be stopped",
                help=f"write it as `async def {op.function.name}`, or remove `timeout_s`",
            )
