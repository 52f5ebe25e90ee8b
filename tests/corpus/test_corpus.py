"""Specs with mistakes, and specs without.

In `err/`, what is expected stands as a comment on the line that causes it: `# JC0311` at the end of a line
expects that code there; several are separated by spaces. `# JC0202 at 1` names the line instead, for mistakes
whose line can hold no comment. The rendered text, frames and all, is in a `.txt` file beside the spec. In
`ok/`, each YAML spec has a TOML twin of equal digest, and its IR stands beside it. `JOBC_REFRESH='*'` (a glob
over names) writes those files anew and still fails once.

Notes count: specs are checked as with `--strict`. `NAME.py.in` becomes `NAME.py`: Python that is not Python.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from fnmatch import fnmatch
from pathlib import Path

import pytest

from jobc.compiler.pipeline import compile_spec, load, validate
from jobc.compiler.report.human import render
from jobc.schemas.codes import CODES

FOLDER = Path(__file__).parent
BAD = sorted(path for path in (FOLDER / "err").glob("*") if path.suffix in (".yaml", ".toml"))
GOOD = sorted(path for path in (FOLDER / "ok").glob("*.yaml"))
PHASES = ("02", "03", "04", "05", "06", "07", "08", "09")
_EXPECTED = re.compile(r"#((?: JC\d{4}(?: at \d+)?)+)$")
_CODE = re.compile(r"(JC\d{4})(?: at (\d+))?")


def expected(path: Path) -> list[tuple[int, str]]:
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        mark = _EXPECTED.search(line)
        for code, other in _CODE.findall(mark[1]) if mark else ():
            found.append((int(other or number), code))
    return sorted(found)


def golden(path: Path, suffix: str, text: str) -> None:
    """Compare with the text beside the spec; write it anew, and fail, when asked to."""
    beside = path.with_suffix(path.suffix + suffix)
    pattern = os.environ.get("JOBC_REFRESH")
    if pattern and fnmatch(path.name, pattern) and (not beside.exists() or beside.read_text("utf-8") != text):
        beside.write_text(text, "utf-8")
        pytest.fail(f"{beside.name} was written anew: read it")
    assert text == beside.read_text("utf-8")


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of `err/` in which the modules that are no Python are there under their real names."""
    room = tmp_path_factory.mktemp("corpus") / "err"
    shutil.copytree(FOLDER / "err", room)
    for source in room.glob("*.py.in"):
        source.rename(source.with_suffix(""))
    return room


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_mistakes_are_found_where_they_are(path: Path, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(room)
    outcome = validate([path.name], is_strict=True)
    found = sorted((each.location.start.line, each.code) for each in outcome.diagnostics)
    assert found == expected(path)
    assert found, "a spec in err/ has a mistake"
    golden(path, ".txt", render(outcome.diagnostics, outcome.texts, files=outcome.files, jobs=outcome.jobs))


def test_every_code_of_the_phases_has_a_spec() -> None:
    cases = {code for path in BAD for _, code in expected(path)}
    assert {code for code in CODES if code[2:4] in PHASES} - cases == set()


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_good_specs_are_clean_and_their_twins_are_equal(path: Path) -> None:
    twin = path.with_suffix(".toml")
    assert validate([path, twin], is_strict=True).diagnostics == ()
    spec = compile_spec(path)
    assert compile_spec(twin).digest == spec.digest
    shown = {"digest": spec.digest, "spec": spec.to_data()}
    golden(path, ".json", json.dumps(shown, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_every_job_of_a_good_spec_can_be_loaded(path: Path) -> None:
    for name in compile_spec(path).jobs:
        assert load(f"{path}#{name}").name == name
