"""Vars: values from outside, and texts whose vars are put in while the rest waits for the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.compiler.bind.variables import Variables, given_problems
from jobc.compiler.read import read_file
from jobc.compiler.syntax.document import parse
from jobc.runtime.expressions import fill
from jobc.runtime.expressions.scopes import ENV
from jobc.runtime.expressions.types import DATETIME, STR, Record

if TYPE_CHECKING:
    from pathlib import Path

    from jobc.compiler.syntax.document import Document
    from jobc.schemas.ir import Data

ROOTS = {"partition": Record({"key": STR, "start": DATETIME}), "env": ENV}


def document(folder: Path, text: str) -> Document:
    file = folder / "spec.yaml"
    file.write_text("jobc: 1\n" + text, "utf-8")
    tree, _ = read_file(file)
    assert tree is not None
    parsed, problems = parse(tree)
    assert problems == ()
    assert parsed is not None
    return parsed


def partly(folder: Path, template: str) -> tuple[Data, list[str]]:
    """Fold the tag of a partitioned config in a file with some vars."""
    spec = document(
        folder,
        "vars: {root: data, n: 3, dollar: $, sign: '$${', list: [1, 'a$${'], big: '${range(5000)}'}\n"
        f"partitioned_configs: {{c: {{partitions: p, config: {{}}, tags: {{t: '{template}'}}}}}}\n",
    )
    variables = Variables(spec)
    left = variables.fold_partly(
        ("partitioned_configs", "c", "tags", "t"), template.replace("''", "'"), ROOTS
    )
    return left, [f"{each.code} {each.message}" for each in variables.diagnostics]


@pytest.mark.parametrize(
    ("template", "left"),
    [
        ("plain", "plain"),
        ("${vars.root}/${partition.key}", "data/${partition.key}"),
        ("${ partition.key }", "${partition.key}"),
        ("${vars.n * 2}", 6),
        ("${partition.key + vars.root}", '${partition.key + "data"}'),
        ("${format_date(partition.start, \"%Y\")}-${vars.n + 1}", '${format_date(partition.start, "%Y")}-4'),
        ("${env.HOME}/x", "${env.HOME}/x"),
        ("${vars.sign}x}", "$${x}"),
        ("${vars.list}", [1, "a$${"]),
        ("${vars.dollar}${partition.key}", '${"$"}${partition.key}'),
        ("${vars.dollar}{x}", "$${x}"),
        ("$${vars.root}", "$${vars.root}"),
        ("${date(\"2024-01-31\")}", "2024-01-31"),
    ],
)  # fmt: skip
def test_what_is_left_is_a_template(tmp_path: Path, template: str, left: Data) -> None:
    assert partly(tmp_path, template) == (left, [])


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("${vars.dollar}${partition.key}", "$k"),
        ("${vars.dollar}{x}", "${x}"),
        ("${vars.sign}${partition.key}", "${k"),
        ("${partition.key + vars.sign}", "k${"),
        ("$${${partition.key}", "${k"),
    ],
)
def test_signs_of_templates_inside_values_stay_what_they_are(
    tmp_path: Path, template: str, filled: str
) -> None:
    left, problems = partly(tmp_path, template)
    assert problems == []
    assert fill(left, {"partition": {"key": "k"}}) == filled


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("${partition.kye}", "JC0314 `partition` has no `kye`"),
        ("${partition.start + 1}",
         "JC0502 `+` takes two numbers, two texts or two lists, not a datetime and a whole number"),
        ("${inputs.x}", "JC0314 `inputs` cannot be used here"),
        ("${vars.rot + partition.key}", "JC0314 unknown variable `rot`"),
        ("${int(partition.key) + vars.n / 0}", "JC0504 division by zero"),
        ("${int(partition.key) in vars.big}",
         "JC0111 what the vars stand for grows beyond what one expression can hold"),
    ],
)  # fmt: skip
def test_mistakes_are_reported_and_leave_nothing(tmp_path: Path, template: str, problem: str) -> None:
    assert partly(tmp_path, template) == (None, [problem])


def test_given_values_stand_for_the_defaults(tmp_path: Path) -> None:
    spec = document(
        tmp_path,
        "vars:\n  root: data\n  path: '${vars.root}/x'\n  limit: {type: int}\n  twice: '${vars.limit * 2}'\n",
    )
    variables = Variables(spec, {"root": "$${raw}", "limit": 4})
    assert variables.fold_all() == {"root": "$${raw}", "path": "$${raw}/x", "limit": 4, "twice": 8}
    assert variables.required == ()
    assert variables.diagnostics == []


def test_a_var_without_a_value_is_required_and_what_needs_it_is_left_out(tmp_path: Path) -> None:
    spec = document(tmp_path, "vars:\n  limit: {type: int}\n  twice: '${vars.limit * 2}'\n  root: data\n")
    variables = Variables(spec)
    assert variables.fold_all() == {"root": "data"}
    assert variables.required == ("limit",)
    assert variables.diagnostics == []
    variables.report_required()
    assert [(each.code, each.location.start.line) for each in variables.diagnostics] == [("JC0506", 3)]


def test_given_values_have_to_fit(tmp_path: Path) -> None:
    spec = document(
        tmp_path,
        "vars: {root: data, rate: 0.5, any: '${vars.rate}', "
        "limit: {type: int, default: 3}, day: {type: date}}\n",
    )
    assert given_problems(spec, {"root": "x", "rate": 1, "any": [1], "limit": 7, "day": "2024-01-31"}) == ()
    found = given_problems(spec, {"rooot": "x", "root": 1, "rate": True, "limit": "many", "day": "noon"})
    assert [(problem.name, problem.code, problem.suggestions) for problem in found] == [
        ("rooot", "JC0314", ("root",)),
        ("root", "JC0505", ()),
        ("rate", "JC0505", ()),
        ("limit", "JC0505", ()),
        ("day", "JC0505", ()),
    ]
    assert found[1].message == "var `root`: the number 1 is not of the type of its default"
