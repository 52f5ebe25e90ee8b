"""Code quality reports of GitLab."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jobc.compiler.report.gitlab import render
from jobc.schemas.diagnostics import Diagnostic, Location, Position

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def at(line: int, code: str = "JC0311", file: str = "a.yaml") -> Diagnostic:
    return Diagnostic(code, "m", Location(file, Position(line, 1), Position(line + 1, 1)), help="h")


def records(text: str, *diagnostics: Diagnostic) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(diagnostics, {"a.yaml": text}, files=1, jobs=1))
    return found


def test_the_form() -> None:
    (record,) = records("x\ny\n", at(2))
    assert len(record.pop("fingerprint")) == 32
    assert record == {
        "description": "m; h",
        "check_name": "JC0311",
        "severity": "major",
        "location": {"path": "a.yaml", "lines": {"begin": 2, "end": 3}},
    }


def test_severities_are_gitlabs() -> None:
    found = records("", at(1), at(1, "JC0706"), at(1, "JC0304"))
    assert [each["severity"] for each in found] == ["major", "minor", "info"]


def test_fingerprints_are_unique_and_do_not_know_line_numbers() -> None:
    found = records("x\ny\nx\n", at(1), at(2), at(3), at(1, "JC0312"), at(1, file="b.yaml"))
    prints = [each["fingerprint"] for each in found]
    assert len(set(prints)) == 5
    moved = records("# new\n\n  x\ny\n# new\nx\n", at(3), at(4), at(6))
    assert [each["fingerprint"] for each in moved] == prints[:3]


def test_paths_and_fingerprints_are_those_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    whole = str(tmp_path / "b.yaml")
    (absolute,), (relative,) = records("", at(1, file=whole)), records("", at(1, file="b.yaml"))
    assert absolute == relative
    assert absolute["location"]["path"] == "b.yaml"


def test_nothing_found() -> None:
    assert render([], {"a.yaml": ""}, files=1, jobs=1) == "[]\n"
