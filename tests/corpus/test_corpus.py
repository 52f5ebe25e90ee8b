"""Specs with mistakes, and specs without.

In `err/`, what is expected stands as a comment on the line that causes it: `# JC0311` at the end of a line
expects that code there; several are separated by spaces. `# JC0202 at 1` names the line instead, for mistakes
whose line can hold no comment. The rendered text, frames and all, is in a `.txt` file beside the spec. A
first line `# validate --profile NAME` is what it says. Notes count: specs are checked as with `--strict`.
`NAME.py.in` becomes `NAME.py`: Python that is not Python.

In `ok/`, each YAML spec has a TOML twin of equal digest, and its IR stands beside it, as does what
`jobc plan` prints for each of its jobs. Jobs that need config for that have it in a comment, of which one job
may have several: `# plan JOB --set a.b=1`.

`JOBC_REFRESH='*'` (a glob over names) writes the files beside the specs anew and still fails once.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import tomllib
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from jobc.cli import main
from jobc.compiler.pipeline import compile_spec, load
from jobc.compiler.report.human import render
from jobc.compiler.validation import validate
from jobc.schemas.codes import CODES
from jobc.schemas.json_schemas import schema_of
from jobc.schemas.spec.document import SpecDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
BAD = sorted(path for path in (FOLDER / "err").glob("*") if path.suffix in (".yaml", ".toml"))
GOOD = sorted(path for path in (FOLDER / "ok").glob("*.yaml"))
PHASES = ("02", "03", "04", "05", "06", "07", "08", "09")
# The environment of the plans.
SET = {
    "DAY": "day",
    "DB_PASSWORD": "db_password",
    "HOME": "/home/ada",
    "SHOP_TOKEN": "shop_token",
    "SLACK": "slack",
    "TRIES": "4",
}
UNSET = ("CHANNEL", "HINTS", "NOT_THERE")
_EXPECTED = re.compile(r"#((?: JC\d{4}(?: at \d+)?)+)$")
_PLANNED = re.compile(r"^# plan (\w+) (.+)$", re.MULTILINE)
_PROFILE = re.compile(r"# validate --profile (\w+)$", re.MULTILINE)
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
    named = _PROFILE.match(path.read_text("utf-8"))
    outcome = validate([path.name], is_strict=True, profile=named[1] if named else None)
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


def planned(path: Path) -> list[tuple[str, list[str]]]:
    """Return each job of a spec with words for `jobc plan`; a job may stand here several times."""
    given = _PLANNED.findall(path.read_text("utf-8"))
    others = sorted(compile_spec(path).jobs.keys() - {job for job, _ in given})
    return [*((job, shlex.split(words)) for job, words in given), *((job, []) for job in others)]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_the_plans_of_a_good_spec(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(path.parent)
    for name, value in SET.items():
        monkeypatch.setenv(name, value)
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    shown = []
    for job, words in planned(path):
        code = main(["plan", f"{path.name}#{job}", *words, "--instance", str(tmp_path / "none")])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        shown.append("\n".join([shlex.join(["#", job, *words])[4:], "", printed.out]))
    golden(path, ".plan.txt", "\n".join(shown))


def keys_of(model: BaseModel) -> Iterator[tuple[str, str]]:
    """Yield the model and the key of everything that is written somewhere in a document."""
    fields = type(model).model_fields
    for name in model.model_fields_set:
        yield type(model).__name__, fields[name].alias or name
        value = getattr(model, name)
        for each in value.values() if isinstance(value, dict) else [value]:
            if isinstance(each, BaseModel):
                yield from keys_of(each)


def plain(value: object) -> object:
    """Return a value of TOML without dates of its own, which are texts to the models."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if not key.startswith("x-")}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def test_every_key_of_the_language_is_in_some_good_spec() -> None:
    schema = schema_of("spec")
    models = {"SpecDocument": schema, **schema["$defs"]}
    wanted = {(name, key) for name, model in models.items() for key in model["properties"]}
    found: set[tuple[str, str]] = set()
    for path in (FOLDER / "ok").rglob("*.toml"):
        found.update(keys_of(SpecDocument.model_validate(plain(tomllib.loads(path.read_text("utf-8"))))))
    assert wanted - found == set()


def test_there_are_many_good_specs() -> None:
    assert len(GOOD) >= 80
