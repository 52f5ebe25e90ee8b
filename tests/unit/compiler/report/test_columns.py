from __future__ import annotations

import pytest

from jobc.compiler.report.columns import excerpt, lines_of, show, visible


@pytest.mark.parametrize(
    ("line", "shown", "starts"),
    [
        ("ab", "ab", (0, 1, 2)),
        ("\ta", "    a", (0, 4, 5)),
        ("ab\tc", "ab  c", (0, 1, 2, 4, 5)),
        ("日x", "日x", (0, 2, 3)),
        ("e\u0301x", "e\u0301x", (0, 1, 1, 2)),
        ("\u2764\ufe0fx", "\u2764\ufe0fx", (0, 1, 1, 2)),
        ("a\x1b[31m", "a\u241b[31m", (0, 1, 2, 3, 4, 5, 6)),
        ("a\x7fb", "a\u2421b", (0, 1, 2, 3)),
        ("a\u202eb", "a\ufffdb", (0, 1, 2, 3)),
        ("a\xa0b", "a b", (0, 1, 2, 3)),
        ("", "", (0,)),
    ],
)
def test_every_character_is_shown_and_has_a_column(line: str, shown: str, starts: tuple[int, ...]) -> None:
    result = show(line)
    assert result.text == shown
    assert result.starts == starts


def test_what_lies_behind_the_end_of_a_line_has_a_column_too() -> None:
    assert show("日").column(1) == 2
    assert show("日").column(3) == 4


def test_a_mark_is_at_least_one_column_wide() -> None:
    part = excerpt("ops:", 4, 4, 80)
    assert (part.text, part.mark_start, part.mark_end) == ("ops:", 4, 5)


@pytest.mark.parametrize(("start", "end", "marked"), [(0, 3, "012"), (100, 103, "abc"), (197, 200, "xyz")])
def test_a_long_line_is_cut_around_the_mark(start: int, end: int, marked: str) -> None:
    line = "0123456789" * 10 + "abc" + "0123456789" * 9 + "0123xyz"
    part = excerpt(line, start, end, 20)
    assert part.text[part.mark_start : part.mark_end] == marked
    assert part.text.strip("…") in line
    assert 20 <= len(part.text) <= 22
    assert part.text.startswith("…") == (start > 0)
    assert part.text.endswith("…") == (end < len(line))


def test_a_mark_longer_than_the_window_ends_with_it() -> None:
    part = excerpt("x" * 300, 10, 290, 40)
    assert part.mark_end <= len(part.text)
    assert part.mark_start < part.mark_end


def test_wide_characters_are_not_cut_in_half() -> None:
    part = excerpt("日" * 100, 50, 51, 21)
    assert set(part.text) == {"日", "…"}
    assert show(part.text).starts[-1] <= 23


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb\n", ["a", "b", ""]),
        ("a\r\nb", ["a", "b"]),
        ("a\rb", ["a", "b"]),
        ("a\x0cb\u2028c", ["a\x0cb\u2028c"]),
        ("", [""]),
    ],
)
def test_lines_end_where_the_languages_say(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


def test_text_cannot_steer_the_terminal() -> None:
    assert visible("a\x1b]0;x\x07\nb") == "a\u241b]0;x\u2407\nb"
    assert visible("plain") == "plain"
