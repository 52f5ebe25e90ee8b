"""Workflow commands of GitHub Actions, with what must be escaped in them."""

from __future__ import annotations

from jobc.compiler.report.github import render
from jobc.schemas.diagnostics import Diagnostic, Location, Position


def command(code: str, message: str, file: str = "a.yaml", end: tuple[int, int] = (2, 6)) -> str:
    place = Location(file, Position(2, 3), Position(*end))
    return render([Diagnostic(code, message, place)], {}, files=1, jobs=1)


def test_a_command_for_each_severity() -> None:
    assert command("JC0311", "unknown op `x`") == (
        "::error file=a.yaml,line=2,col=3,endLine=2,endColumn=6,"
        "title=JC0311 Unknown op or graph::unknown op `x`\n"
    )
    assert command("JC0706", "m").startswith("::warning file=")
    assert command("JC0304", "m").startswith("::notice file=")


def test_properties_and_messages_are_escaped_each_in_their_way() -> None:
    line = command("JC0311", "50% of: a, b\r\n::error::x", "odd,name: 100%\n.yaml")
    assert line.count("\n") == 1
    assert "file=odd%2Cname%3A 100%25%0A.yaml,line=" in line
    assert line.endswith("::50%25 of: a, b%0D%0A::error::x\n")


def test_columns_are_for_one_line_only() -> None:
    assert "line=2,endLine=4,title=" in command("JC0311", "m", end=(4, 1))


def test_notes_and_help_follow_the_message() -> None:
    place = Location("a.yaml", Position(1, 1), Position(1, 2))
    diagnostic = Diagnostic("JC0311", "m", place, notes=("n",), help="h", suggestions=("s",))
    assert render([diagnostic], {}, files=1, jobs=1).endswith("::m%0An%0Ah%0Adid you mean `s`?\n")


def test_nothing_found() -> None:
    assert render([], {"a.yaml": ""}, files=1, jobs=1) == ""
