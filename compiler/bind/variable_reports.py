"""What is said of vars whose values cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.schemas.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobc.schemas.diagnostics import Location


def too_large(location: Location, limit: str) -> Diagnostic:
    """Report a value that grows beyond a limit (JC0111)."""
    return Diagnostic(
        "JC0111",
        f"what the vars stand for grows beyond {limit}",
        location,
        label="too much",
        help="write less into one value; large data belongs into a file that an op reads",
    )


def cyclic(location: Location, chain: Sequence[str]) -> Diagnostic:
    """Report a var that needs itself; the first of `chain` is its last (JC0318)."""
    return Diagnostic(
        "JC0318",
        f"the var `{chain[0]}` refers to itself: {' -> '.join(f'`{part}`' for part in chain)}",
        location,
        label="leads back to where it began",
        help="give one of them a value of its own",
    )
