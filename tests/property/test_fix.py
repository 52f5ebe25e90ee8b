"""Fixes, as sentences: a name misspelt once is put right, and nothing else in the file is touched."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from jobc.cli.fixing import choose
from jobc.compiler.fixes import apply_edits, with_edits
from jobc.compiler.validation import validate
from tests.property.test_compiler import CORPUS, mutated_texts
from tests.property.test_format import GALLERY

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = [*GALLERY, *sorted(path for path in (CORPUS / "ok").iterdir() if path.suffix in (".yaml", ".toml"))]
WORD = re.compile(r"[A-Za-z_]{5,}")
ROUNDS = 10


class Outcome(NamedTuple):
    """The text when nothing more could be fixed, how many edits that took, and what is still wrong."""

    text: str
    edits: int
    codes: list[str]


def fix(path: Path, text: str) -> Outcome:
    """Fix a text as the command line does, but beside the original."""
    made = 0
    for _ in range(ROUNDS):
        path.write_bytes(text.encode("utf-8"))
        found = validate([path])
        edits = choose(found.diagnostics).edits.get(path.as_posix(), ())
        if not edits:
            break
        made += len(edits)
        text = apply_edits(text, edits)
    return Outcome(text, made, [each.code for each in found.diagnostics if each.severity == "error"])


def misspelt(text: str, match: re.Match[str]) -> str:
    """Swap two letters in the middle of a word."""
    word = match.group()
    at = next((at for at in range(1, len(word) - 1) if word[at] != word[at + 1]), 0)
    return text[: match.start()] + word[:at] + word[at : at + 2][::-1] + word[at + 2 :] + text[match.end() :]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """Copy the folders of all specs, so that misspelt ones can stand beside their modules and data."""
    roots = {path.parent for path in CLEAN}
    return {root: shutil.copytree(root, tmp_path_factory.mktemp("specs") / root.name) for root in roots}


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.name)
def test_each_word_of_the_gallery_misspelt_once(path: Path, copies: dict[Path, Path]) -> None:
    text = path.read_text("utf-8")
    copy = copies[path.parent] / f"misspelt_{path.name}"
    before = fix(copy, text)
    fixed = 0
    for match in WORD.finditer(text):
        outcome = fix(copy, misspelt(text, match))
        assert_restored(outcome, before, match)
        fixed += outcome.edits > 0
    assert fixed > len(WORD.findall(text)) / 10


@given(st.sampled_from(CLEAN), st.data())
def test_a_word_misspelt_once(copies: dict[Path, Path], path: Path, data: st.DataObject) -> None:
    text = path.read_text("utf-8")
    match = data.draw(st.sampled_from(list(WORD.finditer(text)) or list(re.finditer("jobc", text))))
    copy = copies[path.parent] / f"misspelt_{path.name}"
    assert_restored(fix(copy, misspelt(text, match)), fix(copy, text), match)


def assert_restored(outcome: Outcome, before: Outcome, match: re.Match[str]) -> None:
    """Where something was fixed, nothing else is wrong; and what stands between the words is as it was.

    A file that is made to be imported has mistakes when it is looked at by itself: those stay.
    """
    assert before.edits == 0
    assert not outcome.edits or outcome.codes == before.codes, (match.group(), match.start(), outcome.text)
    assert re.split(r"\w+", outcome.text) == re.split(r"\w+", before.text)


@given(mutated_texts())
def test_fixes_of_any_text_lie_inside_it_and_end(copies: dict[Path, Path], written: tuple[str, str]) -> None:
    suffix, text = written
    note(text)
    path = copies[CORPUS / "ok"] / f"any{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = validate([path])
    assert with_edits(found.diagnostics, found.texts) == found.diagnostics
    for name, edits in choose(found.diagnostics).edits.items():
        assert name == path.as_posix()
        assert apply_edits(found.texts[name], edits) != found.texts[name]
