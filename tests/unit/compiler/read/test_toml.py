from __future__ import annotations

import pytest

from jobc.compiler.read import Value, read_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", {}),
        ("a = 1\r\nb = '''\r\nx\r\ny'''", {"a": 1, "b": "x\ny"}),
        ("\ufeffa = 1", {"a": 1}),
        ("a = 2024-01-01", {"a": "2024-01-01"}),
        ("a = 2024-01-01T08:30:00Z", {"a": "2024-01-01T08:30:00Z"}),
        ("a = 2024-01-01 08:30:00.5-07:00", {"a": "2024-01-01T08:30:00.5-07:00"}),
        ("a = 2024-01-01t08:30:00z", {"a": "2024-01-01T08:30:00Z"}),
        ("a = [08:30:00, {b = 2024-01-01}]", {"a": ["08:30:00", {"b": "2024-01-01"}]}),
        ("[[a]]\n[[a]]\nb.c = 2024-01-01", {"a": [{}, {"b": {"c": "2024-01-01"}}]}),
    ],
)
def test_values(text: str, value: Value) -> None:
    tree, diagnostics = read_text("x.toml", text)
    assert diagnostics == ()
    assert tree is not None
    assert tree.value == value


@pytest.mark.parametrize(
    ("text", "code", "place", "message"),
    [
        ("a=1\na=2", "JC0105", "2:1-2:2", "duplicate key `a`"),
        ("a=1\r\nb=2\r\na=3", "JC0105", "3:1-3:2", "duplicate key `a`"),
        ("[a]\n[a]", "JC0105", "2:2-2:3", "duplicate key `a`"),
        ("a.b=1\n[a.b]", "JC0105", "2:4-2:5", "duplicate key `a.b`"),
        ("a={b=1,b=2}", "JC0105", "1:8-1:9", "duplicate key `a.b`"),
        ("[[a]]\n[[a]]\nb=1\nb=2", "JC0105", "4:1-4:2", "duplicate key `a.b`"),
        ("[a]\nb=1\n[[a]]", "JC0105", "3:3-3:4", "duplicate key `a`"),
        ("a=[1]\n[[a]]", "JC0105", "2:3-2:4", "duplicate key `a`"),
        ("x={b=1}\nx={b=2}", "JC0105", "2:1-2:2", "duplicate key `x`"),
        ("a=1\n[a.b.c]", "JC0105", "2:2-2:3", "`a` is complete: nothing can be added to it here"),
        ("a={b=1}\na.c=2", "JC0105", "2:1-2:2", "`a` is complete: nothing can be added to it here"),
        ("[a.b]\n[a]\nb.c=1", "JC0105", "3:1-3:2", "`a.b` is complete: nothing can be added to it here"),
        ("a=", "JC0104", "1:3-1:3", "the end of the file is no value"),
        ("a=\nb=1", "JC0104", "1:3-1:3", "the end of the line is no value"),
        ("a=yes", "JC0104", "1:3-1:6", "`yes` is no value"),
        ("a: 1", "JC0104", "1:2-1:3", "`:` stands where `=` is expected"),
        ("=1", "JC0104", "1:1-1:2", "`=` cannot begin a key"),
        ("a=1 b=2", "JC0104", "1:5-1:6", "`b` stands behind the end of the value"),
        ("a = [1 2]", "JC0104", "1:8-1:9", "`2` stands where the list goes on or ends"),
        ("a={b=1 c=2}", "JC0104", "1:8-1:9", "`c` stands where the inline table goes on or ends"),
        ("[a", "JC0104", "1:3-1:3", "the end of the file stands where the header of the table ends"),
        ("[[a]\n", "JC0104", "1:4-1:5", "`]` stands where the header ends"),
        ('a="x\nb=1', "JC0104", "1:5-1:5", "the string is not closed before the end of the line"),
        ('a="""x', "JC0104", "1:7-1:7", "the string is not closed before the end of the file"),
        ("a='x", "JC0104", "1:5-1:5", "the string is not closed before the end of the file"),
        ('a="\\q"', "JC0104", "1:4-1:6", "`\\q` is no escape"),
        ('a="\\u12"', "JC0104", "1:4-1:6", "the escape is too short"),
        ('a="\\ud800"', "JC0104", "1:4-1:10", "an escape stands for half a character"),
        ("a=2024-02-30", "JC0104", "1:3-1:13", "`2024-02-30` is no date of the calendar"),
        ("a=" + "[" * 1000, "JC0111", "1:202-1:203", "the file is nested too deeply"),
        ("a=" + "[" * 250 + "]" * 250, "JC0111", "1:203-1:303", "the file is nested too deeply"),
        ("a." * 2000 + "a=1", "JC0111", "1:400-1:401", "the file is nested too deeply"),
        ("a=" + "9" * 5000, "JC0111", "1:3-1:5003", "a whole number of 5,000 digits is too long"),
    ],
)
def test_mistakes_are_named_and_placed(text: str, code: str, place: str, message: str) -> None:
    tree, (diagnostic,) = read_text("x.toml", text)
    assert tree is None
    (line, column), (end_line, end_column) = diagnostic.location.start, diagnostic.location.end
    assert diagnostic.code == code
    assert diagnostic.message == message
    assert f"{line}:{column}-{end_line}:{end_column}" == place
    assert "expected" in diagnostic.label


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a=1\nb=2\na=2", (1, 1)),
        ("a.b=1\n[a.b]", (1, 3)),
        ("a={b=1,b=2}", (1, 4)),
        ("[[a]]\n[[a]]\nb=1\nb=2", (3, 1)),
        ('a="x', (1, 3)),
    ],
)
def test_the_first_place_is_shown_too(text: str, start: tuple[int, int]) -> None:
    (related,) = read_text("x.toml", text).diagnostics[0].related
    assert related.location.start == start
