"""Options of nodes: config over the defaults of fields, retry policies, hooks, tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jobc.compiler.pipeline import CompileError, analyse, compile_spec, load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

    import jobc

FUNCTIONS = """\
import jobc

SEEN = []


def tune(low: int, high: int, names: dict, place: dict) -> list:
    return [low, high, names, place]


def whole(context) -> object:
    return context.op_config


@jobc.op(config_schema={"size": jobc.Field(int, default_value=1), "name": str})
def declared(context) -> object:
    return context.op_config


def flaky(tries: list[int] = [0]) -> int:
    tries[0] += 1
    if tries[0] < 3:
        raise ValueError("not yet")
    return tries[0]


def alert(context) -> None:
    SEEN.append(context.step_key)
"""
SPEC = """\
jobc: 1
ops:
  tune:
    python: settings:tune
    config:
      low: {type: int, default: 1}
      high: int
      names: {type: dict, default: {}}
      place: {fields: {host: str, port: {type: int, default: 80}}, default: {host: here}}
  whole: {python: settings:whole}
  declared: {python: settings:declared}
  flaky: {python: settings:flaky, retry: {max_retries: 1}}
hooks:
  alert: {python: settings:alert, on: success}
graphs:
  inner:
    wiring: tune()
    nodes:
      tune: {config: {high: 10, place: {host: inner}}}
  outer:
    wiring: inner()
    nodes:
      inner: {config: {ops: {tune: {config: {low: 5}}}}}
jobs:
  it:
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "settings.py").write_text(FUNCTIONS, "utf-8")
    return tmp_path


def write(folder: Path, job: str) -> Path:
    path = folder / "spec.yaml"
    path.write_text(SPEC + job, "utf-8")
    return path


def run(folder: Path, job: str, run_config: dict[str, Any] | None = None) -> jobc.ExecuteInProcessResult:
    path = write(folder, job)
    assert not analyse(path).has_errors
    return load(f"{path}#it").execute_in_process(run_config)


TUNED = """\
    wiring: tune() as fine
    nodes:
      fine: {config: {high: 3, names: {a: b}, place: {host: there}}}
"""


def test_config_of_a_node_comes_before_the_defaults(folder: Path) -> None:
    result = run(folder, TUNED)
    assert result.output_for_node("fine") == [1, 3, {"a": "b"}, {"host": "there", "port": 80}]


def test_run_config_changes_a_field_and_leaves_the_others(folder: Path) -> None:
    given = {"ops": {"fine": {"config": {"low": 2, "place": {"port": 81}}}}}
    result = run(folder, TUNED, given)
    assert result.output_for_node("fine") == [2, 3, {"a": "b"}, {"host": "there", "port": 81}]


def test_job_config_comes_between_the_two(folder: Path) -> None:
    job = f"{TUNED}    config: {{ops: {{fine: {{config: {{low: 7}}}}}}}}\n"
    assert run(folder, job).output_for_node("fine")[:2] == [7, 3]
    given = {"ops": {"fine": {"config": {"high": 4}}}}
    assert run(folder, job, given).output_for_node("fine")[:2] == [1, 4]


def test_two_nodes_of_one_op_have_config_of_their_own(folder: Path) -> None:
    job = """\
    nodes:
      one: {op: tune, config: {high: 1}}
      two: {op: tune, config: {high: 2, low: 0}}
"""
    result = run(folder, job)
    assert [result.output_for_node(name)[:2] for name in ("one", "two")] == [[1, 1], [0, 2]]


def test_config_of_a_graph_node_reaches_the_nodes_inside(folder: Path) -> None:
    job = """\
    wiring: |
      inner()
      outer()
      inner() as other
      outer() as last
    nodes:
      other: {config: {ops: {tune: {config: {high: 11}}}}}
      last: {config: {ops: {inner: {ops: {tune: {config: {low: 6}}}}}}}
"""
    result = run(folder, job, {"ops": {"other": {"ops": {"tune": {"config": {"low": 0}}}}}})
    found = {
        path: result.output_for_node(path)
        for path in ("inner.tune", "outer.inner.tune", "other.tune", "last.inner.tune")
    }
    inner = {"host": "inner", "port": 80}
    assert found == {
        "inner.tune": [1, 10, {}, inner],
        "outer.inner.tune": [5, 10, {}, inner],
        "other.tune": [0, 11, {}, inner],
        "last.inner.tune": [6, 10, {}, inner],
    }


def test_undeclared_config_is_handed_to_the_context(folder: Path) -> None:
    job = "    nodes: {whole: {op: whole, config: {a: 1, b: [2]}}}\n"
    assert run(folder, job).output_for_node("whole") == {"a": 1, "b": [2]}


def test_config_of_a_decorated_op_gives_some_of_its_fields(folder: Path) -> None:
    job = "    nodes: {declared: {op: declared, config: {name: x}}}\n"
    assert run(folder, job).output_for_node("declared") == {"size": 1, "name": "x"}


@pytest.mark.parametrize(
    ("config", "words"), [("{nmae: x}", "has no config field `nmae`"), ("{name: 1}", "expected str")]
)
def test_config_that_a_decorated_op_does_not_take_is_refused(folder: Path, config: str, words: str) -> None:
    path = write(folder, f"    nodes: {{declared: {{op: declared, config: {config}}}}}\n")
    with pytest.raises(CompileError) as raised:
        load(path)
    (diagnostic,) = raised.value.diagnostics
    assert diagnostic.code == "JC1003"
    assert words in diagnostic.message


def test_values_of_the_environment_are_read_when_the_run_begins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(
        folder, '    nodes: {fine: {op: tune, config: {high: 1, place: {host: "${env.HOST_NAME}"}}}}\n'
    )
    job = load(path)
    monkeypatch.setenv("HOST_NAME", "far")
    assert job.execute_in_process().output_for_node("fine")[3] == {"host": "far", "port": 80}


def test_what_a_node_gives_is_not_missing_in_the_config_of_a_job(folder: Path) -> None:
    job = """\
    wiring: |
      tune()
      inner() as deep
    nodes:
      tune: {config: {high: 3}}
      deep: {config: {ops: {tune: {config: {high: 4}}}}}
    config: {ops: {tune: {config: {low: 2}}, deep: {ops: {tune: {config: {low: 2}}}}}}
"""
    result = run(folder, job)
    assert result.output_for_node("tune")[:2] == [2, 3]
    assert result.output_for_node("deep.tune")[:2] == [2, 4]


def test_a_selection_keeps_the_config_of_nodes(folder: Path) -> None:
    job = f"{TUNED}    select: [fine]\n"
    assert run(folder, job).output_for_node("fine")[1] == 3


def test_retry_of_a_node_comes_before_that_of_the_op(folder: Path) -> None:
    result = run(folder, "    wiring: flaky()\n    nodes: {flaky: {retry: {max_retries: 2}}}\n")
    assert result.output_for_node("flaky") == 3
    assert result.retry_attempts_for_node("flaky") == 2


def test_hooks_of_a_node_run_for_that_node(folder: Path) -> None:
    job = """\
    wiring: |
      whole() as one
      whole() as two
      inner() as deep
    nodes:
      one: {hooks: [alert]}
      deep: {hooks: [alert]}
"""
    import sys

    run(folder, job)
    assert sys.modules["settings"].SEEN == ["one", "deep.tune"]


def test_tags_of_a_node_are_laid_over_those_of_the_op(folder: Path) -> None:
    path = write(folder, "    nodes: {whole: {op: whole, tags: {team: orders, limits: [1, 2]}}}\n")
    node = load(path).graph.nodes["whole"]
    assert node.tags == {"team": "orders", "limits": "[1, 2]"}


def test_the_digest_minds_options_but_not_their_order(folder: Path) -> None:
    def digest(options: str) -> str:
        path = write(folder, f"    wiring: tune() as fine\n    nodes:\n      fine: {options}\n")
        return compile_spec(path).jobs["it"].digest

    first = digest("{config: {high: 1, low: 2}, hooks: [alert]}")
    assert digest("{hooks: [alert], config: {low: 2, high: 1}}") == first
    assert digest("{hooks: [alert], config: {low: 2, high: 3}}") != first
    assert digest("{config: {low: 2, high: 1}}") != first


def test_a_secret_in_the_config_of_a_node_is_not_in_the_ir(folder: Path) -> None:
    (folder / "keys.py").write_text("def open_with(token):\n    return None\n", "utf-8")
    path = folder / "secret.yaml"
    path.write_text(
        "jobc: 1\nops: {o: {python: keys:open_with, config: {token: secret}}}\n"
        "graphs: {g: {wiring: o()}}\n"
        "jobs:\n"
        "  it:\n"
        "    wiring: |\n      o()\n      g()\n"
        "    nodes:\n"
        "      o: {config: {token: canary}}\n"
        "      g: {config: {ops: {o: {config: {token: canary}}}}}\n",
        "utf-8",
    )
    assert [each.code for each in validate([path]).diagnostics] == ["JC0706", "JC0706"]
    assert "canary" not in compile_spec(path).to_json()
