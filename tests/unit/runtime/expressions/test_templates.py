"""Texts with `${…}`: parts, places and refusals."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jobc.runtime.expressions import Template, expression_text, is_plain, parse_template, template_text
from jobc.runtime.expressions.names import Path
from jobc.runtime.expressions.nodes import paths_in

NOTHING = "an expression is expected between `${` and `}`, not nothing"
EARLY = "the expression ends too early: expected"
STRAY = "does not belong here: expected"
DEEP = "give a part of it a name of its own under `vars`"
VALUE = "a name such as `vars.name`, a number, a text in quotes, a function such as `len(…)`, or `(`"


def show(template: Template | None) -> list[str]:
    """Write the parts, expressions in angle brackets."""
    assert template is not None
    return [part if isinstance(part, str) else f"<{expression_text(part)}>" for part in template.parts]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("plain $ text {x}", ["plain $ text {x}"]),
        ("${vars.root}", ["<vars.root>"]),
        ("${ vars.root }", ["<vars.root>"]),
        ("${root}", ["<root>"]),
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
        ('${"}"}-${"a{"}', ['<"}">', "-", '<"a{">']),
        ("${'a' + '}'}", ['<"a" + "}">']),
        ('${{"a": {"b": 1}}}}', ['<{"a": {"b": 1}}>', "}"]),
        ('${"${x}"}', ['<"${x}">']),
        ("${a.true} ${a.in}", ["<a.true>", " ", "<a.in>"]),
        ("${true}", ["<true>"]),
        ("${\n  a.b\n  + 1\n}", ["<a.b + 1>"]),
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
        ("${ a.b + 1 }", True),
        (" ${a.b}", False),
        ("${a.b}${a.b}", False),
        ("a", False),
        ("", False),
    ],
)
def test_single(text: str, is_single: bool) -> None:
    template, _ = parse_template(text)
    assert template is not None
    assert (template.single is not None) is is_single


@pytest.mark.parametrize(
    ("text", "plain"), [("", True), ("$ {", True), ("a$", True), ("${", False), ("$${x}", False)]
)
def test_is_plain(text: str, plain: bool) -> None:
    assert is_plain(text) is plain


@pytest.mark.parametrize("text", ["a ${ vars.root }/${run.id}", "a ${ vars.root + f(run.id) }"])
def test_places_of_names(text: str) -> None:
    template, _ = parse_template(text)
    assert template is not None
    paths = [path for expression in template.expressions for path in paths_in(expression)]
    assert [text[path.start : path.end] for path in paths] == ["vars.root", "run.id"]
    assert [text[name.start : name.end] for path in paths for name in path.names] == [
        "vars",
        "root",
        "run",
        "id",
    ]


def test_places_of_operations() -> None:
    text = "- ${ (a.b + 1) * len([2, 'x']) }"
    template, _ = parse_template(text)
    assert template is not None
    product = template.expressions[0]
    assert not isinstance(product, Path)
    assert text[product.start : product.end] == "(a.b + 1) * len([2, 'x'])"


REFUSED = [
    ("a «${» x", "`${` is never closed", "write `$${` for a literal `${`"),
    ("«${}»", NOTHING, "for example `${vars.name}`"),
    ("a «${ }» b", NOTHING, "for example `${vars.name}`"),
    ("${1 +«»}", f"{EARLY} {VALUE}", None),
    ("${vars«.».root}", f"`.` {STRAY} an operator", None),
    ("${vars.«²»}", "`²` is no name", 'write `x["key"]` for a key that is no name'),
    ("${a < b «<» c}", f"`<` {STRAY} an operator or the end",
     "one comparison at a time: write `a < b and b < c`"),
    ("${vars.x.upper«(»)}", f"`(` {STRAY} an operator or the end",
     "there are no methods: write `upper(x)`"),
    ("${x.y[0«:»1]}", f"`:` {STRAY} an operator or `]`",
     "an index is one number or one key; parts of a list or text cannot be cut out"),
    ("${a.b «&&» c.d}", f"`&&` {STRAY} an operator", "write `and`"),
    ("${a.b «=» 1}", f"`=` {STRAY} an operator",
     "write `==` to compare; nothing can be assigned"),
    ("${a.b *«*» 2}", f"`*` {STRAY} {VALUE}", "there are no powers"),
    ("${«'»abc}", f"`'` {STRAY} {VALUE}", "the quote ' is never closed"),
    ("${'«\\q»'}", "`\\q` is no escape", None),
    ("${{«a»: 1}}", f"`a` {STRAY} a key in quotes", 'write the key in quotes: `{"a": …}`'),
    ("${{'a': 1, «'a'»: 2}}", "the key `a` stands twice", None),
    ("${1 if a.b«»}", f"{EARLY} `else` and the other value, or an operator", None),
    ("${(a.b«»}", f"{EARLY} an operator or `)`", None),
    ("${f(a.b«»}", f"{EARLY} an operator, `,` or `)`", None),
    ("${a.b «AND» c.d}", f"`AND` {STRAY} an operator or the end",
     "words are lower-case: write `and`"),
    ("${f(«in»)}", f"`in` {STRAY} {VALUE}",
     "`in` is a word of the language and cannot be a name"),
    ("${«1e999»}", "the number `1e999` is too large", None),
    ("${" + "(" * 61 + "«(»" + "1" + ")" * 62 + "}", "more than 60 operations stand inside each other", DEEP),
    ("${«1»" + " + 1" * 2000 + "}", "more than 60 operations stand inside each other", DEEP),
    ("${«1»" + " + 1" * 70 + "}", "more than 60 operations stand inside each other", DEEP),
    ("${«" + "1" * 2000 + "»}", "the number has more than 1,020 digits", None),
    ("${«" + " " * 10_000 + "1»}", "the expression is longer than 10,000 characters", "take it apart"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "message", "advice"), REFUSED)
def test_refusals(marked: str, message: str, advice: str | None) -> None:
    before, rest = marked.split("«")
    inside, after = rest.split("»")
    template, (problem,) = parse_template(before + inside + after)
    assert template is None
    assert (problem.kind, problem.message) == ("syntax", message)
    assert (problem.start, problem.end) == (len(before), len(before + inside))
    assert advice is None or problem.help == advice


def test_every_mistake_is_reported() -> None:
    text = "${a.b} ${}${x y} ${z"
    _, problems = parse_template(text)
    assert [text[problem.start : problem.end] for problem in problems] == ["${}", "y", "${"]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("${ (a.b) }", "${a.b}"),
        ("${1+2*3}", "${1 + 2 * 3}"),
        ("${(1+2)*3}", "${(1 + 2) * 3}"),
        ("${a.b-(c.d-1)}", "${a.b - (c.d - 1)}"),
        ("${not(a.b and c.d)or-f(x.y)[0].z}", "${not (a.b and c.d) or -f(x.y)[0].z}"),
        ("${(-1).x}", "${(-1).x}"),
        ("${-(-1)}", "${1}"),
        ("${(1 if a.b else 2) if c.d else 3}", "${(1 if a.b else 2) if c.d else 3}"),
        ("${1 if a.b else 2 if c.d else 3}", "${1 if a.b else 2 if c.d else 3}"),
        ("${'a\"b\\n' not   in [1,]}", '${"a\\"b\\n" not in [1]}'),
        ("$${x} ${{'k':null}['k']}", '$${x} ${{"k": null}["k"]}'),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    template, problems = parse_template(text)
    assert problems == ()
    assert template is not None
    assert template_text(template) == canonical
    assert template_text(parse_template(canonical)[0] or Template(())) == canonical


def test_a_dollar_before_an_expression_stays_one() -> None:
    expression = parse_template("${a.b}")[0]
    assert expression is not None
    text = template_text(Template(("costs $", *expression.parts)))
    assert show(parse_template(text)[0]) == ["costs ", '<"$">', "<a.b>"]


def test_a_dotted_name_loads_nothing_heavy() -> None:
    code = (
        "import sys; from jobc.runtime.expressions import parse_template, is_plain\n"
        "from jobc.runtime.expressions.templates import template_text\n"
        "print(template_text(parse_template('a ${vars.root} b')[0]))\n"
        "heavy = ('lark', 'jobc.runtime.expressions.')\n"
        "print(sorted(name for name in sys.modules if name.startswith(heavy)))"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    text, modules = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert text == "a ${vars.root} b"
    names = ["names", "problems", "templates"]
    assert modules == str([f"jobc.runtime.expressions.{name}" for name in names])
