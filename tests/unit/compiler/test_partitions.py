"""Partitions and partitioned configs, from the text of a spec to the run."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

import jobc
from jobc.compiler.pipeline import CompileError, analyse, compile_spec, load
from jobc.runtime.errors import UnknownPartitionError
from jobc.runtime.partitions import (
    DailyPartitionsDefinition,
    DynamicPartitionsDefinition,
    HourlyPartitionsDefinition,
    MonthlyPartitionsDefinition,
    MultiPartitionsDefinition,
    PartitionedConfig,
    PartitionsDefinition,
    StaticPartitionsDefinition,
    TimeWindowPartitionsDefinition,
    WeeklyPartitionsDefinition,
)

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """\
def read(path: object, limit: int = 5) -> str:
    return path


def other() -> int:
    return 1


def by_key(partition_key):
    return {"ops": {"read": {"config": {"path": f"hand-{partition_key}"}}}}


def by_window(start, end):
    hours = int((end.timestamp() - start.timestamp()) // 3600)
    return {"ops": {"read": {"config": {"path": f"{start:%d}-{end:%d}: {hours} h"}}}}


def by_all(start, partition_key, end):
    return {"ops": {"read": {"config": {"path": f"{partition_key} {start:%H}-{end:%H}"}}}}


def nothing(partition_key):
    return None
"""
SPEC = """\
jobc: 1
vars: {root: "data", odd: "$${key}"}
ops:
  read: {python: "depot:read", config: {path: str, limit: {type: int, default: 5}}}
  other: {python: "depot:other"}
graphs:
  main:
    wiring: |
      read()
      other()
partitions:
  days: {daily: {start: 2024-03-01, end: 2024-04-01, timezone: America/New_York}}
  regions: {static: [us, eu]}
  grid: {multi: {day: days, region: regions}}
  unused: {static: [a]}
partitioned_configs:
  per_day:
    partitions: days
    config: {ops: {read: {config: {path: "${vars.root}/${partition.key}.csv"}}}}
    tags: {window: "${partition.start}", size: "until ${partition.end}", rows: 3, odd: "${vars.odd} $${end}"}
  per_cell:
    partitions: grid
    config:
      ops: {read: {config: {path: "${partition.dims.region}/${partition.dims.day}/${partition.start}"}}}
  by_key: {partitions: regions, python: "depot:by_key", tags: {region: "${partition.key}"}}
  by_window: {partitions: days, python: "depot:by_window"}
  by_all: {partitions: days, python: "depot:by_all"}
  nothing: {partitions: regions, python: "depot:nothing"}
jobs:
  daily: {graph: main, partitioned_config: per_day, tags: {team: orders, window: none}}
  cells: {graph: main, partitioned_config: per_cell}
  by_key: {graph: main, partitioned_config: by_key}
  by_window: {graph: main, partitioned_config: by_window}
  by_all: {graph: main, partitioned_config: by_all}
  nothing: {graph: main, partitioned_config: nothing}
  plain: {graph: main, partitions: regions}
  derived: {job: daily, select: read}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "depot.py").write_text(FUNCTIONS)
    (tmp_path / "spec.yaml").write_text(SPEC)
    return tmp_path


def keyed(name: str) -> PartitionedConfig:
    config = load(f"spec.yaml#{name}").config
    assert isinstance(config, PartitionedConfig)
    return config


def path_for(name: str, key: str) -> object:
    return load(f"spec.yaml#{name}").execute_in_process(partition_key=key).output_for_node("read")


# --- kinds ------------------------------------------------------------------------------------------------

KINDS: dict[str, tuple[str, PartitionsDefinition]] = {
    "static": ("static: [b, a]", StaticPartitionsDefinition(["b", "a"])),
    "hourly": (
        "hourly: {start: 2024-01-01-00:00, end: 2024-01-02-00:00, minute_offset: 15}",
        HourlyPartitionsDefinition("2024-01-01-00:00", "2024-01-02-00:00", 15),
    ),
    "daily": (
        "daily: {start: 2024-03-01, end: 2024-04-01, hour_offset: 2, timezone: Europe/Berlin}",
        DailyPartitionsDefinition("2024-03-01", "2024-04-01", hour_offset=2, timezone="Europe/Berlin"),
    ),
    "weekly": (
        "weekly: {start: 2024-01-01, end: 2024-06-01, day_offset: 3}",
        WeeklyPartitionsDefinition("2024-01-01", "2024-06-01", day_offset=3),
    ),
    "monthly": (
        "monthly: {start: 2024/01, end: 2025/01, fmt: '%Y/%m'}",
        MonthlyPartitionsDefinition("2024/01", "2025/01", fmt="%Y/%m"),
    ),
    "cron": (
        "cron: {schedule: '0 6 * * 1-5', start: 2024-01-01-00:00, end: 2024-02-01-00:00}",
        TimeWindowPartitionsDefinition(
            "2024-01-01-00:00", "%Y-%m-%d-%H:%M", "2024-02-01-00:00", cron_schedule="0 6 * * 1-5"
        ),
    ),
    "trimmed": (
        "daily: {start: 2024-01-01, end: 2024-01-09, end_offset: -2}",
        DailyPartitionsDefinition("2024-01-01", "2024-01-09", end_offset=-2),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_gives_the_keys_of_the_python_class(folder: Path, kind: str) -> None:
    written, expected = KINDS[kind]
    line = "  days: {daily: {start: 2024-03-01, end: 2024-04-01, timezone: America/New_York}}"
    text = (
        SPEC.replace(line, f"{line}\n  these: {{{written}}}") + "  these: {graph: main, partitions: these}\n"
    )
    (folder / "spec.yaml").write_text(text)
    found = load("spec.yaml#these").partitions_def
    assert found == expected
    assert found.get_partition_keys() == expected.get_partition_keys()
    assert len(found.get_partition_keys()) > 1


def test_dimensions_are_other_partitions_of_the_file(folder: Path) -> None:
    found = load("spec.yaml#cells").partitions_def
    days = DailyPartitionsDefinition("2024-03-01", "2024-04-01", timezone="America/New_York")
    expected = MultiPartitionsDefinition({"region": StaticPartitionsDefinition(["us", "eu"]), "day": days})
    assert found == expected
    assert found.get_partition_keys()[:2] == ["2024-03-01|us", "2024-03-01|eu"]


def test_dynamic_keys_are_those_of_the_instance(folder: Path) -> None:
    text = SPEC.replace("unused: {static: [a]}", "unused: {dynamic: tenants}")
    (folder / "spec.yaml").write_text(text + "  tenants: {graph: main, partitions: unused}\n")
    assert load("spec.yaml#tenants").partitions_def == DynamicPartitionsDefinition(name="tenants")


# --- config and tags --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("job", "key", "path"),
    [
        ("daily", "2024-03-05", "data/2024-03-05.csv"),
        ("daily", "2024-03-31", "data/2024-03-31.csv"),
        ("cells", "2024-03-05|eu", "eu/2024-03-05/2024-03-05T00:00:00-05:00"),
        ("by_key", "eu", "hand-eu"),
        ("by_window", "2024-03-05", "05-06: 24 h"),
        ("by_window", "2024-03-10", "10-11: 23 h"),
        ("by_all", "2024-03-05", "2024-03-05 00-00"),
        ("derived", "2024-03-05", "data/2024-03-05.csv"),
    ],
)
def test_config_is_that_of_the_key(folder: Path, job: str, key: str, path: str) -> None:
    assert path_for(job, key) == path


def test_tags_are_filled_in_and_stand_over_those_of_the_job(folder: Path) -> None:
    run = load("spec.yaml#daily").execute_in_process(partition_key="2024-03-10").run
    assert run.tags == {
        "team": "orders",
        "window": "2024-03-10T00:00:00-05:00",
        "size": "until 2024-03-11T00:00:00-04:00",
        "rows": "3",
        "odd": "${key} ${end}",
        "jobc/partition": "2024-03-10",
        "jobc/partition_set": "daily_partition_set",
    }


def test_dimensions_are_tags(folder: Path) -> None:
    tags = load("spec.yaml#cells").execute_in_process(partition_key="2024-03-05|us").run.tags
    assert (tags["jobc/partition/day"], tags["jobc/partition/region"]) == ("2024-03-05", "us")


def test_a_lone_time_keeps_its_type(folder: Path) -> None:
    (folder / "spec.yaml").write_text(SPEC.replace("config: {path: str,", "config: {path: datetime,", 1))
    text = (folder / "spec.yaml").read_text().replace("${vars.root}/${partition.key}.csv", "${partition.end}")
    (folder / "spec.yaml").write_text(text)
    config = keyed("daily").get_run_config_for_partition_key("2024-03-09")
    end = datetime(2024, 3, 10, tzinfo=ZoneInfo("America/New_York"))
    assert config == {"ops": {"read": {"config": {"path": end}}}}


def test_text_of_vars_is_never_an_expression(folder: Path) -> None:
    text = SPEC.replace("${vars.root}/${partition.key}.csv", "${vars.odd}.csv")
    (folder / "spec.yaml").write_text(text)
    assert path_for("daily", "2024-03-05") == "${key}.csv"


def test_mappings_of_vars_may_hold_such_text_too(folder: Path) -> None:
    text = SPEC.replace('odd: "$${key}"', 'odd: {path: "$${key}"}').replace("${vars.odd} ", "")
    text = text.replace('{path: "${vars.root}/${partition.key}.csv"}', '"${vars.odd}"')
    (folder / "spec.yaml").write_text(text)
    assert path_for("daily", "2024-03-05") == "${key}"


def test_partitions_without_config_leave_it_to_the_run(folder: Path) -> None:
    config = {"ops": {"read": {"config": {"path": "mine"}}}}
    result = load("spec.yaml#plain").execute_in_process(partition_key="eu", run_config=config)
    assert (result.output_for_node("read"), result.run.tags["jobc/partition"]) == ("mine", "eu")


def test_a_derived_job_may_have_partitions_of_its_own(folder: Path) -> None:
    (folder / "spec.yaml").write_text(SPEC + "  mine: {job: daily, partitioned_config: by_key}\n")
    assert path_for("mine", "us") == "hand-us"
    assert path_for("daily", "2024-03-05") == "data/2024-03-05.csv"


# --- mistakes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["2024-04-01", "2024-02-29", "2024-3-5", "us"])
def test_a_key_that_is_none_is_refused_before_the_run(folder: Path, key: str) -> None:
    with pytest.raises(UnknownPartitionError, match="Could not find a partition with key"):
        load("spec.yaml#daily").execute_in_process(partition_key=key)


def test_a_function_has_to_return_a_mapping(folder: Path) -> None:
    with pytest.raises(jobc.CheckError, match="must return a mapping"):
        keyed("nothing").get_run_config_for_partition_key("us")


def test_a_function_that_is_not_there_is_found_when_the_job_is_loaded(folder: Path) -> None:
    (folder / "spec.yaml").write_text(SPEC.replace("depot:by_key", "elsewhere_altogether:by_key"))
    assert not analyse("spec.yaml").has_errors
    with pytest.raises(CompileError, match="there is no Python module `elsewhere_altogether`"):
        load("spec.yaml#by_key")
    assert load("spec.yaml#daily").name == "daily"


# --- the compiler -----------------------------------------------------------------------------------------


def digests(folder: Path, text: str) -> dict[str, str]:
    (folder / "spec.yaml").write_text(text)
    return {name: job.digest for name, job in compile_spec("spec.yaml").jobs.items()}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("static: [a]", "static: [a, b]", set()),
        ("static: [us, eu]", "static: [eu, us]", {"cells", "by_key", "nothing", "plain"}),
        ("end: 2024-04-01", "end: 2024-04-02", {"daily", "cells", "by_window", "by_all", "derived"}),
        ("rows: 3", "rows: 4", {"daily", "derived"}),
        ("depot:by_key", "depot:nothing", {"by_key"}),
    ],
)
def test_the_digest_tells_what_a_job_uses(folder: Path, old: str, new: str, changed: set[str]) -> None:
    before = digests(folder, SPEC)
    after = digests(folder, SPEC.replace(old, new))
    assert {name for name in before if before[name] != after[name]} == changed


def test_no_code_of_the_author_is_imported_to_check(folder: Path) -> None:
    (folder / "depot.py").write_text(FUNCTIONS + "\nraise RuntimeError('imported')\n")
    sys.modules.pop("depot", None)
    assert not analyse("spec.yaml").has_errors
    assert compile_spec("spec.yaml").jobs["by_key"].partitioned_config is not None
    assert "depot" not in sys.modules
