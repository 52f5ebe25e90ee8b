"""What an instance knows of outputs at versions: the same on every kind of instance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jobc.runtime.storage.database import Database
from jobc.runtime.storage.instance import FILE_NAME, Instance
from jobc.runtime.storage.schema import MIGRATIONS
from jobc.runtime.storage.versions import MemoisedOutput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = MemoisedOutput("etl", "tidy", "result", "a1", "run-1", 12.5)


@pytest.fixture(params=["memory", "folder"])
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Instance]:
    with Instance.ephemeral() if request.param == "memory" else Instance.open(tmp_path) as opened:
        yield opened


def test_sem_18_an_output_is_found_by_all_that_names_it(instance: Instance) -> None:
    instance.keep_memoised([ROWS, replace(ROWS, output_name="", run_id="run-2")])
    assert instance.find_memoised("etl", "tidy", "result", "a1") == ROWS
    whole = instance.find_memoised("etl", "tidy", "", "a1")
    assert whole is not None
    assert whole.run_id == "run-2"
    for named in (
        ("other", "tidy", "result", "a1"),
        ("etl", "other", "result", "a1"),
        ("etl", "tidy", "other", "a1"),
        ("etl", "tidy", "result", "a2"),
    ):
        assert instance.find_memoised(*named) is None


def test_sem_18_the_latest_of_one_version_is_kept(instance: Instance) -> None:
    later = replace(ROWS, run_id="run-9", stored_at=99.0)
    instance.keep_memoised([ROWS])
    instance.keep_memoised([later])
    instance.keep_memoised([])
    assert instance.find_memoised("etl", "tidy", "result", "a1") == later


def test_sem_18_a_folder_keeps_it(tmp_path: Path) -> None:
    with Instance.open(tmp_path) as instance:
        instance.keep_memoised([ROWS])
    with Instance.open(tmp_path) as again:
        assert again.find_memoised("etl", "tidy", "result", "a1") == ROWS


def test_sem_18_an_instance_of_the_second_version_gets_the_table(tmp_path: Path) -> None:
    Database(tmp_path / FILE_NAME, MIGRATIONS[:2]).close()
    with Instance.open(tmp_path) as instance:
        instance.keep_memoised([ROWS])
        assert instance.find_memoised("etl", "tidy", "result", "a1") == ROWS
