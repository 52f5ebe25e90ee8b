"""What is asked of the disk, and by what an answer is known again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jobc.compiler.disk import Disk, View, module_names, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("ops.py", "note.txt", "a-b.py", "fast.cpython-311-x86_64-linux-gnu.so"):
        (tmp_path / name).write_text("")
    for name in ("lib", ".git", "__pycache__", "no-module", "dir.py"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_only_names_that_modules_can_have_are_seen(folder: Path) -> None:
    files = frozenset({"ops.py", "fast.cpython-311-x86_64-linux-gnu.so"})
    assert module_names(str(folder)) == (files, frozenset({"lib"}))
    assert module_names(str(folder / "nowhere")) == (frozenset(), frozenset())
    assert module_names(str(folder / "ops.py")) == (frozenset(), frozenset())


def test_reading_says_what_is_wrong(folder: Path) -> None:
    (folder / "ops.py").write_bytes(b"x" * 3_000_000)
    os.mkfifo(folder / "pipe.py")
    assert read_bytes(str(folder / "ops.py")) == b"x" * 3_000_000
    assert read_bytes(str(folder / "ops.py"), 5) == b"xxxxx"
    assert read_bytes(str(folder / "nowhere")) == "No such file or directory"
    assert read_bytes(str(folder / "lib")) == "it is no regular file"
    assert read_bytes(str(folder / "pipe.py")) == "it is no regular file"


def change_text(folder: Path) -> None:
    (folder / "ops.py").write_text("new")


def change_name(folder: Path) -> None:
    (folder / "lib").rename(folder / "bib")


def change_kind(folder: Path) -> None:
    (folder / "lib").rmdir()
    (folder / "lib").write_text("")


def change_link(folder: Path) -> None:
    (folder / "lib").rmdir()
    (folder / "lib").symlink_to(folder / ".git")


def change_nothing(folder: Path) -> None:
    (folder / "note.txt").write_text("new")
    (folder / "__pycache__" / "ops.pyc").write_text("new")
    os.utime(folder / "ops.py", (1, 1))


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (change_text, {("content", "ops.py")}),
        (change_name, {("names", "."), ("there", "lib")}),
        (change_kind, {("names", ".")}),
        (change_link, {("real", "lib/x")}),
        (change_nothing, set()),
    ],
)
def test_an_answer_is_known_again_until_it_is_another(
    change: Callable[[Path], None], changed: set[tuple[str, str]], folder: Path
) -> None:
    questions = [("content", "ops.py"), ("names", "."), ("real", "lib/x"), ("there", "lib")]
    before, view = Disk(), View(Disk())
    for question, about in questions:
        view.note(question, str(folder / about))
        assert before.known(question, str(folder / about)) == view.asked[question, str(folder / about)]
    change(folder)
    after = Disk()
    for question, about in questions:
        is_changed = after.known(question, str(folder / about)) != view.asked[question, str(folder / about)]
        assert is_changed is ((question, about) in changed), (question, about)


def test_a_disk_gives_one_answer(folder: Path) -> None:
    disk = Disk()
    path = str(folder / "ops.py")
    assert disk.head(path, 4) == b""
    (folder / "ops.py").write_text("later")
    assert (disk.content(path), disk.head(path, 4)) == (b"", b"")
    assert Disk().head(path, 4) == b"late"


def test_everything_that_analysis_reads_is_asked_of_the_disk() -> None:
    """Look at what is opened and listed while specs are analysed: code of jobc aside, it is all known."""
    outcome = subprocess.run(
        [sys.executable, "-c", WATCHING, *map(str, specs())],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.stderr == ""
    seen, unknown = outcome.stdout.split("\n", 1)
    assert int(seen) > 50
    assert unknown.strip() == ""


def specs() -> list[Path]:
    places = [ROOT / "specs", ROOT / "tests" / "corpus" / "ok", ROOT / "tests" / "corpus" / "err"]
    return sorted(path for place in places for path in place.rglob("*.yaml"))


WATCHING = """
import os, sys
from jobc.compiler.analysis import Settings, analyse_all
seen = None
outside = (sys.prefix, sys.base_prefix, "/usr/share/zoneinfo", "/etc", os.path.expanduser("~/.cache"))
house = tuple(os.path.realpath(each) + os.sep for each in ("compiler", "runtime", "schemas", "jobc"))

def hook(event, arguments):
    if seen is not None and event in ("open", "os.scandir", "os.listdir") and isinstance(arguments[0], str):
        seen.add(os.path.realpath(arguments[0]))

sys.addaudithook(hook)
count, unknown = 0, []
for spec in sys.argv[1:]:
    analyse_all(spec, Settings(with_notes=True))  # loads code that the next time has
    seen = set()
    analysis = analyse_all(spec, Settings(with_notes=True))
    looked_at, seen = seen, None
    if analysis.asked is None:
        continue
    known = {os.path.realpath(about) for _, about in analysis.asked} | set(analysis.sources)
    count += len(looked_at)
    if any(question == "plug-in" for question, _ in analysis.asked):
        known |= {os.path.realpath(each) for each in sys.path}
        known |= {each for each in looked_at if each.endswith("-info/entry_points.txt")}
    unknown += [(spec, each) for each in looked_at - known if not each.startswith((*outside, *house))]
print(count)
for spec, each in unknown:
    print(spec, each)
"""
