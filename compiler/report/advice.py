"""What a diagnostic tells its reader to do, in words; every renderer says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.schemas.diagnostics import Diagnostic


def advice(diagnostic: Diagnostic) -> Iterator[str]:
    """Yield the help of a diagnostic, with its fix where there is one, then its near names.

    Neither is said twice: a help that has the fix's text stays as it is, as do names in help or message.
    """
    if diagnostic.help:
        fix = diagnostic.edits[0].text.strip() if len(diagnostic.edits) == 1 else ""
        is_shown = not fix or diagnostic.help.endswith("?") or fix.strip("\"'") in diagnostic.help
        yield diagnostic.help if is_shown else f"{diagnostic.help}: `{fix}`"
    named = any(f"`{name}`" in (diagnostic.help or "") for name in diagnostic.suggestions)
    if diagnostic.suggestions and not named and "did you mean" not in diagnostic.message:
        yield did_you_mean(diagnostic.suggestions)


def did_you_mean(names: tuple[str, ...]) -> str:
    """Ask whether one of the near names was meant; there must be at least one."""
    quoted = [f"`{name}`" for name in names]
    last = quoted.pop()
    return f"did you mean {', '.join(quoted)} or {last}?" if quoted else f"did you mean {last}?"
