"""Pointers to jobs of specs: built again elsewhere, and refused when the spec is no longer the same."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

import jobc
from jobc import CompileError, InvariantViolationError, ReconstructableJob, reconstructable
from tests.unit.runtime.test_reconstruct_elsewhere import python, rebuilt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEC = """\
jobc: 1
ops:
  one: {python: "ten_steps:one"}
  two: {python: "ten_steps:two"}
graphs:
  first: {wiring: one()}
  second: {wiring: two()}
jobs:
  etl: {graph: first}
  other: {graph: second}
"""
ALONE = SPEC.partition("  other:")[0]
STEPS = "def one() -> int:\n    return 1\n\n\ndef two() -> int:\n    return 2\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sys, "path", sys.path[:])
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "ten_steps.py").write_text(STEPS)
    (folder / "shop.yaml").write_text(SPEC)
    (folder / "alone.yaml").write_text(ALONE)
    yield folder
    sys.modules.pop("ten_steps", None)


def test_sem_21_a_job_of_a_spec_is_built_again_elsewhere(home: Path, tmp_path: Path) -> None:
    found = reconstructable(f"{home}/shop.yaml#etl")
    assert found.job_name == "etl"
    form = json.dumps(found.to_dict())
    assert rebuilt(form, tmp_path / "away") == {"job": "etl", "tags": {}, "one": 1}
    again = ReconstructableJob.from_dict(json.loads(form))
    assert again == found
    assert hash(again) == hash(found)
    assert again.get_definition().name == "etl"


def test_sem_21_a_relative_pointer_is_made_absolute(home: Path, tmp_path: Path) -> None:
    code = "import json, jobc\nprint(json.dumps(jobc.reconstructable('alone.yaml').to_dict()))"
    form = python(home, "-c", code)
    assert json.loads(form)["file"] == str(home.resolve() / "alone.yaml")
    assert json.loads(form)["job"] == "etl"
    assert rebuilt(form, tmp_path / "away")["job"] == "etl"


def test_sem_21_code_is_looked_for_beside_a_link_to_a_spec_as_in_a_run(home: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "ten_steps.py").write_text(STEPS.replace("return 1", "return 11"))
    (linked / "shop.yaml").symlink_to(home / "shop.yaml")
    form = json.dumps(reconstructable(f"{linked}/shop.yaml#etl").to_dict())
    assert rebuilt(form, tmp_path / "away")["one"] == 11


def test_sem_21_a_path_will_do(home: Path) -> None:
    assert reconstructable(home / "alone.yaml").job_name == "etl"


def test_sem_21_a_loaded_job_knows_its_spec(home: Path) -> None:
    job = jobc.load(f"{home}/shop.yaml#other")
    found = reconstructable(job)
    assert found.get_definition() is job
    assert found == reconstructable(f"{home}/shop.yaml#other")
    assert ReconstructableJob.from_dict(found.to_dict()).get_definition().name == "other"


def test_sem_21_a_loaded_job_with_more_hooks_is_not_what_its_spec_says(home: Path) -> None:
    @jobc.failure_hook
    def shout(_: object) -> None: ...

    job = jobc.load(f"{home}/shop.yaml#other").with_hooks({shout})
    with pytest.raises(
        InvariantViolationError, match="define a function at module scope that returns the job"
    ):
        reconstructable(job)


@pytest.mark.parametrize(
    "changed",
    [SPEC.replace("graph: first", "graph: second"), "jobs: [", SPEC + "# a comment\n"],
    ids=["another_job", "broken", "comment"],
)
def test_sem_21_a_changed_file_is_refused_by_name(home: Path, changed: str) -> None:
    again = ReconstructableJob.from_dict(reconstructable(f"{home}/shop.yaml#etl").to_dict())
    (home / "shop.yaml").write_text(changed)
    with pytest.raises(
        InvariantViolationError, match=r"the file `.*shop\.yaml` has changed since the pointer"
    ):
        again.get_definition()


def test_sem_21_a_file_that_is_gone_is_refused_by_name(home: Path) -> None:
    again = ReconstructableJob.from_dict(reconstructable(f"{home}/shop.yaml#etl").to_dict())
    (home / "shop.yaml").unlink()
    with pytest.raises(InvariantViolationError, match=r"the file `.*shop\.yaml`, .* is not there any more"):
        again.get_definition()


def test_sem_21_a_loaded_job_whose_file_has_changed_since_is_refused_elsewhere(home: Path) -> None:
    job = jobc.load(f"{home}/shop.yaml#etl")
    (home / "shop.yaml").write_text(SPEC.replace("graph: first", "graph: second"))
    again = ReconstructableJob.from_dict(reconstructable(job).to_dict())
    with pytest.raises(
        InvariantViolationError, match=r"the file `.*shop\.yaml` has changed since the pointer"
    ):
        again.get_definition()


def test_sem_21_another_digest_of_the_same_files_is_refused(home: Path) -> None:
    form = {**reconstructable(f"{home}/shop.yaml#etl").to_dict(), "digest": "0" * 64}
    with pytest.raises(InvariantViolationError, match=f"and had {'0' * 64} when the pointer was made"):
        ReconstructableJob.from_dict(form).get_definition()


def test_sem_21_a_change_of_the_python_files_is_none_of_the_spec(home: Path, tmp_path: Path) -> None:
    form = json.dumps(reconstructable(f"{home}/shop.yaml#etl").to_dict())
    (home / "ten_steps.py").write_text(STEPS.replace("return 1", "return 10"))
    assert rebuilt(form, tmp_path / "away")["one"] == 10


COMMON = """\
jobc: 1
ops:
  two: {python: "ten_steps:two"}
"""
LARGE = """\
jobc: 1
imports: {common: ./common.yaml}
vars: {team: none}
profiles:
  prod: {vars: {team: core}}
ops:
  one: {python: "ten_steps:one"}
graphs:
  first: {wiring: one()}
jobs:
  etl: {graph: first, tags: {team: "${vars.team}"}}
"""


@pytest.mark.parametrize(
    ("profile", "given", "team"),
    [(None, None, "none"), ("prod", None, "core"), (None, {"team": "x"}, "x"), ("prod", {"team": "x"}, "x")],
)
def test_sem_21_a_pointer_keeps_profile_and_vars(
    home: Path, tmp_path: Path, profile: str | None, given: dict[str, object] | None, team: str
) -> None:
    (home / "common.yaml").write_text(COMMON)
    (home / "large.yaml").write_text(LARGE)
    found = reconstructable(home / "large.yaml", profile=profile, vars=given)
    assert found.get_definition().tags == {"team": team}
    assert rebuilt(json.dumps(found.to_dict()), tmp_path / "away") == {
        "job": "etl",
        "tags": {"team": team},
        "one": 1,
    }
    loaded = jobc.load(home / "large.yaml", profile, given)  # type: ignore[arg-type]  # plain data
    assert reconstructable(loaded) == found


def test_sem_21_a_changed_import_is_refused_by_name(home: Path) -> None:
    (home / "common.yaml").write_text(COMMON)
    (home / "large.yaml").write_text(LARGE)
    again = ReconstructableJob.from_dict(reconstructable(home / "large.yaml").to_dict())
    (home / "common.yaml").write_text(COMMON.replace("ten_steps:two", "ten_steps:one"))
    with pytest.raises(InvariantViolationError, match=r"the file `.*common\.yaml` has changed since"):
        again.get_definition()


def test_sem_21_vars_must_be_plain(home: Path) -> None:
    with pytest.raises(jobc.CheckError, match=r"`vars\['team'\]` must be a value that JSON can hold"):
        reconstructable(home / "shop.yaml", vars={"team": object()})


def test_sem_21_mistakes_of_a_spec_are_told_as_ever(home: Path) -> None:
    for pointer, message in (
        ("shop.yaml#elt", "JC0319 there is no job `elt`"),
        ("shop.yaml", "JC0319 the file has several jobs"),
        ("shop.yml#etl", "JC0101"),
    ):
        with pytest.raises(CompileError, match=message):
            reconstructable(f"{home}{os.sep}{pointer}")
