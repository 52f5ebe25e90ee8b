"""The cache, as a sentence: whatever is edited, what is remembered is what checking finds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobc.compiler.validation import Validation, validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEC = """\
jobc: 1
IMPORTS
vars: {times: 3}
ops:
  greet: {python: "MODULE:greet", inputs: {times: int}}
graphs:
  hello:
    wiring: |
      NODE(times="${vars.times}")  MARK
jobs:
  hello: {graph: hello}
PROFILES
"""
CHOICES = {
    "IMPORTS": [
        "",
        "imports: {a: ./a.yaml}",
        "imports: {b: ./deep/b.yaml}",
        "imports: {a: {path: ../a.yaml}}",
    ],
    "MODULE": ["ops", "ops.part", "lib.ops", "nowhere"],
    "NODE": ["greet", "great", "a.greet", "b.greet"],
    "MARK": ["", "# jobc: ignore[JC0501]", "# jobc: ignore[JC0311, JC0333] so far"],
    "PROFILES": ["", 'profiles: {prod: {vars: {times: "4"}}}', "profiles: {prod: {vars: {timez: 4}}}"],
}
MODULES = ["", "def greet(times: int): ...", "def greet(name: str): ...", "def great(): ...", "def greet(:"]
SPECS = ["a.yaml", "deep/b.yaml", "c.yaml"]
CODE = ["ops.py", "ops/__init__.py", "ops/part.py", "lib/ops.py", "lib.py", "deep/ops.py"]
MARKS = ["pyproject.toml", "deep/pyproject.toml"]


@st.composite
def specs(draw: st.DrawFn) -> str:
    text = SPEC
    for word, choices in CHOICES.items():
        text = text.replace(word, draw(st.sampled_from(choices)))
    return text


edits = st.one_of(
    st.tuples(st.sampled_from(SPECS), specs() | st.just("jobc: 1\n") | st.just("jobc: [") | st.none()),
    st.tuples(st.sampled_from(CODE), st.sampled_from(MODULES) | st.none()),
    st.tuples(st.sampled_from(MARKS), st.just("") | st.none()),
    st.tuples(st.sampled_from(SPECS), st.sampled_from(SPECS).map(lambda name: f"-> {name}")),
)
questions = st.fixed_dictionaries(
    {},
    optional={
        "is_strict": st.booleans(),
        "profile": st.sampled_from(["prod", "dev"]),
        "vars": st.sampled_from([{"times": 5}, {"times": "5"}, {"time": 5}]),
        "allow_outside": st.booleans(),
        "python_path": st.just((os.path.abspath("lib"),)),  # noqa: PTH100 - no matter where
    },
)


def edit(folder: Path, name: str, text: str | None) -> None:
    """Give a file another text, take it away, or make it a link; where that cannot be, nothing is done."""
    path = folder / name
    if path.is_dir() or any(parent.is_file() for parent in path.parents):
        return
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if text is None:
        if path.parent != folder and not any(path.parent.iterdir()):
            path.parent.rmdir()
    elif text.startswith("-> "):
        if text[3:] != name:
            path.symlink_to(folder / text[3:])
    else:
        path.write_text(text)


def parts(found: Validation) -> list[object]:
    return [{*each.items()} if isinstance(each, dict) else each for each in found]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder to edit in; its cache is one for all examples."""
    folder = tmp_path_factory.mktemp("project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("JOBC_NO_CACHE", raising=False)
        patch.chdir(folder)
        yield folder


@given(st.lists(st.tuples(st.lists(edits, min_size=1, max_size=4), questions), min_size=1, max_size=8))
def test_what_is_remembered_is_what_checking_finds(
    folder: Path, rounds: list[tuple[list[tuple[str, str | None]], dict[str, object]]]
) -> None:
    for changes, question in rounds:
        for change in changes:
            edit(folder, *change)
        for _ in range(2):
            for paths in ([], ["a.yaml", "./deep"], ["c.yaml"]):
                remembered = validate(paths or ["."], **question, is_cached=True)  # type: ignore[arg-type]
                assert parts(remembered) == parts(validate(paths or ["."], **question))  # type: ignore[arg-type]
