"""What expressions stand for, and why some stand for nothing."""

from __future__ import annotations

import pickle
import shlex
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

from jobc.runtime.expressions import (
    FUNCTIONS,
    EvaluationError,
    Scope,
    as_text,
    evaluate,
    fill,
    fill_text,
    infer,
    parse_template,
)
from jobc.runtime.expressions.types import has_type

if TYPE_CHECKING:
    from jobc.runtime.expressions.nodes import Expression


def expression(text: str) -> Expression:
    template, problems = parse_template("${" + text + "}")
    assert problems == ()
    assert template is not None
    assert template.single is not None
    return template.single


NAMES: dict[str, object] = {
    "vars": {"root": "data", "n": 3, "none": None, "m": {"a": 1, "b c": [1, 2]}, "t": True, "f": 0.5},
    "env": {"HOME": "/home/eve"},
    "partition": {"start": datetime(2024, 1, 31, 9, tzinfo=UTC), "day": date(2024, 1, 31)},
    "inputs": {"file": PurePosixPath("out/a.csv"), "pair": (1, 2), "thing": object()},
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4", 3),
        ("7 / 2", 3.5),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("2.5 * 2", 5.0),
        ("'a' + \"b\"", "ab"),
        ("[1] + [2]", [1, 2]),
        ("1 < 2 and 'b' > 'a'", True),
        ("1 == 1.0", True),
        ("true == 1", False),
        ("[true] == [1]", False),
        ("{'a': 1, 'b': [2]} == {'b': [2], 'a': 1.0}", True),
        ("null != 0", True),
        ("date('2024-01-31') < date('2024-02-01')", True),
        ("2 in [1, 2]", True),
        ("'b' not in 'abc'", False),
        ("'a' in vars.m", True),
        ("not vars.t or vars.n >= 3", True),
        ("vars.t or 1 / 0 > 1", True),
        ("1 if vars.n > 2 else 1 / 0", 1),
        ("vars.m['b c'][-1]", 2),
        ("vars.root[0]", "d"),
        ("{'a': {'b': 5}}.a.b", 5),
        ("vars.m", {"a": 1, "b c": [1, 2]}),
        ("env.HOME + '/x'", "/home/eve/x"),
        ("basename(inputs.file)", "a.csv"),
        ("sum(inputs.pair)", 3),
        ("inputs.thing == null", False),
        ("inputs.thing == inputs.thing", True),
        ("default(vars.none, 'x')", "x"),
        ("default(vars.m.c, 'x')", "x"),
        ("default(vars.m['c'], 'x')", "x"),
        ("default(vars.m['b c'][9], 'x')", "x"),
        ("default(vars.none.part.more, 'x')", "x"),
        ("default(env.MISSING, vars.root)", "data"),
        ("default(0, 1 / 0)", 0),
        ("round(2.5)", 2),
        ("round(3.5)", 4),
        ("int(2.9) + int('-4') + int(true)", -1),
        ("bool('false') or bool(null)", False),
        ("format('{1}-{0}-{{}}', 'a', 'b')", "b-a-{}"),
        ("format('{:>4}|{:.2f}|{:x}', 'a', 0.5, 255)", "   a|0.50|ff"),
        ("split(' a  b ')", ["a", "b"]),
        ("join([1, null, true, [1]], ',')", "1,,true,[1]"),
        ("range(5, 0, -2)", [5, 3, 1]),
        ("range(0)", []),
        ("sorted(['b', 'a']) + keys({'d': 1, 'c': 2})", ["a", "b", "c", "d"]),
        ("max(1, 2.5)", 2.5),
        ("sum([0.1, 0.2, 0.3])", 0.6),
        ("format_date(partition.start, '%Y/%m/%d %H:%M %%')", "2024/01/31 09:00 %"),
        ("format_date(date('0024-01-31'), '%Y')", "0024"),
        ("add_days(partition.day, -31)", date(2023, 12, 31)),
        ("date(partition.start)", date(2024, 1, 31)),
        ("json(partition.day) + json({'b': 1, 'a': 'é'})", '"2024-01-31"{"a":"\\u00e9","b":1}'),
        ("contains([1], 1) and contains({'k': 1}, 'k') and startswith('ab', 'a')", True),
    ],
)
def test_values(text: str, value: object) -> None:
    found = evaluate(expression(text), NAMES)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("«1 / 0»", "division by zero"),
        ("1 + «5 % (1 - 1)»", "division by zero"),
        ("«1e300 * 1e300»", "the number is too large, or no number at all"),
        ("vars.m.«d»", "`vars.m` has no `d`"),
        ("env.«MISSING»", "the environment variable `MISSING` is not set"),
        ("«params».x", "unknown variable `params`"),
        ("vars.root.«x»", "`vars.root` is a text and has no part `x`"),
        ("[1, 2][«2»]", "index 2 is out of range: there are 2 items"),
        ("vars.m[«1»]", "a mapping is indexed with a text, not a whole number"),
        ("«vars.n»[0]", "a whole number has no items"),
        ("«'a' + 1»", "`+` takes two numbers, two texts or two lists, not a text and a whole number"),
        ("«vars.n» and vars.t", "`and` takes a truth value, not a whole number"),
        ("1 if «vars.n» else 2", "the condition of `if` takes a truth value, not a whole number"),
        ("upper(«vars.n»)", "`upper` takes a text, not a whole number"),
        ("sum(«[1, 'a']»)", "`sum` takes a number, not a text"),
        ("«int('x')»", "the text `x` is no whole number"),
        ("«float('nan')»", "the text `nan` is no number"),
        ("«bool('yes')»", "the text `yes` is no truth value"),
        ("«date('2024-02-30')»", "the text `2024-02-30` is no date"),
        ("«datetime('noon')»", "the text `noon` is no datetime"),
        ("«format_date(partition.day, '%s')»", "`%s` is no part of a date"),
        ("«add_days(partition.day, 10000000)»", "there is no date 10000000 days from there"),
        ("«partition.start < datetime('2024-01-01')»",
         "a datetime with a time zone cannot be compared with one without"),
        ("«format('{}{}', 1)»", "the text has a place for value 2, and 1 given"),
        ("«format('{', 1)»", "the lone `{` has no meaning"),
        ("«format('{:d}', 'a')»", "`d` does not say how to write this value"),
        ("«format('{:{}}', 1)»", "the lone `{` has no meaning"),
        ("«format('{0.real}', 1)»", "the lone `{` has no meaning"),
        ("«min([])»", "the list is empty"),
        ("«sorted([1, 'a'])»", "a whole number and a text cannot be put in order"),
        ("«range(1, 2, 0)»", "a range cannot have steps of 0"),
        ("«split('a', '')»", "a text cannot be split at nothing"),
        ("upper(«inputs.thing»)", "`upper` takes a text, not a value of another kind"),
        ("«inputs.thing + 1»",
         "`+` takes two numbers, two texts or two lists, not a value of another kind and a whole number"),
        ("inputs.thing.«__class__»", "`inputs.thing` is a value of another kind and has no part `__class__`"),
        ("vars.root.«upper»", "`vars.root` is a text and has no part `upper`"),
        ("vars.«__class__»", "`vars` has no `__class__`"),
        ("«eval»('1')", "unknown function `eval`"),
        ("«range(10001)»", "the list grows beyond 10,000 items"),
        ("«range(-1, 9999999999999999999999)»", "the list grows beyond 10,000 items"),
        ("«format('{:0999d}', 1) * 2»", "`*` takes two numbers, not a text and a whole number"),
        ("replace(«replace(json(range(10000)), '1', json(range(1000)))», '1', 'a')",
         "the text grows beyond 1,000,000 characters"),
        ("«join(range(10000), format('{:0200d}', 1))»", "the text grows beyond 1,000,000 characters"),
        ("«" + " * ".join([f"int('{'9' * 900}')"] * 2) + "»", "the number grows beyond a thousand digits"),
        ("«int('" + "9" * 5000 + "')»", "the text `" + "9" * 40 + "…` is no whole number"),
        ("«len()»", "`len` takes one argument, not 0"),
    ],
)  # fmt: skip
def test_what_has_no_value(marked: str, message: str) -> None:
    before, rest = marked.split("«")
    inside, after = rest.split("»")
    with pytest.raises(EvaluationError) as caught:
        evaluate(expression(before + inside + after), NAMES)
    problem = caught.value.problem
    assert problem.message == message
    assert (problem.start - 2, problem.end - 2) == (len(before), len(before + inside))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_every_function(name: str) -> None:
    given = FUNCTIONS[name]
    example = expression(given.example)
    kind, problems = infer(example, Scope({}))
    assert problems == ()
    value = evaluate(example, {})
    assert value == given.value
    assert has_type(value, kind)


def test_the_functions_are_those_of_the_language() -> None:
    names = (
        "len min max sum abs round int float str bool lower upper strip replace split join format date",
        "datetime format_date add_days basename dirname path_join default json sha256 range sorted keys",
        "values contains startswith endswith",
    )
    assert sorted(FUNCTIONS) == sorted(" ".join(names).split())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1.5, "1.5"),
        ("a", "a"),
        ([1, {"b": None, "a": "é"}], '[1,{"a":"\\u00e9","b":null}]'),
        (date(2024, 1, 31), "2024-01-31"),
        (datetime(2024, 1, 31, tzinfo=UTC), "2024-01-31T00:00:00+00:00"),
        (PurePosixPath("a/b"), "a/b"),
    ],
)
def test_values_as_text(value: object, text: str) -> None:
    assert as_text(value) == text
    assert fill("<${inputs.x}>", {"inputs": {"x": value}}) == f"<{text}>"


def test_fill_keeps_types_and_shape() -> None:
    data = {
        "${vars.n}": ["${vars.n}", "n=${vars.n}", 7, None, "$${vars.n}"],
        "m": {"at": "${partition.start}"},
    }
    assert fill(data, NAMES) == {
        "${vars.n}": [3, "n=3", 7, None, "${vars.n}"],
        "m": {"at": datetime(2024, 1, 31, 9, tzinfo=UTC)},
    }


def test_fill_text_quotes_values_for_a_shell() -> None:
    names = {"inputs": {"name": "a b; rm -rf /", "n": 3}}

    def quoted(value: object) -> str:
        return shlex.quote(as_text(value))

    assert fill_text("echo ${inputs.name} > ${inputs.n}", names, quoted) == "echo 'a b; rm -rf /' > 3"
    assert fill_text("${inputs.name}", names, quoted) == "'a b; rm -rf /'"


def test_an_error_of_fill_names_the_text() -> None:
    with pytest.raises(EvaluationError) as caught:
        fill(["${vars.n / 0}"], NAMES)
    assert str(caught.value) == "division by zero in `${vars.n / 0}`"
    with pytest.raises(EvaluationError) as caught:
        fill("x ${vars.rot}", NAMES)
    assert str(caught.value) == "`vars` has no `rot` in `x ${vars.rot}`; did you mean `root`?"
    with pytest.raises(EvaluationError, match="never closed"):
        fill("${vars.n", NAMES)


def test_an_error_can_be_sent_to_another_process() -> None:
    with pytest.raises(EvaluationError) as caught:
        fill(["${vars.n / 0}"], NAMES)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.problem) == (str(caught.value), caught.value.problem)


class Counted(Mapping[str, object]):
    """A mapping that notes what is read of it."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __getitem__(self, key: str) -> object:
        self.read.append(key)
        return key

    def __iter__(self) -> Iterator[str]:
        return iter(("a", "b"))

    def __len__(self) -> int:
        return 2


def test_names_are_read_when_they_are_needed() -> None:
    lazy = Counted()
    assert fill("${x.a if x.a == 'a' else x.b}", {"x": lazy}) == "a"
    assert set(lazy.read) == {"a"}
