from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jobc.cli import MISTAKES, OK, RUN_FAILED, USAGE, main

OPS = """\
import os
from pathlib import Path


def read_orders(path: str, limit: int = 10) -> list[dict[str, int | str]]:
    print("reading", path)
    return [{"id": n, "path": path} for n in range(limit)][:3]


def count(rows: list[dict[str, int | str]], day: str = "today") -> int:
    if len(rows) == 2:
        fail(rows)
    return len(rows)


def fail(rows):
    raise ValueError(f"two rows are too few: {[row['id'] for row in rows]}")


def where() -> str:
    return os.getcwd()


def opaque() -> object:
    return {1, 2}


def later(day: str) -> str:
    return day * 2
"""
SPEC = """\
jobc: 1
ops:
  read_orders:
    python: MODULE:read_orders
    config: {path: str, limit: {type: int, default: 3, ge: 1}}
    outputs: {orders: "list[dict[str, int | str]]"}
  count: {python: "MODULE:count", outputs: {number: int}}
  where: {python: "MODULE:where", outputs: {folder: str}}
  opaque: {python: "MODULE:opaque", outputs: {thing: any}}
  later: {python: "MODULE:later", outputs: {text: str}}
graphs:
  daily:
    wiring: |
      rows = read_orders()
      count(rows)
  places:
    wiring: |
      where()
      opaque()
  dated:
    inputs: {day: str}
    wiring: later(day)
jobs:
  etl:
    graph: daily
    config: {ops: {read_orders: {config: {path: default.csv, limit: 1}}}}
  bare: {graph: daily}
  place: {graph: places}
  dated: {graph: dated}
"""
MODULES = count()


class Project(NamedTuple):
    """A folder with a spec and the module that holds its ops."""

    folder: Path
    module: str


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    # The console logger keeps the stderr that it saw first; here every test has one of its own.
    logging.getLogger("jobc").handlers.clear()
    module = f"ops_of_run_test_{next(MODULES)}"
    (tmp_path / f"{module}.py").write_text(OPS)
    (tmp_path / "shop.yaml").write_text(SPEC.replace("MODULE", module))
    return Project(tmp_path, module)


def run(*words: str) -> int:
    return main(["run", *words])


def result_of(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return the last line of stdout, which is the result for programs."""
    result: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return result


def test_steps_and_outputs_are_told(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.yaml#etl") == OK
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        "read_orders | reading default.csv",
        "read_orders.orders = [{'id': 0, 'path': 'default.csv'}]",
        "count.number       = 1",
    ]
    lines = captured.err.splitlines()
    assert lines[0].startswith("step read_orders ... ok (")
    assert lines[1].startswith("step count ... ok (")
    assert lines[2].startswith("etl succeeded in ")
    assert len(lines) == 3


def test_programs_get_one_line_at_the_end(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.yaml#etl", "--format", "json") == OK
    result = result_of(capsys)
    assert list(result) == ["success", "run_id", "outputs"]
    assert result["success"] is True
    assert result["outputs"] == {
        "read_orders": {"orders": [{"id": 0, "path": "default.csv"}]},
        "count": {"number": 1},
    }


def test_what_json_cannot_hold_is_a_repr(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.yaml#place", "--format", "json") == OK
    assert result_of(capsys)["outputs"] == {
        "where": {"folder": str(project.folder)},
        "opaque": {"thing": {"repr": "{1, 2}"}},
    }


def test_a_run_has_a_folder_and_comes_back_from_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = project.folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert run("../shop.yaml#place", "--format", "json") == OK
    assert result_of(capsys)["outputs"]["where"] == {"folder": str(project.folder)}
    assert Path.cwd() == elsewhere
    assert run("../shop.yaml#place", "--format", "json", "--workdir", str(elsewhere)) == OK
    assert result_of(capsys)["outputs"]["where"] == {"folder": str(elsewhere)}
    assert run("../shop.yaml#place", "--workdir", "nowhere") == USAGE


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.yaml", "ops: {read_orders: {config: {path: mine.csv, limit: 3}}}"),
        ("run.toml", '[ops.read_orders.config]\npath = "mine.csv"\nlimit = 3\n'),
        ("run.json", '{"ops": {"read_orders": {"config": {"path": "mine.csv", "limit": 3}}}}'),
    ],
)
def test_run_config_from_a_file(
    name: str, text: str, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / name).write_text(text)
    assert run("shop.yaml#bare", "--config", name, "--format", "json") == OK
    assert result_of(capsys)["outputs"]["read_orders"]["orders"] == [
        {"id": n, "path": "mine.csv"} for n in range(3)
    ]


def test_files_and_settings_are_merged(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (project.folder / "a.yaml").write_text("ops: {read_orders: {config: {path: a.csv, limit: 3}}}")
    (project.folder / "b.yaml").write_text("ops: {read_orders: {config: {limit: 1}}}")
    words = ["--config", "a.yaml", "--config", "b.yaml", "--set", "ops.read_orders.config.path=c.csv"]
    assert run("shop.yaml#bare", *words, "--format", "json") == OK
    assert result_of(capsys)["outputs"]["read_orders"]["orders"] == [{"id": 0, "path": "c.csv"}]


def test_a_setting_changes_one_value_of_the_jobs_own_config(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("shop.yaml#etl", "--set", "ops.read_orders.config.limit=3", "--format", "json") == OK
    rows = result_of(capsys)["outputs"]["read_orders"]["orders"]
    assert rows == [{"id": n, "path": "default.csv"} for n in range(3)]


def test_mistakes_in_run_config_are_shown_where_they_stand(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / "run.yaml").write_text(
        "ops:\n  read_orders:\n    config:\n      path: 5\n      limti: 3\n"
    )
    assert run("shop.yaml#bare", "--config", "run.yaml", "--set", "ops.cuont.config=1") == MISTAKES
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "error[JC0703]: " in captured.err
    assert " --> run.yaml:4:13\n" in captured.err
    assert " --> run.yaml:5:7\n" in captured.err
    assert " --> --set:1:5\n" in captured.err
    assert "did you mean `limit`?" in captured.err
    assert captured.err.endswith("3 errors in 2 files\n")


def test_missing_run_config_is_told_without_a_file(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("shop.yaml#bare") == MISTAKES
    err = capsys.readouterr().err
    assert "read_orders" in err
    assert "path" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("run.yaml", "ops: [\n", "JC0103"), ("run.toml", "ops = \n", "JC0104"), ("run.yaml", "- 1\n", "JC0703")],
)
def test_a_config_file_that_is_none(
    name: str, text: str, code: str, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / name).write_text(text)
    assert run("shop.yaml#bare", "--config", name) == MISTAKES
    assert capsys.readouterr().err.startswith(f"error[{code}]: ")


def test_a_config_file_that_is_not_there(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.yaml#bare", "--config", "gone.yaml") == MISTAKES
    assert capsys.readouterr().err.startswith("error[JC0101]: there is no file `gone.yaml`\n")


@pytest.mark.parametrize(
    ("given", "value"),
    [("day=monday", "mondaymonday"), ("day=5", "55"), ("day='a b'", "a ba b"), ("day=", "")],
)
def test_inputs_have_the_type_of_the_input(
    given: str, value: str, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("shop.yaml#dated", "--input", given, "--format", "json") == OK
    assert result_of(capsys)["outputs"] == {"later": {"text": value}}


def test_an_unknown_input_is_shown_with_near_names(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("shop.yaml#dated", "--input", "dya=monday") == MISTAKES
    err = capsys.readouterr().err
    assert err.startswith("error[JC0403]: job `dated` has no input `dya`\n --> --input:1:1\n")
    assert "did you mean `day`?" in err


def test_an_input_without_a_value_is_asked_for(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.yaml#dated") == MISTAKES
    err = capsys.readouterr().err
    assert "day" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words", ["--set ops", "--set =1", "--input day", "--tag a", "--tag =a", "--format xml"]
)
def test_options_of_the_wrong_form(words: str, project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.yaml#etl", *words.split()) == USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error: " in captured.err


def test_a_failure_shows_the_users_frames_and_the_place_in_the_spec(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("shop.yaml#etl", "--set", "ops.read_orders.config.limit=2") == RUN_FAILED
    captured = capsys.readouterr()
    assert captured.out == "read_orders | reading default.csv\n"
    assert "step count ... failed\n" in captured.err
    assert f'{project.module}.py", line 12, in count\n    fail(rows)\n' in captured.err
    assert "ValueError: two rows are too few: [0, 1]\n" in captured.err
    assert "shop.yaml:7" in captured.err
    assert "jobc/runtime" not in captured.err
    assert "\netl failed in " in captured.err


@pytest.mark.parametrize("words", [[], ["--raise-on-error"], ["--traceback"]], ids=" ".join)
def test_a_failure_for_programs(
    words: list[str], project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    setting = "ops.read_orders.config.limit=2"
    assert run("shop.yaml#etl", "--set", setting, "--format", "json", *words) == RUN_FAILED
    captured = capsys.readouterr()
    result = json.loads(captured.out.splitlines()[-1])
    assert result["success"] is False
    assert "ValueError: two rows are too few: [0, 1]" in captured.err


def test_all_frames_are_shown_on_demand(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--set", "ops.read_orders.config.limit=2", "--raise-on-error", "--traceback"]
    assert run("shop.yaml#etl", *words) == RUN_FAILED
    assert "jobc/runtime" in capsys.readouterr().err


def test_a_spec_with_mistakes_does_not_run(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    spec = project.folder / "shop.yaml"
    spec.write_text(spec.read_text().replace("= read_orders()", "= raed_orders()"))
    assert run("shop.yaml#etl") == MISTAKES
    err = capsys.readouterr().err
    assert err.startswith("error[JC0311]: unknown op `raed_orders`\n  --> shop.yaml:14:14\n")


def test_a_job_that_is_not_there(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.yaml#elt") == MISTAKES
    err = capsys.readouterr().err
    assert "there is no job `elt`" in err
    assert "did you mean `etl`?" in err


def test_several_jobs_need_a_name(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shop.yaml") == MISTAKES
    err = capsys.readouterr().err
    for name in ("etl", "bare", "place", "dated"):
        assert f"`shop.yaml#{name}`" in err


def test_a_spec_that_is_not_there(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("shp.yaml#etl") == MISTAKES
    err = capsys.readouterr().err
    assert err.startswith("error[JC0101]: there is no file `shp.yaml`\n")
    assert "did you mean `shop.yaml`?" in err


def test_a_tag_reaches_the_run(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (project.folder / f"{project.module}.py").write_text(
        OPS + "\n\ndef tags(context) -> dict[str, str]:\n    return dict(context.run.tags)\n"
    )
    spec = project.folder / "shop.yaml"
    spec.write_text(
        f"jobc: 1\nops: {{tags: {{python: '{project.module}:tags', outputs: {{found: 'dict[str, str]'}}}}}}\n"
        "graphs: {g: {wiring: tags()}}\njobs: {j: {graph: g, tags: {team: orders}}}\n"
    )
    assert run("shop.yaml", "--tag", "team=mine", "--tag", "a=b=c", "--format", "json") == OK
    assert result_of(capsys)["outputs"] == {"tags": {"found": {"team": "mine", "a": "b=c"}}}


def test_an_interrupted_process_says_so(project: Project) -> None:
    ops = OPS.replace("return os.getcwd()", "os.kill(os.getpid(), 2)").replace("{1, 2}", "print('too late')")
    (project.folder / f"{project.module}.py").write_text(ops)
    result = subprocess.run(
        [sys.executable, "-m", "jobc", "run", "shop.yaml#place", "--executor", "in_process"],
        capture_output=True,
        cwd=project.folder,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        text=True,
    )
    assert result.returncode == 130
    assert result.stdout == ""
    assert result.stderr.endswith("interrupted\n")
    assert "Traceback" not in result.stderr
