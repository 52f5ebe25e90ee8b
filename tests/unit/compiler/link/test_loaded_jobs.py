"""What a spec says reaches the functions it names, or is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from jobc.compiler.pipeline import CompileError, compile_spec, load
from jobc.compiler.validation import validate
from jobc.runtime.config import Secret

FUNCTIONS = """\
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from jobc import Out, op, resource

SEEN = {}


def anything(**more):
    return more


def some(first, **more):
    return {"first": first, **more}


def typed(day: date, folder: Path, numbers: set[int], share: float, rows: list) -> dict:
    return {"day": day, "folder": folder, "numbers": numbers, "share": share, "rows": rows}


def opened(password) -> object:
    return password


def uses(gate) -> object:
    return gate


@resource(config_schema={"path": str, "tries": int})
def declared(context):
    return dict(context.resource_config)


@resource
def bare(context):
    return "bare"


@op(out={"good": Out(int), "bad": Out(int)})
def own(context, rows: int):
    return rows, 0


def decorate(function):
    return asynccontextmanager(function)


@decorate
async def late():
    yield 1
"""


def spec(folder: Path, body: str) -> str:
    (folder / "shop.py").write_text(FUNCTIONS)
    path = folder / "spec.yaml"
    path.write_text("jobc: 1\n" + body)
    return str(path)


def result(folder: Path, body: str, node: str) -> object:
    path = spec(folder, body)
    assert not [each for each in validate([path]).diagnostics if each.severity == "error"]
    return load(path).execute_in_process().output_for_node(node)


def refusal(folder: Path, body: str) -> list[tuple[str, str]]:
    path = spec(folder, body)
    assert validate([path]).diagnostics == ()
    with pytest.raises(CompileError) as caught:
        load(path)
    return [(each.code, each.message) for each in caught.value.diagnostics]


def one_op(op: str, wiring: str, rest: str = "") -> str:
    return (
        f"ops:\n  one: {op}\ngraphs:\n  daily:\n    wiring: {wiring}\njobs:\n  etl:\n    graph: daily\n{rest}"
    )


# --- functions with **keywords ------------------------------------------------------------------------------


def test_declared_inputs_reach_double_star_keywords(tmp_path: Path) -> None:
    body = one_op('{python: "shop:anything", inputs: {x: int, y: int}}', "one(x=1, y=2)")
    assert result(tmp_path, body, "one") == {"x": 1, "y": 2}


def test_declared_config_reaches_double_star_keywords(tmp_path: Path) -> None:
    body = one_op(
        '{python: "shop:some", inputs: {first: int, x: int}, config: {limit: {type: int, default: 7}}}',
        "one(1, 2)",
    )
    assert result(tmp_path, body, "one") == {"first": 1, "x": 2, "limit": 7}


# --- literals -----------------------------------------------------------------------------------------------

TYPED = {
    "day": date(2024, 1, 2),
    "folder": Path("a/b"),
    "numbers": {1, 2},
    "share": 3.0,
    "rows": [1, "x"],
}


def test_literals_become_values_of_the_annotated_types(tmp_path: Path) -> None:
    body = one_op('{python: "shop:typed"}', "one('2024-01-02', 'a/b', [1, 2], 3, [1, 'x'])")
    assert result(tmp_path, body, "one") == TYPED


def test_literals_become_values_of_the_stated_types(tmp_path: Path) -> None:
    inputs = '{day: date, folder: path, numbers: "set[int]", share: float, rows: "list[any]"}'
    op = f'{{python: "shop:anything", inputs: {inputs}}}'
    body = one_op(op, "one(day='2024-01-02', folder='a/b', numbers=[1, 2], share=3, rows=[1, 'x'])")
    assert result(tmp_path, body, "one") == TYPED


def test_a_literal_reaches_through_graphs_with_the_type_inside(tmp_path: Path) -> None:
    body = """\
ops:
  one: {python: "shop:anything", inputs: {day: date}}
graphs:
  inner:
    inputs: {first: any}
    wiring: |
      day = one(day=first)
      return day
  daily:
    wiring: inner("2024-01-02")
jobs:
  etl: {graph: daily}
"""
    assert result(tmp_path, body, "inner") == {"day": date(2024, 1, 2)}


def test_defaults_of_inputs_become_values_of_their_types(tmp_path: Path) -> None:
    inputs = "{day: {type: date, default: 2024-01-02}, size: {type: any, default: [1]}}"
    body = one_op(f'{{python: "shop:anything", inputs: {inputs}}}', "one()")
    assert result(tmp_path, body, "one") == {"day": date(2024, 1, 2), "size": [1]}


def test_a_literal_that_only_the_import_can_check_is_refused(tmp_path: Path) -> None:
    body = one_op('{python: "shop:own"}', "one(rows='many')")
    assert refusal(tmp_path, body) == [("JC1003", 'input `rows` of `one`: expected int, got "many"')]


# --- @op and @resource functions ----------------------------------------------------------------------------


def test_what_agrees_with_an_op_function_is_accepted(tmp_path: Path) -> None:
    op = '{python: "shop:own", inputs: {rows: int}, outputs: {good: int, bad: any}}'
    path = spec(tmp_path, one_op(op, "one(rows=3)"))
    assert load(path).execute_in_process().output_for_node("one", "good") == 3


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("inputs: {row: int}", "`inputs` of op `one` are `row`; `shop:own` declares `rows`"),
        ("inputs: {rows: str}", "`inputs.rows` of op `one` is of type `str`; `shop:own` declares `int`"),
        (
            "inputs: {rows: {type: int, default: 3}}",
            "`inputs.rows` of op `one` has a `default`, which `shop:own` has to declare",
        ),
        (
            "outputs: {result: int}",
            "`outputs` of op `one` are `result`; `shop:own` declares `good` and `bad`",
        ),
        ("outputs: {}", "`outputs` of op `one` are none; `shop:own` declares `good` and `bad`"),
        (
            "outputs: {good: int, bad: {type: int, required: false}}",
            "`outputs.bad.required` of op `one` is not what `shop:own` declares",
        ),
        ("config: {limit: int}", "`config` of op `one` stands beside that of `shop:own` itself"),
    ],
)
def test_what_contradicts_an_op_function_is_refused(tmp_path: Path, key: str, message: str) -> None:
    assert refusal(tmp_path, one_op(f'{{python: "shop:own", {key}}}', "one()")) == [("JC1002", message)]


def with_gate(gate: str, rest: str = "") -> str:
    return f"resources:\n  gate: {gate}\n" + one_op('{python: "shop:uses"}', "one()", rest)


def test_values_of_a_resource_function_are_its_defaults(tmp_path: Path) -> None:
    gate = '{python: "shop:declared", with: {path: a, tries: 2}}'
    assert result(tmp_path, with_gate(gate), "one") == {"path": "a", "tries": 2}
    rest = "    config: {resources: {gate: {config: {path: b}}}}\n"
    assert result(tmp_path, with_gate(gate, rest), "one") == {"path": "b", "tries": 2}


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        (
            '{python: "shop:declared", with: {pat: a}}',
            "`with` of resource `gate` gives `pat`, which its config does not have",
        ),
        (
            '{python: "shop:declared", with: {path: a, tries: many}}',
            '`with` of resource `gate`: value of `tries`: expected int, got "many"',
        ),
        (
            '{python: "shop:bare", with: {path: a}}',
            "`with` of resource `gate` has no fields to give values to: `shop:bare` declares none",
        ),
        (
            '{python: "shop:declared", config: {path: str}}',
            "`config` of resource `gate` stands beside that of `shop:declared` itself",
        ),
        ('{python: "shop:late"}', "`shop:late` is `async`; a resource is opened without waiting"),
    ],
)
def test_what_a_resource_cannot_take_is_refused(tmp_path: Path, gate: str, message: str) -> None:
    assert refusal(tmp_path, with_gate(gate)) == [("JC1002", message)]


# --- secrets ------------------------------------------------------------------------------------------------

SECRETS = """\
ops:
  one: {python: "shop:uses"}
  two: {python: "shop:opened", config: {password: secret}}
  three: {python: "shop:opened", inputs: {password: secret}}
  four: {python: "shop:opened", inputs: {password: {type: secret, default: hidden4}}}
resources:
  gate: {python: "shop:opened", config: {password: secret}, with: {password: hidden1}}
graphs:
  inner:
    wiring: two()
  daily:
    wiring: |
      one()
      inner()
      three("hidden3")
      four()
jobs:
  etl: {graph: daily, config: {ops: {inner: {ops: {two: {config: {password: hidden2}}}}}}}
"""


def test_secrets_reach_the_functions(tmp_path: Path) -> None:
    job = load(spec(tmp_path, SECRETS))
    found = job.execute_in_process()
    assert found.output_for_node("one") == Secret("hidden1")
    assert found.output_for_node("inner.two") == Secret("hidden2")
    assert found.output_for_node("three") == Secret("hidden3")
    assert found.output_for_node("four") == Secret("hidden4")


def test_secrets_are_in_no_text_and_change_no_digest(tmp_path: Path) -> None:
    compiled = compile_spec(spec(tmp_path, SECRETS))
    text = compiled.to_json()
    assert "hidden" not in text
    assert json.dumps(compiled.to_data()).count("**********") == 4
    other = compile_spec(spec(tmp_path, SECRETS.replace("hidden", "other")))
    assert (other.digest, other.to_json()) == (compiled.digest, text)
    assert other.jobs["etl"].digest == compiled.jobs["etl"].digest


def test_secrets_in_the_spec_are_warned_of(tmp_path: Path) -> None:
    found = validate([spec(tmp_path, SECRETS)]).diagnostics
    assert [(each.code, each.severity) for each in found] == [("JC0706", "warning")] * 4


# --- validate and load agree --------------------------------------------------------------------------------

LITERALS = (
    '"x"',
    '"2024-01-02"',
    '"2024-01-02T03:04:05"',
    '"00:10:00"',
    '"aGk="',
    "3",
    "2.5",
    "true",
    "null",
    "[]",
    "[1, 2]",
    '[1, "a"]',
    "{}",
    "{a: 1}",
)
TYPES = (
    *("any", "bool", "bytes", "date", "datetime", "float", "int", "path", "secret", "str", "timedelta"),
    *("list[int]", "list[date]", "set[int]", "tuple[int, str]", "dict[str, int]", "list", "dict", "int?"),
    *('literal["x", 3]', "date | None", "list[dict]"),
)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("literal", LITERALS)
def test_a_literal_that_passes_is_of_the_type_at_run_time(tmp_path: Path, kind: str, literal: str) -> None:
    body = f"""\
ops:
  one: {{python: "shop:anything", inputs: {{x: '{kind}'}}}}
graphs:
  daily:
    nodes:
      one: {{op: one, inputs: {{x: {{value: {literal}}}}}}}
jobs:
  etl: {{graph: daily}}
"""
    path = spec(tmp_path, body)
    found = {each.code for each in validate([path]).diagnostics} - {"JC0706"}
    if found:
        assert found == {"JC0501"}
    else:
        assert load(path).execute_in_process().success


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != "secret"])
@pytest.mark.parametrize("literal", [*LITERALS, "{value: 3}", '{value: "2024-01-02"}'])
def test_config_of_an_input_passes_where_the_run_takes_it(tmp_path: Path, kind: str, literal: str) -> None:
    body = f"""\
ops:
  one: {{python: "shop:anything", inputs: {{x: '{kind}'}}}}
graphs:
  daily:
    wiring: one()
jobs:
  etl: {{graph: daily}}
  filled: {{graph: daily, config: {{ops: {{one: {{inputs: {{x: {literal}}}}}}}}}}}
"""
    path = spec(tmp_path, body)
    found = {each.code for each in validate([path]).diagnostics}
    if found:
        assert found <= {"JC0701", "JC0703", "JC0704"}
    else:
        assert load(f"{path}#filled").execute_in_process().success
