"""A run whose process, or whose worker, is killed at any moment loses no finished step (DESIGN 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc import Instance, RunStatus
from tests.conformance.killed_runs import STEPS, check_resumed, kill_a_run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.killed_runs import Victim


@pytest.fixture(autouse=True)
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAN", str(tmp_path / "ran"))


@pytest.mark.parametrize("after", [1, 4, 7, STEPS])
@pytest.mark.parametrize("victim", ["parent", "worker"])
def test_a_killed_run_is_gone_on_with(tmp_path: Path, victim: Victim, after: int) -> None:
    killed = kill_a_run(tmp_path, victim, after)
    check_resumed(tmp_path, killed)


def test_a_run_whose_process_was_killed_is_known_to_have_failed(tmp_path: Path) -> None:
    killed = kill_a_run(tmp_path, "parent", 2)
    with Instance.open(tmp_path / "instance") as instance:
        run = instance.get_run_by_id(killed.run_id)
    assert run is not None
    assert (run.status, run.reason) == (RunStatus.FAILURE, "its process ended")
    assert len(killed.finished) < STEPS
