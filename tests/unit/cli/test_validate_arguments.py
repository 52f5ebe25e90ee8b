"""The two readers of `jobc validate`'s arguments, the quick one and click's, agree."""

from __future__ import annotations

import pytest

from jobc.cli import USAGE, validate
from jobc.cli.commands import run_commands
from jobc.cli.validate import ValidateRequest, parse_request

UNDERSTOOD = [
    [],
    ["a.yaml"],
    ["a.yaml", "b", "./c d"],
    ["--strict"],
    ["--strict", "a"],
    ["a", "--strict", "--strict"],
    ["--format", "json"],
    ["--format=json", "a"],
    ["a", "--format", "human", "b"],
    ["--format=json", "--format=human"],
    ["--format=sarif"],
    ["--format", "github", "a"],
    ["--format", "gitlab"],
    ["--strict", "--format=junit"],
    ["--format", "human", "--format", "json", "--strict"],
    ["--", "--strict"],
    ["a", "--", "-b", "--format=json", "--"],
    ["日本.yaml", "a=b", "#x"],
]
LEFT_TO_CLICK = [
    ["-"],
    [""],
    ["a", ""],
    ["--format", "human", "-"],
    ["--no-strict"],
    ["--select", "JC05", "a"],
    ["--ignore=JC05,JC07"],
    ["--baseline", "known.json", "--write-baseline"],
    ["--watch"],
]
REFUSED = [
    ["--format"],
    ["--format="],
    ["--format", "xml"],
    ["--format=JSON"],
    ["--format", "--strict"],
    ["--strict=1"],
    ["--stric"],
    ["-x"],
    ["-f", "json"],
    ["a", "--wrong", "b"],
]


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[ValidateRequest]:
    """Collect what click would run."""
    seen: list[ValidateRequest] = []

    def record(request: ValidateRequest) -> int:
        seen.append(request)
        return 0

    monkeypatch.setattr(validate, "run_validate", record)
    return seen


@pytest.mark.parametrize("words", UNDERSTOOD, ids=" ".join)
def test_both_read_the_same(words: list[str], requests: list[ValidateRequest]) -> None:
    assert run_commands(["validate", *words]) == 0
    assert [parse_request(words)] == requests


@pytest.mark.parametrize("words", LEFT_TO_CLICK, ids=" ".join)
def test_what_looks_odd_is_left_to_click(words: list[str], requests: list[ValidateRequest]) -> None:
    assert parse_request(words) is None
    assert run_commands(["validate", *words]) == 0
    assert len(requests) == 1


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_both_refuse_the_same(
    words: list[str], requests: list[ValidateRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    assert parse_request(words) is None
    assert run_commands(["validate", *words]) == USAGE
    assert requests == []
    assert "Error: " in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["a", "--help"]], ids=" ".join)
def test_help_is_clicks(
    words: list[str], requests: list[ValidateRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    assert parse_request(words) is None
    assert run_commands(["validate", *words]) == 0
    assert requests == []
    assert "--strict" in capsys.readouterr().out


def test_every_option_arrives(requests: list[ValidateRequest]) -> None:
    words = [
        "a",
        "--format=sarif",
        "--no-strict",
        "--select",
        "JC05,JC07",
        "--select=JC0",
        "--ignore",
        "JC0501",
    ]
    run_commands(["validate", *words, "--baseline", "known.json", "--write-baseline"])
    run_commands(["validate", "--watch"])
    assert requests == [
        ValidateRequest(
            ("a",), "sarif", False, ("JC05", "JC07", "JC0"), ("JC0501",), "known.json", write_baseline=True
        ),
        ValidateRequest(watch=True),
    ]
