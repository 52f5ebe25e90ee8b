"""`jobc backfill`: many partitions, in one process or several, through kills and interruptions."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from jobc import Instance, RunStatus
from jobc.cli import MISTAKES, OK, RUN_FAILED, USAGE, main
from jobc.cli.backfill_progress import LiveBackfill
from jobc.cli.backfill_runs import Outcome
from jobc.runtime.storage.runs import PROCESS_ENDED

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc import Run

JOBS = """\
import os
import jobc


@jobc.daily_partitioned_config(start_date="2024-01-01", end_date="2024-01-13")
def days(start, end):
    if os.environ.get("REFUSED") == start.date().isoformat():
        raise ValueError("no config for this day")
    return {"ops": {"work": {"config": {"day": start.date().isoformat()}}}}


@jobc.op(config_schema={"day": str})
def work(context):
    key = context.partition_key
    assert context.op_config["day"] == key
    with open("journal", "a") as journal:
        journal.write(key + "\\n")
    if key in os.environ.get("FAILING", "").split():
        raise ValueError("not this day")
    if key in os.environ.get("DEADLY", "").split():
        os.kill(os.getpid(), 9)
    if key in os.environ.get("BLOCKING", "").split():
        print("blocked at", key, flush=True)
        with open("gate") as gate:
            gate.read()


@jobc.job(config=days)
def daily():
    work()


@jobc.op
def tell(context):
    return context.partition_key


@jobc.job(partitions_def=jobc.StaticPartitionsDefinition(["eu", "us", "a,b", "ap"]))
def regional():
    tell()


@jobc.job(partitions_def=jobc.DynamicPartitionsDefinition(name="tenants"))
def tenants():
    tell()


@jobc.job
def plain():
    tell()
"""
SCRIPT = """\
import sys
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

from jobc.cli import backfill, main
from jobc.cli.backfill_runs import JobSource


def from_module(pointer, request):
    load = partial(resolve_name, "backfilled:" + pointer)
    return backfill.run_backfill(load(), JobSource(pointer, load, Path.cwd()), request)


if __name__ == "__main__":
    backfill.backfill = from_module
    sys.exit(main(["backfill", *sys.argv[1:]]))
"""
SPEC = """\
jobc: 1
ops:
  tell: {python: "specified:tell", config: {day: str}, outputs: {told: str}}
graphs:
  telling: {wiring: tell()}
partitions:
  daily: {daily: {start: 2024-01-01, end: 2024-01-05}}
partitioned_configs:
  by_day:
    partitions: daily
    config: {ops: {tell: {config: {day: "${partition.key}"}}}}
jobs:
  daily: {graph: telling, partitioned_config: by_day}
"""
SPECIFIED = """\
import os


def tell(day: str) -> str:
    print(day, "in", os.path.basename(os.getcwd()), flush=True)
    return day
"""
DAYS = [f"2024-01-{day:02}" for day in range(1, 13)]
ALL_DAYS = ("daily", "--partitions", "@all")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JOBC_HOME", raising=False)
    Path("backfilled.py").write_text(JOBS)
    Path("backfill_script.py").write_text(SCRIPT)
    return tmp_path


def begun(*words: str, **environment: str) -> subprocess.Popen[str]:
    """Start a backfill of a job of the module, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "backfill_script.py", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


class Done:
    """A backfill that ended: its exit code and what it printed."""

    def __init__(self, *words: str, **environment: str) -> None:
        process = begun(*words, **environment)
        self.out, self.err = process.communicate()
        self.code = process.returncode

    @property
    def statuses(self) -> dict[str, str]:
        """The table at the end: a status by partition."""
        rows = [line.split() for line in self.out.splitlines()]
        assert rows[0] == ["PARTITION", "STATUS", "RUN", "TOOK"]
        return {row[0]: row[1] for row in rows[1:]}

    @property
    def ran(self) -> list[str]:
        """The partitions that had their turn, in the order they ended."""
        return [line.split()[1] for line in self.err.splitlines() if line.startswith("partition ")]


def recorded() -> list[Run]:
    with Instance.open(".jobc") as instance:
        return instance.get_runs()


def is_sound() -> bool:
    connection = sqlite3.connect(".jobc/instance.sqlite")
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


@pytest.mark.parametrize("concurrency", ["1", "3"])
def test_every_partition_is_run_once_and_recorded(concurrency: str) -> None:
    done = Done(*ALL_DAYS, "--concurrency", concurrency)
    assert done.code == OK, done.err
    assert done.statuses == dict.fromkeys(DAYS, "SUCCESS")
    assert sorted(done.ran) == DAYS
    runs = recorded()
    assert sorted(run.tags["jobc/partition"] for run in runs) == DAYS
    assert {run.status for run in runs} == {RunStatus.SUCCESS}
    assert len({run.tags["jobc/backfill"] for run in runs}) == 1
    assert sorted(Path("journal").read_text().split()) == DAYS


@pytest.mark.parametrize("concurrency", ["1", "2"])
def test_a_job_of_a_spec_runs_in_the_folder_of_the_spec(concurrency: str) -> None:
    Path("shop").mkdir()
    Path("shop/shop.yaml").write_text(SPEC)
    Path("shop/specified.py").write_text(SPECIFIED)
    options = ["--partitions", "2024-01-02...2024-01-04", "--concurrency", concurrency]
    done = subprocess.run(
        [sys.executable, "-m", "jobc", "backfill", "shop/shop.yaml#daily", *options],
        capture_output=True,
        check=True,
        text=True,
    )
    told = [line for line in done.stdout.splitlines() if line.endswith("in shop")]
    assert sorted(told) == [f"2024-01-0{day} in shop" for day in (2, 3, 4)]
    assert [run.job_name for run in recorded()] == ["daily"] * 3
    assert not Path("shop/.jobc").exists()


def test_partitions_are_named_by_range_and_by_key() -> None:
    done = Done(
        "daily", "--partitions", "2024-01-03...2024-01-05", "--partitions", "2024-01-09,2024-01-01,2024-01-04"
    )
    assert done.ran == ["2024-01-03", "2024-01-04", "2024-01-05", "2024-01-09", "2024-01-01"]
    assert list(done.statuses) == done.ran


def test_a_key_may_hold_a_comma() -> None:
    assert Done("regional", "--partitions", "a,b").ran == ["a,b"]
    assert Done("regional", "--partitions", "eu,us").ran == ["eu", "us"]


def test_dynamic_partitions_are_those_of_the_instance() -> None:
    with Instance.open("named") as instance:
        instance.add_dynamic_partitions("tenants", ["acme", "bolt"])
    for concurrency in ("1", "2"):
        done = Done("tenants", "--partitions", "@all", "--instance", "named", "--concurrency", concurrency)
        assert done.code == OK, done.err
        assert sorted(done.ran) == ["acme", "bolt"]


@pytest.mark.parametrize("concurrency", ["1", "2"])
def test_a_failed_partition_fails_the_whole_and_stops_nothing(concurrency: str) -> None:
    done = Done(*ALL_DAYS, "--concurrency", concurrency, FAILING="2024-01-02 2024-01-07")
    assert done.code == RUN_FAILED
    assert {key for key, status in done.statuses.items() if status == "FAILURE"} == {
        "2024-01-02",
        "2024-01-07",
    }
    assert sorted(done.ran) == DAYS
    (line,) = [line for line in done.err.splitlines() if line.startswith("partition 2024-01-02")]
    assert line.endswith("): ValueError: not this day")


def test_only_what_failed_last_is_run_again() -> None:
    failing = "2024-01-02 2024-01-07"
    assert Done(*ALL_DAYS, FAILING=failing).code == RUN_FAILED
    again = Done(*ALL_DAYS, "--failed-only", FAILING="2024-01-07")
    assert (again.code, again.ran) == (RUN_FAILED, failing.split())
    last = Done(*ALL_DAYS, "--failed-only")
    assert (last.code, last.ran) == (OK, ["2024-01-07"])
    nothing = Done(*ALL_DAYS, "--failed-only")
    assert nothing.code == OK
    assert "there is nothing to run: no run of these partitions failed last" in nothing.err


def test_when_it_is_over_the_same_again_is_a_new_backfill() -> None:
    assert Done("regional", "--partitions", "@all").code == OK
    again = Done("regional", "--partitions", "@all")
    assert len(again.ran) == 4
    assert len({run.tags["jobc/backfill"] for run in recorded()}) == 2
    assert list(Path(".jobc/locks").iterdir()) == []


def test_a_partition_whose_run_cannot_begin_failed() -> None:
    done = Done("daily", "--partitions", "2024-01-01...2024-01-03", REFUSED="2024-01-02")
    assert done.code == RUN_FAILED
    assert list(done.statuses.values()) == ["SUCCESS", "FAILURE", "SUCCESS"]
    assert "ValueError: no config for this day" in done.err
    assert len(recorded()) == 2


def test_a_worker_that_dies_fails_its_partition_alone() -> None:
    done = Done(*ALL_DAYS, "--concurrency", "2", DEADLY="2024-01-03 2024-01-04 2024-01-12")
    assert done.code == RUN_FAILED
    failed = [key for key, status in done.statuses.items() if status == "FAILURE"]
    assert failed == ["2024-01-03", "2024-01-04", "2024-01-12"]
    assert done.err.count("its worker process was ended by SIGKILL") == 3
    assert sorted(Path("journal").read_text().split()) == DAYS
    assert Counter(run.status for run in recorded()) == {RunStatus.SUCCESS: 9, RunStatus.FAILURE: 3}


@pytest.mark.parametrize("concurrency", ["1", "2"])
@pytest.mark.parametrize("lines", [1, 6, 11])
def test_after_a_kill_it_goes_on_and_no_finished_partition_runs_again(lines: int, concurrency: str) -> None:
    os.mkfifo("gate")
    words = (*ALL_DAYS, "--concurrency", concurrency)
    process = begun(*words, FAILING="2024-01-02", BLOCKING="2024-01-12")  # it cannot end before it is killed
    assert process.stderr is not None
    reported: list[str] = []
    while len(reported) < lines:
        line = process.stderr.readline()
        if line.startswith("partition "):
            reported.append(line.split()[1])
    process.kill()
    process.wait()

    done = Done(*words, FAILING="2024-01-02")
    process.communicate()
    assert done.code == RUN_FAILED, done.err
    assert list(done.statuses) == DAYS
    assert not set(done.ran) & set(reported)
    assert is_sound()
    runs = recorded()
    assert len({run.tags["jobc/backfill"] for run in runs}) == 1
    finished = Counter(run.tags["jobc/partition"] for run in runs if run.reason != PROCESS_ENDED)
    assert finished == dict.fromkeys(DAYS, 1)
    lost = Counter(run.tags["jobc/partition"] for run in runs if run.reason == PROCESS_ENDED)
    assert lost.total() <= int(concurrency)
    written = Counter(Path("journal").read_text().split())
    assert all(written[key] <= 1 + lost[key] for key in DAYS)


@pytest.mark.parametrize("concurrency", ["1", "2"])
def test_a_kill_in_the_midst_of_a_partition(concurrency: str) -> None:
    os.mkfifo("gate")
    words = (*ALL_DAYS, "--concurrency", concurrency)
    process = begun(*words, BLOCKING="2024-01-04")
    assert process.stdout is not None
    assert process.stdout.readline() == "blocked at 2024-01-04\n"
    process.kill()
    process.wait()
    done = Done(*words)  # it waits until the worker that was left alone is gone
    process.communicate()
    assert done.code == OK, done.err
    assert "2024-01-04" in done.ran
    states = [run.reason for run in recorded() if run.tags["jobc/partition"] == "2024-01-04"]
    assert states == [None, PROCESS_ENDED]


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("concurrency", ["1", "2"])
def test_an_interruption_cancels_what_runs_and_says_how_to_go_on(
    signal_number: signal.Signals, concurrency: str
) -> None:
    os.mkfifo("gate")
    process = begun(
        *ALL_DAYS, "--concurrency", concurrency, BLOCKING="2024-01-04 2024-01-05", PYTHONUNBUFFERED="1"
    )
    assert process.stdout is not None
    for _ in range(int(concurrency)):
        assert process.stdout.readline().startswith("blocked at 2024-01-0")
    process.send_signal(signal_number)
    _, err = process.communicate()
    assert process.returncode == 128 + signal_number
    assert "the backfill stopped: 3 of 12 partitions had their turn; go on with" in err
    (advice,) = [
        line.split() for line in err.splitlines() if line.startswith("    jobc backfill daily --resume")
    ]
    assert Counter(run.status for run in recorded()) == {
        RunStatus.SUCCESS: 3,
        RunStatus.CANCELED: int(concurrency),
    }
    done = Done(*advice[2:])
    assert done.code == OK, done.err
    assert done.statuses == dict.fromkeys(DAYS, "SUCCESS")
    assert sorted(done.ran) == DAYS[3:]


def test_two_processes_do_not_carry_out_one_backfill_at_once() -> None:
    os.mkfifo("gate")
    process = begun(*ALL_DAYS, BLOCKING="2024-01-01")
    assert process.stdout is not None
    assert process.stdout.readline() == "blocked at 2024-01-01\n"
    second = Done(*ALL_DAYS)
    assert second.code == MISTAKES
    assert "another process carries out the backfill" in second.err
    Path("gate").write_text("")
    process.communicate()
    assert process.returncode == OK
    assert sorted(run.tags["jobc/partition"] for run in recorded()) == DAYS


def test_one_that_is_over_is_shown_again_and_not_run() -> None:
    done = Done("regional", "--partitions", "eu,us", "--format", "json")
    told = json.loads(done.out)
    shown = Done("regional", "--resume", told["backfill"][:8], "--format", "json")
    assert shown.ran == []
    assert [entry["run_id"] for entry in json.loads(shown.out)["partitions"]] == [
        entry["run_id"] for entry in told["partitions"]
    ]


def test_programs_get_one_object() -> None:
    done = Done("daily", "--partitions", "2024-01-01,2024-01-02", "--format", "json", FAILING="2024-01-02")
    told = json.loads(done.out)
    assert told["success"] is False
    first, second = told["partitions"]
    assert (first["partition"], first["status"], first["error"]) == ("2024-01-01", "SUCCESS", None)
    assert (second["status"], second["error"]) == ("FAILURE", "ValueError: not this day")
    assert {first["run_id"], second["run_id"]} == {run.run_id for run in recorded()}
    assert first["duration_s"] >= 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["plain", "--partitions", "@all"], "job `plain` has no partitions"),
        (["regional", "--partitions", "usa"], "Could not find a partition with key `usa`"),
        (["regional", "--partitions", "us...eu"], "the range `us...eu` is empty"),
        (["regional", "--partitions", "eu,uk"], "Could not find a partition with key `uk`"),
        (["regional", "--resume", "abc"], "there is no backfill `abc`"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(words: list[str], message: str) -> None:
    done = Done(*words)
    assert done.code == MISTAKES
    assert f"error: {message}" in done.err
    assert recorded() == []


def test_a_backfill_of_another_job_is_not_gone_on_with() -> None:
    told = json.loads(Done("regional", "--partitions", "eu", "--format", "json").out)
    done = Done("daily", "--resume", told["backfill"])
    assert done.code == MISTAKES
    assert "is one of job `regional`, not of `daily`" in done.err


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--partitions", "eu", "--resume", "x"],
        ["--partitions", ""],
        ["--partitions", "eu..."],
        ["--partitions", "eu", "--concurrency", "0"],
        ["--resume", ""],
    ],
)
def test_options_that_cannot_be(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backfill", "x.yaml", *options]) == USAGE
    assert capsys.readouterr().out == ""


def test_no_partitions_are_nothing_to_run() -> None:
    done = Done("tenants", "--partitions", "@all")
    assert (done.code, done.out) == (OK, "")
    assert "there is nothing to run: there are no partitions" in done.err


def shown_live(observe: Callable[[LiveBackfill], None]) -> str:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80, color_system=None)
    with LiveBackfill(4, 1, console) as progress:
        observe(progress)
    return screen.getvalue()


def test_a_terminal_shows_a_bar_and_what_failed() -> None:
    def observe(progress: LiveBackfill) -> None:
        progress.observe(Outcome("eu", RunStatus.SUCCESS, "1", 0.5))
        progress.observe(Outcome("us[1]", RunStatus.FAILURE, "2", 0.5, "ValueError: [no]"))

    shown = shown_live(observe)
    assert "partition us[1] ... failed (500 ms): ValueError: [no]" in shown
    assert "partition eu" not in shown
    assert "3/4" in shown
