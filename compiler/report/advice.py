"""What a diagnostic tells its reader to do, in words; every renderer says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.schemas.diagnostics import Diagnostic


def advice(diagnostic: Diagnostic) -> Iterator[str]:
    """Yield the help of a diagnostic, then its near names unless help or message offer them already."""
    if diagnostic.help:
        yield diagnostic.help
    named = any(f"`{name}`" in (diagnostic.help or "") for name in diagnostic.suggestions)
    if diagnostic.suggestions and not named and "did you mean" not in diagnostic.message:
        yield did_you_mean(diagnostic.suggestions)


def did_you_mean(names: tuple[str, ...]) -> str:
    """Ask whether one of the near names was meant; there must be at least one."""
    quoted = [f"`{name}`" for name in names]
    last = quoted.pop()
    return f"did you mean {', '.join(quoted)} or {last}?" if quoted else f"did you mean {last}?"
