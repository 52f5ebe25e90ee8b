"""Runs that are recorded in a folder, seen through the public door."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc import EventKind, Instance, RunStatus
from jobc.runtime.errors import InstanceBusyError
from jobc.runtime.storage.stored_values import Unstored

if TYPE_CHECKING:
    from collections.abc import Iterator


@jobc.op
def one() -> int:
    return 1


@jobc.op(retry_policy=jobc.RetryPolicy(max_retries=1))
def add(context: Any, x: int) -> Iterator[Any]:
    if context.retry_number == 0:
        raise jobc.RetryRequested(max_retries=1)
    yield jobc.AssetMaterialization(["daily", "sums"], metadata={"rows": 3, "size": 10**5000})
    yield jobc.ExpectationResult(True, label="positive", metadata={"ratio": float("inf")})
    yield jobc.Output(x + 1, metadata={"path": Path("out/x"), "doc": jobc.MetadataValue.md("*sum*")})


@jobc.op
def fail(x: int) -> None:
    raise jobc.Failure("too small", metadata={"x": x})


@jobc.job(tags={"team": "orders"})
def sums() -> None:
    fail(add(one()))


@jobc.job
def lone() -> None:
    one()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def test_a_run_is_there_when_the_folder_is_opened_again(folder: Path) -> None:
    with Instance.open(folder) as instance:
        result = sums.execute_in_process(instance=instance, raise_on_error=False, tags={"day": "monday"})
    with Instance.open(folder) as instance:
        assert instance.get_run_by_id(result.run_id) == result.run
        assert instance.get_runs() == [result.run]
        assert instance.has_run(result.run_id)
    assert result.run.status is RunStatus.FAILURE
    assert result.run.tags == {"team": "orders", "day": "monday"}
    assert result.run.ended_at is not None


def test_events_come_back_as_they_were(folder: Path) -> None:
    with Instance.open(folder) as instance:
        result = sums.execute_in_process(instance=instance, raise_on_error=False)
    with Instance.open(folder) as instance:
        events = instance.all_events(result.run_id)
    assert list(events) == list(result.all_events)
    assert {event.kind for event in events} >= {
        EventKind.ASSET_MATERIALIZATION,
        EventKind.STEP_EXPECTATION_RESULT,
        EventKind.STEP_UP_FOR_RETRY,
        EventKind.RUN_FAILURE,
    }


def test_the_events_are_those_of_a_run_that_is_not_recorded(folder: Path) -> None:
    with Instance.open(folder) as instance:
        durable = sums.execute_in_process(instance=instance, raise_on_error=False)
    fleeting = sums.execute_in_process(raise_on_error=False)
    assert [(event.kind, event.step_key) for event in durable.all_events] == [
        (event.kind, event.step_key) for event in fleeting.all_events
    ]


def test_what_others_want_to_hear_of_each_event_comes_after_the_record(folder: Path) -> None:
    from jobc.runtime.execute.run import execute_in_process

    with Instance.open(folder) as instance, Instance.open(folder) as other:
        seen: list[bool] = []

        def observe(event: jobc.Event) -> None:
            if event.kind is EventKind.STEP_SUCCESS:
                recorded = [each.kind for each in other.all_events(event.run_id)]
                seen.append(EventKind.STEP_SUCCESS in recorded)

        execute_in_process(lone, instance=instance, on_event=observe)
    assert seen == [True]


def test_runs_are_listed_the_newest_first_and_found_by_their_tags(folder: Path) -> None:
    with Instance.open(folder) as instance:
        ids = [
            lone.execute_in_process(instance=instance, tags={"n": str(n % 2), "all": "yes"}).run_id
            for n in range(4)
        ]
        assert [run.run_id for run in instance.get_runs()] == ids[::-1]
        assert [run.run_id for run in instance.get_runs(tags={"n": "1"})] == [ids[3], ids[1]]
        assert [run.run_id for run in instance.get_runs(tags={"n": "0", "all": "yes"})] == [ids[2], ids[0]]
        assert instance.get_runs(tags={"n": "2"}) == []


def test_an_id_is_taken_for_good(folder: Path) -> None:
    with Instance.open(folder) as instance:
        lone.execute_in_process(instance=instance, run_id="mine")
    with Instance.open(folder) as instance, pytest.raises(jobc.RunAlreadyExists, match="`mine` exists"):
        lone.execute_in_process(instance=instance, run_id="mine")


def test_an_id_that_is_no_unicode_is_refused(folder: Path) -> None:
    with Instance.open(folder) as instance:
        with pytest.raises(jobc.ParameterCheckError, match="cannot be stored"):
            lone.execute_in_process(instance=instance, run_id="\udc80")
        assert instance.get_runs() == []


def test_an_unknown_run_has_no_events(folder: Path) -> None:
    with Instance.open(folder) as instance:
        assert list(instance.all_events("nobody")) == []
        assert instance.get_run_by_id("nobody") is None


def test_secrets_are_masked_in_the_record_and_not_in_the_run(folder: Path) -> None:
    @jobc.op(config_schema={"token": jobc.SecretText})
    def login(context: Any) -> str:
        return str(context.op_config["token"].get_secret_value())

    @jobc.job
    def signed() -> None:
        login()

    config = {"ops": {"login": {"config": {"token": "hunter2"}}}}
    with Instance.open(folder) as instance:
        result = signed.execute_in_process(run_config=config, instance=instance)
        (run,) = instance.get_runs()
    assert result.output_for_node("login") == "hunter2"
    assert run.run_config == {"ops": {"login": {"config": {"token": "**********"}}}}
    for file in folder.rglob("*"):
        assert not file.is_file() or b"hunter2" not in file.read_bytes()


def test_config_that_cannot_be_stored_leaves_its_repr(folder: Path) -> None:
    class Opaque:
        def __repr__(self) -> str:
            return "<opaque>"

    @jobc.op(config_schema=jobc.Permissive())
    def take(context: Any) -> str:
        return type(context.op_config["thing"]).__name__

    @jobc.job
    def taking() -> None:
        take()

    config = {"ops": {"take": {"config": {"thing": Opaque(), "pair": (1, 2)}}}}
    with Instance.open(folder) as instance:
        taking.execute_in_process(run_config=config, instance=instance)
        (run,) = instance.get_runs()
    assert run.run_config == {"ops": {"take": {"config": {"thing": Unstored("<opaque>"), "pair": (1, 2)}}}}


def test_a_folder_made_for_it_is_kept_out_of_version_control(folder: Path, tmp_path: Path) -> None:
    Instance.open(folder).close()
    assert (folder / ".gitignore").read_text() == "*\n"
    own = tmp_path / "own"
    own.mkdir()
    Instance.open(own).close()
    assert not (own / ".gitignore").exists()


def test_exists_tells_without_making_anything(folder: Path) -> None:
    assert not Instance.exists(folder)
    assert not folder.exists()
    Instance.open(folder).close()
    assert Instance.exists(folder)


def test_outputs_of_a_durable_instance_are_stored_in_its_folder(folder: Path) -> None:
    with Instance.open(folder) as instance:
        assert Path(instance.storage_directory()).parent == folder


def test_sqlite_is_loaded_for_a_durable_instance_only(folder: Path) -> None:
    script = (
        "import sys, jobc\n"
        "@jobc.op\ndef one(): return 1\n"
        "@jobc.job\ndef lone(): one()\n"
        "lone.execute_in_process()\n"
        "print('sqlite3' in sys.modules)\n"
        "jobc.Instance.open(sys.argv[1]).close()\n"
        "print('sqlite3' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, check=True, text=True
    )
    assert done.stdout.split() == ["False", "True"]


def test_a_full_disk_is_told_at_the_end_of_the_run(folder: Path) -> None:
    with Instance.open(folder) as instance:
        lone.execute_in_process(instance=instance)
        other = Instance.open(folder)

        @jobc.op
        def fill() -> None:
            _limit_pages(instance)

        @jobc.op
        def talk(context: Any, _after: Any) -> None:
            context.add_output_metadata({"text": "x" * 1_000_000})

        @jobc.job
        def filling() -> None:
            talk(fill())

        with pytest.raises(jobc.JobcError, match=r"instance\.sqlite` cannot be used: .*full"):
            filling.execute_in_process(instance=instance)
        run, _ = other.get_runs()
        assert run.status is RunStatus.STARTED
        other.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let writers give up at once."""
    monkeypatch.setattr("jobc.runtime.storage.database.BUSY_TIMEOUT_S", 0.01)
    monkeypatch.setattr("jobc.runtime.storage.database.BUSY_TRIES", 2)


@pytest.mark.usefixtures("impatient")
def test_a_database_that_others_keep_locked_is_told(folder: Path) -> None:
    with Instance.open(folder) as instance:
        other = sqlite3.connect(folder / "instance.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InstanceBusyError, match=r"other processes kept `.*instance\.sqlite` locked"):
            lone.execute_in_process(instance=instance)
        other.execute("ROLLBACK")
        other.close()
        assert instance.get_runs() == []
        assert lone.execute_in_process(instance=instance).success


@pytest.mark.usefixtures("impatient")
def test_what_cannot_be_written_at_once_is_written_later(folder: Path) -> None:
    other = []

    @jobc.op
    def lock() -> None:
        other.append(sqlite3.connect(folder / "instance.sqlite", isolation_level=None))
        other[0].execute("BEGIN IMMEDIATE")

    @jobc.op
    def unlock(_after: Any) -> None:
        other[0].close()

    @jobc.job
    def locking() -> None:
        unlock(lock())

    with Instance.open(folder) as instance:
        result = locking.execute_in_process(instance=instance)
        assert list(instance.all_events(result.run_id)) == list(result.all_events)


def _limit_pages(instance: Instance) -> None:
    """Let the database of an instance grow no further, as a full disk would."""
    database = instance._storage._database  # type: ignore[attr-defined]
    database.read("PRAGMA max_page_count = 1")
