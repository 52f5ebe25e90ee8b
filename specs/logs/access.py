"""Access logs of a web site that three servers serve: read, parsed, counted, reported.

A line of a log is `2024-05-06T06:12:09 GET /pond 200 35`: when it was asked for, how, what, with which
status, and in how many milliseconds it was answered.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import jobc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


class Request(NamedTuple):
    """One line of a log."""

    server: str
    moment: datetime
    method: str
    page: str
    status: int
    took_ms: int


# --- resources --------------------------------------------------------------------------------------------


def folder(path: Path) -> Path:
    """Return the folder that everything is written to, which is there from now on."""
    Path(path).mkdir(parents=True, exist_ok=True)
    return Path(path)


@dataclass
class Archive:
    """Where the logs are; its fields are the config of the resource, and it counts what was read."""

    path: Path
    suffix: str = ".log"
    read: Counter[str] = field(default_factory=Counter, init=False)

    def lines(self, server: str) -> list[str]:
        """Return the lines of a server's log."""
        lines = Path(self.path, server + self.suffix).read_text(encoding="utf-8").splitlines()
        self.read[server] += len(lines)
        return lines


def book(folder: Path, file: str) -> Iterator[sqlite3.Connection]:
    """Open the database of counts; what was not committed is lost when the run ends."""
    connection = sqlite3.connect(folder / file)
    yield connection
    connection.close()


class Notes:
    """Lines that are written to a file when the run ends, well or not."""

    def __init__(self, folder: Path, book: sqlite3.Connection) -> None:
        self._path = folder / "notes.txt"
        self._book = book
        self._lines: list[str] = []

    def __enter__(self) -> Self:
        self._book.execute("create table if not exists pages (report text, page text, requests integer)")
        return self

    def add(self, line: str) -> None:
        """Add a line."""
        self._lines.append(line)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._path.write_text("".join(f"{line}\n" for line in sorted(self._lines)), encoding="utf-8")


# --- ops --------------------------------------------------------------------------------------------------


def read_log(server: str, archive: Archive) -> list[str]:
    """Read the lines of a server's log, each with the server's name before it."""
    return [f"{server} {line}" for line in archive.lines(server)]


def parse(lines: list[str]) -> dict[str, object]:
    """Part the lines that are requests from those that are none."""
    requests, broken = [], []
    for line in lines:
        try:
            server, moment, method, page, status, took = line.split()
            at = datetime.fromisoformat(moment)
            requests.append(Request(server, at, method, page, int(status), int(took)))
        except ValueError:
            broken.append(line)
    return {"broken": broken, "requests": requests}


def within(
    requests: list[Request], start: datetime | None = None, end: datetime | None = None
) -> list[Request]:
    """Keep the requests from `start` on and before `end`; the logs keep the time of the zone of both."""
    since, until = (moment and moment.replace(tzinfo=None) for moment in (start, end))
    return [
        request
        for request in requests
        if (since is None or since <= request.moment) and (until is None or request.moment < until)
    ]


def count_by(requests: list[Request], key: str, at_least: int = 0) -> dict[str, int]:
    """Count requests by one of their fields, and leave out what was asked for less often."""
    counts = Counter(str(getattr(request, key)) for request in requests)
    return {name: counts[name] for name in sorted(counts) if counts[name] >= at_least}


def merge(counts: list[dict[str, int]]) -> dict[str, int]:
    """Add up counts by name; the largest come first, and of equal ones the first by name."""
    merged = reduce(add, map(Counter, counts), Counter[str]())
    return dict(sorted(merged.items(), key=lambda item: (-item[1], item[0])))


@jobc.op(tags={"kind": "statistics"})
def slowest(requests: list[Request], share: float) -> int:
    """Return the least number of milliseconds in which that share of all requests was answered."""
    times = sorted(request.took_ms for request in requests)
    return times[min(len(times) - 1, int(len(times) * share))] if times else 0


def join(batches: list[list[Request]]) -> list[Request]:
    """Put the requests of all servers in order of time."""
    return sorted((each for batch in batches for each in batch), key=lambda each: (each.moment, each.server))


def store(counts: dict[str, int], report: str, book: sqlite3.Connection, notes: Notes) -> int:
    """Store counts of pages under the name of a report, in place of what was there."""
    with book:
        book.execute("delete from pages where report = ?", (report,))
        book.executemany("insert into pages values (?, ?, ?)", [(report, *item) for item in counts.items()])
    notes.add(f"{report}: {len(counts)} pages")
    return len(counts)


def tell(
    pages: dict[str, int],
    statuses: dict[str, int],
    slow_ms: int,
    broken: list[list[str]],
    style: dict[str, str],
) -> str:
    """Say in a few lines what the logs say."""
    bullet = style["bullet"]
    lines = [f"{bullet} {page}: {count}" for page, count in pages.items()]
    lines += [f"{bullet} status {status}: {count}" for status, count in statuses.items()]
    lines += [f"{bullet} broken: {line}" for lines_ in broken for line in lines_]
    return "\n".join([style["title"], *lines, f"{bullet} slow: {slow_ms} ms"])
