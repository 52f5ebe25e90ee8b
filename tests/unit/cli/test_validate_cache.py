"""`jobc validate` remembers: what was checked is not checked again, and the answer is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

import jobc.compiler.crew
from jobc.cli import CRASHED, MISTAKES, OK, main
from jobc.cli.reports import FORMS
from jobc.compiler.analysis import analyse_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPEC = """\
jobc: 1
imports: {common: ./common.yaml}
ops:
  greet: {python: "shop.ops:greet", inputs: {times: int}}
graphs:
  hello:
    wiring: greet(times=3)
  parade:
    wiring: common.wave()
jobs:
  hello: {graph: hello, description: For all}
  parade: {graph: parade}
profiles:
  prod: {jobs: {hello: {description: For some}}}
"""
COMMON = "jobc: 1\nops:\n  wave: {python: 'shop.ops:wave'}\n"
OPS = "def greet(times: int): ...\ndef wave(): ...\n"
UNFIT = SPEC.replace("times=3", 'times="3"')
SUPPRESSED = UNFIT.replace('"3")', '"3")  # jobc: ignore[JC0501] as agreed')
UNUSED = SPEC.replace("=3)", "=3)  # jobc: ignore[JC0501]")
MISSPELT = SPEC.replace("shop.ops:greet", "shop.ops:gret")
UNKNOWN = SPEC.replace("greet(times", "great(times")

Capture = pytest.CaptureFixture[str]


class Answer(NamedTuple):
    """What a user sees of one command."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    (work / "shop").mkdir(parents=True)
    (work / ".git").mkdir()
    for name, text in (("shop.yaml", SPEC), ("common.yaml", COMMON)):
        (work / name).write_text(text)
    for name, text in (("__init__.py", ""), ("ops.py", OPS)):
        (work / "shop" / name).write_text(text)
    monkeypatch.chdir(work)
    monkeypatch.delenv("JOBC_NO_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return work


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "jobc" / "checks"


@pytest.fixture
def ask(capsys: Capture) -> Callable[..., Answer]:
    def ask(*words: str) -> Answer:
        code = main(["validate", *words])
        out, err = capsys.readouterr()
        return Answer(code, out, err)

    return ask


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that are really checked from now on."""
    names = []

    def noting(path: str, *arguments: object, **named: object) -> object:
        names.append(path)
        return analyse_all(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(jobc.compiler.crew, "analyse_all", noting)
    return names


@pytest.mark.parametrize("text", [SPEC, UNFIT, SUPPRESSED, UNUSED, MISSPELT, UNKNOWN, "jobc: 1\n"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_the_same_from_the_cache(
    text: str, form: str, folder: Path, ask: Callable[..., Answer], checked: list[str]
) -> None:
    (folder / "shop.yaml").write_text(text)
    words = ["--format", form, "shop.yaml", "common.yaml"]
    fresh = ask("--no-cache", *words)
    assert ask(*words) == fresh
    assert checked == ["shop.yaml", "common.yaml"] * 2
    assert ask(*words) == fresh
    assert len(checked) == 4


def test_clean_files_are_not_checked_again(
    folder: Path, ask: Callable[..., Answer], checked: list[str]
) -> None:
    first = ask()
    assert first == Answer(OK, "2 files, 2 jobs: no mistakes found\n", "")
    assert ask() == first
    assert ask("./") == first
    assert sorted(checked) == ["common.yaml", "shop.yaml"]
    assert ask("--strict") == first
    assert len(checked) == 4


def test_only_what_changed_is_checked_again(
    folder: Path, ask: Callable[..., Answer], checked: list[str]
) -> None:
    (folder / "other.yaml").write_text("jobc: 1\njobs: {}\n")
    ask()
    checked.clear()
    (folder / "other.yaml").write_text("jobc: 1\ngraphs: {}\n")
    assert ask().code == OK
    assert checked == ["other.yaml"]


def test_settings_are_applied_to_what_is_remembered(
    folder: Path, ask: Callable[..., Answer], checked: list[str]
) -> None:
    (folder / "shop.yaml").write_text(UNFIT)
    assert ask().code == MISTAKES
    (folder / "pyproject.toml").write_text('[tool.jobc]\nignore = ["JC05"]\n')
    assert ask().code == OK
    (folder / "pyproject.toml").write_text('[tool.jobc]\nbaseline = "old.json"\n')
    ask("--write-baseline")
    assert ask() == Answer(OK, "2 files, 2 jobs: no new mistakes found (1 known)\n", "")
    # Where a `pyproject.toml` comes to stand, imports may lead elsewhere.
    assert sorted(checked) == ["common.yaml", "shop.yaml", "shop.yaml"]


# --- what an answer depends on ------------------------------------------------------------------------------


def change_spec(folder: Path) -> None:
    (folder / "shop.yaml").write_text(UNFIT)


def change_module(folder: Path) -> None:
    times = (folder / "shop" / "ops.py").stat()
    (folder / "shop" / "ops.py").write_text(OPS.replace("times", "timez"))
    os.utime(folder / "shop" / "ops.py", ns=(times.st_atime_ns, times.st_mtime_ns))


def remove_module(folder: Path) -> None:
    (folder / "shop" / "ops.py").unlink()


def shadow_module(folder: Path) -> None:
    (folder / "shop" / "ops").mkdir()
    (folder / "shop" / "ops" / "__init__.py").write_text("")


def shadow_package(folder: Path) -> None:
    (folder / "shop" / "__init__.py").unlink()
    (folder / "shop.py").write_text("ops = None\n")


def change_import(folder: Path) -> None:
    (folder / "common.yaml").write_text(COMMON.replace("wave:", "wave: 3 #"))


def remove_import(folder: Path) -> None:
    (folder / "common.yaml").unlink()


def relink_import(folder: Path) -> None:
    (folder / "common.yaml").unlink()
    (folder / "common.yaml").symlink_to("shop.yaml")


def move_root(folder: Path) -> None:
    (folder / ".git").rmdir()
    (folder.parent / "elsewhere.yaml").write_text(COMMON)
    (folder / "common.yaml").unlink()
    (folder / "common.yaml").symlink_to("../elsewhere.yaml")


CHANGES = [
    change_spec,
    change_module,
    remove_module,
    shadow_module,
    shadow_package,
    change_import,
    remove_import,
    relink_import,
    move_root,
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_answer_is_no_older_than_what_it_depends_on(
    change: Callable[[Path], None], folder: Path, ask: Callable[..., Answer]
) -> None:
    before = ask("shop.yaml")
    assert before.code == OK
    change(folder)
    after = ask("shop.yaml")
    assert after == ask("--no-cache", "shop.yaml")
    assert after.code == MISTAKES
    assert ask("shop.yaml") == after


def test_a_package_that_comes_to_be_is_seen(folder: Path, ask: Callable[..., Answer]) -> None:
    (folder / "shop.yaml").write_text(SPEC.replace("shop.ops:greet", "market.ops:greet"))
    assert ask("shop.yaml").code == OK
    (folder / "market.py").write_text("")
    assert ask("shop.yaml") == ask("--no-cache", "shop.yaml")
    assert ask("shop.yaml").code == MISTAKES


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--profile", "prod"), OK),
        (("--profile", "dev"), MISTAKES),
        (("--var", "a=b"), MISTAKES),
        (("--allow-outside",), OK),
        (("--strict",), OK),
    ],
)
def test_each_question_has_its_own_answer(
    words: tuple[str, ...], code: int, folder: Path, ask: Callable[..., Answer]
) -> None:
    assert ask("shop.yaml").code == OK
    first = ask(*words, "shop.yaml")
    assert first.code == code
    assert ask(*words, "shop.yaml") == first == ask("--no-cache", *words, "shop.yaml")
    assert ask("shop.yaml").code == OK


def test_a_plug_in_that_is_installed_is_seen(
    folder: Path, ask: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "shop.yaml").write_text("jobc: 1\nops:\n  load: {sql: select 1}\n")
    assert ask("shop.yaml").code == MISTAKES
    info = folder.parent / "site" / "sql-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sql\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[jobc.op_kinds]\nsql = sql:make\n")
    monkeypatch.syspath_prepend(folder.parent / "site")
    assert ask("shop.yaml") == ask("--no-cache", "shop.yaml")
    assert ask("shop.yaml").code == OK


# --- the cache itself ---------------------------------------------------------------------------------------


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def garble(path: Path) -> None:
    path.write_bytes(b"\x80\x04" + os.urandom(200))


def forge(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"JC0501", b"JC0502"))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def swell(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" " * 2_000_000)


def block(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("spoil", [truncate, garble, forge, empty, swell, block])
def test_a_spoilt_entry_is_as_if_it_were_not_there(
    spoil: Callable[[Path], None], folder: Path, entries: Path, ask: Callable[..., Answer], checked: list[str]
) -> None:
    (folder / "shop.yaml").write_text(UNFIT)
    first = ask("shop.yaml")
    for entry in entries.iterdir():
        spoil(entry)
    assert ask("shop.yaml") == first
    assert checked == ["shop.yaml", "shop.yaml"]
    assert ask("shop.yaml") == first
    assert len(checked) == 2 + (spoil is block)


def test_what_cannot_be_read_is_not_remembered(
    folder: Path, entries: Path, ask: Callable[..., Answer]
) -> None:
    (folder / "common.yaml").unlink()
    (folder / "broken.yaml").write_text("jobc: 1\nops: {\n")
    assert ask().code == MISTAKES
    assert not entries.exists()


def test_without_a_place_for_a_cache_nothing_is_said(
    folder: Path, ask: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.parent / "file").write_text("")
    for place in (str(folder.parent / "file"), "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", place)
        for _ in range(2):
            assert ask() == Answer(OK, "2 files, 2 jobs: no mistakes found\n", "")
    assert sorted(path.name for path in folder.iterdir()) == [".git", "common.yaml", "shop", "shop.yaml"]


def test_a_cache_is_not_used_when_it_is_not_wanted(
    folder: Path, entries: Path, ask: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask("--no-cache").code == OK
    assert ask("--no-cache", "--select", "JC05").code == OK
    monkeypatch.setenv("JOBC_NO_CACHE", "1")
    assert ask().code == OK
    assert not entries.exists()


def test_a_library_call_writes_nothing(folder: Path, entries: Path) -> None:
    assert jobc.validate(["."]) == []
    assert not entries.exists()


def test_processes_may_share_a_cache(folder: Path, entries: Path) -> None:
    command = [sys.executable, "-m", "jobc", "validate"]
    crowd = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)]
    assert {process.communicate() for process in crowd} == {(b"2 files, 2 jobs: no mistakes found\n", b"")}
    assert len(list(entries.iterdir())) == 2


def test_the_crash_of_a_check_is_reported_and_not_remembered(
    folder: Path, entries: Path, ask: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    with monkeypatch.context() as patch:
        patch.setattr(jobc.compiler.crew, "analyse_all", crash)
        answer = ask()
    assert answer.code == CRASHED
    assert "ZeroDivisionError: by nothing" in answer.err
    assert not entries.exists()
