from __future__ import annotations

import pytest

from jobc.compiler.format import format_text

CASES = {
    "spaces around the sign": ("a=1\n  b   =  2\nc.  d='x'\n", "a = 1\nb = 2\nc.d = 'x'\n"),
    "headers": ("[ a . \"b c\" ]# d\nx=1\n[[ r ]]\n", "[a.\"b c\"]  # d\nx = 1\n\n[[r]]\n"),
    "one empty line before a table": ("a = 1\n[b]\nc = 1\n\n\n\n[d]\n", "a = 1\n\n[b]\nc = 1\n\n[d]\n"),
    "parts may follow at once": ("[a]\n[a.c]\n[a.d]\n[ab]\n", "[a]\n[a.c]\n[a.d]\n\n[ab]\n"),
    "comments of a table": ("a = 1\n# b\n#c\n[d]\n", "a = 1\n\n# b\n#c\n[d]\n"),
    "comments": ("a = 1# b\t\n   # c\n", "a = 1  # b\n# c\n"),
    "empty lines": ("\n\na = 1\n\n\n\nb = 2\n\n\n", "a = 1\n\nb = 2\n"),
    "arrays": ("a = [ 1,2,  \n    3, # b  \n\n\n ]  # c\n", "a = [ 1,2,\n    3, # b\n\n\n ]  # c\n"),
    "inline tables": ("a={b=1,c =[ ]}\n", "a = {b=1,c =[ ]}\n"),
    "strings": ('a="b  # c"\nd=\'e = f\'\n', "a = \"b  # c\"\nd = 'e = f'\n"),
    "text of several lines": ('a="""\n  b  \n\n\n# c\\\n  """\n', 'a = """\n  b  \n\n\n# c\\\n  """\n'),
    "dates": ("a=1979-05-27  # b\nc=1979-05-27 07:32:00\n", "a = 1979-05-27  # b\nc = 1979-05-27 07:32:00\n"),
    "line ends": ('a=1\r\nb="""\r\nc\r\n"""\r\n', 'a = 1\nb = """\nc\n"""\n'),
    "no line end": ("a = 1", "a = 1\n"),
    "byte order mark": ("\ufeffa=1\n", "\ufeffa = 1\n"),
    "nothing": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_layout(before: str, after: str) -> None:
    assert format_text("x.toml", before) == (after, ())
    assert format_text("x.toml", after) == (after, ())


@pytest.mark.parametrize("quotes", ['"""', "'''"])
@pytest.mark.parametrize(
    "key", ["[graphs.g]\nwiring", "graphs.g.wiring", "[graphs]\ng.wiring", "[jobs.j]\nwiring"]
)
def test_wiring_is_formatted(key: str, quotes: str) -> None:
    before = f"{key} = {quotes}\n  a=f( x )\n    g( a )  # b\n  {quotes}\n"
    after = f"{key} = {quotes}\na = f(x)\ng(a)  # b\n{quotes}\n"
    assert format_text("x.toml", before).text == after


@pytest.mark.parametrize(
    "value", ['"a=f( )"', '"""a=f( )"""', '"""\na=f( "\\\\" )\n"""', '"""\na=f(\n"""', "'a=f( )'"]
)
def test_other_wiring_is_left_alone(value: str) -> None:
    text = f"[graphs.g]\nwiring = {value}\n"
    assert format_text("x.toml", text).text == text


def test_a_file_that_cannot_be_read_is_refused() -> None:
    result = format_text("x.toml", "a = 1\nb = [\n")
    assert result.text is None
    assert [diagnostic.code for diagnostic in result.diagnostics] == ["JC0104"]
