"""A run of which a process is killed at any moment can be gone on with: nothing is lost or done twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.conformance.executors.cluster import whole_cluster
from tests.property.injected_faults import (
    NOTHING,
    ON_CLUSTER,
    STEPS,
    Fault,
    begun_again,
    environment,
    go_on,
    inject,
)

if TYPE_CHECKING:
    from pathlib import Path

IS_DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SEEDS = range(200) if IS_DEEP else range(10)
CLUSTER_SEEDS = range(30) if IS_DEEP else (1, 7)


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_is_gone_on_with_after_a_process_of_it_was_killed(seed: int, tmp_path: Path) -> None:
    left = NOTHING
    for fault in Fault.several(seed):
        before, left = left, inject(tmp_path, fault)
        begun_again(before, left.begun)
    go_on(tmp_path, left)


@pytest.mark.parametrize("seed", CLUSTER_SEEDS)
def test_a_run_is_gone_on_with_after_a_process_of_its_cluster_was_killed(seed: int, tmp_path: Path) -> None:
    fault = Fault.of(seed, ON_CLUSTER)
    with whole_cluster(tmp_path / "cluster", 2) as cluster:
        left = inject(tmp_path, fault, cluster)
    if fault.victim == "a dask worker":  # the other one does its work
        assert left.finished == STEPS
        assert sum(left.begun.values()) <= len(STEPS) + 1
    go_on(tmp_path, left)
