"""A baseline knows old mistakes wherever their lines move, and nothing that is new."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from jobc.compiler.baseline import Baseline, Checked, read_baseline, write_baseline
from jobc.compiler.code_filter import CodeFilter
from jobc.schemas.diagnostics import Diagnostic, Location, Position

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "jobc: 1\nfirst\n  second\nsecond\n"


def at(line: int, code: str = "JC0311", message: str = "unknown op", file: str = "a.yaml") -> Diagnostic:
    return Diagnostic(code, message, Location(file, Position(line, 1), Position(line, 2)))


def scope(
    *files: str, select: tuple[str, ...] = (), ignore: tuple[str, ...] = (), notes: bool = False
) -> Checked:
    return Checked(files or ("a.yaml",), CodeFilter(select, ignore), notes)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).touch()
    return tmp_path / "known.json"


def test_what_it_knows_is_left_out(path: Path) -> None:
    known = Baseline(path, {}).updated([at(2), at(3)], {"a.yaml": TEXT}, scope())
    assert known.compare([at(2), at(3)], {"a.yaml": TEXT}, scope()) == ((), 2, 0)


def test_lines_may_move_and_be_indented(path: Path) -> None:
    known = Baseline(path, {}).updated([at(2), at(3)], {"a.yaml": TEXT}, scope())
    moved = "jobc: 1\n\n\n    first\n# new\nsecond\n"
    assert known.compare([at(4), at(6)], {"a.yaml": moved}, scope()) == ((), 2, 0)


@pytest.mark.parametrize(
    "other",
    [at(2, message="other"), at(2, code="JC0312"), at(1), at(2, file="b.yaml")],
    ids=["message", "code", "line", "file"],
)
def test_other_mistakes_are_new(path: Path, other: Diagnostic) -> None:
    texts = {"a.yaml": TEXT, "b.yaml": TEXT}
    known = Baseline(path, {}).updated([at(2)], texts, scope())
    assert known.compare([other], texts, scope()) == ((other,), 0, 1)


def test_equal_mistakes_are_counted(path: Path) -> None:
    known = Baseline(path, {}).updated([at(3)], {"a.yaml": TEXT}, scope())
    assert known.compare([at(3), at(4)], {"a.yaml": TEXT}, scope()) == ((at(4),), 1, 0)
    known = known.updated([at(3), at(4)], {"a.yaml": TEXT}, scope())
    assert known.compare([at(3)], {"a.yaml": TEXT}, scope()) == ((), 1, 1)


@pytest.mark.parametrize(
    ("checked", "gone"),
    [
        (scope(), 1),
        (scope("b.yaml"), 0),
        (scope(ignore=("JC03",)), 0),
        (scope(select=("JC05",)), 0),
        (scope(select=("JC03",)), 1),
    ],
)
def test_only_what_was_looked_for_can_be_gone(path: Path, checked: Checked, gone: int) -> None:
    known = Baseline(path, {}).updated([at(2)], {"a.yaml": TEXT}, scope())
    assert known.compare([], {}, checked).gone == gone
    assert sum(known.updated([], {}, checked).counts.values()) == 1 - gone


def test_mistakes_of_a_file_that_was_deleted_are_gone(path: Path) -> None:
    known = Baseline(path, {}).updated([at(2)], {"a.yaml": TEXT}, scope())
    (path.parent / "a.yaml").unlink()
    assert known.compare([], {}, scope("b.yaml")).gone == 1


def test_notes_can_be_gone_only_where_they_are_wanted(path: Path) -> None:
    note = at(2, "JC0304")
    known = Baseline(path, {}).updated([note], {"a.yaml": TEXT}, scope(notes=True))
    assert known.compare([], {}, scope()).gone == 0
    assert known.compare([], {}, scope(notes=True)).gone == 1


@pytest.mark.parametrize("code", ["JC0003", "JC0103"])
def test_what_cannot_be_read_is_never_known(path: Path, code: str) -> None:
    known = Baseline(path, {}).updated([at(2, code)], {"a.yaml": TEXT}, scope())
    assert known.counts == {}
    assert known.compare([at(2, code)], {"a.yaml": TEXT}, scope()).diagnostics == (at(2, code),)


# --- the file -----------------------------------------------------------------------------------------------


def test_it_is_written_sorted_without_lines_and_absolute_paths(path: Path) -> None:
    texts = {"a.yaml": TEXT, "b.yaml": TEXT}
    found = [at(2, file="b.yaml"), at(3), at(4), at(2, message="ä")]
    baseline = Baseline(path, {}).updated(found, texts, scope())
    write_baseline(baseline)
    document = json.loads(path.read_text())
    assert document["version"] == 1
    records = document["mistakes"]
    assert [(each["file"], each["message"], each["count"]) for each in records] == [
        ("a.yaml", "unknown op", 2),
        ("a.yaml", "ä", 1),
        ("b.yaml", "unknown op", 1),
    ]
    assert set(records[0]) == {"file", "code", "message", "fingerprint", "count"}
    assert "second" not in path.read_text()
    read = read_baseline(path)
    assert isinstance(read, Baseline)
    assert read.counts == baseline.counts


def test_files_are_relative_to_the_baseline(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sub = path.parent / "sub"
    sub.mkdir()
    known = Baseline(path, {}).updated([at(2)], {"a.yaml": TEXT}, scope())
    monkeypatch.chdir(sub)
    found = at(2, file="../a.yaml")
    assert known.compare([found], {"../a.yaml": TEXT}, scope("../a.yaml")) == ((), 1, 0)


def test_a_baseline_that_is_not_there(path: Path) -> None:
    found = read_baseline(path)
    assert isinstance(found, Diagnostic)
    assert found.code == "JC0003"
    assert found.message.startswith("there is no baseline file `")
    assert "--write-baseline" in (found.help or "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<<<<<<< ours\n{}",
        "[]",
        "{}",
        '{"version": 2, "mistakes": []}',
        '{"version": 1, "mistakes": {}}',
        '{"version": 1, "mistakes": [{"file": "a"}]}',
        '{"version": 1, "mistakes": [1]}',
        '{"version": 1, "mistakes": [{"file": 1, "code": "", "message": "", "fingerprint": "", "count": 1}]}',
        '{"version":1,"mistakes": [{"file": "", "code": "", "message": "", "fingerprint": "","count": 1.5}]}',
        "\udcff",
    ],
)
def test_a_file_that_is_no_baseline(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    found = read_baseline(path)
    assert isinstance(found, Diagnostic)
    assert found.message.endswith("is no baseline of version 1")


def test_a_baseline_that_cannot_be_opened(path: Path) -> None:
    path.mkdir()
    found = read_baseline(path)
    assert isinstance(found, Diagnostic)
    assert "cannot be read" in found.message
