from __future__ import annotations

import pytest

from jobc.compiler.report.advice import advice
from jobc.schemas.diagnostics import Diagnostic, Edit, Location, Position

PLACE = Location("x.yaml", Position(1, 4), Position(1, 5))


@pytest.mark.parametrize(
    ("help_text", "edits", "shown"),
    [
        ("put the value in quotes", ('"3"',), 'put the value in quotes: `"3"`'),
        ("put the value in quotes", (), "put the value in quotes"),
        ("did you mean `read`?", ('"read"',), "did you mean `read`?"),
        ("did you mean `shop`?", ("shop:read",), "did you mean `shop`?"),
        ("quote it: '*c'", ("'*c'",), "quote it: '*c'"),
        ("use spaces", (" ",), "use spaces"),
        ("delete both", ("a", "b"), "delete both"),
    ],
)
def test_a_fix_stands_in_the_help_once(help_text: str, edits: tuple[str, ...], shown: str) -> None:
    fixes = tuple(Edit(PLACE, text) for text in edits)
    assert [*advice(Diagnostic("JC0203", "m", PLACE, help=help_text, edits=fixes))] == [shown]
