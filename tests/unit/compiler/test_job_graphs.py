"""Jobs with graphs of their own, values for inputs of a job's graph, and defaults of graph inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc.compiler.pipeline import CompileError, analyse, compile_spec, load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """\
from datetime import date


def add(x: int, y: int = 1) -> int:
    return x + y


def show(value):
    return value


def week(day: date) -> int:
    return day.isocalendar().week


def listed(values: list) -> list:
    return values


def hidden(token) -> str:
    return token.get_secret_value()


class Frame:
    pass


def framed(frame: Frame) -> str:
    return "framed"


def may_be_framed(frame: Frame | None = None) -> str:
    return "none" if frame is None else "framed"
"""
SPEC = """\
jobc: 1
vars: {start: 5}
ops:
  add: {python: sums:add}
  show: {python: sums:show}
  week: {python: sums:week}
  listed: {python: sums:listed}
  hidden: {python: sums:hidden, inputs: {token: secret}}
graphs:
  shown:
    inputs: {value: {type: int, default: "${vars.start}"}}
    wiring: return show(value)
  dated:
    inputs: {day: date}
    wiring: return week(day)
  plain:
    inputs: {day: {type: date, default: 2024-01-31}}
    wiring: return show(day)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sums.py").write_text(FUNCTIONS, "utf-8")
    return tmp_path


def write(folder: Path, jobs: str) -> Path:
    path = folder / "spec.yaml"
    path.write_text(f"{SPEC}jobs:\n{jobs}", "utf-8")
    return path


def outputs(path: Path, job: str, *nodes: str, **given: Any) -> list[object]:  # noqa: ANN401
    assert not analyse(path).has_errors
    result = load(f"{path}#{job}").execute_in_process(**given)
    return [result.output_for_node(node) for node in nodes]


OWN = """\
  daily:
    inputs: {x: {type: int, value: 2}, y: int}
    wiring: |
      first = add(y, x)
      add(first) as second
"""


def test_a_job_has_a_graph_of_its_own(folder: Path) -> None:
    path = write(folder, OWN)
    assert outputs(path, "daily", "second", run_config={"inputs": {"y": 3}}) == [6]
    assert outputs(path, "daily", "second", input_values={"x": 1, "y": 3}) == [5]
    with pytest.raises(jobc.InvalidConfigError, match="`inputs`"):
        load(path).execute_in_process()


def test_a_job_written_by_node_is_the_same(folder: Path) -> None:
    nodes = """\
  daily:
    inputs: {x: {type: int, value: 2}, y: int}
    nodes:
      add: {op: add, inputs: {x: inputs.y, y: inputs.x}}
      second: {op: add, inputs: {x: add}}
"""
    assert outputs(write(folder, nodes), "daily", "second", input_values={"y": 3}) == [6]
    by_node = compile_spec(write(folder, nodes)).jobs["daily"].digest
    assert compile_spec(write(folder, OWN)).jobs["daily"].digest == by_node


def test_a_derived_job_inherits_graph_and_inputs(folder: Path) -> None:
    path = write(
        folder, f"{OWN}  later: {{job: daily, inputs: {{y: 10}}}}\n  last: {{job: later, inputs: {{x: 0}}}}\n"
    )
    assert outputs(path, "later", "second") == [13]
    assert outputs(path, "last", "second") == [11]


@pytest.mark.parametrize("taken", ["ops", "graphs"])
def test_the_graph_of_a_job_is_named_after_it_where_that_is_free(folder: Path, taken: str) -> None:
    name = {"ops": "add", "graphs": "shown"}[taken]
    path = write(folder, f"  {name}:\n    wiring: add(1)\n  {name}_2:\n    wiring: add(2)\n")
    assert outputs(path, name, "add") == [2]
    assert outputs(path, f"{name}_2", "add") == [3]
    jobs = compile_spec(path).jobs
    assert [jobs[name].graph, jobs[f"{name}_2"].graph] == [f"{name}_3", f"{name}_2"]


def test_nothing_can_invoke_the_graph_of_a_job(folder: Path) -> None:
    path = write(folder, f"{OWN}  other: {{wiring: daily()}}\n")
    assert [each.code for each in validate([path]).diagnostics] == ["JC0311"]


def test_a_value_becomes_what_its_input_wants(folder: Path) -> None:
    jobs = """\
  dated: {graph: dated, inputs: {day: 2024-01-31}}
  own: {inputs: {day: {type: date, value: 2024-01-31}}, wiring: week(day)}
  listed: {inputs: {values: {type: "list[int]", value: [1, "${vars.start}"]}}, wiring: listed(values)}
"""
    path = write(folder, jobs)
    assert outputs(path, "dated", "week") == [5]
    assert outputs(path, "own", "week") == [5]
    assert outputs(path, "listed", "listed") == [[1, 5]]


def test_yaml_and_toml_give_one_digest(folder: Path) -> None:
    path = write(folder, "  dated: {graph: dated, inputs: {day: 2024-01-31}}\n")
    twin = folder / "spec.toml"
    twin.write_text(
        "jobc = 1\n[vars]\nstart = 5\n[ops]\n"
        'week = {python = "sums:week"}\n'
        '[graphs.dated]\ninputs = {day = "date"}\nwiring = "return week(day)"\n'
        '[jobs]\ndated = {graph = "dated", inputs = {day = 2024-01-31}}\n',
        "utf-8",
    )
    assert compile_spec(path).jobs["dated"].digest == compile_spec(twin).jobs["dated"].digest


def test_a_secret_value_is_masked(folder: Path) -> None:
    path = write(folder, "  own: {inputs: {key: {type: secret, value: canary}}, wiring: hidden(key)}\n")
    found = [each.code for each in validate([path]).diagnostics]
    assert [code for code in found if not code.startswith("JC043")] == ["JC0706"]
    assert "canary" not in compile_spec(path).to_json()
    assert load(path).execute_in_process().output_for_node("hidden") == "canary"


def test_the_default_of_a_graph_input_is_used(folder: Path) -> None:
    jobs = """\
  top: {graph: shown}
  given: {graph: shown, inputs: {value: 7}}
  inside:
    wiring: |
      shown()
      shown(6) as six
      plain()
"""
    path = write(folder, jobs)
    assert outputs(path, "top", "show") == [5]
    assert outputs(path, "top", "show", run_config={"inputs": {"value": 8}}) == [8]
    assert outputs(path, "top", "show", input_values={"value": 9}) == [9]
    assert outputs(path, "given", "show") == [7]
    assert outputs(path, "inside", "shown.show", "six.show") == [5, 6]
    config = {"ops": {"shown": {"inputs": {"value": 1}}}}
    assert outputs(path, "inside", "shown.show", run_config=config) == [1]
    (day,) = outputs(path, "inside", "plain.show")
    assert str(day) == "2024-01-31"
    assert not isinstance(day, str)


def test_the_declared_type_of_an_input_counts_where_ops_take_anything(folder: Path) -> None:
    path = write(folder, "  own: {inputs: {day: date}, wiring: show(day)}\n")
    (day,) = outputs(path, "own", "show", run_config={"inputs": {"day": "2024-01-31"}})
    assert str(day) == "2024-01-31"
    assert not isinstance(day, str)


def test_inputs_that_nothing_can_feed_are_errors(folder: Path) -> None:
    text = SPEC.replace(
        "ops:\n", "ops:\n  framed: {python: sums:framed}\n  maybe: {python: sums:may_be_framed}\n"
    )
    path = folder / "frames.yaml"
    path.write_text(
        f"{text}  framing: {{inputs: {{frame: sums:Frame}}, wiring: framed(frame)}}\n"
        "  perhaps: {inputs: {frame: any}, wiring: maybe(frame)}\n"
        "  outer: {wiring: perhaps()}\n"
        "  bare: {wiring: framing()}\n"
        "jobs:\n"
        "  framing: {graph: framing}\n"
        "  perhaps: {graph: perhaps}\n"
        "  outer: {graph: outer}\n",
        "utf-8",
    )
    found = validate([path]).diagnostics
    assert [(each.code, each.message) for each in found] == [
        ("JC0401", "nothing feeds the input `frame` of `framing`"),
        ("JC0401", "nothing feeds the input `frame` of job `framing`"),
    ]


def test_return_in_the_wiring_of_a_job_is_one_mistake(folder: Path) -> None:
    path = write(folder, "  own:\n    wiring: |\n      return x=add(1), y=show(2)\n")
    with pytest.raises(CompileError) as raised:
        load(path)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.code == "JC0428"
    assert diagnostic.location.start.line == SPEC.count("\n") + 4


def test_a_job_of_its_own_can_be_cut_down(folder: Path) -> None:
    path = write(folder, f"{OWN}    select: [add]\n  part: {{job: daily}}\n")
    assert outputs(path, "part", "add", input_values={"y": 4}) == [6]
