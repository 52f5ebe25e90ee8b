"""Properties of expressions: they read back, keep their types, end, and may be folded at any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from jobc.runtime.expressions import (
    EvaluationError,
    Scope,
    Template,
    evaluate,
    expression_text,
    fill,
    fold,
    infer,
    parse_template,
    template_text,
)
from jobc.runtime.expressions.names import Name, Path
from jobc.runtime.expressions.nodes import Expression, Literal
from jobc.runtime.expressions.types import has_type, type_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.expressions import Problem

TOKENS = [
    *(
        "${",
        "}",
        "$${",
        "$",
        "vars",
        ".root",
        ".n",
        "vars.n",
        "env.HOME",
        "(",
        ")",
        "[",
        "]",
        "{",
        "'a'",
        '"b"',
    ),
    *(
        "'",
        '"',
        "\\",
        "1",
        "2.5",
        "0",
        "9" * 30,
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "==",
        "<",
        "and",
        "or",
        "not",
    ),
    *(
        "if",
        "else",
        "in",
        "true",
        "null",
        ",",
        ":",
        " ",
        "\n",
        "é",
        "²",
        "**",
        "x",
        "len(",
        "range(",
        "join(",
    ),
    *("format('{:09d}',", "replace(", "date(", "default(", "json("),
]
SOUP = st.lists(st.sampled_from(TOKENS), max_size=25).map("".join) | st.text()
NAMES: dict[str, object] = {
    "vars": {"root": "data", "n": 3, "f": 0.5, "t": True, "none": None, "list": [1, 2], "m": {"a": 1}},
    "env": {"HOME": "/home"},
}
NAMED_TYPES = {name: type_of(value) for name, value in NAMES.items()}


def shape(value: object) -> object:
    """Return a node without its positions."""
    if isinstance(value, Path):
        return ("path", value.dotted)
    if isinstance(value, Name):
        return ("name", value.text)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        named = zip(value._fields, value, strict=True)
        return (type(value).__name__, *(shape(each) for name, each in named if name not in ("start", "end")))
    if isinstance(value, tuple):
        return tuple(shape(item) for item in value)
    if isinstance(value, float):
        return ("float", repr(value))
    return (type(value).__name__, value)


def single(text: str) -> Expression:
    template, problems = parse_template("${" + text + "}")
    assert problems == (), (text, problems)
    assert template is not None
    assert template.single is not None
    return template.single


@given(SOUP)
def test_any_text_is_read_or_gets_placed_problems(text: str) -> None:
    template, problems = parse_template(text)
    assert (template is None) == bool(problems)
    for problem in problems:
        assert 0 <= problem.start <= problem.end <= len(text)
    if template is not None:
        printed = template_text(template)
        again, _ = parse_template(printed)
        assert again is not None
        assert shape(again.parts) == shape(template.parts)
        assert template_text(again) == printed


@given(SOUP)
def test_any_text_is_checked_and_filled_or_refused_with_a_place(text: str) -> None:
    template, _ = parse_template(text)
    if template is None:
        return
    for expression in template.expressions:
        for problem in infer(expression, Scope(NAMED_TYPES)).problems:
            assert 0 <= problem.start <= problem.end <= len(text)
    refusal = problem_of(lambda: fill(text, NAMES))
    assert refusal is None or 0 <= refusal.start <= refusal.end <= len(text)


def problem_of(work: Callable[[], object]) -> Problem | None:
    """Return why an evaluation has no value; None where it has one. No other error may come out of it."""
    try:
        work()
    except EvaluationError as error:
        return error.problem
    return None


@given(st.lists(st.text() | st.sampled_from(["$", "$$", "${", "}", "$${x}"]), max_size=6))
def test_any_values_can_stand_between_text(pieces: list[str]) -> None:
    path = single("a.b")
    parts: list[str | Expression] = []
    for piece in pieces:
        parts += [piece, path] if piece else [path]
    text = template_text(Template(tuple(parts)))
    expected = "".join(part if isinstance(part, str) else "<>" for part in parts)
    assert fill(text, {"a": {"b": "<>"}}) == expected


DOTTED = st.lists(st.sampled_from(["vars", "root", "größe", "x1", "_"]), min_size=2, max_size=4)
LITERALS = st.lists(
    st.text(st.characters(exclude_characters="$", exclude_categories=["Cs"]), min_size=1) | st.just("${"),
    min_size=1,
)


@given(st.lists(LITERALS.map("".join) | DOTTED, max_size=5))
def test_a_template_reads_back_as_what_was_written(parts: list[str | list[str]]) -> None:
    text, expected = "", list[str | list[str]]()
    for part in parts:
        text += part.replace("${", "$${") if isinstance(part, str) else f"${{{'.'.join(part)}}}"
        if isinstance(part, str) and expected and isinstance(expected[-1], str):
            expected[-1] += part
        else:
            expected.append(part)
    template, problems = parse_template(text)
    assert problems == ()
    assert template is not None
    found = [
        [name.text for name in part.names] if isinstance(part, Path) else part for part in template.parts
    ]
    assert found == expected


# --- programs that are well typed ---------------------------------------------------------------------------

WHOLE = st.integers(-50, 50).map(str)
ROOTS = {
    "int": ["vars.n", "vars.list[0]", "vars.m.a", "vars.m['a']", "late.n"],
    "float": ["vars.f", "late.f"],
    "str": ["vars.root", "env.HOME", "late.root"],
    "bool": ["vars.t", "late.t"],
    "list": ["vars.list", "late.list"],
    "date": ["date('2024-01-31')", "late.day"],
}
LATE = {"n": 7, "f": 1.25, "root": "out", "t": False, "list": [3, 4], "day": date(2024, 2, 29)}


@dataclass(frozen=True)
class Grammar:
    """Strategies for texts of expressions, by the kind of their value."""

    inner: dict[str, st.SearchStrategy[str]]

    def form(self, pattern: str, *kinds: str) -> st.SearchStrategy[str]:
        return st.tuples(*(self.inner[kind] for kind in kinds)).map(lambda parts: pattern.format(*parts))

    def larger(self) -> dict[str, st.SearchStrategy[str]]:
        form, arithmetic = self.form, st.sampled_from(["+", "-", "*", "//", "%"])
        numbers = st.tuples(self.inner["int"], arithmetic, self.inner["int"]).map(" ".join)
        return {
            "int": numbers.map("({})".format) | form("len({})", "str") | form("max({}, {})", "int", "int")
            | form("sum({})", "list") | form("round({})", "float") | form("-{}", "int")
            | form("({} if {} else {})", "int", "bool", "int") | form("default({}, {})", "int", "int")
            | form("{}[{}]", "list", "int") | form("int({})", "float"),
            "float": form("({} / {})", "int", "float") | form("({} * {})", "float", "int")
            | form("abs({})", "float") | form("round({}, 1)", "float"),
            "str": form("({} + {})", "str", "str") | form("upper({})", "str") | form("str({})", "float")
            | form("format('{{}}-{{}}', {}, {})", "int", "str") | form("replace({}, 'a', {})", "str", "str")
            | form("({} if {} else {})", "str", "bool", "str") | form("join({}, {})", "list", "str")
            | form("json({})", "list") | form("format_date({}, '%Y-%j')", "date") | form("sha256({})", "str"),
            "bool": form("({} < {})", "int", "float") | form("({} and {})", "bool", "bool")
            | form("(not {})", "bool") | form("({} or {})", "bool", "bool") | form("({} == {})", "str", "str")
            | form("({} in {})", "int", "list") | form("startswith({}, {})", "str", "str")
            | form("({} >= {})", "date", "date"),
            "list": form("[{}, {}]", "int", "int") | form("({} + {})", "list", "list")
            | form("sorted({})", "list") | form("values({{'k': {}}})", "int")
            | form("({} if {} else {})", "list", "bool", "list"),
            "date": form("add_days({}, {})", "date", "int"),
        }  # fmt: skip


def programs() -> dict[str, st.SearchStrategy[str]]:
    """Strategies for well-typed expressions, three levels deep."""
    level = {kind: st.sampled_from(names) for kind, names in ROOTS.items()}
    level["int"] |= WHOLE.map("({})".format)
    quoted = st.text(st.characters(codec="ascii"), max_size=4)
    level["str"] |= quoted.map(lambda text: expression_text(Literal(text, 0, 0)))
    for _ in range(3):
        larger = Grammar(level).larger()
        level = {kind: level[kind] | larger[kind] for kind in level}
    return level


PROGRAMS = programs()
ALL = st.one_of(*PROGRAMS.values())
TYPES = {name: type_of(value) for name, value in {**NAMES, "late": LATE}.items()}


@given(ALL)
def test_a_well_typed_expression_has_no_problem_and_a_value_of_its_type(text: str) -> None:
    expression = single(text)
    kind, problems = infer(expression, Scope(TYPES))
    assert problems == ()
    problem = problem_of(lambda: evaluate(expression, {**NAMES, "late": LATE}))
    if problem is not None:
        assert problem.kind in ("value", "missing")
        return
    value = evaluate(expression, {**NAMES, "late": LATE})
    assert has_type(value, kind)


@given(ALL)
def test_a_program_reads_back_as_what_was_printed(text: str) -> None:
    expression = single(text)
    assert shape(single(expression_text(expression))) == shape(expression)


def outcome(expression: Expression, names: dict[str, object]) -> object:
    """Return the value of an expression with its class, or the kind of problem it has."""
    problem = problem_of(lambda: evaluate(expression, names))
    if problem is not None:
        return problem.kind
    value = evaluate(expression, names)
    return type(value), value


@given(ALL)
def test_folding_and_then_evaluating_is_evaluating_at_once(text: str) -> None:
    expression = single(text)
    at_once = outcome(expression, {**NAMES, "late": LATE})
    if problem_of(lambda: fold(expression, NAMES)) is not None:
        # What fails early fails in any case, if not always first for the same reason.
        assert at_once in ("value", "missing")
        return
    folded = fold(expression, NAMES)
    assert outcome(folded, {"late": LATE}) == at_once
    assert outcome(single(expression_text(folded)), {"late": LATE}) == at_once
