"""Opening a folder whose database is older, newer, damaged, foreign or out of reach."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

import pytest

from jobc import Instance
from jobc.runtime.errors import (
    InstanceCorruptError,
    InstanceError,
    InstanceNewerError,
    InstanceReadOnlyError,
)
from jobc.runtime.storage.database import Database
from jobc.runtime.storage.schema import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "instance"
    made.mkdir()
    return made


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / "instance.sqlite"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(folder: Path, kind: type[InstanceError], words: str) -> None:
    """Check that opening is refused with an error that names the file, and that nothing was changed."""
    before = contents(folder)
    with pytest.raises(kind, match=words) as caught:
        Instance.open(folder)
    assert contents(folder) == before
    assert caught.value.path in str(caught.value)


def test_a_file_that_is_no_database(folder: Path, file: Path) -> None:
    file.write_bytes(b"jobs: none\n" * 100)
    refused(folder, InstanceCorruptError, r"instance\.sqlite` is no SQLite database")


def test_a_database_that_was_cut_off(folder: Path, file: Path) -> None:
    file.write_bytes(b"SQLite format 3\x00")
    refused(folder, InstanceCorruptError, "is no SQLite database")


def test_a_database_of_another_program(folder: Path, file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE notes (text)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(InstanceCorruptError, match="of another program"):
        Instance.open(folder)
    assert file.read_bytes() == before


def test_a_database_that_another_program_marked(folder: Path, file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    refused(folder, InstanceCorruptError, "of another program")


def test_a_database_of_a_newer_jobc(folder: Path, file: Path) -> None:
    Database(file, (*MIGRATIONS, ("CREATE TABLE dreams (text TEXT)",))).close()
    refused(folder, InstanceNewerError, "a newer jobc: its schema has version 5.* up to 4")


def test_damage_within_is_told_when_it_is_met(folder: Path, file: Path) -> None:
    Instance.open(folder).close()
    raw = bytearray(file.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    file.write_bytes(raw)
    with pytest.raises(InstanceCorruptError, match=r"instance\.sqlite` is damaged"):
        Instance.open(folder).get_runs()


def test_a_text_that_is_damaged_is_not_shown(folder: Path, file: Path) -> None:
    with Instance.open(folder) as instance:
        instance.add_dynamic_partitions("tenants", ["accidental"])
    file.write_bytes(file.read_bytes().replace(b"accidental", b"acc\xff\xfeental"))
    with Instance.open(folder) as instance, pytest.raises(InstanceCorruptError) as caught:
        instance.get_dynamic_partitions("tenants")
    assert str(caught.value) == f"the database `{file}` is damaged: it holds text that is no UTF-8"


def test_a_place_where_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InstanceError, match=r"`.*file/instance` cannot be made: Not a directory"):
        Instance.open(tmp_path / "file" / "instance")


def test_a_folder_in_the_place_of_the_file(folder: Path, file: Path) -> None:
    file.mkdir()
    with pytest.raises(InstanceError, match=r"instance\.sqlite` cannot be read"):
        Instance.open(folder)


@pytest.fixture
def common_folder() -> Iterator[Path]:
    """Return a folder that every user may enter; the tests after it may run as one without rights."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    Instance.open(folder / "instance").close()  # what is imported on the way stays at hand
    yield folder
    rmtree(folder)


@pytest.fixture
def unprivileged(common_folder: Path) -> Iterator[Path]:
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    else:
        for place in (*(common_folder / "instance").iterdir(), common_folder / "instance", common_folder):
            place.chmod(0o555)
    yield common_folder
    if is_root:
        os.seteuid(0)
    for place in (common_folder, common_folder / "instance"):
        place.chmod(0o755)


def test_a_read_only_database(unprivileged: Path) -> None:
    refused(unprivileged / "instance", InstanceReadOnlyError, "cannot be written: it is read-only")


def test_a_folder_that_may_not_be_made(unprivileged: Path) -> None:
    with pytest.raises(InstanceReadOnlyError, match=r"other` cannot be made: it is not allowed"):
        Instance.open(unprivileged / "other")


def test_a_database_of_the_first_version_is_brought_up_to_date(folder: Path, file: Path) -> None:
    old = Database(file, MIGRATIONS[:1])
    with old.write() as connection:
        connection.execute("INSERT INTO dynamic_partitions (name, key) VALUES ('tenants', 'a')")
    old.close()
    with Instance.open(folder) as instance:
        assert list(instance.get_dynamic_partitions("tenants")) == ["a"]
        assert instance.get_backfills() == []
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT version FROM schema_versions").fetchall() == [
            (1,),
            (2,),
            (3,),
            (4,),
        ]
    connection.close()


def test_an_empty_file_becomes_a_database(folder: Path, file: Path) -> None:
    file.touch()
    with Instance.open(folder) as instance:
        assert instance.get_runs() == []


def test_a_database_that_was_left_without_its_log_gets_one(folder: Path, file: Path) -> None:
    Instance.open(folder).close()
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    Instance.open(folder).close()
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
