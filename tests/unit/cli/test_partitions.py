"""`jobc partitions`: keys, counts and windows of a job's partitions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc import Instance
from jobc.cli import MISTAKES, OK, USAGE, main
from jobc.runtime.partitions import TimeWindowPartitionsDefinition

if TYPE_CHECKING:
    from pathlib import Path


@jobc.op
def tell(context: Any) -> str:
    return str(context.partition_key)


def quarrel(_time: object) -> list[str]:
    raise ValueError("no keys today")


DEFINITIONS: dict[str, jobc.PartitionsDefinition | None] = {
    "none": None,
    "regions": jobc.StaticPartitionsDefinition(["eu", "us", "ap"]),
    "empty": jobc.StaticPartitionsDefinition([]),
    "days": jobc.DailyPartitionsDefinition("2024-03-09", end_date="2024-03-13", timezone="America/New_York"),
    "hours": jobc.HourlyPartitionsDefinition("1900-01-01-00:00", end_date="2020-01-01-00:00"),
    "tenants": jobc.DynamicPartitionsDefinition(name="tenants"),
    "quarrel": jobc.DynamicPartitionsDefinition(partition_fn=quarrel),
    "grid": jobc.MultiPartitionsDefinition(
        {
            "day": jobc.DailyPartitionsDefinition("2024-03-09", end_date="2024-03-13"),
            "region": jobc.StaticPartitionsDefinition(["eu", "us"]),
        }
    ),
}


@pytest.fixture(autouse=True)
def pointers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each name of a definition be the pointer to a job with these partitions."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JOBC_HOME", raising=False)

    def load(pointer: str, _options: object) -> jobc.JobDefinition:
        return jobc.GraphDefinition("telling", node_defs=[tell]).to_job(
            name="telling", partitions_def=DEFINITIONS[pointer]
        )

    monkeypatch.setattr("jobc.cli.partitions.loaded_or_reported", load)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["partitions", *words]) == OK
    out, err = capsys.readouterr()
    assert err == ""
    return out


def mistake(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["partitions", *words]) == MISTAKES
    out, err = capsys.readouterr()
    assert out == ""
    return err


def test_keys_are_listed_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "regions") == "eu\nus\nap\n"
    assert json.loads(answer(capsys, "regions", "--format", "json")) == {"partitions": ["eu", "us", "ap"]}


def test_no_keys_are_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "empty") == ""
    assert json.loads(answer(capsys, "empty", "--format", "json")) == {"partitions": []}
    assert answer(capsys, "empty", "--count") == "0\n"


def test_keys_of_several_dimensions(capsys: pytest.CaptureFixture[str]) -> None:
    keys = answer(capsys, "grid", "--range", "2024-03-10|us...2024-03-11|us").splitlines()
    assert keys == ["2024-03-10|us", "2024-03-11|us"]
    assert answer(capsys, "grid", "--count") == "8\n"


def test_a_range_has_both_its_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "days", "--range", "2024-03-10...2024-03-12").split() == [
        "2024-03-10",
        "2024-03-11",
        "2024-03-12",
    ]
    assert answer(capsys, "days", "--range", "2024-03-10...2024-03-12", "--count") == "3\n"


def test_a_count_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(answer(capsys, "days", "--count", "--format", "json")) == {"count": 4}


def test_a_window_of_time(capsys: pytest.CaptureFixture[str]) -> None:
    start, end = "2024-03-10T00:00:00-05:00", "2024-03-11T00:00:00-04:00"
    assert answer(capsys, "days", "--window", "2024-03-10") == f"{start}  {end}\n"
    assert json.loads(answer(capsys, "days", "--window", "2024-03-10", "--format", "json")) == {
        "partition": "2024-03-10",
        "start": start,
        "end": end,
    }
    assert answer(capsys, "grid", "--window", "2024-03-10|us").startswith("2024-03-10T00:00:00")


def test_a_count_and_a_window_list_no_keys(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> list[str]:
        raise AssertionError("all keys were listed")

    monkeypatch.setattr(TimeWindowPartitionsDefinition, "get_partition_keys", refuse)
    assert answer(capsys, "hours", "--count") == "1051896\n"
    assert answer(capsys, "hours", "--window", "1999-12-31-23:00").startswith("1999-12-31T23:00:00")


@pytest.mark.parametrize("options", [["--window", "uk"], ["--range", "uk...ap"], ["--range", "eu...uk"]])
def test_a_key_that_is_none_is_told_with_those_there_are(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    error = mistake(capsys, "regions", *options)
    assert error.startswith("error: Could not find a partition with key `uk`: the 3 static partitions")
    assert "from `eu` to `ap`" in error


def test_a_near_key_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean `us`?" in mistake(capsys, "regions", "--range", "usa...ap")


def test_a_range_the_wrong_way_round_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    error = mistake(capsys, "regions", "--range", "ap...eu")
    assert error == "error: the range `ap...eu` is empty: `eu` comes before `ap`\n"


def test_a_window_of_what_is_no_time_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert "the key `us` stands for no time" in mistake(capsys, "regions", "--window", "us")


def test_a_job_without_partitions_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert mistake(capsys, "none") == "error: job `telling` has no partitions\n"


def test_what_a_function_of_the_user_raises_is_told_as_theirs(capsys: pytest.CaptureFixture[str]) -> None:
    error = mistake(capsys, "quarrel")
    assert "ValueError: no keys today" in error
    assert "quarrel" in error


def test_dynamic_keys_come_from_the_instance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "tenants") == ""
    assert list(tmp_path.iterdir()) == []
    with Instance.open(".jobc") as instance:
        instance.add_dynamic_partitions("tenants", ["acme", "bolt"])
    assert answer(capsys, "tenants").split() == ["acme", "bolt"]
    assert answer(capsys, "tenants", "--count", "--instance", ".jobc") == "2\n"
    assert "there is no instance in" in mistake(capsys, "tenants", "--instance", "nowhere")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--range", "eu"], "`eu` is not of the form `A...B`"),
        (["--range", "eu..."], "lacks an end"),
        (["--range", "...eu"], "lacks an end"),
        (["--window", ""], "it is empty"),
        (["--window", "eu", "--count"], "leave out `--range` and `--count`"),
    ],
)
def test_options_that_cannot_be(options: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["partitions", "regions", *options]) == USAGE
    assert words in capsys.readouterr().err
