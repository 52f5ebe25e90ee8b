"""Many files at once: imports, profiles, suppressions in all of them, and where targets are looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import jobc
from jobc.compiler.code_filter import CodeFilter
from jobc.compiler.validation import Validation, validate

if TYPE_CHECKING:
    from pathlib import Path

COMMON = """\
jobc: 1
ops:
  greet: {python: "shop:greet", inputs: {times: int}}
graphs:
  hello:
    wiring: greet(times="3")
"""
USER = """\
jobc: 1
imports: {common: ./common.yaml}
graphs:
  twice:
    wiring: common.greet(times="3")
"""
PROFILES = """\
jobc: 1
vars: {times: 3}
ops:
  greet: {python: "shop:greet", inputs: {times: int}}
graphs:
  hello:
    wiring: greet(times="${vars.times}")
profiles:
  prod:
    vars: {times: 4}
  test:
    vars: {tiems: 5}
"""
MARK = "  # jobc: ignore[JC0501]"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(outcome: Validation) -> list[tuple[str, str]]:
    return [(each.location.file, each.code) for each in outcome.diagnostics]


def test_mistakes_of_an_imported_file_are_reported_once(folder: Path) -> None:
    (folder / "common.yaml").write_text(COMMON)
    (folder / "user.yaml").write_text(USER)
    both = [("common.yaml", "JC0501"), ("user.yaml", "JC0501")]
    assert found(validate(["."])) == both
    outcome = validate(["user.yaml"])
    assert found(outcome) == both
    assert set(outcome.texts) == {"common.yaml", "user.yaml"}


def test_suppressions_count_in_imported_files(folder: Path) -> None:
    (folder / "common.yaml").write_text(COMMON.replace('"3")', '"3")' + MARK))
    (folder / "user.yaml").write_text(USER)
    for paths in (["."], ["user.yaml"]):
        outcome = validate(paths)
        assert found(outcome) == [("user.yaml", "JC0501")]
        assert [each.diagnostic.location.file for each in outcome.suppressed] == ["common.yaml"]


def test_a_suppression_in_one_file_is_for_that_file(folder: Path) -> None:
    (folder / "common.yaml").write_text(COMMON)
    (folder / "user.yaml").write_text(USER.replace('"3")', '"3")' + MARK))
    assert found(validate(["user.yaml"])) == [("common.yaml", "JC0501")]


def test_every_profile_is_checked_unless_one_is_named(folder: Path) -> None:
    (folder / "a.yaml").write_text(PROFILES)
    (every,) = validate(["a.yaml"]).diagnostics
    assert every.location.start.line == 12
    assert validate(["a.yaml"], profile="prod").diagnostics == ()
    assert validate(["a.yaml"], profile="test").diagnostics[0].code == every.code
    assert jobc.validate(["a.yaml"], profile="prod") == []
    assert jobc.validate(["a.yaml"]) == [every]


def test_a_file_without_profiles_is_checked_by_itself_among_others(folder: Path) -> None:
    (folder / "a.yaml").write_text(PROFILES)
    (folder / "common.yaml").write_text(COMMON)
    assert found(validate(["."], profile="prod")) == [("common.yaml", "JC0501")]
    assert found(validate(["."], profile="prdo")) == [("a.yaml", "JC0336"), ("common.yaml", "JC0501")]
    assert found(validate(["common.yaml"], profile="prod")) == [("common.yaml", "JC0336")]


def test_one_profile_alone_cannot_tell_what_is_unused(folder: Path) -> None:
    (folder / "a.yaml").write_text(PROFILES.replace("times: 4}", "times: 4}" + MARK))
    assert found(validate(["a.yaml"], profile="prod")) == []
    assert ("a.yaml", "JC0001") in found(validate(["a.yaml"]))


def test_targets_may_be_looked_for_elsewhere(folder: Path) -> None:
    (folder / "src").mkdir()
    (folder / "src" / "shop.py").write_text("def other(): ...\n")
    (folder / "specs").mkdir()
    (folder / "specs" / "common.yaml").write_text(COMMON.replace('"3"', "3"))
    (folder / "specs" / "user.yaml").write_text(USER.replace('"3"', "3"))
    assert found(validate(["specs"])) == []
    for paths in (["specs"], ["specs/user.yaml"]):
        outcome = validate(paths, python_path=[str(folder / "src")])
        assert found(outcome) == [("specs/common.yaml", "JC0302")]


def test_the_folders_that_matter_are_known(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "common.yaml").write_text(COMMON.replace("jobc: 1", "jobc: 1\npython_path: [lib]"))
    (folder / "user.yaml").write_text(USER.replace("./common", "./deep/common"))
    assert {each.resolve() for each in validate(["user.yaml"]).folders} >= {folder, folder / "deep"}
    assert folder / "deep" / "lib" in {each.resolve() for each in validate(["deep"]).folders}


def test_what_is_kept_and_added(folder: Path) -> None:
    (folder / "common.yaml").write_text(COMMON + "  # jobc: ignore[JC0601]\n")
    outcome = validate(["common.yaml"])
    assert found(outcome.keep(CodeFilter(ignore=("JC05",)))) == [("common.yaml", "JC0001")]
    assert outcome.keep(CodeFilter(select=("JC05",))).add(outcome.diagnostics) == outcome
