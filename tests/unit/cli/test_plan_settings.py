"""What `jobc plan` says of how a job is run: its programs, executor, loggers, hooks, retries, partition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobc.cli import MISTAKES, OK, main

SPEC = """\
jobc: 1
ops:
  list:
    command: [ls, -l, "${config.flags}", "${config.token}", "${inputs.folder}", "a b", "${env.HOME}"]
    inputs: {folder: path}
    config: {flags: {type: "list[str]", default: []}, token: secret}
    retry: {max_retries: 3, delay_s: 0.5, backoff: exponential, jitter: full}
  count:
    shell: |
      grep -c ${config.word} ${inputs.text} > $${HOME}/n
      echo done
    inputs: {text: str}
    config: {word: str}
graphs:
  main: {inputs: {folder: path}, wiring: "count(list(folder))", nodes: {count: {hooks: [cheer]}}}
executors: {pool: {builtin: multiprocess}}
loggers: {quiet: {builtin: console, with: {level: ERROR}}}
hooks:
  alert: {python: "hooks_of_plan_test:told", on: failure}
  cheer: {python: "hooks_of_plan_test:told", on: success}
partitions: {days: {daily: {start: 2024-01-01, end: 2024-03-01}}}
partitioned_configs:
  per_day:
    partitions: days
    config:
      inputs: {folder: "/in/${partition.key}"}
      ops:
        list: {config: {flags: ["-a", "-h"], token: "hush-hush"}}
        count: {config: {word: "two words"}}
jobs:
  daily:
    graph: main
    executor: pool
    loggers: [quiet]
    hooks: [alert]
    retry: {max_retries: 1}
    partitioned_config: per_day
  second: {job: daily, select: ["*count", list]}
"""
DAY = ("--partition", "2024-01-02")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.yaml").write_text(SPEC)
    Path("hooks_of_plan_test.py").write_text("def told(context):\n    pass\n")


def planned(capsys: pytest.CaptureFixture[str], job: str, *words: str) -> dict[str, Any]:
    assert main(["plan", f"shop.yaml#{job}", *words, "--format", "json"]) == OK
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_plan_for_people_tells_how_a_job_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "shop.yaml#daily", *DAY]) == OK
    assert (
        capsys.readouterr().out
        == """\
daily: 2 steps
  partition 2024-01-02
  executor multiprocess
  loggers quiet
  hooks alert
  retry max_retries = 1

1. list
   command ls -l -a -h '**********' ${inputs.folder} 'a b' ${env.HOME}
   input folder = inputs.folder
   config flags = ["-a", "-h"]
   config token = "**********"
   retry max_retries = 3, delay_s = 0.5, backoff = exponential, jitter = full

2. count
   shell
     grep -c 'two words' ${inputs.text} > ${HOME}/n
     echo done
   input text = list.result
   config word = "two words"
   hooks cheer
"""
    )


def test_a_plan_for_programs_tells_how_a_job_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    found = planned(capsys, "daily", *DAY)
    assert {key: found[key] for key in ("partition", "executor", "loggers", "hooks", "retry")} == {
        "partition": "2024-01-02",
        "executor": "multiprocess",
        "loggers": ["quiet"],
        "hooks": ["alert"],
        "retry": {"max_retries": 1},
    }
    first, second = found["steps"]
    assert first["command"] == [
        "ls", "-l", "-a", "-h", "**********", "${inputs.folder}", "a b", "${env.HOME}",
    ]  # fmt: skip
    assert first["retry"] == {"max_retries": 3, "delay_s": 0.5, "backoff": "exponential", "jitter": "full"}
    assert second["shell"] == "grep -c 'two words' ${inputs.text} > ${HOME}/n\necho done"
    assert second["hooks"] == ["alert", "cheer"]
    assert second["retry"] == {"max_retries": 1}


def test_a_derived_job_names_its_selection_and_that_of_the_caller(capsys: pytest.CaptureFixture[str]) -> None:
    found = planned(capsys, "second", *DAY, "--select", "list")
    assert found["selects"] == [["*count", "list"], ["list"]]
    assert main(["plan", "shop.yaml#second", *DAY]) == OK
    assert "  selected by *count, list\n" in capsys.readouterr().out


def test_a_partition_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "shop.yaml#daily", "--partition", "2024-01-2"]) == MISTAKES
    assert "Could not find a partition with key `2024-01-2`" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_job_that_lacks_its_partition_is_told_so(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "shop.yaml#daily"]) == MISTAKES
    said = capsys.readouterr().err
    assert "job `daily` takes its config from a partition: name one with `--partition KEY`" in said
    assert main([command, "shop.yaml#daily", *DAY, "--set", "ops.list.config.token=x"]) == MISTAKES
    assert "--partition KEY" not in capsys.readouterr().err


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_job_without_partitions_is_not_run_for_one(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("shop.yaml").write_text(SPEC.replace("    partitioned_config: per_day\n", ""))
    assert main([command, "shop.yaml#daily", *DAY]) == MISTAKES
    assert "job `daily` has no partitions: leave out `--partition`" in capsys.readouterr().err


def test_dynamic_partitions_are_those_of_the_instance(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from jobc.runtime.storage.instance import Instance

    Path("shop.yaml").write_text(
        SPEC.replace("{daily: {start: 2024-01-01, end: 2024-03-01}}", "{dynamic: days}")
    )
    with Instance.open(tmp_path / "kept") as instance:
        instance.add_dynamic_partitions("days", ["one"])
    assert planned(capsys, "daily", "--partition", "one", "--instance", "kept")["partition"] == "one"
    assert main(["plan", "shop.yaml#daily", "--partition", "two", "--instance", "kept"]) == MISTAKES
    assert "`two`" in capsys.readouterr().err


def test_a_compiled_job_runs_in_the_folder_of_its_spec(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = tmp_path / "specs"
    here.mkdir()
    (here / "where.yaml").write_text(
        "jobc: 1\nops: {where: {command: [pwd]}}\njobs: {main: {wiring: where()}}\n"
    )
    (tmp_path / "out").mkdir()
    assert main(["compile", "specs/where.yaml", "-o", "out/where.json"]) == OK
    words = ["run", "out/where.json#main", "--executor", "in_process", "--format", "json"]
    assert main(words) == OK
    outputs = json.loads(capsys.readouterr().out.splitlines()[-1])["outputs"]
    assert outputs == {"where": {"result": str(here.resolve())}}
