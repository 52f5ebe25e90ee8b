"""Places, as a table: what is asked for, and the marked text that must be found there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.compiler.read import Path, Tree, read_text

if TYPE_CHECKING:
    from jobc.schemas.diagnostics import Location


def tree_of(text: str, name: str) -> Tree:
    tree, _ = read_text(name, text)
    assert tree is not None
    return tree


def marked(text: str) -> tuple[str, tuple[tuple[int, int], tuple[int, int]]]:
    """Take the marks « and » out of a text and return where they stood, as line and column."""
    before, _, rest = text.partition("«")
    inside, _, after = rest.partition("»")
    start, end = before, before + inside
    places = [(part.count("\n") + 1, len(part) - part.rfind("\n")) for part in (start, end)]
    return before + inside + after, (places[0], places[1])


def check(location: Location, place: tuple[tuple[int, int], tuple[int, int]]) -> None:
    assert (location.start, location.end) == place


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "# note\n«a: 1\nb: 2»\n# note\n"),
        ((), "«a»\n"),
        ((), "«»"),
        (("a",), "a: «1» # note\n"),
        (("a",), 'a: «"x y"»\nb: 1\n'),
        (("a",), "a: «'it''s'»\n"),
        (("a",), "a: «x\n  y»\nb: 1\n"),
        (("a",), "a: «|\n  x\n\n  y»\n\n# note\nb: 1\n"),
        (("a",), "a: «[1, {b: 2}]» # note\n"),
        (("a", 1), "a: [1, «{b: 2}»]\n"),
        (("a", 1, "b"), "a: [1, {b: «2»}]\n"),
        (("a",), "a:\n  «b: 1\n  c: [2]»\n\nd: 3\n"),
        (("a",), "a: # note\n- 0\nb: 1".replace("- 0", "«- 0»")),
        (("a", 1), "a:\n- x\n- «b: 1\n  c: 2»\n"),
        (("a",), "a: &x «1»\n"),
        (("a",), "a: &x !!str «1»\n"),
        (("a",), "a: !!str &x «1»\n"),
        (("a",), "a: &x # note\n  # note\n  «b: 1»\n"),
        (("a",), "a: &x «[1]»\n"),
        (("a",), "a: !<tag:yaml.org,2002:str> «1»\n"),
        (("b",), "a: &x [1]\nb: «*x»\n"),
        (("b", 0), "a: &x [«1»]\nb: *x\n"),
        (("b", "k"), "a: &x {k: «1»}\nb:\n  <<: *x\n  l: 2\n"),
        (("b", "k", "m"), "a: &x {k: {m: «1»}}\nb:\n  <<: [*x]\n"),
        (("b", "k"), "a: &x {k: 1}\nb:\n  <<: *x\n  k: «2»\n"),
        (("a",), "«a»:\nb: 1\n"),
        (("a", 0), "a:\n-«»\n- 1\n"),
        (("a", "missing"), "«a»: {b: 1}\n"),
        (("a", "missing", 3, "x"), "«a»: {b: 1}\n"),
        (("a", 7), "«a»: [1]\n"),
        (("a", 0, "x"), "a: [«{}»]\n"),
        (("missing",), "«a: 1»\n"),
        (("a",), "a: 1\r\n".replace("1", "«1»")),
        (("b",), "a: |\r\n  x\r\n  y\r\nb: «1»\r\n"),
        (("\U0001f600",), "\U0001f600: «\u00e9»\n"),
    ],
)
def test_values_of_yaml(path: Path, text: str) -> None:
    plain, place = marked(text)
    check(tree_of(plain, "x.yaml").locate(path), place)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), "«a: 1»\n"),
        (("a",), "«a»: 1\n"),
        (("a",), "«'a'» : 1\n"),
        (("a", "b"), "a: {«b»: 1}\n"),
        (("a",), "? «a»\n: 1\n"),
        (("a", 0), "a: [«x»]\n"),
        (("a", "b"), "a:\n  &x «b»: 1\n"),
        (("k",), "a: &x k\n«*x» : 1\n"),
        (("b",), "a: &x {k: 1}\n«b»: *x\n"),
        (("b", "k"), "a: &x {«k»: 1}\nb: *x\n"),
        (("b", "k"), "a: &x {«k»: 1}\nb: {<<: *x}\n"),
        (("b", "k"), "a: &x {k: 1}\nb: {<<: *x, «k»: 2}\n"),
        (("a", "missing"), "«a»: {}\n"),
    ],
)
def test_keys_of_yaml(path: Path, text: str) -> None:
    plain, place = marked(text)
    check(tree_of(plain, "x.yaml").locate_key(path), place)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("y", "a: x«y»z\n"),
        ("yz", "a: &n x«yz»\n"),
        ("y z", "a: x\n  «y\n\n\n  z»w\n".replace("\n\n\n", "\n")),
        ("y\n\nz", "a: x\n  «y\n\n\n  z»w\n"),
        ("t's", "a: 'i«t''s»'\n"),
        ("y z", "a: 'x «y\n   z» w'\n"),
        ("\t", 'a: "x«\\t»y"\n'),
        ("\u00e9", 'a: "x«\\xe9»y"\n'),
        ("\U0001f600", 'a: "x«\\U0001F600»y"\n'),
        ("\U0001f600", 'a: "x«\\ud83d\\ude00»y"\n'),
        ("yz", 'a: "x«y\\\n   z»w"\n'),
        ("y z", 'a: "x\\n«y\n   z»w"\n'),
        (" z", 'a: "x«\\ z»w"\n'),
        ("y", "a: |\n  x\n  «y»z\n"),
        (" y", "a: |-\n  x\n  « y»z\n"),
        ("y", "a: |2\n    x\n  «y»z\n"),
        ("y", "a: |+\n\n  x\n\n  «y»\n\n"),
        ("z", "a: >\n  x\n  y «z»\n\n  w\n"),
        ("y\n\n", "a: |+\n  x\n  «y\n\n»\nb: 1\n".replace("\n\n»\n", "\n\n»")),
        ("y", "a: x\u00a0«y»\u3000z\n"),
        ("y z", "a: >-\n  x «y\n  z»\n"),
        ("z", "a: >\n  x\n    y\n  «z»w\n"),
        ("y", "- - a: |\n      x\n      «y»\n".replace("- - a", "a")),
        ("y", "a: |\r\n  x\r\n  «y»z\r\n"),
        ("y z", "a: >\r\n  x\r\n  «y\r\n  z»\r\n"),
    ],
)
def test_parts_of_yaml(part: str, text: str) -> None:
    plain, place = marked(text)
    tree = tree_of(plain, "x.yaml")
    assert isinstance(tree.value, dict)
    value = tree.value["a"]
    assert isinstance(value, str)
    start = value.index(part)
    check(tree.locate_part(("a",), start, start + len(part)), place)


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (0, 0, "a: «»xy\n"),
        (2, 2, "a: xy«»\n"),
        (1, 1, "a: 'x«»y'\n"),
        (0, 0, "a: '«»'\n"),
        (3, 3, "a: |\n  xy«»\n"),
        (1, 99, "a: x«yz»\n"),
        (-5, 1, "a: «x»yz\n"),
    ],
)
def test_empty_parts_and_parts_beyond_the_end(start: int, end: int, text: str) -> None:
    plain, place = marked(text)
    check(tree_of(plain, "x.yaml").locate_part(("a",), start, end), place)


def test_parts_follow_aliases_and_merge_keys() -> None:
    plain, place = marked("a: &x xy«zw»\nb: *x\nc: {<<: {d: *x}}\n")
    tree = tree_of(plain, "x.yaml")
    check(tree.locate_part(("b",), 2, 4), place)
    check(tree.locate_part(("c", "d"), 2, 4), place)


def test_a_part_of_what_is_no_text_is_the_whole() -> None:
    tree = tree_of("a: 12\nb: [1]\n", "x.yaml")
    assert tree.locate_part(("a",), 0, 1) == tree.locate(("a",))
    assert tree.locate_part(("b",), 0, 1) == tree.locate(("b",))
    assert tree.locate_part(("c",), 0, 1) == tree.locate(("c",))


TOML = """a = 1
b.c = 'x'
"d e" = [1, {f = 2}]

[t]
k = \"\"\"
x\\ty \\
  z\"\"\"

[t.u . v]
w = 2024-01-01 08:30:00

[[r]]
n = 1
[[r]]
n = 2
[r.s]
m = 3
"""


@pytest.mark.parametrize(
    ("path", "token"),
    [
        ((), TOML.rstrip()),
        (("a",), "1"),
        (("b",), "b.c = 'x'"),
        (("b", "c"), "'x'"),
        (("d e",), "[1, {f = 2}]"),
        (("d e", 1), "{f = 2}"),
        (("d e", 1, "f"), "2"),
        (("t",), TOML[TOML.index("[t]") : TOML.index("\n\n[t.u")]),
        (("t", "u", "v"), "[t.u . v]\nw = 2024-01-01 08:30:00"),
        (("t", "u", "v", "w"), "2024-01-01 08:30:00"),
        (("r", 0), "[[r]]\nn = 1"),
        (("r", 1), "[[r]]\nn = 2"),
        (("r", 1, "n"), "2"),
        (("r", 1, "s"), "[r.s]\nm = 3"),
        (("r", 1, "s", "m"), "3"),
    ],
)
def test_values_of_toml(path: Path, token: str) -> None:
    for text in (TOML, TOML.replace("\n", "\r\n")):
        location = tree_of(text, "x.toml").locate(path)
        lines = text.splitlines(keepends=True)
        start = sum(map(len, lines[: location.start.line - 1])) + location.start.column - 1
        end = sum(map(len, lines[: location.end.line - 1])) + location.end.column - 1
        assert text[start:end].replace("\r\n", "\n") == token


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("a",), "«a» = 1"),
        (("b", "c"), "b . «c» = 1"),
        (("b",), "«b».c = 1"),
        (("a b",), '«"a b"» = 1'),
        (("a\tb",), '«"a\\tb"» = 1'),
        (("a", 0, "x"), "a = [{«x» = 1}]"),
        (("t",), "[ «t» ]"),
        (("t",), "[«t».u]\n[t.v]"),
        (("t", "v"), "[t.u]\n[t.«v»]"),
        (("t",), "[t.u]\n[«t»]"),
        (("r",), "[[«r»]]\n[[r]]"),
        (("r", 1, "x"), "[[r]]\nx = 1\n[[r]]\n«x» = 2"),
        (("a", "missing"), "«a» = {}"),
    ],
)
def test_keys_of_toml(path: Path, text: str) -> None:
    plain, place = marked(text)
    check(tree_of(plain, "x.toml").locate_key(path), place)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("y", "a = 'x«y»z'"),
        ("y", 'a = "x«y»z"'),
        ("\t", 'a = "x«\\t»z"'),
        ("\u00e9", 'a = "x«\\u00E9»z"'),
        ("y", "a = '''\nx\n«y»z'''"),
        ("y", 'a = """\nx\n«y»z"""'),
        ("xy", 'a = """«x\\\n   y»z"""'),
        ('"', 'a = """x«"»"""'),
        ("y", "a = '''\r\nx\r\n«y»z'''"),
        ("01-02", "a = 2024-«01-02»"),
    ],
)
def test_parts_of_toml(part: str, text: str) -> None:
    plain, place = marked(text)
    tree = tree_of(plain, "x.toml")
    assert isinstance(tree.value, dict)
    value = tree.value["a"]
    assert isinstance(value, str)
    start = value.index(part)
    check(tree.locate_part(("a",), start, start + len(part)), place)
