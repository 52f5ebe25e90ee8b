from __future__ import annotations

import json

from jobc.compiler.report.json_form import render
from jobc.schemas.diagnostics import Diagnostic, Edit, Location, Position, Related


def test_the_form_of_the_design() -> None:
    place = Location("shop.yaml", Position(31, 14), Position(31, 25))
    other = Location("shop.yaml", Position(18, 3), Position(18, 14))
    diagnostic = Diagnostic(
        "JC0311",
        "unknown op `raed_orders`",
        place,
        label="no op of this name",
        related=(Related("defined here", other),),
        help="did you mean `read_orders`?",
        suggestions=("read_orders",),
        edits=(Edit(place, "read_orders"),),
    )
    where = {"file": "shop.yaml", "start": {"line": 31, "column": 14}, "end": {"line": 31, "column": 25}}
    there = {"file": "shop.yaml", "start": {"line": 18, "column": 3}, "end": {"line": 18, "column": 14}}
    assert json.loads(render([diagnostic], {}, files=3, jobs=4)) == {
        "version": 1,
        "files": 3,
        "jobs": 4,
        "diagnostics": [
            {
                "code": "JC0311",
                "severity": "error",
                "message": "unknown op `raed_orders`",
                "label": "no op of this name",
                "location": where,
                "related": [{"message": "defined here", "location": there}],
                "notes": [],
                "help": "did you mean `read_orders`?",
                "suggestions": ["read_orders"],
                "edits": [{"location": where, "text": "read_orders"}],
                "doc": "docs/diagnostics/JC0311.md",
            }
        ],
    }


def test_it_is_one_line_of_ascii() -> None:
    place = Location("日本.yaml", Position(1, 1), Position(1, 1))
    text = render([Diagnostic("JC0101", "a\nb \udc80", place)], {}, files=1, jobs=0)
    assert text.isascii()
    assert text.endswith("}\n")
    assert text.count("\n") == 1
    assert json.loads(text)["diagnostics"][0]["location"]["file"] == "日本.yaml"


def test_help_is_null_or_offers_the_near_names() -> None:
    place = Location("a.yaml", Position(1, 1), Position(1, 1))
    plain = Diagnostic("JC0101", "m", place)
    near = Diagnostic("JC0201", "m", place, suggestions=("b", "c"))
    records = json.loads(render([plain, near], {}, files=1, jobs=0))["diagnostics"]
    assert [record["help"] for record in records] == [None, "did you mean `b` or `c`?"]


def test_nothing_found() -> None:
    assert render([], {}, files=2, jobs=3) == '{"version": 1, "files": 2, "jobs": 3, "diagnostics": []}\n'
