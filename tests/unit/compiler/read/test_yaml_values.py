from __future__ import annotations

import math

import pytest

from jobc.compiler.read import Value, read_text


def value_of(text: str) -> Value:
    tree, diagnostics = read_text("x.yaml", text)
    assert tree is not None, diagnostics
    assert [d.code for d in diagnostics if d.severity == "error"] == []
    return tree.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRue", "tRue"),
        ("null", None),
        ("~", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("0", 0),
        ("-12", -12),
        ("+12", 12),
        ("017", 17),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("-0x1F", "-0x1F"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("=", "="),
        ("1e3", 1000.0),
        ("1E-3", 0.001),
        (".5", 0.5),
        ("1.", 1.0),
        ("-1.5", -1.5),
        ("1.5.2", "1.5.2"),
        (".", "."),
        ("-", [None]),
        ("--", "--"),
        ("1e400", math.inf),
        (".inf", math.inf),
        ("+.Inf", math.inf),
        ("-.INF", -math.inf),
        (".iNf", ".iNf"),
        ("\u0661\u0662", "\u0661\u0662"),
        ('"017"', "017"),
        ("'null'", "null"),
        ("|\n  1\n", "1\n"),
        ("!!str 12", "12"),
        ("!!str", ""),
        ("! 12", "12"),
        ("!!int '12'", 12),
        ("!!float 1", 1.0),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!!map {a: 1}", {"a": 1}),
        ("!!seq [1]", [1]),
        ("!<tag:yaml.org,2002:str> 1", "1"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: Value) -> None:
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_a_float() -> None:
    found = value_of(".nan")
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# only a comment\n", None),
        ("---\n", None),
        ("---\na: 1\n...\n", {"a": 1}),
        ("a:\nb: 1\n", {"a": None, "b": 1}),
        ("{python: shop.ops:read, type: str?}", {"python": "shop.ops:read", "type": "str?"}),
        ("[shop.ops:read]", ["shop.ops:read"]),
        ("a: &x [1]\nb: *x\n", {"a": [1], "b": [1]}),
        ("a: &x 1\n*x : 2\n", None),
        ("a: &x k\n*x : 2\n", {"a": "k", "k": 2}),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("a: 1\r\nb:\r\n  - x\r\n  - |\r\n    y\r\n    z\r\n", {"a": 1, "b": ["x", "y\nz\n"]}),
        ('{"a": "\\ud83d\\ude00",\n\t"b": "\\/"}', {"a": "\U0001f600", "b": "/"}),
        ("\ufeffa: 1", {"a": 1}),
        ("%YAML 1.2\n---\na: 1", {"a": 1}),
    ],
)
def test_documents(text: str, value: Value) -> None:
    if value is None and "*x" in text:
        tree, diagnostics = read_text("x.yaml", text)
        assert tree is not None
        assert tree.value == {"a": 1}
        assert [d.code for d in diagnostics] == ["JC0106"]
    else:
        assert value_of(text) == value


@pytest.mark.parametrize(
    ("merged", "value"),
    [
        ("{<<: *a, x: 9}", {"x": 9, "y": 2}),
        ("{x: 9, <<: *a}", {"x": 9, "y": 2}),
        ("{<<: [*a, *b]}", {"x": 1, "y": 2, "z": 4}),
        ("{<<: [*b, *a]}", {"x": 3, "y": 2, "z": 4}),
        ("{<<: {x: 5}}", {"x": 5}),
        ("{<<: [{x: 5}, *a]}", {"x": 5, "y": 2}),
        ("{<<: {<<: *a, x: 5}}", {"x": 5, "y": 2}),
        ("{'<<': *a}", {"<<": {"x": 1, "y": 2}}),
        ("{!!str <<: *a}", {"<<": {"x": 1, "y": 2}}),
        ("{<<: []}", {}),
    ],
)
def test_merge_keys(merged: str, value: Value) -> None:
    found = value_of(f"a: &a {{x: 1, y: 2}}\nb: &b {{x: 3, z: 4}}\nc: {merged}\n")
    assert isinstance(found, dict)
    assert found["c"] == value


def test_a_hole_is_repeated_by_aliases_and_merge_keys() -> None:
    tree, diagnostics = read_text("x.yaml", "a: &x {k: !bad 1, z: 2}\nb: *x\nc: {<<: *x}\nd: [!bad {q: 1}]\n")
    assert [d.code for d in diagnostics] == ["JC0109", "JC0109"]
    assert tree is not None
    assert tree.holes == {("a", "k"), ("b", "k"), ("c", "k"), ("d", 0)}
    assert tree.value == {
        "a": {"k": None, "z": 2},
        "b": {"k": None, "z": 2},
        "c": {"k": None, "z": 2},
        "d": [None],
    }
