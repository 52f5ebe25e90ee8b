"""The logs of the gallery: what the jobs say is worked out again from the lines of the logs."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

import jobc

LOGS = Path(__file__).resolve().parents[2] / "specs" / "logs"
SERVERS = ("alpha", "beta", "gamma")
_LINE = re.compile(r"(\S+) (\S+) +(\S+) (\d+) (\d+)")


class Line(NamedTuple):
    at: datetime
    method: str
    page: str
    status: str
    took_ms: int


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the spec, its code and its data, and stand in the copy, as a run does."""
    folder = tmp_path / "logs"
    shutil.copytree(LOGS, folder, ignore=shutil.ignore_patterns("out", "__pycache__", ".jobc"))
    monkeypatch.chdir(folder)
    return folder


def texts(server: str) -> list[str]:
    return (LOGS / "data" / f"{server}.log").read_text().splitlines()


def lines(server: str) -> list[Line]:
    found = [_LINE.fullmatch(text) for text in texts(server)]
    return [
        Line(datetime.fromisoformat(each[1]), each[2], each[3], each[4], int(each[5]))
        for each in found
        if each is not None
    ]


def slow(found: list[Line], share: float) -> int:
    """Return the time in which the share was answered: fewer than it took less, and no more took more."""
    times = sorted(line.took_ms for line in found)
    return next(time for number, time in enumerate(times, start=1) if number > share * len(times))


@pytest.mark.parametrize("suffix", [".yaml", ".toml"])
def test_the_week(logs: Path, suffix: str) -> None:
    result = jobc.load(f"logs{suffix}#week").execute_in_process()
    everything = [line for server in SERVERS for line in lines(server)]
    pages = Counter(line.page for line in everything)
    text = str(result.output_value("text")).splitlines()
    assert text[0] == "The week of alpha, beta, gamma"
    assert [line for line in text if "/" in line.split()[1]] == [
        f"- {page}: {count}" for page, count in sorted(pages.items(), key=lambda item: (-item[1], item[0]))
    ]
    for status, count in Counter(line.status for line in everything).items():
        assert f"- status {status}: {count}" in text
    broken = [
        f"- broken: {server} {each}"
        for server in SERVERS
        for each in texts(server)
        if not _LINE.fullmatch(each)
    ]
    assert [line for line in text if line.startswith("- broken")] == broken
    assert text[-1] == f"- slow: {slow(everything, 0.9)} ms"
    with closing(sqlite3.connect(logs / "out" / "counts.sqlite")) as book:
        stored = book.execute("select page, requests from pages where report = 'week'").fetchall()
    assert dict(stored) == pages
    assert (logs / "out" / "notes.txt").read_text() == f"week: {len(pages)} pages\n"
    assert result.asset_value("site/pages") == len(pages)
    assert result.output_for_node("site.gamma.count_by") == Counter(line.page for line in lines("gamma"))


@pytest.mark.parametrize(("given", "server"), [({}, "beta"), ({"server": "alpha"}, "alpha")])
def test_one_server(logs: Path, given: dict[str, str], server: str) -> None:
    result = jobc.load("logs.yaml#one_server").execute_in_process(input_values=given)
    found = lines(server)
    methods = Counter(line.method for line in found)
    assert result.output_for_node("count_by") == methods
    assert result.output_for_node("slowest") == slow(found, 0.5)
    assert result.output_for_node("told").startswith("One server\n* GET: ")
    assert not (logs / "out").exists(), "a resource that no step needs is not opened"


def test_a_shift_sees_its_own_twelve_hours(logs: Path) -> None:
    job = jobc.load("logs.yaml#shifts")
    assert job.partitions_def is not None
    keys = job.partitions_def.get_partition_keys()
    assert keys == ["2024-05-06-06:00", "2024-05-06-18:00", "2024-05-07-06:00"]
    seen = 0
    for key in keys:
        start = datetime.strptime(key, "%Y-%m-%d-%H:%M")  # noqa: DTZ007 - the logs keep local time
        shift = [each for each in lines("alpha") if start <= each.at < start + timedelta(hours=12)]
        result = job.execute_in_process(partition_key=key)
        assert result.output_for_node("pages") == Counter(line.page for line in shift)
        assert result.output_for_node("slow") == (slow(shift, 0.9) if shift else 0)
        assert result.run.tags["shift"] == ("day" if "06:00" in key else "night")
        seen += len(shift)
    assert 0 < seen < len(lines("alpha")), "some requests are before the first shift"
