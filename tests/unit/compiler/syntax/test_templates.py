"""Texts with `${...}`: parts, places and refusals."""

from __future__ import annotations

import pytest

from jobc.compiler.syntax.templates import Path, Template, is_plain, parse_template

EXPECTED = "a dotted name such as `vars.name` is expected between `${` and `}`, not "


def show(template: Template | None) -> list[str]:
    """Write the parts, dotted names in angle brackets."""
    assert template is not None
    return [
        part if isinstance(part, str) else f"<{'.'.join(name.text for name in part.names)}>"
        for part in template.parts
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("plain $ text {x}", ["plain $ text {x}"]),
        ("${vars.root}", ["<vars.root>"]),
        ("${ vars.root }", ["<vars.root>"]),
        ("${partition.dims.region}", ["<partition.dims.region>"]),
        ("${vars.root}/${params.day}.csv", ["<vars.root>", "/", "<params.day>", ".csv"]),
        ("${vars.größe}", ["<vars.größe>"]),
        ("$${vars.root}", ["${vars.root}"]),
        ("a $${x} $${y} ${a.b}", ["a ${x} ${y} ", "<a.b>"]),
        ("$$${a.b}", ["$${a.b}"]),
        ("$", ["$"]),
        ("$$", ["$$"]),
        ("$ {a.b}", ["$ {a.b}"]),
        ("${a.b}}", ["<a.b>", "}"]),
        ("${a.b}\n$${", ["<a.b>", "\n${"]),
    ],
)
def test_parts(text: str, parts: list[str]) -> None:
    template, problems = parse_template(text)
    assert problems == ()
    assert show(template) == parts


@pytest.mark.parametrize(
    ("text", "is_single"),
    [
        ("${a.b}", True),
        ("${ a.b }", True),
        (" ${a.b}", False),
        ("${a.b}${a.b}", False),
        ("a", False),
        ("", False),
    ],
)
def test_is_single(text: str, is_single: bool) -> None:
    template, _ = parse_template(text)
    assert template is not None
    assert template.is_single is is_single


@pytest.mark.parametrize(
    ("text", "plain"), [("", True), ("$ {", True), ("a$", True), ("${", False), ("$${x}", False)]
)
def test_is_plain(text: str, plain: bool) -> None:
    assert is_plain(text) is plain


def test_places() -> None:
    text = "a ${ vars.root }/${run.id}"
    template, _ = parse_template(text)
    assert template is not None
    paths = [part for part in template.parts if isinstance(part, Path)]
    assert [text[path.start : path.end] for path in paths] == ["vars.root", "run.id"]
    assert [text[name.start : name.end] for path in paths for name in path.names] == [
        "vars",
        "root",
        "run",
        "id",
    ]


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("a «${» x", "`${` is never closed"),
        ("«${}»", EXPECTED + "nothing"),
        ("a «${ }» b", EXPECTED + "nothing"),
        ("${«root»}", EXPECTED + "`root`"),
        ("${ «1 + 2» }", EXPECTED + "`1 + 2`"),
        ("${«vars..root»}", EXPECTED + "`vars..root`"),
        ("${«vars.²»}", EXPECTED + "`vars.²`"),
        ("${«f('}')»}", EXPECTED + "`f('}')`"),
        ("${«it's»}", EXPECTED + "`it's`"),
        ("${«" + "x" * 20 + " " + "y" * 20 + "»}", EXPECTED + "this"),
    ],
)
def test_refusals(marked: str, message: str) -> None:
    before, rest = marked.split("«")
    inside, after = rest.split("»")
    template, problems = parse_template(before + inside + after)
    assert template is None
    place = (len(before), len(before + inside))
    assert [(problem.message, (problem.start, problem.end)) for problem in problems] == [(message, place)]


def test_help() -> None:
    assert [problem.help for problem in parse_template("${root} ${1} ${")[1]] == [
        "write `vars.root` for a var of the file",
        None,
        "write `$${` for a literal `${`",
    ]


def test_every_mistake_is_reported() -> None:
    text = "${a.b} ${}${x y} ${z"
    _, problems = parse_template(text)
    assert [text[problem.start : problem.end] for problem in problems] == ["${}", "x y", "${"]
