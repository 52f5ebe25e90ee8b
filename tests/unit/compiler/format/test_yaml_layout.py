from __future__ import annotations

import pytest

from jobc.compiler.format import format_text
from jobc.compiler.read import yaml_tokens

CASES = {
    "one space behind signs": ("a:   1\nb :  2\n-c: 3\n", "a: 1\nb: 2\n-c: 3\n"),
    "two spaces for each level": (
        "a:\n    b:\n        c: 1\n    d: 2\n",
        "a:\n  b:\n    c: 1\n  d: 2\n",
    ),
    "lists stand deeper than their key": ("a:\n- 1\n-   2\nb: 3\n", "a:\n  - 1\n  - 2\nb: 3\n"),
    "mappings in lists": ("a:\n  -   b: 1\n      c: 2\n", "a:\n  - b: 1\n    c: 2\n"),
    "lists in lists": ("-   - a\n    -   b\n-\n     c: d\n", "- - a\n  - b\n-\n  c: d\n"),
    "a list below a key of a list item": ("- a:\n  - b\n  c: d\n", "- a:\n    - b\n  c: d\n"),
    "line ends": ("a: 1\r\nb: 2\rc: 3\r\n", "a: 1\nb: 2\nc: 3\n"),
    "blanks at line ends": ("a: 1  \n# b  \n  \n", "a: 1\n# b\n"),
    "empty lines": ("\n\na: 1\n\n\n\nb: 2\n\n\n", "a: 1\n\nb: 2\n"),
    "no line end": ("a: 1", "a: 1\n"),
    "byte order mark": ("\ufeffa:  1\n", "\ufeffa: 1\n"),
    "comments behind": ("a: 1 # b\nc:    # d\n    e: 2\n", "a: 1  # b\nc:  # d\n  e: 2\n"),
    "comments of their own": (
        "# a\nb:\n      # c\n      d: 1\n      # e\n# f\ng: 2\n   # h\n",
        "# a\nb:\n  # c\n  d: 1\n  # e\n# f\ng: 2\n# h\n",
    ),
    "a tab in a comment": ("a: 1 #\tb\n", "a: 1  #\tb\n"),
    "flow style": ("a: { b : 1 ,c: [ 2,3 , ] }\n", "a: {b: 1, c: [2, 3,]}\n"),
    "json": ('{"a":1,"b":[true]}\n', '{"a": 1, "b": [true]}\n'),
    "flow over lines": (
        "a: [\n      b,   # c\n  {d: 1,\n e: 2},\n\n\n   # f\n    ]\n",
        "a: [\n  b,  # c\n  {d: 1,\n    e: 2},\n\n  # f\n]\n",
    ),
    "flow in a list": ("-   [\n  a\n]\n", "- [\n    a\n  ]\n"),
    "empty values": ("a:\nb: {c: , d: }\n", "a:\nb: {c: , d: }\n"),
    "anchors, aliases and merges": (
        "a:   &x\n    b: 1\nc: {<<:   *x }\n",
        "a: &x\n  b: 1\nc: {<<: *x}\n",
    ),
    "an alias as a key": ("a: &x y\n? *x\n: 1\n", "a: &x y\n? *x\n: 1\n"),
    "a tag": ("a:   !!str   1\n", "a: !!str 1\n"),
    "quotes": ("a: 'b'\nc: \"d\\te\"\n'f' : g\n", "a: 'b'\nc: \"d\\te\"\n'f': g\n"),
    "plain text of several lines": ("a: b\n        c\n\n      d\n", "a: b\n  c\n\n  d\n"),
    "quoted text of several lines": (
        "a:\n    b: \"c  \n   d \\\n       e\\ \n  f\"\n",
        "a:\n  b: \"c\n    d \\\n    e\\ \n    f\"\n",
    ),
    "literal text": (
        "a:\n    b: |\n          c\n            d  \n\n    e: 1\n",
        "a:\n  b: |\n    c\n      d  \n\n  e: 1\n",
    ),
    "text with an indicator": (
        "a:\n    b: |2-\n         c\n        d\n",
        "a:\n  b: |2-\n       c\n      d\n",
    ),
    "folded text": ("a: >-  # b\n       c\n\n         d\n       e\n", "a: >-  # b\n  c\n\n    d\n  e\n"),
    "empty lines that are kept": ("a: |+\n   b\n\n\n\nc: 1\n", "a: |+\n  b\n\n\n\nc: 1\n"),
    "a comment behind text": (
        "a:\n    b: |\n        c\n      # d\n    e: 1\n",
        "a:\n  b: |\n    c\n  # d\n  e: 1\n",
    ),
    "a document's marks": ("%YAML 1.2\n---   # a\nb:  1\n...\n", "%YAML 1.2\n---  # a\nb: 1\n...\n"),
    "only comments": ("\n  # a\n\n\n# b", "# a\n\n# b\n"),
    "nothing": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_layout(before: str, after: str) -> None:
    assert format_text("x.yaml", before) == (after, ())
    assert format_text("x.yaml", after) == (after, ())


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_layout_without_libyaml(monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    monkeypatch.setattr(yaml_tokens, "has_libyaml", lambda: False)
    assert format_text("x.yaml", before).text == after


def test_text_without_a_line_end_keeps_its_value() -> None:
    # A line end behind it would become a part of the text; behind wiring it means nothing.
    assert format_text("x.yaml", "a:   |\n    b").text == "a: |\n  b"
    assert format_text("x.yaml", "a:   |-\n    b").text == "a: |-\n  b\n"
    wiring = "graphs: {}\njobs:\n  j:\n    wiring: |\n      a()"
    assert format_text("x.yaml", wiring).text == wiring + "\n"


WIRING = """\
graphs:
  g:
    wiring: |{sign}
{lines}
"""


@pytest.mark.parametrize("sign", ["", "-", "+"])
def test_wiring_is_formatted(sign: str) -> None:
    before = WIRING.format(
        sign=sign, lines="        a=f( x,y=1 )   as b#c\n\n\n        #d\n        g( a )   "
    )
    after = WIRING.format(sign=sign, lines="      a = f(x, y=1) as b  #c\n\n      #d\n      g(a)")
    assert format_text("x.yaml", before).text == after


@pytest.mark.parametrize(
    "text",
    [
        "graphs:\n  g:\n    wiring: |\n      a=f(\n",
        "graphs:\n  g:\n    wiring: >\n      a=f( )\n",
        "graphs:\n  g:\n    wiring: 'a=f( )'\n",
        "graphs:\n  g:\n    wiring: &w |\n      a=f( )\n    x-copy: *w\n",
        "ops:\n  g:\n    wiring: |\n      a=f( )\n",
        "tags:\n  wiring: |\n    a=f( )\n",
    ],
)
def test_what_is_no_block_of_right_wiring_is_left_alone(text: str) -> None:
    assert format_text("x.yaml", text).text == text


@pytest.mark.parametrize(
    ("text", "code"),
    [("a: [", "JC0103"), ("a: 1\na: 2\n", "JC0105"), ("a:\tb\n", "JC0108"), ("a: *b\n", "JC0110")],
)
def test_a_file_that_cannot_be_read_is_refused(text: str, code: str) -> None:
    result = format_text("x.yaml", text)
    assert result.text is None
    assert [diagnostic.code for diagnostic in result.diagnostics] == [code]
    assert result.diagnostics[0].location.file == "x.yaml"
