from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from jobc.compiler.read import ReadResult, read_file, read_text
from jobc.compiler.read.limits import FILE_BYTES

if TYPE_CHECKING:
    from pathlib import Path


def refused(result: ReadResult) -> tuple[str, str]:
    assert result.tree is None
    (diagnostic,) = result.diagnostics
    assert diagnostic.location.start == diagnostic.location.end == (1, 1)
    assert diagnostic.label
    return diagnostic.code, diagnostic.message


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.YAML", "a.json"])
def test_suffixes_of_yaml(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b'{"a": 1}')
    tree, diagnostics = read_file(tmp_path / name)
    assert tree is not None
    assert tree.value == {"a": 1}
    assert tree.source.name == str(tmp_path / name)
    assert diagnostics == ()


def test_toml_by_suffix_and_a_name_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("a = 1")
    tree, _ = read_file(str(tmp_path / "a.toml"), "shown")
    assert tree is not None
    assert tree.value == {"a": 1}
    assert tree.locate(("a",)).file == "shown"


def test_other_suffixes_are_no_spec_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a: 1")
    for result in (read_file(tmp_path / "notes.txt", "notes.txt"), read_text("notes.txt", "a: 1")):
        assert refused(result) == ("JC0112", "`notes.txt` is no spec file")
        assert result.diagnostics[0].label == (
            "expected a name that ends with one of `.yaml`, `.yml`, `.toml` and `.json`"
        )


def test_a_missing_file_suggests_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text("a: 1")
    result = read_file(tmp_path / "shpo.yaml", "shpo.yaml")
    assert refused(result) == ("JC0101", "there is no file `shpo.yaml`")
    assert result.diagnostics[0].help == "did you mean `shop.yaml`?"
    assert refused(read_file(tmp_path / "no" / "x.yaml", "x.yaml")) == ("JC0101", "there is no file `x.yaml`")


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "null.yaml").symlink_to("/dev/null")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "file.yaml").write_text("a")
    assert refused(read_file(tmp_path / "x.yaml", "x")) == ("JC0101", "`x` is a folder")
    assert refused(read_file(tmp_path / "pipe.yaml", "p")) == ("JC0101", "`p` is a pipe or a device")
    assert refused(read_file(tmp_path / "null.yaml", "n")) == ("JC0101", "`n` is a pipe or a device")
    assert refused(read_file(tmp_path / "loop.yaml", "l")) == ("JC0101", "`l` cannot be read")
    assert refused(read_file(tmp_path / "file.yaml" / "x.yaml", "f")) == ("JC0101", "`f` cannot be read")
    assert refused(read_file("a\0b.yaml", "z")) == ("JC0101", "`z` cannot be read")
    assert refused(read_file("a" * 5000 + ".yaml", "long")) == ("JC0101", "`long` cannot be read")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1")
    path.chmod(0)
    assert refused(read_file(path, "x.yaml")) == ("JC0101", "`x.yaml` may not be read")


def test_large_files_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    assert refused(read_file(path, "x.yaml")) == ("JC0111", "the file is too large: 100.0 MB")
    assert refused(read_text("x.yaml", b"a" * (FILE_BYTES + 1)))[0] == "JC0111"
