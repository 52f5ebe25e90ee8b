from __future__ import annotations

import json
import math
from datetime import date, timedelta
from enum import Enum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jobc import DynamicOut, DynamicOutput, In, Nothing, VersionStrategy, graph, job, op
from jobc.cli import MISTAKES, OK, USAGE, main
from jobc.cli.plain_values import PlainValues
from jobc.cli.plan_text import plan_lines
from jobc.cli.planned_run import PlannedRun, PlannedStep, planned_run
from jobc.cli.requested_run import RequestedRun
from jobc.cli.run_config import RunConfig
from jobc.runtime.config import Secret
from jobc.runtime.execute.secrets import Mask
from jobc.runtime.selection import selected_job
from jobc.runtime.storage.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

OPS = """\
from datetime import date
from pathlib import Path

print("imported")
log = []


def read(path: Path, key, day: date) -> list[int]:
    log.append("read")
    return [len(key.get_secret_value()), 2]


def clean(rows: list[int], label: str = "x") -> tuple[list[int], list[int]]:
    return rows, []


def merge(parts: list[list[int]]) -> int:
    return len(parts)


def notify() -> None:
    return None


def database(url, credentials):
    log.append("open")
    return url


def credentials(token):
    log.append("open")
    return token


def store(total: int, database, note: str) -> str:
    return f"{log}"
"""
SPEC = """\
jobc: 1
resources:
  database: {python: "MODULE:database", config: {url: str}, with: {url: memory}, resources: [credentials]}
  credentials: {python: "MODULE:credentials", config: {token: secret}}
ops:
  read: {python: "MODULE:read", config: {path: path, key: secret}, inputs: {day: date}}
  clean: {python: "MODULE:clean", outputs: {good: "list[int]", bad: "list[int]"}}
  merge: {python: "MODULE:merge"}
  notify: {python: "MODULE:notify"}
  store: {python: "MODULE:store", resources: [database], inputs: {total: int, note: str}}
graphs:
  region:
    inputs: {day: date}
    wiring: |
      rows = read(day)
      good, bad = clean(rows) as tidy
      return good=good, bad=bad
  world:
    inputs: {day: date}
    wiring: |
      good, bad = region(day) as eu
      sum = merge([good, bad]) as total
      notify() after eu
      store(sum, note="with tok-123")
jobs:
  sales:
    graph: world
    config:
      ops: {eu: {ops: {read: {config: {path: eu.csv, key: hush-hush}}}}}
      resources: {credentials: {config: {token: tok-123}}}
"""
DAY = ("--input", "day=2024-01-01")
MODULES = count()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    module = f"ops_of_plan_test_{next(MODULES)}"
    (tmp_path / f"{module}.py").write_text(OPS)
    (tmp_path / "shop.yaml").write_text(SPEC.replace("MODULE", module))
    return tmp_path


def plan(*words: str) -> int:
    return main(["plan", "shop.yaml#sales", *words])


def planned(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """Return the plan for programs."""
    assert plan(*words, "--format", "json") == OK
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_plan_for_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(*DAY, "--set", "ops.eu.ops.read.config.path=a/b.csv") == OK
    captured = capsys.readouterr()
    assert captured.err == "imported\n"
    assert (
        captured.out
        == """\
sales: 5 steps

1. eu.read
   input day = inputs.day
   config path = "a/b.csv"
   config key = "**********"

2. eu.tidy (op clean)
   input rows = eu.read.result
   input label = "x" (default)

3. total (op merge)
   input parts = [eu.tidy.good, eu.tidy.bad]

4. notify
   after eu.read, eu.tidy

5. store
   input total = total.result
   input note = "with **********"
   resource database

resources, in the order they are opened
  credentials
    config token = "**********"
  database
    config url = "memory"
"""
    )


def test_a_plan_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert planned(capsys, *DAY, "--select", "eu", "--select", "notify") == {
        "job": "sales",
        "selects": [["eu", "notify"]],
        "steps": [
            {
                "key": "eu.read",
                "op": "read",
                "config": {"path": "eu.csv", "key": "**********"},
                "inputs": {"day": "inputs.day"},
                "resources": [],
            },
            {
                "key": "eu.tidy",
                "op": "clean",
                "config": {},
                "inputs": {"rows": "eu.read.result", "label": {"default": "x"}},
                "resources": [],
            },
            {"key": "notify", "op": "notify", "config": {}, "inputs": {}, "resources": []},
        ],
        "skipped": [{"key": "total", "why": "not selected"}, {"key": "store", "why": "not selected"}],
        "resources": [],
    }


def test_an_input_may_come_from_run_config(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "run.yaml").write_text("ops: {store: {inputs: {total: 3}}}")
    found = planned(capsys, "--select", "store", "--config", "run.yaml")
    (step,) = found["steps"]
    assert step["inputs"] == {
        "total": {"config": "ops.store.inputs.total"},
        "note": {"value": "with **********"},
    }
    assert step["resources"] == ["database"]
    assert found["resources"] == ["credentials", "database"]
    assert [each["key"] for each in found["skipped"]] == ["eu.read", "eu.tidy", "total", "notify"]


def test_what_was_planned_is_what_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*DAY, "--select", "store", "--select", "eu.read", "--set", "ops.store.inputs.total=3"]
    keys = [step["key"] for step in planned(capsys, *words)["steps"]]
    assert main(["run", "shop.yaml#sales", *words, "--executor", "in_process", "--format", "json"]) == OK
    outputs = json.loads(capsys.readouterr().out.splitlines()[-1])["outputs"]
    assert list(outputs) == keys == ["eu.read", "store"]
    # The plan itself opened nothing and called nothing: the log holds one run alone.
    assert outputs["store"] == {"result": "['open', 'open', 'read']"}


def test_nothing_at_all_is_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(*DAY, "--select", "*") == OK
    assert "not run" not in capsys.readouterr().out


def test_what_is_left_out_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan("--select", "notify") == OK
    assert capsys.readouterr().out == (
        "sales: 1 of 5 steps\n  selected by notify\n\n1. notify\n\nnot run\n"
        "  eu.read: not selected\n  eu.tidy: not selected\n  total: not selected\n  store: not selected\n"
    )


@pytest.mark.parametrize("command", ["plan", "run"])
def test_mistakes_are_told_as_by_run(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(*words: str) -> str:
        assert main([command, "shop.yaml#sales", *words]) == MISTAKES
        captured = capsys.readouterr()
        assert "step " not in captured.err
        return captured.err

    said = told(*DAY, "--select", "eu", "--select", "*totla")
    assert "did you mean `total`?" in said
    assert "    *totla\n     ^^^^^\n" in said
    assert "`total` is not a graph" in told("--select", "total.x")
    said = told(*DAY, "--set", "ops.eu.ops.raed.config=1")
    assert "did you mean `read`?" in said
    assert " --> --set:1:12\n" in said
    assert "missing required entry `inputs`" in told()
    said = told("--input", "dya=1", "--select", "totla")
    assert "job `sales` has no input `dya`" in said
    assert "job `sales` has no node `totla`" in said


@pytest.mark.parametrize("words", ["--set ops", "--input day", "--format dot", "--select"])
def test_command_lines_that_cannot_be_understood(
    words: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan(*words.split()) == USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error: " in captured.err


def test_only_what_is_selected_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    selected = ["--select", "eu", "--select", "notify"]
    assert main(["run", "shop.yaml#sales", *DAY, *selected, "--executor", "in_process"]) == OK
    captured = capsys.readouterr()
    assert [line.split(" ... ")[0] for line in captured.err.splitlines()[:-1]] == [
        "step eu.read",
        "step eu.tidy",
        "step notify",
    ]
    assert captured.out.splitlines()[1:] == [
        "eu.read.result = [9, 2]",
        "eu.tidy.good   = [9, 2]",
        "eu.tidy.bad    = []",
    ]


def test_values_for_what_is_not_selected_are_ignored(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "shop.yaml#sales", *DAY, "--select", "notify", "--format", "json"]) == OK
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["outputs"] == {}


class Colour(Enum):
    RED = 1


class Strange:
    def __repr__(self) -> str:
        raise ValueError("no repr")


@op(out=DynamicOut(int), config_schema={"pages": int})
def pages() -> Iterator[DynamicOutput[int]]:
    yield DynamicOutput(1, mapping_key="one")


@op
def double(page: int, by: float = math.inf) -> int:
    return page * 2


@op
def halve(page: int) -> int:
    return page // 2


@op(ins={"start": In(Nothing), "day": In(date, default_value=date(2024, 1, 31))})
def add(numbers: list[int], day: date) -> int:
    return sum(numbers)


@job(config={"ops": {"pages": {"config": {"pages": 2}}}})
def book() -> None:
    add(pages().map(lambda page: halve(double(page))).collect())


def test_mapped_steps_are_planned_once() -> None:
    planned = planned_run(RequestedRun(book, book, RunConfig((), {}), {}), Instance.ephemeral())
    assert [(step.key, step.config, step.inputs) for step in planned.steps] == [
        ("pages", {"pages": 2}, {}),
        ("double[?]", None, {"page": {"map": "pages.result"}, "by": {"default": {"repr": "inf"}}}),
        ("halve[?]", None, {"page": {"map": "double.result"}}),
        (
            "add",
            None,
            {"numbers": {"collect": "halve.result"}, "start": None, "day": {"default": "2024-01-31"}},
        ),
    ]
    lines = [line.strip() for line in plan_lines(planned)]
    assert lines[0] == "book: 4 steps"
    for line in (
        "input page = each of pages.result",
        "input by = inf (default)",
        "input numbers = all of halve.result",
        "input start = nothing: it only waits",
    ):
        assert line in lines


def test_values_are_plain() -> None:
    plain = PlainValues(Mask([{"key": Secret("hush")}]))
    value = {
        "paths": (Path("a"), "a hush b"),
        "secret": Secret("x"),
        "colour": Colour.RED,
        "none": None,
        "on": True,
        "nan": math.nan,
        "numbered": {1: "hush"},
        "texts": {"b", "a"},
        "numbers": frozenset({10, 9}),
        "mixed": {("b", 1), None},
        "bytes": b"hello",
        "pause": timedelta(seconds=90),
    }
    assert plain.of(value) == {
        "paths": ["a", "a ********** b"],
        "secret": "**********",
        "colour": "RED",
        "none": None,
        "on": True,
        "nan": {"repr": "nan"},
        "numbered": {"repr": "{1: '**********'}"},
        "texts": ["a", "b"],
        "numbers": [9, 10],
        "mixed": [["b", 1], None],
        "bytes": "aGVsbG8=",
        "pause": "0:01:30",
    }
    assert "Strange object at" in json.dumps(plain.of(Strange()))


def test_what_json_cannot_hold_stands_in_a_value_for_people_as_its_own_text() -> None:
    step = PlannedStep("a", "a", {"deep": {"at": [{"repr": "nan"}, "x"]}}, {}, (), ())
    assert list(plan_lines(PlannedRun("j", (step,), (), {})))[-1] == '   config deep = {"at": [nan, "x"]}'


def test_long_values_are_shortened_and_cannot_steer_the_terminal() -> None:
    step = PlannedStep("a", "a", {"long": "x" * 200, "odd": "\x1b\n"}, {}, (), ())
    lines = list(plan_lines(PlannedRun("j", (step,), (), {})))
    assert lines[0] == "j: 1 step"
    assert lines[3].endswith("x…")
    assert len(lines[3]) < 130
    assert lines[4] == '   config odd = "\\u001b\\n"'


def test_a_job_without_ops_has_an_empty_plan() -> None:
    @job
    def idle() -> None: ...

    planned = planned_run(RequestedRun(idle, idle, RunConfig((), {}), {}), Instance.ephemeral())
    assert planned.as_json() == {"job": "idle", "steps": [], "skipped": [], "resources": []}
    assert list(plan_lines(planned)) == ["idle: 0 steps"]


class ByName(VersionStrategy):
    """Give all ops the version 1, but for `halve`."""

    def __init__(self, halve: str) -> None:
        self.halve = halve

    def get_op_version(self, context: Any) -> str:
        return self.halve if context.op_def.name == "halve" else "1"


@op
def first() -> int:
    return 8


@graph
def chain() -> None:
    double(halve(first()))


@job
def nothing_memoised() -> None:
    halve(first())


def chain_at(version: str) -> RequestedRun:
    whole = chain.to_job(version_strategy=ByName(version))
    return RequestedRun(whole, whole, RunConfig((), {}), {})


def test_a_memoised_plan_says_why_each_step_runs_or_is_left_out(tmp_path: Path) -> None:
    not_stored = "no stored output at this version"
    with Instance.open(tmp_path) as instance:
        before = planned_run(chain_at("1"), instance).as_json()
        assert [(step["key"], step["why"]) for step in before["steps"]] == [  # type: ignore[attr-defined]
            (name, not_stored) for name in ("first", "halve", "double")
        ]
        assert (before["skipped"], before["resources"]) == ([], ["io_manager"])

        run = chain_at("1").job.execute_in_process(instance=instance)
        after = planned_run(chain_at("1"), instance)
        assert after.as_json() == {
            "job": "chain",
            "steps": [],
            "skipped": [{"key": name, "why": "memoised"} for name in ("first", "halve", "double")],
            "resources": [],
        }
        assert list(plan_lines(after))[:3] == [
            "chain: 0 of 3 steps",
            "\nnot run",
            f"  first: memoised, stored by run {run.run_id}",
        ]

        changed = planned_run(chain_at("2"), instance)
        assert [step.key for step in changed.steps] == ["halve", "double"]
        assert "   runs: no stored output `result` at this version" in list(plan_lines(changed))
        assert len(instance.get_runs()) == 1


def test_a_memoised_plan_knows_what_is_not_selected(tmp_path: Path) -> None:
    with Instance.open(tmp_path) as instance:
        chain_at("1").job.execute_in_process(instance=instance)
        whole = chain_at("2").whole
        part = RequestedRun(whole, selected_job(whole, ["*halve"]), RunConfig((), {}), {})
        found = planned_run(part, instance)
        assert [step.key for step in found.steps] == ["halve"]
        assert [(reason.step_key, reason.why.value) for reason in found.skipped] == [
            ("first", "memoised"),
            ("double", "not selected"),
        ]


def test_a_memoised_job_of_a_spec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    module = f"ops_of_plan_test_{next(MODULES)}"
    (tmp_path / f"{module}.py").write_text("def one() -> int:\n    return 1\n")
    (tmp_path / "shop.yaml").write_text(
        f'jobc: 1\nops:\n  one: {{python: "{module}:one"}}\ngraphs:\n  g: {{wiring: one()}}\n'
        "jobs:\n  sales: {graph: g, version_strategy: source}\n"
    )
    kept = ("--instance", "kept")
    (step,) = planned(capsys, *kept)["steps"]
    assert (step["key"], step["why"]) == ("one", "no stored output at this version")
    assert not (tmp_path / "kept").exists()
    assert main(["run", "shop.yaml#sales", *kept]) == OK
    assert capsys.readouterr().out == "one.result = 1\n"
    found = planned(capsys, *kept)
    assert (found["steps"], found["skipped"]) == ([], [{"key": "one", "why": "memoised"}])
    assert main(["run", "shop.yaml#sales", *kept]) == OK
    assert capsys.readouterr().out == ""
    (step,) = planned(capsys, "--instance", "elsewhere")["steps"]
    assert step["key"] == "one"


def test_a_memoised_plan_where_nothing_ever_ran_runs_everything() -> None:
    found = planned_run(chain_at("1"), Instance.ephemeral())
    assert [step.key for step in found.steps] == ["first", "halve", "double"]


def test_a_plan_that_is_not_memoised_gives_no_reasons_to_run() -> None:
    plain = RequestedRun(nothing_memoised, nothing_memoised, RunConfig((), {}), {})
    found = planned_run(plain, Instance.ephemeral())
    assert all("why" not in step.as_json() for step in found.steps)
    assert not any("runs:" in line for line in plan_lines(found))
