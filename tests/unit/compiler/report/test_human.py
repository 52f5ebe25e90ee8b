from __future__ import annotations

import textwrap

import pytest

from jobc.compiler.report.human import render
from jobc.compiler.report.palette import ANSI
from jobc.schemas.diagnostics import Diagnostic, Location, Position, Related

SHOP = "shop.yaml"


def at(line: int, column: int, end_line: int, end_column: int, file: str = SHOP) -> Location:
    return Location(file, Position(line, column), Position(end_line, end_column))


def shown(diagnostic: Diagnostic, text: str, **others: str) -> str:
    """Render one diagnostic without its summary."""
    texts = {SHOP: text, **{f"{name}.yaml": other for name, other in others.items()}}
    frame, _, summary = render([diagnostic], texts, files=1, jobs=1).rpartition("\n\n")
    assert summary
    return frame + "\n"


def dedent(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


def test_the_frame_of_the_design() -> None:
    text = "\n" * 17 + "  read_orders:\n" + "\n" * 12 + "      rows = raed_orders(day)\n"
    diagnostic = Diagnostic(
        "JC0311",
        "unknown op `raed_orders`",
        at(31, 14, 31, 25),
        label="no op, graph or import of this name",
        related=(Related("defined here", at(18, 3, 18, 14)),),
        help="did you mean `read_orders`?",
        suggestions=("read_orders",),
    )
    assert shown(diagnostic, text) == dedent(
        """
        error[JC0311]: unknown op `raed_orders`
          --> shop.yaml:31:14
           |
        31 |       rows = raed_orders(day)
           |              ^^^^^^^^^^^ no op, graph or import of this name
           |
           = help: did you mean `read_orders`? (defined at shop.yaml:18:3)
        """
    )


def test_other_places_are_frames_of_their_own() -> None:
    diagnostic = Diagnostic(
        "JC0105",
        "key `ops` stands here twice",
        at(10, 1, 10, 4),
        related=(
            Related("first given here", at(1, 1, 1, 4)),
            Related("used here", at(2, 1, 2, 2, "other.yaml")),
            Related("and here", at(7, 2, 7, 3, "absent.yaml")),
        ),
    )
    text = "ops:\n" + "\n" * 8 + "ops: {}\n"
    assert shown(diagnostic, text, other="a: 1\nb: 2\n") == dedent(
        """
        error[JC0105]: key `ops` stands here twice
          --> shop.yaml:10:1
           |
        10 | ops: {}
           | ^^^
           |
          ::: shop.yaml:1:1
           |
         1 | ops:
           | --- first given here
           |
          ::: other.yaml:2:1
           |
         2 | b: 2
           | - used here
           |
          ::: absent.yaml:7:2: and here
        """
    )


def test_notes_come_before_help_and_keep_their_lines() -> None:
    diagnostic = Diagnostic(
        "JC0207",
        "this line is no statement",
        at(1, 1, 1, 2),
        notes=("a statement is\n  x = op(y)",),
        help="write `x = y()`",
        suggestions=("x", "z"),
    )
    assert shown(diagnostic, "?") == dedent(
        """
        error[JC0207]: this line is no statement
         --> shop.yaml:1:1
          |
        1 | ?
          | ^
          |
          = note: a statement is
              x = op(y)
          = help: write `x = y()`
          = help: did you mean `x` or `z`?
        """
    )


def test_near_names_are_offered_without_a_help() -> None:
    diagnostic = Diagnostic("JC0201", "unknown key `a`", at(1, 1, 1, 2), suggestions=("b", "c", "d"))
    assert "  = help: did you mean `b`, `c` or `d`?\n" in shown(diagnostic, "a: 1")


@pytest.mark.parametrize(
    ("line", "column", "end", "caret_line"),
    [
        ("\tx: bad", 5, 8, "  |        ^^^"),
        ("日本: bad", 5, 8, "  |       ^^^"),
        ("x: 日本", 4, 6, "  |    ^^^^"),
        ("x:", 3, 3, "  |   ^"),
    ],
)
def test_carets_stand_below_what_they_mark(line: str, column: int, end: int, caret_line: str) -> None:
    lines = shown(Diagnostic("JC0203", "m", at(1, column, 1, end)), line).splitlines()
    assert lines[4] == caret_line


def test_the_end_of_the_text_is_an_empty_line() -> None:
    assert shown(Diagnostic("JC0202", "m", at(2, 1, 2, 1), label="here"), "a: 1\n").endswith(
        "2 |\n  | ^ here\n"
    )


def test_a_file_without_text_has_no_quote() -> None:
    place = at(1, 1, 1, 1, "gone.yaml")
    diagnostic = Diagnostic("JC0101", "cannot read it", place, label="not found", help="check the path")
    assert shown(diagnostic, "") == dedent(
        """
        error[JC0101]: cannot read it
         --> gone.yaml:1:1: not found
          |
          = help: check the path
        """
    )


def test_a_place_behind_the_text_has_no_quote() -> None:
    assert shown(Diagnostic("JC0101", "m", at(9, 1, 9, 2)), "a\n") == "error[JC0101]: m\n --> shop.yaml:9:1\n"


def test_a_span_of_whole_lines_has_a_bar() -> None:
    diagnostic = Diagnostic("JC0402", "m", at(2, 3, 4, 1), label="all of this")
    assert shown(diagnostic, "a:\n  b: 1\n  c: 2\nd: 3\n") == dedent(
        """
        error[JC0402]: m
         --> shop.yaml:2:3
          |
        2 | /   b: 1
        3 | |   c: 2
          | |______^ all of this
        """
    )


def test_a_long_span_that_begins_within_a_line() -> None:
    text = "\n".join(f"line{n}: {n}" for n in range(1, 21))
    diagnostic = Diagnostic("JC0402", "m", at(2, 8, 12, 5))
    assert shown(diagnostic, text) == dedent(
        """
        error[JC0402]: m
          --> shop.yaml:2:8
           |
         2 |   line2: 2
           |  ________^
         3 | | line3: 3
         4 | | line4: 4
         5 | | line5: 5
           | | ...
        12 | | line12: 12
           | |____^
        """
    )


def test_text_of_the_user_cannot_steer_the_terminal() -> None:
    diagnostic = Diagnostic("JC0201", "unknown key `\x1b[2J`", at(1, 1, 1, 5), label="\x1b[2J")
    assert "\x1b" not in shown(diagnostic, "\x1b[2J: 1")


def test_colour_wraps_the_parts_and_changes_no_text() -> None:
    diagnostics = [
        Diagnostic("JC0201", "a", at(1, 1, 1, 2), notes=("n",), help="h"),
        Diagnostic("JC0304", "b", at(1, 1, 1, 2), related=(Related("r", at(1, 1, 1, 2)),)),
        Diagnostic("JC0113", "c", at(1, 2, 3, 2)),
    ]
    texts = {SHOP: "aa\nbb\ncc\n"}
    coloured = render(diagnostics, texts, files=1, jobs=1, palette=ANSI)
    plain = render(diagnostics, texts, files=1, jobs=1)
    for code in ANSI:
        assert code in coloured
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_the_summary_counts_by_severity_and_names_the_files() -> None:
    diagnostics = [
        Diagnostic("JC0201", "a", at(1, 1, 1, 2)),
        Diagnostic("JC0201", "b", at(1, 1, 1, 2)),
        Diagnostic("JC0113", "c", at(1, 1, 1, 2, "other.yaml")),
    ]
    assert render(diagnostics, {}, files=2, jobs=0).endswith("\n\n2 errors, 1 warning in 2 files\n")
    assert render(diagnostics, {}, files=7, jobs=0).endswith("\n\n2 errors, 1 warning in 2 of 7 files\n")
    assert render(diagnostics[:1], {}, files=1, jobs=0).endswith("\n\n1 error in 1 file\n")


def test_no_more_than_twenty_of_one_file_are_shown() -> None:
    many = [Diagnostic("JC0201", f"m{n}", at(n, 1, n, 2)) for n in range(1, 24)]
    other = Diagnostic("JC0201", "last", at(1, 1, 1, 2, "zoo.yaml"))
    text = render([*many, other], {}, files=2, jobs=0)
    assert text.count("error[JC0201]: m") == 20
    assert "\n\nand 3 more in shop.yaml\n\nerror[JC0201]: last\n" in text
    assert text.endswith("\n24 errors in 2 files\n")


def test_nothing_found_is_nothing_said() -> None:
    assert render([], {}, files=3, jobs=3) == ""
