"""Dynamic outputs in specs: what is mapped and collected, run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import jobc
from jobc.compiler.pipeline import analyse, load

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """\
import jobc


def pieces(count: int = 3):
    return {f"k{number}": number for number in range(count)}


def pairs():
    for number in (2, 1):
        yield f"p{number}", number


def outputs():
    yield jobc.DynamicOutput(5, "five", output_name="items")
    yield jobc.DynamicOutput(6, "six", output_name="items")


ITEMS = jobc.DynamicOut(int)


@jobc.op(out=ITEMS)
def declared():
    yield jobc.DynamicOutput(7, "seven")


def double(x: int, times: int = 1) -> int:
    return 2 * x * times


def halves(x: int):
    return {"low": -x, "high": x}


def odd(x: int):
    return x if x % 2 else jobc.SKIP


def total(xs: list[int]) -> int:
    return sum(xs)


def both(left: int, right: int) -> int:
    return left * 100 + right


def listed(xs: list) -> list:
    return xs


def note() -> str:
    return "noted"
"""

OPS = """\
  pieces: {python: steps:pieces, outputs: {items: {type: int, dynamic: true}}}
  pairs: {python: steps:pairs, outputs: {items: {type: int, dynamic: true}}}
  outputs: {python: steps:outputs, outputs: {items: {type: int, dynamic: true}}}
  declared: {python: steps:declared}
  double: {python: steps:double}
  halves: {python: steps:halves, outputs: {high: int, low: int}}
  odd: {python: steps:odd, outputs: {result: {type: int, required: false}}}
  total: {python: steps:total}
  both: {python: steps:both}
  listed: {python: steps:listed}
  note: {python: steps:note}
graphs:
  twice:
    inputs: {x: int}
    wiring: return double(double(x))
  each:
    wiring: |
      items = pieces()
      return items=items, doubled=items.map(double)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "steps.py").write_text(FUNCTIONS, "utf-8")
    return tmp_path


def write(folder: Path, job: str) -> Path:
    path = folder / "spec.yaml"
    path.write_text(f"jobc: 1\nops:\n{OPS}jobs:\n  it:\n{job}", "utf-8")
    return path


def wiring(*lines: str) -> str:
    return "".join(["    wiring: |\n", *(f"      {line}\n" for line in lines)])


def run(folder: Path, job: str) -> jobc.ExecuteInProcessResult:
    path = write(folder, job)
    assert not analyse(path).has_errors
    return load(f"{path}#it").execute_in_process()


def test_an_op_runs_once_for_each_item(folder: Path) -> None:
    result = run(folder, wiring("pieces().map(double) as doubled", "total(pieces().map(double).collect())"))
    assert result.output_for_node("doubled") == {"k0": 0, "k1": 2, "k2": 4}
    assert result.output_for_node("total") == 6
    assert "doubled[k1]" in {event.step_key for event in result.all_node_events}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("pieces", {"k0": 0, "k1": 2, "k2": 4}),
        ("pairs", {"p2": 4, "p1": 2}),
        ("outputs", {"five": 10, "six": 12}),
        ("declared", {"seven": 14}),
    ],
)
def test_items_are_given_in_any_way_of_plain_functions(
    folder: Path, source: str, expected: dict[str, int]
) -> None:
    result = run(folder, wiring(f"{source}().map(double) as doubled", "listed([])"))
    assert result.output_for_node("doubled") == expected


def test_the_list_of_items_keeps_their_order(folder: Path) -> None:
    result = run(
        folder, wiring("listed(pairs().collect())", "x = pairs()", "listed(x.map(double).collect())")
    )
    assert result.output_for_node("listed") == [2, 1]
    assert result.output_for_node("listed_2") == [4, 2]


def test_further_inputs_of_a_mapped_op_are_the_same_for_all_items(folder: Path) -> None:
    result = run(folder, wiring("n = total([1, 2])", "pieces().map(double, times=n) as doubled"))
    assert result.output_for_node("doubled") == {"k0": 0, "k1": 6, "k2": 12}


def test_a_mapped_op_may_read_what_goes_with_its_item(folder: Path) -> None:
    job = wiring("items = pieces()", "twos = items.map(double)", "items.map(both, right=twos) as both")
    assert run(folder, job).output_for_node("both") == {"k0": 0, "k1": 102, "k2": 204}


def test_a_graph_is_mapped_as_an_op_is(folder: Path) -> None:
    result = run(folder, wiring("fours = pieces().map(twice)", "total(fours.collect())"))
    assert result.output_for_node("total") == 12


def test_each_output_of_a_mapped_op_can_be_mapped_and_collected(folder: Path) -> None:
    job = wiring(
        "high, low = pieces().map(halves)",
        "parts = pieces().map(halves) as again",
        "high.map(double) as doubled",
        "total(parts.low.collect())",
        "listed(low.collect())",
    )
    result = run(folder, job)
    assert result.output_for_node("doubled") == {"k0": 0, "k1": 2, "k2": 4}
    assert result.output_for_node("total") == -3
    assert result.output_for_node("listed") == [0, -1, -2]


def test_a_graph_gives_items_to_the_graph_around_it(folder: Path) -> None:
    job = wiring(
        "found = each()",
        "total(found.items.collect())",
        "total(found.doubled.map(double).collect()) as fours",
    )
    result = run(folder, job)
    assert result.output_for_node("total") == 3
    assert result.output_for_node("fours") == 12


def test_an_item_that_is_left_out_is_missing_from_the_list(folder: Path) -> None:
    result = run(folder, wiring("odd = pieces().map(odd)", "listed(odd.collect())"))
    assert result.output_for_node("listed") == [1]


def test_a_node_can_wait_for_all_items(folder: Path) -> None:
    result = run(folder, wiring("pieces().map(double) as doubled", "note() after doubled"))
    steps = [event.step_key for event in result.all_node_events if event.event_type_value == "STEP_SUCCESS"]
    assert steps.index("note") > max(steps.index(f"doubled[k{number}]") for number in range(3))


def test_nodes_say_the_same_as_text(folder: Path) -> None:
    job = """\
    nodes:
      pieces: {op: pieces}
      doubled: {op: double, inputs: {x: {map: pieces.items}, times: {value: 2}}}
      both: {op: both, inputs: {left: {map: pieces}, right: {map: doubled}}}
      total: {op: total, inputs: {xs: {collect: both}}}
"""
    result = run(folder, job)
    assert result.output_for_node("both") == {"k0": 0, "k1": 104, "k2": 208}
    assert result.output_for_node("total") == 312


def test_no_items_give_an_empty_list(folder: Path) -> None:
    result = run(folder, wiring("pieces(0).map(double) as none", "x = pieces(0)", "total(x.collect())"))
    assert result.output_for_node("total") == 0


def test_what_only_the_function_can_tell_is_left_to_the_import(folder: Path) -> None:
    path = write(folder, wiring("double(declared())"))
    assert not analyse(path).has_errors
    with pytest.raises(jobc.CompileError) as raised:
        load(path)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.code == "JC1003"
    assert "dynamic output" in diagnostic.message


@pytest.mark.parametrize(
    ("outputs", "key"),
    [
        ("{result: {type: int}}", "dynamic"),
        ("{result: {type: int, dynamic: true, io_manager: other}}", "io_manager"),
        ("{result: {type: int, dynamic: true, asset: a/b}}", "asset"),
        ("{result: {type: int, dynamic: true, metadata: {a: 1}}}", "metadata"),
        ("{result: {type: int, dynamic: true, required: false}}", "required"),
    ],
)
def test_a_spec_may_not_contradict_a_decorated_op(folder: Path, outputs: str, key: str) -> None:
    path = write(folder, wiring("declared()"))
    text = path.read_text("utf-8").replace(
        "{python: steps:declared}", f"{{python: steps:declared, outputs: {outputs}}}"
    )
    path.write_text(text + "resources: {other: {python: steps:note}}\n", "utf-8")
    with pytest.raises(jobc.CompileError) as raised:
        load(path)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.code == "JC1002"
    assert f"`outputs.result.{key}`" in diagnostic.message


def test_dynamic_jobs_can_be_selected_from(folder: Path) -> None:
    job = wiring("d = pieces().map(double) as doubled", "total(d.collect())", "note()")
    path = write(folder, f"{job}    select: '*total'\n")
    assert not analyse(path).has_errors
    result = load(path).execute_in_process()
    assert result.output_for_node("total") == 6
    assert result.events_for_node("note") == []
