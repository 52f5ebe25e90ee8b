"""Rule: a retry policy holds together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.bind.program import Program


def check_retries(program: Program) -> Iterator[Diagnostic]:
    """Report a backoff or jitter that has no delay to work on (JC0416)."""
    for op in program.ops.values():
        if op.retry is None or op.retry.delay_s is not None or op.is_open:
            continue
        for key in ("backoff", "jitter"):
            if getattr(op.retry, key) is not None:
                yield Diagnostic(
                    "JC0416",
                    f"the retry of op `{op.name}` has a `{key}` and no `delay_s`",
                    program.document.locate_key((*op.path, "retry", key)),
                    label="there is no delay to change",
                    help="add `delay_s`, the seconds before a retry",
                )
