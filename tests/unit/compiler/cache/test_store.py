"""The store of entries: what is put in comes out whole, and nothing else does."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from jobc.compiler.cache.store import ENTRY_BYTES, Store, cache_folder

if TYPE_CHECKING:
    from pathlib import Path

OLD_S = 100_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a" / "checks"


def test_what_is_written_is_read(folder: Path) -> None:
    store = Store(str(folder))
    assert store.read("ab") is None
    store.write("ab", b"one")
    store.write("ab", b"two")
    assert store.read("ab") == b"two"
    assert [path.name for path in folder.iterdir()] == ["ab"]


def test_entries_are_closed_to_others(folder: Path) -> None:
    Store(str(folder)).write("ab", b"one")
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "ab").stat().st_mode & 0o077 == 0


def test_a_large_entry_is_neither_written_nor_read(folder: Path) -> None:
    store = Store(str(folder))
    store.write("ab", b"x" * (ENTRY_BYTES + 1))
    assert store.read("ab") is None
    store.write("cd", b"x")
    (folder / "cd").write_bytes(b"x" * (ENTRY_BYTES + 1))
    assert store.read("cd") is None


def test_what_is_no_file_of_this_user_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(str(folder))
    store.write("ab", b"one")
    (folder / "cd").symlink_to(folder / "ab")
    (folder / "ef").mkdir()
    os.mkfifo(folder / "0a")
    assert [store.read(name) for name in ("cd", "ef", "0a")] == [None, None, None]
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    assert store.read("ab") is None


def test_a_folder_that_cannot_be_is_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        store = Store(str(folder))
        store.write("00", b"one")
        assert store.read("00") is None
    assert (tmp_path / "file").read_text() == ""


def test_an_entry_that_cannot_be_replaced_leaves_nothing_behind(folder: Path) -> None:
    (folder / "ab").mkdir(parents=True)
    Store(str(folder)).write("ab", b"one")
    assert [path.name for path in folder.iterdir()] == ["ab"]


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_a_store_keeps_what_was_used_last(folder: Path) -> None:
    store = Store(str(folder), most_entries=8)
    names = [f"{number:02x}" for number in range(1, 10)]
    for number, name in enumerate(names):
        store.write(name, b"entry")
        age(folder / name, OLD_S * (10 - number))
    assert store.read("01") == b"entry"
    store.sweep()
    assert sorted(path.name for path in folder.iterdir()) == ["01", *names[4:]]


def test_a_store_keeps_to_its_size(folder: Path) -> None:
    store = Store(str(folder), most_bytes=1_000)
    for number, name in enumerate(("01", "02", "03", "04")):
        store.write(name, b"x" * 300)
        age(folder / name, 10 - number)
    store.sweep()
    assert sorted(path.name for path in folder.iterdir()) == ["03", "04"]


def test_writing_sweeps_now_and_then(folder: Path) -> None:
    store = Store(str(folder), most_entries=4)
    for number in range(1, 10):
        store.write(f"{number:02x}", b"entry")
    assert len(list(folder.iterdir())) == 9
    store.write("40", b"entry")
    assert len(list(folder.iterdir())) == 3


def test_what_a_killed_process_left_goes_after_a_while(folder: Path) -> None:
    store = Store(str(folder))
    store.write("ab", b"entry")
    for name in ("cd.17", "cd.18"):
        (folder / name).write_bytes(b"ent")
    age(folder / "cd.17", OLD_S)
    store.sweep()
    assert sorted(path.name for path in folder.iterdir()) == ["ab", "cd.18"]


@pytest.mark.parametrize(
    ("given", "home", "expected"),
    [
        ("/var/cache/me", "/home/me", "/var/cache/me/jobc/checks"),
        ("", "/home/me", "/home/me/.cache/jobc/checks"),
        ("relative", "/home/me", None),
    ],
)
def test_the_folder_is_that_of_the_user(
    given: str, home: str, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", given)
    monkeypatch.setenv("HOME", home)
    assert cache_folder() == expected
