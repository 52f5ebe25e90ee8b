from __future__ import annotations

import pytest

from jobc.compiler.fixes import apply_edits, letters_apart, with_edits
from jobc.compiler.written import Lines, has_key_beside
from jobc.schemas.diagnostics import Diagnostic, Edit, Location, Position, Related


def place(text: str, part: str, last: int = 0) -> Location:
    """Return where a part of the text stands; `last` counts from the end, 0 is the first one."""
    offset = text.rindex(part) if last else text.index(part)
    before = text[:offset].split("\n")
    start = Position(len(before), len(before[-1]) + 1)
    return Location("x.yaml", start, start._replace(column=start.column + len(part)))


def fixed(text: str, diagnostic: Diagnostic) -> str | None:
    """Return the text with the diagnostic's fix made; None if it has none."""
    (outcome,) = with_edits([diagnostic], {"x.yaml": text})
    assert outcome.code == diagnostic.code
    return apply_edits(text, outcome.edits) if outcome.edits else None


@pytest.mark.parametrize(
    ("written", "name", "near", "expected"),
    [
        ("raed", "raed", ("read",), "read"),
        ('"raed"', "raed", ("read",), '"read"'),
        ("'raed'", "raed", ("read",), "'read'"),
        ("READ", "READ", ("read",), "read"),
        ("raed", "raed", ("read", "rear_end"), "read"),
        ("raed", "raed", ("read", "road"), "read"),
        ("red", "red", ("read", "reed"), None),
        ("raed", "raed", (), None),
        ("raed", "other", ("read",), None),
        ("ab", "ab", ("ac",), None),
        ("orders", "orders", ("order_list",), None),
        ("raed", "raed", ("read it",), None),
        ("treu", "treu", ("true",), None),
        ("string", "string", ("str",), "str"),
        ("däily", "däily", ("daily",), "daily"),
        ('"r\\x61ed"', "raed", ("read",), None),
        ("*raed", "raed", ("read",), None),
        ("common.raed", "common.raed", ("common.read",), "common.read"),
    ],
)
def test_near_names(written: str, name: str, near: tuple[str, ...], expected: str | None) -> None:
    text = f"a: {written}\n"
    diagnostic = Diagnostic("JC0311", f"unknown op `{name}`", place(text, written), suggestions=near)
    assert fixed(text, diagnostic) == (None if expected is None else f"a: {expected}\n")


@pytest.mark.parametrize(
    ("code", "written", "message", "advice", "near", "expected"),
    [
        ("JC0203", '"3"', "", "write the number without quotes", (), "3"),
        ("JC0203", '"03"', "", "write the number without quotes", (), None),
        ("JC0703", "3", "", "put it in quotes", (), '"3"'),
        ("JC0203", '"no"', "", "write true or false", (), "false"),
        ("JC0203", "yes", "", "write true or false", (), "true"),
        ("JC0203", "maybe", "", "write true or false", (), None),
        ("JC0205", '"1"', "", "write `jobc: 1`", (), "1"),
        ("JC0205", "2", "", "write `jobc: 1`", (), None),
        ("JC0203", "a_b", "", "write `[a_b]`", (), "[a_b]"),
        ("JC0203", '"a_b"', "", "write `[a_b]`", (), '["a_b"]'),
        ("JC0209", "root", "", "write `vars.root` for a var of the file", (), "vars.root"),
        ("JC0209", "env", "", "write `vars.env` for a var of the file", (), None),
        ("JC0901", "OR", "", "keywords are lower-case: write `or`", (), "or"),
        ("JC0207", "a . b", "", "write `a.b`", (), "a.b"),
        ("JC0207", "True", "`True` is written `true` here", "", ("true",), "true"),
        ("JC0208", "'int'", "a type is written without quotes", "", ("int",), "int"),
        ("JC0211", "shop.ops.read", "`shop.ops.read` does", "", ("shop.ops:read",), "shop.ops:read"),
        ("JC0211", '"shop.read"', "`shop.read` does", "", ("shop:read",), '"shop:read"'),
        ("JC0301", "shpo:read", "there is no Python module `shpo`", "", ("shop",), "shop:read"),
        ("JC0301", "markte.x:read", "no module `markte.x`", "", ("market.x",), "market.x:read"),
        ("JC0206", "read-orders", "`read-orders` cannot be a name", "", ("read_orders",), None),
    ],
)
def test_forms(
    code: str, written: str, message: str, advice: str, near: tuple[str, ...], expected: str | None
) -> None:
    text = f"a: {written}  # b\n"
    diagnostic = Diagnostic(code, message, place(text, written), help=advice or None, suggestions=near)
    assert fixed(text, diagnostic) == (None if expected is None else f"a: {expected}  # b\n")


def test_quotes_are_not_put_into_quotes() -> None:
    text = 'wiring: "f(3)"\n'
    diagnostic = Diagnostic("JC0501", "", place(text, "3"), help="put it in quotes")
    assert fixed(text, diagnostic) is None


def test_the_edit_of_a_rule_stays_in_quotes() -> None:
    text = '{"pyhton":"a:b"}\n'
    location = place(text, '"pyhton"')
    edit = Edit(location, "python")
    diagnostic = Diagnostic("JC0201", "unknown key", location, suggestions=("python",), edits=(edit,))
    assert fixed(text, diagnostic) == '{"python":"a:b"}\n'


@pytest.mark.parametrize(("code", "expected"), [("JC0601", None), ("JC0417", "limit")])
def test_words_that_are_each_taken_for_the_other(code: str, expected: str | None) -> None:
    text = "a: lmiit\nb: limit\n"
    one = Diagnostic(code, "no `lmiit`", place(text, "lmiit"), suggestions=("limit",))
    other = Diagnostic("JC0701", "no `limit`", place(text, "limit"), suggestions=("lmiit",))
    first, second = with_edits([one, other], {"x.yaml": text})
    assert [edit.text for edit in first.edits] == ([] if expected is None else [expected])
    assert second.edits == ()


@pytest.mark.parametrize(
    ("text", "word", "near", "expected"),
    [
        ("reda: 1\na: read\n", "read", "reda", "reda: 1\na: reda\n"),
        ("reda: 1\na: read\nb: read\n", "read", "reda", None),
        ("cmomon: 1\na: common.f\nb: common.g\n", "common.f", "cmomon.f", None),
        ("common: 1\na: cmomon.f\n", "cmomon.f", "common.f", "common: 1\na: common.f\n"),
    ],
)
def test_a_name_with_more_uses_than_its_definition_has(
    text: str, word: str, near: str, expected: str | None
) -> None:
    location = place(text, word)
    assert fixed(text, Diagnostic("JC0311", f"unknown `{word}`", location, suggestions=(near,))) == expected


def test_a_parameter_of_python_has_the_last_word() -> None:
    text = "valut: f\nneeds: vault\n"
    unserved = Diagnostic("JC0413", "its parameter `vault`", place(text, "f"), suggestions=("valut",))
    missing = Diagnostic("JC0601", "needs `vault`", place(text, "vault"), suggestions=("valut",))
    assert [each.edits for each in with_edits([unserved, missing], {"x.yaml": text})] == [(), ()]


def test_a_near_name_may_stand_in_the_help_alone() -> None:
    text = "a: +raed\n"
    diagnostic = Diagnostic("JC0902", "no node `raed`", place(text, "raed"), help="did you mean `read`?")
    assert fixed(text, diagnostic) == "a: +read\n"
    diagnostic = Diagnostic("JC0902", "no `raed`", place(text, "raed"), help="did you mean `@read`?")
    assert fixed(text, diagnostic) is None


def test_what_has_no_text_at_hand_is_left_alone() -> None:
    diagnostic = Diagnostic("JC0311", "unknown op `a`", place("a", "a"), suggestions=("ab",))
    far = Diagnostic("JC0311", "unknown op `a`", Location("x.yaml", Position(9, 1), Position(9, 2)))
    assert with_edits([diagnostic], {}) == (diagnostic,)
    assert with_edits([far], {"x.yaml": "a"}) == (far,)


@pytest.mark.parametrize(
    ("text", "is_given"),
    [
        ("o:\n  wirng: 1\n  wiring: 2\n", True),
        ("o:\n  wiring: 2\n\n  # c\n  x:\n    y: 1\n  wirng: 1\n", True),
        ("o:\n  'wiring': 2\n  wirng: 1\n", True),
        ("o:\n  wirng: 1\np:\n  wiring: 2\n", False),
        ("o:\n  x: {wiring: 1}\n  wirng: 1\n", False),
        ("o:\n  wirng: {wiring: 1}\n", True),
        ("o: {wirng: 1, wiring: 2}\n", True),
        ("o: {wirng: 1, rewiring: 2}\n", False),
        ("- wiring: 1\n  wirng: 2\n", True),
        ("- wiring: 1\n- wirng: 2\n", False),
        ("- wirng: 1\n  wiring: 2\n", True),
        ("- wirng: 1\n- wiring: 2\n", False),
        ("[a]\nwiring = 1\n[b]\nwirng = 2\n", False),
        ("[a]\nwiring = 1\nwirng = 2\n", True),
        ("[a]\nwirng = 2\nx = 1\nwiring.y = 1\n", True),
        ("o: wirng\nwiring: 1\n", False),
    ],
)
def test_a_key_is_not_given_the_name_of_another(text: str, is_given: bool) -> None:
    location = place(text, "wirng")
    assert has_key_beside("wiring", location, Lines({"x.yaml": text})) is is_given
    diagnostic = Diagnostic("JC0201", "unknown key `wirng`", location, suggestions=("wiring",))
    assert (fixed(text, diagnostic) is None) is is_given


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 1\nc: 3\n", "a: 1\nb: 2\nc: 3\n"),
        ("a: 1\nb: 2\na: 2\nc: 3\n", None),
        ("a: 1\nb: 2\na: 1\n  c\n", None),
        ("a: |\n  x\na: |\n  y\n", None),
        ("a: 'x y'  # z\na: 'x y'  # z\n", "a: 'x y'  # z\n"),
        ("a: 1  # y\na: 1\nb: 2\n", None),
        ("{a: 1, a: 1}\n", None),
    ],
)
def test_a_line_that_is_there_twice(text: str, expected: str | None) -> None:
    related = (Related("first given here", place(text, "a")),)
    diagnostic = Diagnostic("JC0105", "duplicate key `a`", place(text, "a:", 1), related=related)
    assert fixed(text, diagnostic) == expected


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "ab", 2), ("abc", "ABC", 0), ("abc", "acb", 1), ("abcd", "badc", 2), ("kitten", "sitting", 3)],
)
def test_letters_apart(one: str, other: str, distance: int) -> None:
    assert letters_apart(one, other) == letters_apart(other, one) == distance


def test_edits_leave_the_rest_alone() -> None:
    text = "a: é1\r\nb:\t2\rc: 3 \n"
    edits = [Edit(place(text.replace("\r\n", "\n").replace("\r", "\n"), part), "x") for part in ("3", "1")]
    assert apply_edits(text, edits) == "a: éx\r\nb:\t2\rc: x \n"
