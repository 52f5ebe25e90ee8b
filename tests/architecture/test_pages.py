"""Every diagnostic code has a page whose bad example raises it and whose good example is clean."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from jobc.compiler.locks import check_lock
from jobc.compiler.pipeline import CompileError, load
from jobc.compiler.settings import find_settings
from jobc.compiler.validation import validate
from jobc.schemas.codes import CODES

PAGES = Path(__file__).resolve().parents[2] / "docs" / "diagnostics"
_SECTION = re.compile(r"^## (Bad|Good)( \(link\))?(?: \(--profile (\w+)\))?$", re.MULTILINE)
_FENCE = re.compile(
    r"^```\w+ (?:file=(?P<file>\S+)|(?P<setup>setup))\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


class Example(NamedTuple):
    files: dict[str, str]
    setup: str
    is_linked: bool
    profile: str | None

    def write(self, folder: Path) -> None:
        for name, text in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        exec(self.setup, {"folder": folder})

    def codes(self, folder: Path, *, with_notes: bool) -> list[str]:
        """Return the codes found in the example's spec and settings, or raised when it is linked."""
        self.write(folder)
        specs = sorted(path for path in folder.iterdir() if path.stem == "spec" and path.suffix != ".py")
        settings = find_settings(folder).diagnostics if "pyproject.toml" in self.files else ()
        diagnostics = (
            validate(specs or [folder / "spec.yaml"], is_strict=with_notes, profile=self.profile)
            .add(settings)
            .diagnostics
        )
        if (folder / "jobc.lock").exists():
            diagnostics = (*diagnostics, *check_lock(folder / "jobc.lock", specs).diagnostics)
        if self.is_linked:
            try:
                load(str(specs[0]))
            except CompileError as error:
                diagnostics = error.diagnostics
        return [diagnostic.code for diagnostic in diagnostics]


def examples(code: str) -> dict[str, Example]:
    text = (PAGES / f"{code}.md").read_text()
    marks = list(_SECTION.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    found = {}
    for mark, end in zip(marks, ends, strict=True):
        fences = list(_FENCE.finditer(text, mark.end(), end))
        files = {fence["file"]: fence["text"] for fence in fences if fence["file"]}
        setup = "".join(fence["text"] for fence in fences if fence["setup"])
        found[mark[1]] = Example(files, setup, bool(mark[2]), mark[3])
    return found


def test_pages_and_codes_are_the_same() -> None:
    assert {path.stem for path in PAGES.glob("JC*.md")} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_page_begins_with_code_and_title(code: str) -> None:
    assert (PAGES / f"{code}.md").read_text().startswith(f"# {code}: {CODES[code].title}\n")


@pytest.mark.parametrize("code", CODES)
def test_the_bad_example_raises_the_code_alone(code: str, tmp_path: Path) -> None:
    is_note = CODES[code].severity == "note"
    assert set(examples(code)["Bad"].codes(tmp_path, with_notes=is_note)) == {code}


@pytest.mark.parametrize("code", CODES)
def test_the_good_example_is_clean(code: str, tmp_path: Path) -> None:
    example = examples(code)["Good"]
    assert example.files or example.setup
    assert example.codes(tmp_path, with_notes=CODES[code].severity == "note") == []


def test_the_index_lists_every_code() -> None:
    index = (PAGES / "README.md").read_text()
    for code, (severity, title) in CODES.items():
        assert f"[{code}]({code}.md) | {severity} | {title}" in index
