from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import jobc
from jobc.cli import CRASHED, INTERRUPTED, OK, PIPE_CLOSED, USAGE, main, validate

ROOT = Path(__file__).parents[3]


def test_the_version_is_the_one_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert main(["--version"]) == OK
    assert capsys.readouterr().out == f"jobc {declared}\n"
    assert jobc.__version__ == declared


def test_click_prints_the_same_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version", "--version"]) == OK
    assert capsys.readouterr().out == f"jobc {jobc.__version__}\n"


@pytest.mark.parametrize("words", [["--help"], ["-h"]])
def test_help_lists_the_commands(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == OK
    out = capsys.readouterr().out
    for command in ("validate", "compile", "run", "list", "explain"):
        assert f"\n  {command} " in out


@pytest.mark.parametrize(
    "words",
    [["valdiate"], ["--wrong"], ["compile"], ["run"], ["explain", "a", "b"], ["compile", "--nope", "x"]],
)
def test_a_command_line_that_cannot_be_understood(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Error: " in captured.err
    assert "Traceback" not in captured.err


def test_a_crash_becomes_a_report_without_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(_request: object) -> int:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(validate, "run_validate", crash)
    assert main(["validate", "shop.yaml", "key=hunter2"]) == CRASHED
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("jobc crashed.")
    assert f"version: jobc {jobc.__version__}\n" in captured.err
    assert "python: CPython 3." in captured.err
    assert "command: jobc validate shop.yaml 'key=…'\n" in captured.err
    assert "exception: ZeroDivisionError: by accident\n" in captured.err
    assert "in crash\n" in captured.err
    assert "hunter2" not in captured.err


def test_an_interrupt_is_no_crash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_request: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(validate, "run_validate", interrupt)
    assert main(["validate"]) == INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"


def test_a_reader_that_went_away_is_met_with_silence() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        result = subprocess.run(
            [sys.executable, "-m", "jobc", "explain"],
            stdout=closed,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            check=False,
        )
    assert result.returncode == PIPE_CLOSED
    assert result.stderr == b""


def test_a_narrow_encoding_does_not_stop_the_output(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "jobc: 1\nops: {a: {python: 'm:a', inputs: {}}}\ngraphs: {g: {wiring: a()}}\n"
        "jobs: {j: {graph: g, description: Größe 日本}}\n",
        encoding="utf-8",
    )
    result = subprocess.run(
        [sys.executable, "-m", "jobc", "list", str(tmp_path)],
        capture_output=True,
        cwd=ROOT,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
    )
    assert result.stdout.endswith(b"x.yaml#j  Gr\\xf6\\xdfe \\u65e5\\u672c\n")


def test_the_module_and_the_script_are_the_same_program() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert scripts == {"jobc": "jobc.cli:main"}
    result = subprocess.run(
        [sys.executable, "-m", "jobc", "--version"], capture_output=True, cwd=ROOT, check=True, text=True
    )
    assert result.stdout == f"jobc {jobc.__version__}\n"
