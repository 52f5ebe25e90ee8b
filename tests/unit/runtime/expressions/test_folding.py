"""Folding: what is known is put in, what is left means the same."""

from __future__ import annotations

import pytest

from jobc.runtime.expressions import EvaluationError, expression_text, fold, parse_template

NAMES = {"vars": {"n": 3, "zero": 0, "t": True, "none": None, "list": [1, {"a": "x"}], "root": "data"}}


def folded(text: str) -> str:
    template, problems = parse_template("${" + text + "}")
    assert problems == ()
    assert template is not None
    assert template.single is not None
    return expression_text(fold(template.single, NAMES))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("vars.n * 2 + 1", "7"),
        ("params.x + vars.n * 2", "params.x + 6"),
        ("vars.root + '/' + params.x", '"data/" + params.x'),
        ("[vars.n, params.x]", "[3, params.x]"),
        ("{'a': vars.n, 'b': params.x}", '{"a": 3, "b": params.x}'),
        ("vars.list[1].a", '"x"'),
        ("vars.list[params.x]", '[1, {"a": "x"}][params.x]'),
        ("params.x - vars.n", "params.x - 3"),
        ("params.x - -vars.n", "params.x - -3"),
        ("add_days(date('2024-01-31'), 1)", 'date("2024-02-01")'),
        (
            "add_days(datetime('2024-01-31T09:00'), params.x)",
            'add_days(datetime("2024-01-31T09:00:00"), params.x)',
        ),
        ("vars.t and params.x", "true and params.x"),
        ("vars.n == 1 and params.x", "false"),
        ("vars.t or params.x", "true"),
        ("params.x and vars.t", "params.x and true"),
        ("params.x if vars.t else 1 / 0", "params.x"),
        ("1 / vars.zero if params.x else 2", "1 / 0 if params.x else 2"),
        ("params.x and 1 / vars.zero > 1", "params.x and 1 / 0 > 1"),
        ("default(vars.none, params.x)", "params.x"),
        ("default(vars.missing, params.x)", "params.x"),
        ("default(vars.n, params.x)", "3"),
        ("default(params.x, 1 / vars.zero)", "default(params.x, 1 / 0)"),
        ("upper(params.x)[vars.n].y", "upper(params.x)[3].y"),
        ("params.x", "params.x"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert folded(text) == left


@pytest.mark.parametrize(
    "text", ["1 / vars.zero", "params.x + 1 / vars.zero", "f(vars.rot)", "vars.n and params.x"]
)
def test_what_has_no_value_in_any_case_is_an_error_at_once(text: str) -> None:
    with pytest.raises(EvaluationError):
        folded(text)
