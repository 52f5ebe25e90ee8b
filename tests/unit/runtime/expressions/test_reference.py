"""The language reference: its table of functions is the table of functions."""

from __future__ import annotations

from pathlib import Path

from jobc.runtime.expressions import FUNCTIONS, expression_text
from jobc.runtime.expressions.nodes import Literal

REFERENCE = Path(__file__).parents[4] / "docs" / "language.md"


def test_the_reference_lists_every_function() -> None:
    _, _, below = REFERENCE.read_text("utf-8").partition("| Function | Gives | Example | Value |\n")
    table, _, _ = below.partition("\n\n")
    assert table.splitlines()[1:] == [
        f"| `{function.form}` | {function.doc} | `{function.example}` | "
        f"`{expression_text(Literal(function.value, 0, 0))}` |"
        for function in FUNCTIONS.values()
    ]
