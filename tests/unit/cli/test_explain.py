from __future__ import annotations

from pathlib import Path

import pytest

from jobc.cli import OK, USAGE, main
from jobc.schemas.codes import CODES

PAGES = Path(__file__).parents[3] / "docs" / "diagnostics"


@pytest.mark.parametrize("code", ["JC0105", "jc0105"])
def test_a_code_is_explained_by_its_page(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", code]) == OK
    assert capsys.readouterr().out == (PAGES / "JC0105.md").read_text(encoding="utf-8").rstrip() + "\n"


def test_an_unknown_code_is_answered_with_near_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "JC0106x"]) == USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("there is no diagnostic code `JC0106x`; did you mean `JC0106`")


def test_nothing_near_is_no_guess(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "zzz"]) == USAGE
    assert capsys.readouterr().err == "there is no diagnostic code `zzz`\n"


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == OK
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(CODES)
    assert "JC0105 error   Duplicate key" in lines
    assert any(line.startswith("JC0304 note    ") for line in lines)


def test_a_terminal_gets_the_page_laid_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert main(["explain", "JC0105"]) == OK
    out = capsys.readouterr().out
    assert "\x1b[" in out
    assert "```" not in out
