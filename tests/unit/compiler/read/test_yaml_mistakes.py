from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.compiler.read import read_text, yaml_reader

if TYPE_CHECKING:
    from jobc.schemas.diagnostics import Diagnostic


def found(text: str, name: str = "x.yaml") -> list[Diagnostic]:
    return list(read_text(name, text).diagnostics)


def shown(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """Show code, place and message: what the first lines of a report say."""
    (line, column), (end_line, end_column) = diagnostic.location.start, diagnostic.location.end
    return diagnostic.code, f"{line}:{column}-{end_line}:{end_column}", diagnostic.message


MISTAKES = [
    ("a: 1\na: 2\n", "JC0105", "2:1-2:2", "duplicate key `a`"),
    ("{a: &x {}, b: {<<: *x, <<: *x}}", "JC0105", "1:24-1:26", "duplicate key `<<`"),
    ("1: a", "JC0106", "1:1-1:2", "the key `1` is not text"),
    ("true: a", "JC0106", "1:1-1:5", "the key `true` is not text"),
    ("~: a", "JC0106", "1:1-1:2", "the key `~` is not text"),
    (": a", "JC0106", "1:1-1:1", "a key is missing before `:`"),
    ("? [x]\n: y\n", "JC0106", "1:3-1:4", "a list stands where a key is expected"),
    ("{a: 1}: y\n", "JC0106", "1:1-1:2", "a mapping stands where a key is expected"),
    ("a: 1\n---\nb: 2\n", "JC0107", "2:1-2:4", "a second document begins here"),
    ("a:\tb\n", "JC0108", "1:3-1:4", "a tab stands between the parts of the text"),
    ("a: 1\t\n", "JC0108", "1:5-1:6", "a tab stands between the parts of the text"),
    ("a:\n\tb: 1\n", "JC0108", "2:1-2:2", "a tab stands between the parts of the text"),
    ("a: \x00", "JC0108", "1:4-1:5", "control character `U+0000` in the text"),
    ("a: x\u2028y", "JC0108", "1:5-1:6", "the character `U+2028` cannot stand in YAML text"),
    ("a: \ud800", "JC0108", "1:4-1:5", "control character `U+D800` in the text"),
    ("a: !foo x", "JC0109", "1:4-1:8", "the tag `!foo` cannot be used in a spec"),
    ("a: &b !foo {c: 1}", "JC0109", "1:7-1:11", "the tag `!foo` cannot be used in a spec"),
    ("a: !!binary x", "JC0109", "1:4-1:12", "the tag `!!binary` cannot be used in a spec"),
    ("a: !!int x", "JC0109", "1:4-1:11", "the tag `!!int` does not fit the text `x`"),
    ("a: !!map []", "JC0109", "1:4-1:9", "the tag `!!map` cannot be used in a spec"),
    ("select: *some", "JC0110", "1:9-1:14", "no anchor `&some` stands above the alias `*some`"),
    ("a: &a [*a]", "JC0110", "1:8-1:10", "the alias `*a` stands inside the part it repeats"),
    ("a: &a {<<: *a}", "JC0110", "1:12-1:14", "the alias `*a` stands inside the part it repeats"),
    ("a: " + "9" * 4001, "JC0111", "1:4-1:4005", "a whole number of 4,001 digits is too long"),
    (
        "%YAML 1.1\n---\na: 1",
        "JC0113",
        "1:1-1:10",
        "the file asks for YAML 1.1, but specs are read as YAML 1.2",
    ),
    ("<<: 3\n", "JC0114", "1:5-1:6", "the merge key `<<` takes mappings only"),
    ("<<: [{a: 1}, 2]\n", "JC0114", "1:14-1:15", "the merge key `<<` takes mappings only"),
    ("<<: [[a]]\n", "JC0114", "1:6-1:9", "the merge key `<<` takes mappings only"),
    ("a: &a [1, 2]\nb: {<<: *a}\n", "JC0114", "2:9-2:11", "the merge key `<<` takes mappings only"),
    ("a: 017", "JC0115", "1:4-1:7", "`017` is the number 17"),
    ("a: 1e400", "JC0115", "1:4-1:9", "`1e400` is too large: it is read as infinity"),
    ("{type: list[int]}", "JC0103", "1:12-1:13", "`[` stands where the mapping goes on or ends"),
    ("{a: x, b: ?}", "JC0103", "1:11-1:12", "`?` stands where a value is expected"),
    ("a: [1\nb: 2", "JC0103", "2:2-2:3", "`:` stands where the list goes on or ends"),
    ("- [a: b", "JC0103", "1:8-1:8", "the end of the file stands where the list goes on or ends"),
    ("a: b: c", "JC0103", "1:5-1:6", "`:` stands where no key can end"),
    ("a: - b", "JC0103", "1:4-1:5", "`-` stands where no list can begin"),
    ("a: ? b", "JC0103", "1:4-1:5", "`?` stands where no key can begin"),
    ("a: 1\nb\n", "JC0103", "2:1-2:2", "a line of the mapping has no `:`"),
    ("a: @x", "JC0103", "1:4-1:5", "`@` cannot begin a value"),
    ("a: }", "JC0103", "1:4-1:5", "`}` stands where a value is expected"),
    ('a: "x" y', "JC0103", "1:8-1:9", "`y` does not continue the mapping"),
    ("- a\nb: 1", "JC0103", "2:1-2:2", "`b` does not continue the list"),
    ("a: 'x", "JC0103", "1:4-1:5", "the quoted text is never closed"),
    ("a: 'b\n---\n'", "JC0103", "2:1-2:2", "the quoted text is not closed before `-`"),
    ('a: "\\q"', "JC0103", "1:5-1:7", "`\\q` is no escape"),
    ('a: "\\xz"', "JC0103", "1:7-1:8", "the escape is too short"),
    ('a: "\\ud800"', "JC0103", "1:4-1:5", "an escape stands for half a character"),
    ("a: |x\n", "JC0103", "1:5-1:6", "text stands behind `|` or `>`"),
    ("a: |0\n", "JC0103", "1:5-1:6", "`0` cannot be an indentation"),
    ("a: &", "JC0103", "1:4-1:5", "a name is missing behind `&` or `*`"),
    ("x: !<a b\n", "JC0103", "1:4-1:5", "the tag cannot be read"),
    ("x: !q!a b\n", "JC0103", "1:4-1:5", "the tag cannot be read"),
    ("%FOO%\n---\na: 1\n", "JC0103", "1:1-1:2", "the line is no directive"),
    ("%YAML 1.2\n%YAML 1.2\n---\na: 1\n", "JC0103", "2:1-2:2", "a second `%YAML` directive"),
    ("%YAML 3.2\n---\na: 1\n", "JC0103", "1:1-1:2", "the file asks for a YAML that does not exist"),
]


@pytest.mark.parametrize(("text", "code", "place", "message"), MISTAKES)
def test_mistakes_are_named_and_placed(text: str, code: str, place: str, message: str) -> None:
    (diagnostic,) = found(text)
    assert shown(diagnostic) == (code, place, message)
    assert "expected" in diagnostic.label or diagnostic.help


@pytest.mark.parametrize(("text", "code", "place", "message"), MISTAKES)
def test_the_referee_alone_says_the_same(
    text: str, code: str, place: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_reader, "has_libyaml", lambda: False)
    (diagnostic,) = found(text)
    assert shown(diagnostic) == (code, place, message)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("a: {b: >-\n  c\n  }", "cannot stand inside `{…}`"),
        ("a: [|\n  c\n  ]", "cannot stand inside `{…}`"),
        ("a: @x", "text that begins with `@`"),
        ("a: {b: c}\n  d: e", "the value above is complete"),
        ("a: [b]\n\n  d: e", "the value above is complete"),
        ('a: "b"  # why\n  d: e', "the value above is complete"),
        ("a: {b: c} d", "a value that begins with `{` ends at the `}`"),
        ("a: [b] d", "a value that begins with `[` ends at the `]`"),
        ('a: "b" d', "a value that begins with a quote ends at the closing one"),
    ],
)
def test_the_help_fits_what_stands_there(text: str, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (diagnostic,) = found(text)
    assert diagnostic.code == "JC0103"
    assert advice in (diagnostic.help or "")
    monkeypatch.setattr(yaml_reader, "has_libyaml", lambda: False)
    (again,) = found(text)
    assert again.help == diagnostic.help


def test_independent_mistakes_are_all_reported() -> None:
    diagnostics = found("a: 1\na: 2\nb: !foo x\n1: 3\nb: 4\nc: *nothing\nd: {e: 1, e: 2}\n")
    assert [(d.code, d.location.start.line) for d in diagnostics] == [
        ("JC0105", 2),
        ("JC0109", 3),
        ("JC0106", 4),
        ("JC0105", 5),
        ("JC0110", 6),
        ("JC0105", 7),
    ]


def test_a_duplicate_key_shows_the_first_and_keeps_its_value() -> None:
    tree, (diagnostic,) = read_text("x.yaml", "a: 1\nb:\n  c: 1\nb: {d: 2}\n")
    assert tree is not None
    assert tree.value == {"a": 1, "b": {"c": 1}}
    (related,) = diagnostic.related
    assert related.location.start == (2, 1)


def test_many_duplicate_keys_each_show_their_own_first_place() -> None:
    pairs = [(number, number) for number in range(50)]
    text = "".join(f"k{first}: 1\nk{second}: 2\nk0: 3\n" for first, second in pairs)
    places = [(d.location.start.line, d.related[0].location.start.line) for d in found(text)]
    expected = [(3 * n + offset, 3 * n + 1 if offset == 2 else 1) for n, _ in pairs for offset in (2, 3)]
    assert places == expected


def test_text_in_a_flow_mapping_is_advised_to_be_quoted() -> None:
    for text in ("{type: list[int]}", "{a: x, b: ?}", "a: {b: {c}d}"):
        (diagnostic,) = found(text)
        assert diagnostic.help is not None
        assert "must be quoted" in diagnostic.help or "quote all of it" in diagnostic.help
    assert found("{type: list[int]}")[0].help == (
        "text that contains `?`, `[`, `{`, `,` or `: ` inside a YAML flow mapping or list must be quoted"
    )


def test_an_alias_that_was_meant_as_text_is_quoted_by_the_fix() -> None:
    (diagnostic,) = found("select: *some_op")
    assert diagnostic.help == "quote it: '*some_op'"
    assert [edit.text for edit in diagnostic.edits] == ["'*some_op'"]


def test_an_alias_near_an_anchor_gets_the_anchor_suggested() -> None:
    (diagnostic,) = found("a: &defaults 1\nb: *default\n")
    assert diagnostic.suggestions == ("*defaults",)
    assert not diagnostic.edits


def test_number_keys_are_quoted_by_the_fix() -> None:
    (diagnostic,) = found("a: {1: b}")
    assert [edit.text for edit in diagnostic.edits] == ['"1"']
    assert diagnostic.edits[0].location == diagnostic.location


@pytest.mark.parametrize(
    ("text", "edit"), [("a:\tb", [" "]), ("a: 1 \t\nb: 2", [""]), ("- a\n\t\n- b", [""])]
)
def test_tabs_between_tokens_are_fixed(text: str, edit: list[str]) -> None:
    (diagnostic,) = found(text)
    assert [e.text for e in diagnostic.edits] == edit


@pytest.mark.parametrize(
    "text",
    [
        "a: 'x\ty'",
        "a: x\ty",
        "a: |\n  x\n  \ty\n",
        "# x\ty\na: 1 # x\ty\n",
        "{a:\t1,\n\tb: [1,\t2]\n\t}",
        'a: "x\n\ty"',
    ],
)
def test_tabs_in_strings_comments_and_flow_collections_are_fine(text: str) -> None:
    assert found(text) == []


LIMITS = [
    ("[" * 10_000, "the file is nested too deeply"),
    ("[" * 201 + "]" * 201, "the file is nested too deeply"),
    ("{a: " * 10_000, "the file is nested too deeply"),
    ("- " * 10_000 + "x", "the file is nested too deeply"),
    (
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 300)),
        "the file is nested too deeply",
    ),
    (
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)),
        "the aliases of the file repeat too much",
    ),
    (
        "a: &a [" + "x, " * 5000 + "]\nb: {" + ", ".join(f"k{n}: *a" for n in range(300)) + "}\n",
        "the aliases of the file repeat too much",
    ),
]


@pytest.mark.parametrize(("text", "message"), LIMITS)
def test_limits(text: str, message: str) -> None:
    tree, (diagnostic,) = read_text("x.yaml", text)
    assert tree is None
    assert (diagnostic.code, diagnostic.message) == ("JC0111", message)


def test_two_hundred_levels_are_fine() -> None:
    tree, diagnostics = read_text("x.yaml", "[" * 200 + "]" * 200)
    assert tree is not None
    assert diagnostics == ()


def test_what_libyaml_alone_refuses_is_accepted() -> None:
    tree, diagnostics = read_text("x.json", '{"a": "\\ud83d\\ude00"}')
    assert tree is not None
    assert tree.value == {"a": "\U0001f600"}
    assert diagnostics == ()


def test_tabs_behind_the_first_document_that_is_no_yaml() -> None:
    assert found("a:\n---\nb: c\n\td: e\n")[0].code == "JC0107"
