from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from jobc.cli import MISTAKES, OK, USAGE, main

OPS = """\
print("imported")


def read(day: str) -> list[int]:
    raise AssertionError("nothing is to be run")


def clean(rows: list[int]) -> tuple[list[int], list[int]]:
    raise AssertionError("nothing is to be run")


def merge(parts: list[list[int]]) -> int:
    raise AssertionError("nothing is to be run")


def notify() -> None:
    raise AssertionError("nothing is to be run")
"""
SPEC = """\
jobc: 1
ops:
  read: {python: "MODULE:read"}
  clean: {python: "MODULE:clean", outputs: {good: "list[int]", bad: "list[int]"}, tags: {team: "a b"}}
  merge: {python: "MODULE:merge"}
  notify: {python: "MODULE:notify"}
graphs:
  region:
    inputs: {day: str}
    wiring: |
      rows = read(day)
      good, bad = clean(rows) as end
      return good=good, bad=bad
  world:
    inputs: {day: str}
    wiring: |
      us_good, us_bad = region(day) as subgraph
      eu_good, eu_bad = region(day) as eu
      sum = merge([us_good, eu_good, us_bad]) as total
      notify() after eu
jobs:
  sales: {graph: world}
"""
MODULES = count()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    module = f"ops_of_select_test_{next(MODULES)}"
    (tmp_path / f"{module}.py").write_text(OPS)
    (tmp_path / "shop.yaml").write_text(SPEC.replace("MODULE", module))
    return tmp_path


def select(*words: str) -> int:
    return main(["select", "shop.yaml#sales", *words])


@pytest.mark.parametrize(
    ("queries", "paths"),
    [
        (["total"], ["total"]),
        (["notify", "eu"], ["eu.read", "eu.end", "notify"]),
        (["*"], ["subgraph.read", "subgraph.end", "eu.read", "eu.end", "total", "notify"]),
        (["*notify"], ["eu.read", "eu.end", "notify"]),
        (['tag:team="a b"'], ["subgraph.end", "eu.end"]),
        (["graph:region except op:clean", "total"], ["subgraph.read", "eu.read", "total"]),
    ],
)
def test_paths_are_printed_in_the_order_of_the_job(
    queries: list[str], paths: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert select(*queries) == OK
    captured = capsys.readouterr()
    assert captured.out.splitlines() == paths
    assert captured.err == "imported\n"
    assert select(*queries, "--format", "json") == OK
    assert json.loads(capsys.readouterr().out) == {"selected": paths}


def test_an_explanation_is_a_tree(capsys: pytest.CaptureFixture[str]) -> None:
    assert select("eu+1 and not (op:read or total)", "notify", "--explain") == OK
    assert capsys.readouterr().out == (
        "eu+1 and not (op:read or total), notify  ->  eu.end, notify\n"
        "  eu+ and not (op:read or total)  ->  eu.end, notify\n"
        "    eu+  ->  eu.read, eu.end, total, notify\n"
        "      eu  ->  eu.read, eu.end\n"
        "    not (op:read or total)  ->  subgraph.end, eu.end, notify\n"
        "      op:read or total  ->  subgraph.read, eu.read, total\n"
        "        op:read  ->  subgraph.read, eu.read\n"
        "        total  ->  total\n"
        "  notify  ->  notify\n"
    )


def test_parts_that_select_nothing_and_long_ones_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert select("(name:* except roots(total)) or between(total, notify)", "--explain") == OK
    assert capsys.readouterr().out == (
        "name:* except roots(total) or between(total, notify)  ->  subgraph.read, subgraph.end, eu.read,\n"
        "      eu.end, notify\n"
        "  name:* except roots(total)  ->  subgraph.read, subgraph.end, eu.read, eu.end, notify\n"
        "    name:*  ->  subgraph.read, subgraph.end, eu.read, eu.end, total, notify\n"
        "    except roots(total)  ->  total\n"
        "      roots(total)  ->  total\n"
        "        total  ->  total\n"
        "  between(total, notify)  ->  nothing\n"
        "    total  ->  total\n"
        "    notify  ->  notify\n"
    )


def test_an_explanation_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert select("notify or op:read", "--explain", "--format", "json") == OK
    assert json.loads(capsys.readouterr().out) == {
        "selected": ["subgraph.read", "eu.read", "notify"],
        "explain": [
            {"expression": "notify", "selected": ["notify"]},
            {"expression": "op:read", "selected": ["subgraph.read", "eu.read"]},
            {"expression": "notify or op:read", "selected": ["subgraph.read", "eu.read", "notify"]},
        ],
    }


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("*totla", ["job `sales` has no node `totla`", "did you mean `total`?", "    *totla\n     ^^^^^\n"]),
        ("eu.raed+", ["`raed`", "did you mean `read`?", "    eu.raed+\n       ^^^^\n"]),
        (
            "eu and (total",
            ["expected `and`, `or`, `except` or `)`", "    eu and (total\n                 ^\n"],
        ),
        ("", ["the clause is empty"]),
        ("eu and total", ["the query selects nothing", "    eu and total\n    ^^^^^^^^^^^^\n"]),
        ("tag:taem", ["did you mean `team`?"]),
        ("owner:me", ["owner", "    owner:me\n    ^^^^^"]),
        ("@nightly", ["there is no selection `@nightly`"]),
        ("'=['x']: ", ["    '=['x']: \n    ^"]),
    ],
)
def test_a_mistake_is_underlined(query: str, said: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert select(query) == MISTAKES
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("imported\nerror: ")
    for text in said:
        assert text in captured.err
    assert "No qualified ops" not in captured.err
    assert "Traceback" not in captured.err


def test_the_query_at_fault_is_told_from_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert select("eu", "totla", "--format", "json") == MISTAKES
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "(clause 2, position 0)\n    totla\n    ^^^^^\n" in captured.err


def test_a_query_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert select("eu\x1b[31m") == MISTAKES
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [[], ["eu", "--format", "xml"], ["-eu"], ["eu", "--explain", "--format", "dot"]], ids=" ".join
)
def test_command_lines_that_cannot_be_understood(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert select(*words) == USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error: " in captured.err


def test_the_spec_is_checked_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = folder / "shop.yaml"
    spec.write_text(spec.read_text().replace("= read(day)", "= raed(day)"))
    assert select("eu") == MISTAKES
    assert capsys.readouterr().err.startswith("error[JC0311]: unknown op `raed`\n")
    assert main(["select", "gone.yaml", "eu"]) == MISTAKES
    assert main(["select", "shop.yaml#slaes", "eu"]) == MISTAKES


def test_a_picture_shows_what_is_selected(capsys: pytest.CaptureFixture[str]) -> None:
    assert select("eu", "total", "--format", "mermaid") == OK
    picture = capsys.readouterr().out
    assert '        n2["read"]\n        n3["end<br/>(clean)"]\n' in picture
    assert picture.endswith("    class n2,n3,n4 selected\n")
    assert select("eu.end", "--format", "dot") == OK
    marked = [line for line in capsys.readouterr().out.splitlines() if "penwidth" in line]
    assert len(marked) == 1
    assert marked[0].startswith('        n3 [label="end\\n(clean)", ')


def test_only_the_answer_goes_to_stdout_of_a_process(folder: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "jobc", "select", "shop.yaml", "*total", "--format", "json"],
        capture_output=True,
        cwd=folder,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        text=True,
    )
    assert result.returncode == OK
    assert json.loads(result.stdout) == {
        "selected": ["subgraph.read", "subgraph.end", "eu.read", "eu.end", "total"]
    }
    assert result.stderr == "imported\n"
