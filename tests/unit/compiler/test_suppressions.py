"""What comments suppress, and what is said about comments that suppress nothing."""

from __future__ import annotations

import pytest

from jobc.compiler.suppressions import Outcome, suppress
from jobc.schemas.diagnostics import Diagnostic, Location, Position

YAML = """\
jobc: 1
ops: # jobc: ignore[JC0501] the first
  # jobc: ignore[JC0602, JC0501]: for the line below

  # another comment
  a: 1
  b: "# jobc: ignore[JC0501]"
graphs:
  g:
    # jobc: ignore[JC0311]
    wiring: |
      x = y()
      # jobc: ignore[JC0501]
      z = y()
    text: "a
      b" # jobc: ignore[JC0201] - at its end
    c: [1,
      2] # jobc: ignore[JC0201]
"""
TOML = """\
jobc = 1
a = '''
# jobc: ignore[JC0501]
x''' # jobc: ignore[JC0201]
# jobc: ignore[JC0501]
b = 1
"""


def at(line: int, code: str = "JC0501", file: str = "a.yaml") -> Diagnostic:
    return Diagnostic(code, f"of line {line}", Location(file, Position(line, 3), Position(line, 5)))


def outcome(text: str, *diagnostics: Diagnostic, file: str = "a.yaml", with_notes: bool = False) -> Outcome:
    return suppress(diagnostics, {file: text}, with_notes=with_notes)


def codes(found: Outcome) -> list[str]:
    return [each.code for each in found.diagnostics]


def edited(text: str, diagnostic: Diagnostic) -> str:
    lines = text.splitlines(keepends=True)
    for (_, start, end), replacement in diagnostic.edits:
        before = "".join(lines[: start.line - 1]) + lines[start.line - 1][: start.column - 1]
        behind = lines[end.line - 1][end.column - 1 :] if end.line <= len(lines) else ""
        return before + replacement + behind + "".join(lines[end.line :])
    return text


@pytest.mark.parametrize(
    ("line", "code", "reason"),
    [
        (2, "JC0501", "the first"),
        (6, "JC0501", "for the line below"),
        (11, "JC0311", ""),
        (12, "JC0311", ""),
        (14, "JC0311", ""),
        (15, "JC0201", "at its end"),
        (16, "JC0201", "at its end"),
        (18, "JC0201", ""),
    ],
)
def test_a_comment_covers_its_line_or_the_one_below(line: int, code: str, reason: str) -> None:
    found = outcome(YAML, at(line, code))
    assert [(each.diagnostic, each.reason) for each in found.suppressed] == [(at(line, code), reason)]
    assert at(line, code) not in found.diagnostics


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (2, "JC0602"),  # another code
        (3, "JC0501"),  # the comment's own line
        (7, "JC0501"),  # text, no comment
        (8, "JC0311"),  # not the next line
        (14, "JC0501"),  # a comment of the wiring is part of a text
        (17, "JC0201"),  # a list is no text: its lines stand alone
    ],
)
def test_other_lines_are_not_covered(line: int, code: str) -> None:
    found = outcome(YAML, at(line, code))
    assert found.suppressed == ()
    assert at(line, code) in found.diagnostics


@pytest.mark.parametrize(("line", "code"), [(2, "JC0201"), (4, "JC0201"), (6, "JC0501")])
def test_toml(line: int, code: str) -> None:
    diagnostic = at(line, code, "a.toml")
    assert len(outcome(TOML, diagnostic, file="a.toml").suppressed) == 1


def test_other_files_are_not_touched() -> None:
    elsewhere = at(2, file="b.yaml")
    found = outcome("jobc: 1\nops: 1 # jobc: ignore[JC0501]\n", elsewhere)
    assert codes(found) == ["JC0001", "JC0501"]


def test_a_text_without_suppressions_is_left_alone() -> None:
    text = (
        "# jobc: 1\n# jobc is a compiler\n# ignore [this]\n# jobc: ignored lines are no mistakes\njobc: 1\n"
    )
    assert outcome(text, at(5)) == Outcome((at(5),), ())


@pytest.mark.parametrize("text", ["a: [ # jobc: ignore[JC0103]\n", "a: {x: 1] # jobc: ignore[JC0103]\n"])
def test_a_file_that_cannot_be_read_has_no_comments(text: str) -> None:
    diagnostic = at(1, "JC0103")
    assert outcome(text, diagnostic) == Outcome((diagnostic,), ())


def test_a_toml_file_that_cannot_be_read_has_no_comments() -> None:
    diagnostic = at(2, "JC0105", "a.toml")
    found = outcome("a = 1\na = 2 # jobc: ignore[JC0105]\n", diagnostic, file="a.toml")
    assert found == Outcome((diagnostic,), ())


# --- unused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("a: 1 # jobc: ignore[JC0501] why\nb: 2\n", "a: 1\nb: 2\n"),
        ("a: 1\n  # jobc: ignore[JC0501]\nb: 2\n", "a: 1\nb: 2\n"),
        ("a: 1\n# jobc: ignore[JC0501]", "a: 1\n"),
        ("a: 1 # note # jobc: ignore[JC0501]\n", "a: 1 # note\n"),
        ("a: 1 # jobc: ignore[JC0501, JC0602]\n", "a: 1\n"),
    ],
)
def test_an_unused_suppression_is_reported_with_its_removal(text: str, after: str) -> None:
    (diagnostic,) = outcome(text).diagnostics
    assert diagnostic.code == "JC0001"
    assert edited(text, diagnostic) == after
    assert outcome(after).diagnostics == ()


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("JC0501, JC0601", "JC0601"),
        ("JC0601,JC0501 ,JC0602", "JC0601"),
        ("JC0601, JC0601", "JC0601"),
    ],
)
def test_needless_codes_are_taken_out_of_the_list(written: str, after: str) -> None:
    text = f"a: 1 # jobc: ignore[{written}] why\n"
    found = outcome(text, at(1, "JC0601"))
    (diagnostic,) = found.diagnostics
    assert diagnostic.code == "JC0001"
    assert "JC0601`" not in diagnostic.message or written.count("JC0601") == 2
    assert edited(text, diagnostic) == f"a: 1 # jobc: ignore[{after}] why\n"


def test_suppressions_of_notes_are_unused_only_where_notes_are_wanted() -> None:
    text = "a: 1 # jobc: ignore[JC0304]\n"
    assert codes(outcome(text)) == []
    assert codes(outcome(text, with_notes=True)) == ["JC0001"]


@pytest.mark.parametrize(("code", "is_hidden"), [("JC0201", True), ("JC0105", True), ("JC0311", False)])
def test_where_parts_were_not_checked_nothing_counts_as_unused(code: str, *, is_hidden: bool) -> None:
    text = "a: 1 # jobc: ignore[JC0501]\nb: 1\n"
    assert codes(outcome(text, at(2, code))) == ([code] if is_hidden else ["JC0001", code])


def test_what_is_said_about_suppressions_cannot_be_suppressed() -> None:
    text = "# jobc: ignore[JC0001]\na: 1 # jobc: ignore[JC0501]\n"
    assert codes(outcome(text)) == ["JC0001", "JC0001"]


# --- not readable -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "message", "marked"),
    [
        ("# jobc: ignore", "the suppression names no code", "ignore"),
        ("# jobc: ignore[]", "the suppression names no code", "ignore"),
        ("# jobc: ignore[ , ]", "the suppression names no code", "ignore"),
        ("# jobc: ignore JC0501", "the suppression names no code", "ignore"),
        ("# jobc: ignore[JC0501", "the list of codes has no end", "[JC0501"),
        ("# jobc ignore[JC0501]", "the suppression lacks a colon", "ignore"),
        ("# jobc: ignroe[JC0501]", "`ignroe` is not known here", "ignroe"),
        ("# jobc: noqa", "`noqa` is not known here", "noqa"),
        ("# jobc: disable=JC0501", "`disable` is not known here", "disable"),
        ("# jobc: Ignore[JC0501]", "`Ignore` is not known here", "Ignore"),
        ("# jobc: ignore[JC0599]", "there is no diagnostic code `JC0599`", "JC0599"),
        ("# jobc: ignore[jc0501]", "there is no diagnostic code `jc0501`", "jc0501"),
        ("# jobc: ignore[501]", "there is no diagnostic code `501`", "501"),
    ],
)
def test_a_comment_that_cannot_be_read(comment: str, message: str, marked: str) -> None:
    text = f"jobc: 1\na: 1 {comment}\n"
    found = outcome(text, at(2))
    (diagnostic,) = (each for each in found.diagnostics if each.code == "JC0002")
    assert diagnostic.message == message
    start, end = diagnostic.location.start, diagnostic.location.end
    assert text.splitlines()[start.line - 1][start.column - 1 : end.column - 1] == marked
    assert at(2) in found.diagnostics


def test_the_near_code_is_offered() -> None:
    (diagnostic,) = outcome("a: 1 # jobc: ignore[jc0501]\n").diagnostics
    assert diagnostic.help == "did you mean `JC0501`?"
    (diagnostic,) = outcome("a: 1 # jobc: ignroe[JC0501]\n").diagnostics
    assert diagnostic.suggestions == ("ignore",)


def test_known_codes_count_beside_unknown_ones() -> None:
    found = outcome("a: 1 # jobc: ignore[JC9999, JC0501]\n", at(1))
    assert codes(found) == ["JC0002"]
    assert len(found.suppressed) == 1


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(line_end: str) -> None:
    text = "jobc: 1\n# jobc: ignore[JC0501] why\n\na: 1\nb: 1 # jobc: ignore[JC0501]\n".replace(
        "\n", line_end
    )
    found = outcome(text, at(4), at(5))
    assert found.diagnostics == ()
    assert [each.reason for each in found.suppressed] == ["why", ""]
