from __future__ import annotations

import io
import shutil
import stat
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from jobc.cli import CRASHED, MISTAKES, OK, USAGE, main
from jobc.compiler.format import formatter

if TYPE_CHECKING:
    from pathlib import Path

UNTIDY = "jobc:   1\nops:\n    a: {python: x:y}  \n"
TIDY = "jobc: 1\nops:\n  a: {python: x:y}\n"
BROKEN = "jobc: 1\nops: [\n"


class Outcome(NamedTuple):
    """What a command line gave: its exit code, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Outcome:
    code = main(["fmt", *words])
    return Outcome(code, *capsys.readouterr())


def test_files_are_formatted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(UNTIDY)
    (folder / "b.toml").write_text("jobc=1\n")
    (folder / "c.yaml").write_text(TIDY)
    (folder / "other.yaml").write_text("unrelated:   true\n")
    assert run(capsys) == (OK, "formatted a.yaml\nformatted b.toml\n2 of 3 files formatted\n", "")
    assert (folder / "a.yaml").read_bytes() == TIDY.encode()
    assert (folder / "b.toml").read_bytes() == b"jobc = 1\n"
    assert (folder / "other.yaml").read_text() == "unrelated:   true\n"
    assert run(capsys) == (OK, "0 of 3 files formatted\n", "")


def test_a_file_given_by_name_need_not_be_a_spec(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.yaml").write_text("unrelated:   true\n")
    assert run(capsys, "other.yaml").out == "formatted other.yaml\n1 of 1 file formatted\n"
    assert (folder / "other.yaml").read_text() == "unrelated: true\n"


def test_check_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(UNTIDY)
    (folder / "b.yaml").write_text(TIDY)
    expected = "would format a.yaml\n1 of 2 files would be formatted\n"
    assert run(capsys, "--check") == (MISTAKES, expected, "")
    assert (folder / "a.yaml").read_text() == UNTIDY
    assert run(capsys, "--check", "b.yaml") == (OK, "0 of 1 file would be formatted\n", "")


def test_diff_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text("jobc:  1")
    expected = "--- a.yaml\n+++ a.yaml\n@@ -1 +1 @@\n-jobc:  1\n\\ No newline at end of file\n+jobc: 1\n"
    assert run(capsys, "--diff") == (OK, expected, "")
    assert run(capsys, "--diff", "--check") == (MISTAKES, expected, "")
    assert (folder / "a.yaml").read_text() == "jobc:  1"


def test_a_broken_file_is_shown_and_hides_no_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(BROKEN)
    (folder / "b.yaml").write_text(UNTIDY)
    outcome = run(capsys, "a.yaml", "b.yaml", "missing.yaml")
    assert outcome.code == MISTAKES
    assert outcome.out == "formatted b.yaml\n1 of 3 files formatted\n"
    assert "error[JC0103]" in outcome.err
    assert " --> a.yaml:3:1\n" in outcome.err
    assert "error[JC0101]: there is no file `missing.yaml`" in outcome.err
    assert (folder / "a.yaml").read_text() == BROKEN


def test_nothing_to_format(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys) == (
        OK,
        "",
        "no spec found: a spec is a YAML or TOML file with the key `jobc` at its top\n",
    )


def test_the_mode_and_a_link_stay(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = folder / "real.yaml"
    target.write_text(UNTIDY)
    target.chmod(0o640)
    (folder / "a.yaml").symlink_to("real.yaml")
    assert run(capsys, "a.yaml").code == OK
    assert (folder / "a.yaml").is_symlink()
    assert target.read_text() == TIDY
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert {path.name for path in folder.iterdir()} == {"a.yaml", "real.yaml"}


def test_a_file_that_changed_meanwhile_is_left_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "a.yaml"
    path.write_text(UNTIDY)

    def copy_mode(source: Path, target: str) -> None:
        source.write_text("jobc: 1  # mine\n")

    monkeypatch.setattr(shutil, "copymode", copy_mode)
    outcome = run(capsys, "a.yaml")
    assert outcome.err == "a.yaml was changed by somebody else meanwhile and is left as it is\n"
    assert path.read_text() == "jobc: 1  # mine\n"
    assert list(folder.iterdir()) == [path]


def test_a_layout_that_would_lose_something_is_a_crash(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.yaml").write_text(UNTIDY)
    (folder / "b.toml").write_text("jobc=1\n")
    monkeypatch.setattr(formatter, "has_same_characters", lambda one, _: "ops" not in one)
    outcome = run(capsys)
    assert outcome.code == CRASHED
    assert "jobc crashed" in outcome.err
    assert (folder / "a.yaml").read_text() == UNTIDY
    assert (folder / "b.toml").read_text() == "jobc = 1\n"


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        (["-"], b"a:   1\r\n", "a: 1\n"),
        (["-", "--stdin-filename", "x.toml"], b"a=1\n", "a = 1\n"),
        (["-"], "é:   1".encode(), "é: 1\n"),
    ],
)
def test_stdin(
    words: list[str],
    before: bytes,
    after: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed(monkeypatch, before)
    assert run(capsys, *words) == (OK, after, "")
    feed(monkeypatch, before)
    assert run(capsys, *words, "--check") == (MISTAKES, "", "")
    feed(monkeypatch, after.encode())
    assert run(capsys, *words, "--check") == (OK, "", "")
    feed(monkeypatch, before)
    assert run(capsys, *words, "--diff").out.endswith(f"+{after}")
    assert list(folder.iterdir()) == []


def test_stdin_that_cannot_be_read(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b"a: [\n")
    outcome = run(capsys, "-", "--stdin-filename", "mine.yaml")
    assert (outcome.code, outcome.out) == (MISTAKES, "")
    assert " --> mine.yaml:2:1\n" in outcome.err
    feed(monkeypatch, b"a: 1")
    outcome = run(capsys, "-", "--stdin-filename", "mine.txt")
    assert outcome.code == MISTAKES
    assert "error[JC0112]" in outcome.err


@pytest.mark.parametrize("words", [["-", "a.yaml"], ["--check=1"], ["-", "--stdin-filename", ""]])
def test_a_command_line_that_cannot_be_understood(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, *words).code == USAGE
