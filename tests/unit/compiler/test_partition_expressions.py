"""Templates of partitions that hold more than names: worked out for each key, when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jobc.compiler.pipeline import load
from jobc.runtime.expressions import EvaluationError
from jobc.runtime.partitions import PartitionedConfig

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
jobc: 1
vars: {root: data, workers: 4}
ops:
  read: {python: "depot:read", config: {path: str, limit: {type: int, default: 1}}}
graphs:
  main: {wiring: read()}
partitions:
  days: {daily: {start: 2024-02-01, timezone: UTC}}
  regions: {static: [us, eu, "7"]}
  grid: {multi: {day: days, region: regions}}
partitioned_configs:
  per_day:
    partitions: days
    config:
      ops:
        read:
          config:
            path: "${vars.root}/${format_date(add_days(partition.start, -1), '%j')}/${default(env.DEPOT, '')}"
            limit: "${len(partition.key) * vars.workers}"
    tags:
      end: "${partition.end}"
      half: "${'first' if int(format_date(partition.start, '%d')) <= 15 else 'second'}"
  per_region:
    partitions: regions
    config: {ops: {read: {config: {path: "${env.DEPOT}", limit: "${int(partition.key)}"}}}}
  per_cell:
    partitions: grid
    config: {ops: {read: {config: {path: "${join(sorted(values(partition.dims)), '+')}"}}}}
jobs:
  daily: {graph: main, partitioned_config: per_day}
  regional: {graph: main, partitioned_config: per_region}
  cells: {graph: main, partitioned_config: per_cell}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "depot.py").write_text("def read(path: str, limit: int) -> str:\n    return path * limit\n")
    (tmp_path / "shop.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEPOT", raising=False)


def keyed(name: str) -> PartitionedConfig:
    config = load(f"shop.yaml#{name}").config
    assert isinstance(config, PartitionedConfig)
    return config


def config_for(name: str, key: str) -> object:
    found: Any = keyed(name).get_run_config_for_partition_key(key)
    return found["ops"]["read"]["config"]


def test_each_key_has_its_own_values(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config_for("daily", "2024-03-01") == {"path": "data/060/", "limit": 40}
    monkeypatch.setenv("DEPOT", "north")
    assert config_for("daily", "2024-03-02") == {"path": "data/061/north", "limit": 40}


def test_tags_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = keyed("daily").get_tags_for_partition_key("2024-02-16")
    assert {name: tags[name] for name in ("end", "half")} == {
        "end": "2024-02-17T00:00:00+00:00",
        "half": "second",
    }


def test_dimensions_are_a_mapping() -> None:
    assert config_for("cells", "2024-02-03|us") == {"path": "2024-02-03+us"}


def test_what_has_no_value_names_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EvaluationError) as caught:
        config_for("regional", "7")
    assert str(caught.value) == (
        "the environment variable `DEPOT` is not set in `${env.DEPOT}`; "
        "set it, or write `default(env.DEPOT, …)`"
    )
    monkeypatch.setenv("DEPOT", "north")
    assert config_for("regional", "7") == {"path": "north", "limit": 7}
    with pytest.raises(EvaluationError, match="the text `us` is no whole number"):
        config_for("regional", "us")
