"""Unused things are warned of where nothing at all can use them, and nowhere else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jobc.compiler.analysis import analyse
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """\
def work():
    return 1


def needs(warehouse):
    return 1


def alert(context):
    return None
"""
BASE: dict[str, Any] = {
    "jobc": 1,
    "vars": {"root": "data"},
    "imports": {"other": "./other.yaml"},
    "resources": {"warehouse": {"python": "mod:work"}},
    "ops": {"work": {"python": "mod:work"}, "more": {"python": "mod:work"}},
    "graphs": {"inner": {"wiring": "more()"}},
    "hooks": {"alert": {"python": "mod:alert", "on": "failure"}},
    "executors": {"pool": {"builtin": "multiprocess"}},
    "selections": {"nightly": "work"},
    "jobs": {"main": {"wiring": "work()", "executor": "in_process", "hooks": []}},
}
FOUND = ["JC0431", "JC0432", "JC0433", "JC0434", "JC0434", "JC0608"]


def write(folder: Path, changes: dict[str, Any], name: str = "spec.yaml") -> Path:
    (folder / "mod.py").write_text(MODULE)
    (folder / "other.yaml").write_text("jobc: 1\nops: {work: {python: mod:work}}\n")
    document = {key: value for key, value in {**BASE, **changes}.items() if value is not None}
    path = folder / name
    path.write_text(json.dumps(document))
    return path


def found(*paths: Path, profile: str | None = None) -> list[str]:
    return sorted(each.code for each in validate(paths, is_strict=True, profile=profile).diagnostics)


def test_what_nothing_uses_is_warned_of(tmp_path: Path) -> None:
    path = write(tmp_path, {})
    assert found(path) == FOUND
    assert {each.severity for each in validate([path]).diagnostics} == {"warning"}


def test_a_file_without_jobs_is_there_for_others(tmp_path: Path) -> None:
    assert found(write(tmp_path, {"jobs": None})) == []


@pytest.mark.parametrize(
    "profile",
    [
        {"jobs": {"main": {"executor": "pool"}}},
        {"jobs": {"main": {"hooks": ["alert"]}}},
        {"jobs": {"main": {"wiring": "inner()"}}},
        {"ops": {"work": {"resources": ["warehouse"]}}},
        {"ops": {"work": {"python": "mod:needs"}}},
        {"ops": {"work": {"tags": {"folder": "${vars.root}"}}}},
        {"jobs": {"main": {"wiring": "other.work()"}}},
    ],
)
def test_what_a_profile_uses_is_used(profile: dict[str, Any], tmp_path: Path) -> None:
    ops = {name: {**op, "resources": [], "tags": {}} for name, op in BASE["ops"].items()}
    path = write(tmp_path, {"ops": ops, "profiles": {"prod": profile}})
    assert len(found(path)) == len(FOUND) - 1


def test_a_profile_alone_says_nothing_of_what_is_unused(tmp_path: Path) -> None:
    path = write(tmp_path, {"profiles": {"prod": {"jobs": {"main": {"executor": "pool"}}}}})
    assert found(path, profile="prod") == []


def test_what_a_mistake_hides_may_use_anything(tmp_path: Path) -> None:
    path = write(tmp_path, {"jobs": {"main": {"wiring": "wrok()", "executor": "in_process"}}})
    assert found(path) == ["JC0311"]


def test_a_function_that_cannot_be_read_may_need_any_resource(tmp_path: Path) -> None:
    path = write(tmp_path, {"ops": {**BASE["ops"], "away": {"python": "elsewhere:op"}}})
    assert "JC0608" not in found(path)
    assert "JC0430" in found(path)


def test_definitions_of_a_file_that_others_import_are_used_there(tmp_path: Path) -> None:
    path = write(tmp_path, {})
    importer = write(
        tmp_path,
        {"imports": {"spec": "./spec.yaml"}, "jobs": {"own": {"wiring": "spec.more()"}}},
        "importer.yaml",
    )
    of_path = [
        each.code for each in validate([path, importer]).diagnostics if each.location.file == f"{path}"
    ]
    assert sorted(of_path) == ["JC0432", "JC0433"]
    of_importer = {each.location.file for each in analyse(importer).diagnostics}
    assert of_importer == {importer.as_posix()}


def test_a_var_may_be_used_by_any_way_to_write_it(tmp_path: Path) -> None:
    for text in (
        "${vars.root}",
        "${ vars . root }",
        "${vars['root']}",
        "${json(vars)}",
        "a ${1} ${vars.root}",
    ):
        jobs = {"main": {"wiring": "work()", "tags": {"t": text}}}
        assert "JC0432" not in found(write(tmp_path, {"jobs": jobs})), text
    jobs = {"main": {"wiring": "work()", "tags": {"t": "vars.root"}}}
    assert "JC0432" in found(write(tmp_path, {"jobs": jobs}))
