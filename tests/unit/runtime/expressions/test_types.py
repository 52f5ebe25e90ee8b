"""Static types: what an expression will be, and what is wrong with it before there are values."""

from __future__ import annotations

import pytest

from jobc.runtime.expressions import Scope, infer, parse_template
from jobc.runtime.expressions.scopes import ENV, RUN
from jobc.runtime.expressions.types import (
    ANY,
    BOOL,
    DATE,
    DATETIME,
    FLOAT,
    INT,
    NULL,
    STR,
    ListType,
    MappingType,
    Record,
    Type,
    type_of,
)

SCOPE = Scope(
    {
        "vars": type_of({"root": "data", "n": 3, "list": [1, 2], "m": {"a": 1}}),
        "params": Record({"limit": INT, "day": DATE, "any": ANY}),
        "env": ENV,
        "run": RUN,
    }
)


def inferred(text: str) -> tuple[Type, list[tuple[str, str, str, str | None]]]:
    """Return the type, and the kind, place, message and help of each problem."""
    template, problems = parse_template(text)
    assert problems == ()
    assert template is not None
    assert template.single is not None
    found = infer(template.single, SCOPE)
    return found.type, [
        (each.kind, text[each.start : each.end], each.message, each.help) for each in found.problems
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("null", NULL),
        ("1 + 2", INT),
        ("1 + 2.0", FLOAT),
        ("1 / 2", FLOAT),
        ("vars.root + '/x'", STR),
        ("vars.list + [2.5]", ListType(FLOAT)),
        ("vars.m", Record({"a": INT})),
        ("vars.m.a // 2", INT),
        ("vars.list[0]", INT),
        ("vars.root[0]", STR),
        ("vars.m['a']", INT),
        ("env.ANYTHING", STR),
        ("run.tags['team x']", STR),
        ("params", Record({"limit": INT, "day": DATE, "any": ANY})),
        ("params.any.part[0] + 1", ANY),
        ("params.any < 1", BOOL),
        ("1 if params.any else 'a'", ANY),
        ("1 if params.limit > 1 else 2.5", FLOAT),
        ("[1, 'a']", ListType(ANY)),
        ("{'a': 1, 'b': 'c'}", Record({"a": INT, "b": STR})),
        ("add_days(params.day, 1)", DATE),
        ("datetime(params.day)", DATETIME),
        ("round(2.5)", INT),
        ("round(2.5, 1)", FLOAT),
        ("max(1, 2.5)", FLOAT),
        ("max(vars.list)", INT),
        ("sorted(vars.list)", ListType(INT)),
        ("values({'a': 1, 'b': 2.5})", ListType(FLOAT)),
        ("default(null, 'a')", STR),
        ("default(params.limit, 2.5)", FLOAT),
        ("{'a': {'b': 1}, 'c': {'d': 2}}[params.any]", MappingType(INT)),
        ("not (vars.n in vars.list)", BOOL),
        ("vars.n == 2.5 or vars.root != null or params.any == 'a'", BOOL),
        ("default(vars.m.b, 'x')", ANY),
        ("default(vars.m['b'].c, 'x')", ANY),
        ("-vars.n", INT),
    ],
)
def test_types(text: str, kind: Type) -> None:
    assert inferred("${" + text + "}") == (kind, [])


@pytest.mark.parametrize(
    ("marked", "kind", "message", "advice"),
    [
        ("«root»", "name", "unknown variable `root`", "write `vars.root` for a var of the file"),
        ("«varss».root", "name", "unknown variable `varss`", "did you mean `vars`?"),
        ("vars.«rot»", "name", "unknown variable `rot`", "did you mean `root`?"),
        ("vars.m.«b»", "name", "`vars.m` has no `b`", "known here: `a`"),
        ("vars.m[«'b'»]", "name", "there is no `b` here", "known here: `a`"),
        ("vars.root.«x»", "name", "`vars.root` is a text and has no part `x`", "write `vars.root` alone"),
        ("«vars»", "name", "`vars` stands alone", "write `vars.NAME`"),
        ("«partition».key", "name", "`partition` cannot be used here",
         "`partition` is known in partitioned configs; known here: `vars`, `params`, `env` and `run`"),
        ("run.«job_name»", "name", "`run` has no `job_name`", "known here: `id`, `job` and `tags`"),
        ("«lenn»(vars.root)", "function", "unknown function `lenn`", "did you mean `len`?"),
        ("«vars.root + 1»", "type",
         "`+` takes two numbers, two texts or two lists, not a text and a whole number",
         "write `str(…)` around what is no text"),
        ("«params.day < '2024-01-01'»", "type",
         "`<` takes two numbers, two texts, two dates or two datetimes, not a date and a text",
         "write `date(…)` around the text"),
        ("«params.day + 1»", "type",
         "`+` takes two numbers, two texts or two lists, not a date and a whole number",
         "`add_days` counts with dates"),
        ("«-vars.root»", "type", "`-` takes a number, not a text", None),
        ("not «vars.n»", "type", "`not` takes a truth value, not a whole number",
         "compare it with something, or write `bool(…)`"),
        ("1 if «vars.root» else 2", "type", "the condition of `if` takes a truth value, not a text",
         "compare it with something, or write `bool(…)`"),
        ("«params.day == '2024-01-31'»", "type", "a date and a text are never equal",
         "write `date(…)` around the text"),
        ("default(vars.«rot», 1)", "name", "unknown variable `rot`", "did you mean `root`?"),
        ("default(1, vars.m.«b»)", "name", "`vars.m` has no `b`", "known here: `a`"),
        ("«vars.n»[0]", "type", "a whole number has no items", None),
        ("vars.list[«'a'»]", "type", "a list is indexed with a whole number, not a text", None),
        ("vars.m[«0»]", "type", "a mapping is indexed with a text, not a whole number", None),
        ("len(«vars.n»)", "arguments", "`len` takes a text, a list or a mapping, not a whole number",
         "write `str(…)` around the value"),
        ("«len(vars.root, 1)»", "arguments", "`len` takes one argument, not 2", "write `len(value)`"),
        ("«round()»", "arguments", "`round` takes 1 to 2 arguments, not 0",
         "write `round(number, [digits])`"),
        ("«path_join()»", "arguments", "`path_join` takes at least one argument, not 0",
         "write `path_join(part, …)`"),
        ("sum(«['a']»)", "arguments", "`sum` takes a list, each item a number, not a text",
         "write `int(…)` or `float(…)` around the text"),
        ("add_days(«'2024-01-31'», 1)", "arguments", "`add_days` takes a date or a datetime, not a text",
         "write `date(…)` around the text"),
        ("«min(1, 'a')»", "arguments", "`min`: a whole number and a text cannot be put in order",
         "write `min(list, …)`"),
        ("«contains(vars.root, 1)»", "arguments", "`contains`: a text cannot hold a whole number",
         "write `contains(container, value)`"),
    ],
)  # fmt: skip
def test_mistakes(marked: str, kind: str, message: str, advice: str | None) -> None:
    before, rest = marked.split("«")
    inside, after = rest.split("»")
    _, problems = inferred("${" + before + inside + after + "}")
    assert problems == [(kind, inside, message, advice)]


def test_all_mistakes_are_found_in_the_order_of_the_text_and_none_twice() -> None:
    _, problems = inferred("${vars.a + foo(vars.b, -'x') if 1 else vars.root - 1}")
    assert [place for _, place, _, _ in problems] == ["a", "foo", "b", "-'x'", "1", "vars.root - 1"]
