"""Files that appear whole or not at all (DESIGN 8)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jobc.runtime.storage.locks import locked_at_once
from jobc.runtime.storage.unfinished import remove_abandoned, write_whole

ROOT = Path(__file__).parents[4]
LIMITED = """
import resource, signal, sys
from pathlib import Path
from jobc.runtime.storage.unfinished import write_whole

signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
write_whole(Path(sys.argv[1], "a", "file"), bytes(100_000), Path(sys.argv[1], "workshop"))
"""
"""A process that the system kills while it writes, for its files must not be that large."""


def test_a_file_is_there_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    for text in (b"first", b"second"):
        write_whole(tmp_path / "a" / "b" / "file", text, tmp_path / "workshop")
        assert (tmp_path / "a" / "b" / "file").read_bytes() == text
    assert not list((tmp_path / "workshop").iterdir())


def test_nothing_is_left_of_a_file_that_has_no_place(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "file", b"text", tmp_path / "workshop")
    assert not list((tmp_path / "workshop").iterdir())


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGXFSZ
    assert len(list((tmp_path / "workshop").iterdir())) == 1
    remove_abandoned(tmp_path / "workshop")
    assert not list((tmp_path / "workshop").iterdir())
    assert not (tmp_path / "a" / "file").exists()


def test_what_is_being_written_stays(tmp_path: Path) -> None:
    path = tmp_path / "half.tmp"
    path.write_bytes(b"hal")
    with locked_at_once(path):
        remove_abandoned(tmp_path)
        assert path.exists()
    remove_abandoned(tmp_path)
    assert not path.exists()


def test_without_a_folder_there_is_nothing_to_remove(tmp_path: Path) -> None:
    remove_abandoned(tmp_path / "workshop")
    assert not list(tmp_path.iterdir())
