"""`jobc validate` with its options and the settings of a project: what a user sees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from jobc.cli import MISTAKES, OK, USAGE, main
from jobc.cli.reports import FORMS

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
jobc: 1
ops:
  greet: {python: "shop.ops:greet", inputs: {times: int}}
graphs:
  hello:
    wiring: greet(times=3)
"""
UNFIT = SPEC.replace("times=3", 'times="3"')
UNKNOWN = SPEC.replace("greet(times", "great(times")
SUPPRESSED = UNFIT.replace('"3")', '"3")  # jobc: ignore[JC0501] as agreed')
UNUSED = SPEC.replace("=3)", "=3)  # jobc: ignore[JC0501]")
SECRET = """\
jobc: 1
resources:
  bank: {python: "shop.bank:Bank", config: {key: secret}, with: {key: abc}}
"""

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, **specs: str) -> None:
    for name, text in specs.items():
        (folder / f"{name}.yaml").write_text(text)


def settle(folder: Path, text: str) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.jobc]\n{text}\n")


def found(capsys: Capture, *words: str) -> tuple[int, list[str]]:
    """Return the exit code, and the codes that the JSON form lists."""
    code = main(["validate", "--format", "json", *words])
    return code, [each["code"] for each in json.loads(capsys.readouterr().out)["diagnostics"]]


# --- forms --------------------------------------------------------------------------------------------------


def counted(form: str, out: str, err: str) -> int:
    """Count the diagnostics in a report."""
    if form == "human":
        return err.count("\n --> ") + err.count("\n  --> ")
    if form == "github":
        return sum(line.startswith(("::error ", "::warning ", "::notice ")) for line in out.splitlines())
    if form == "junit":
        return len(list(ET.fromstring(out).iter("failure")))
    document: Any = json.loads(out)
    if form == "sarif":
        results = document["runs"][0]["results"]
        return len([each for each in results if "suppressions" not in each])
    return len(document["diagnostics"] if form == "json" else document)


@pytest.mark.parametrize("strict", [[], ["--strict"]])
def test_all_forms_agree(folder: Path, capsys: Capture, strict: list[str]) -> None:
    write(folder, a=UNFIT, b=SPEC, c=SUPPRESSED, d=SECRET, e=UNUSED, f="jobc: [", g=UNKNOWN)
    counts, codes = set(), set()
    for form in FORMS:
        codes.add(main(["validate", "--format", form, *strict]))
        captured = capsys.readouterr()
        counts.add(counted(form, *captured))
        assert bool(captured.err) == (form == "human")
    assert codes == {MISTAKES}
    assert len(counts) == 1
    assert counts.pop() >= 5


@pytest.mark.parametrize("form", FORMS)
def test_all_forms_of_nothing(folder: Path, capsys: Capture, form: str) -> None:
    write(folder, a=SPEC)
    assert main(["validate", "--format", form]) == OK
    assert counted(form, *capsys.readouterr()) == 0


# --- suppressions -------------------------------------------------------------------------------------------


def test_a_suppressed_mistake_is_not_reported(folder: Path, capsys: Capture) -> None:
    write(folder, a=SUPPRESSED)
    assert found(capsys) == (OK, [])
    main(["validate", "--format", "sarif"])
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "as agreed"}]


def test_a_needless_suppression_is_a_warning(folder: Path, capsys: Capture) -> None:
    write(folder, a=UNUSED)
    assert main(["validate"]) == OK
    err = capsys.readouterr().err
    assert err.startswith("warning[JC0001]: nothing to suppress here: `JC0501`\n --> a.yaml:6:29\n")


def test_a_suppression_keeps_nothing_from_being_refused_elsewhere(folder: Path, capsys: Capture) -> None:
    write(folder, a=SUPPRESSED)
    assert main(["validate", "a.yaml"]) == OK
    assert main(["compile", "a.yaml"]) == MISTAKES
    assert "JC0501" in capsys.readouterr().err


# --- select and ignore --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ([], ["JC0501", "JC0311", "JC0706"]),
        (["--select", "JC0501"], ["JC0501"]),
        (["--select", "JC05,JC07"], ["JC0501", "JC0706"]),
        (["--select", "JC05", "--select", "JC07"], ["JC0501", "JC0706"]),
        (["--ignore", "JC0311"], ["JC0501", "JC0706"]),
        (["--select", "JC05, JC03", "--ignore", "JC03"], ["JC0501"]),
        (["--ignore", "JC"], []),
    ],
)
def test_codes_are_chosen(folder: Path, capsys: Capture, words: list[str], codes: list[str]) -> None:
    write(folder, a=UNFIT, b=UNKNOWN, c=SECRET)
    assert found(capsys, *words)[1] == codes


def test_a_file_that_cannot_be_read_is_always_reported(folder: Path, capsys: Capture) -> None:
    write(folder, a="jobc: [\n", b=UNKNOWN)
    assert found(capsys, "--ignore", "JC") == (MISTAKES, ["JC0103"])
    assert found(capsys, "--select", "JC05") == (MISTAKES, ["JC0103"])


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize(("text", "hint"), [("jc05", "`JC05`"), ("JC0599", "`JC05"), ("", ""), ("J", "")])
def test_what_is_no_code_is_refused(folder: Path, capsys: Capture, option: str, text: str, hint: str) -> None:
    assert main(["validate", option, text]) == USAGE
    err = capsys.readouterr().err
    assert f"no diagnostic code begins with `{text}`" in err
    assert hint in err


# --- settings -----------------------------------------------------------------------------------------------


def test_settings_say_what_the_command_line_does_not(folder: Path, capsys: Capture) -> None:
    (folder / "specs").mkdir()
    write(folder / "specs", a=UNFIT, b=SECRET)
    write(folder, c=UNKNOWN)
    settle(folder, 'paths = ["specs"]\nignore = ["JC07"]\n')
    assert found(capsys) == (MISTAKES, ["JC0501"])
    assert found(capsys, "c.yaml") == (MISTAKES, ["JC0311"])
    assert found(capsys, "--ignore", "JC05") == (OK, ["JC0706"])
    settle(folder, 'paths = ["specs"]\nselect = ["JC07"]\nstrict = true\n')
    assert found(capsys) == (MISTAKES, ["JC0706"])
    assert found(capsys, "--no-strict") == (OK, ["JC0706"])
    assert found(capsys, "--select", "JC05") == (MISTAKES, ["JC0501"])


def test_settings_of_a_folder_above(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    write(folder, a=UNFIT)
    settle(folder, 'paths = ["."]')
    monkeypatch.chdir(folder / "deep" / "er")
    assert main(["validate"]) == MISTAKES
    assert " --> ../../a.yaml:6:25\n" in capsys.readouterr().err


def test_targets_are_looked_for_in_the_folders_of_the_settings(folder: Path, capsys: Capture) -> None:
    (folder / "src" / "shop").mkdir(parents=True)
    (folder / "src" / "shop" / "ops.py").write_text("def greet(times: str) -> None: ...\n")
    (folder / "specs").mkdir()
    write(folder / "specs", a=SPEC.replace("ops:greet", "ops:great"))
    settle(folder, 'paths = ["specs"]\n')
    assert found(capsys) == (OK, [])
    settle(folder, 'paths = ["specs"]\npython_path = ["src"]\n')
    assert found(capsys) == (MISTAKES, ["JC0302"])


def test_settings_that_cannot_be_read_are_shown_and_hide_nothing(folder: Path, capsys: Capture) -> None:
    write(folder, a=UNKNOWN)
    settle(folder, 'ignores = ["JC03"]')
    assert main(["validate"]) == MISTAKES
    err = capsys.readouterr().err
    assert (
        "error[JC0003]: unknown setting `ignores`\n"
        " --> pyproject.toml:2:1\n"
        "  |\n"
        '2 | ignores = ["JC03"]\n'
        "  | ^^^^^^^ "
    ) in err
    assert "error[JC0311]" in err
    assert found(capsys, "--ignore", "JC") == (MISTAKES, ["JC0003"])


# --- baseline -----------------------------------------------------------------------------------------------


def test_a_baseline_is_adopted_kept_and_emptied(folder: Path, capsys: Capture) -> None:
    write(folder, a=UNFIT, b=UNKNOWN)
    assert main(["validate", "--baseline", "known.json", "--write-baseline"]) == OK
    assert capsys.readouterr().out == "2 files, 0 jobs: no new mistakes found (2 known)\n"
    assert main(["validate", "--baseline", "known.json"]) == OK
    assert capsys.readouterr() == ("2 files, 0 jobs: no new mistakes found (2 known)\n", "")
    write(folder, a="# moved\n\n" + UNFIT, c=UNFIT)
    assert main(["validate", "--baseline", "known.json"]) == MISTAKES
    captured = capsys.readouterr()
    assert " --> c.yaml:6:25\n" in captured.err
    assert captured.err.endswith("\n1 error in 1 of 3 files (2 known)\n")
    write(folder, a=SPEC, b=SPEC, c=SPEC)
    assert main(["validate", "--baseline", "known.json"]) == OK
    captured = capsys.readouterr()
    assert captured.out == "3 files, 0 jobs: no mistakes found\n"
    assert (
        captured.err == "2 mistakes of `known.json` are no longer found: `--write-baseline` takes them out\n"
    )
    assert main(["validate", "--baseline", "known.json", "--write-baseline"]) == OK
    assert json.loads((folder / "known.json").read_text()) == {"version": 1, "mistakes": []}


def test_the_baseline_of_the_settings(folder: Path, capsys: Capture) -> None:
    write(folder, a=UNFIT)
    settle(folder, 'baseline = "known.json"')
    assert found(capsys) == (MISTAKES, ["JC0501", "JC0003"])
    assert main(["validate", "--write-baseline"]) == OK
    capsys.readouterr()
    assert found(capsys) == (OK, [])
    assert found(capsys, "--baseline", "other.json") == (MISTAKES, ["JC0501", "JC0003"])


def test_a_check_of_one_file_leaves_what_is_known_of_others(folder: Path, capsys: Capture) -> None:
    write(folder, a=UNFIT, b=UNKNOWN)
    settle(folder, 'baseline = "known.json"')
    assert main(["validate", "--write-baseline"]) == OK
    before = (folder / "known.json").read_text()
    capsys.readouterr()
    assert main(["validate", "a.yaml"]) == OK
    assert capsys.readouterr() == ("1 file, 0 jobs: no new mistakes found (1 known)\n", "")
    assert main(["validate", "a.yaml", "--write-baseline"]) == OK
    assert (folder / "known.json").read_text() == before


def test_no_baseline_knows_what_cannot_be_read(folder: Path, capsys: Capture) -> None:
    write(folder, a="jobc: [\n", b=UNKNOWN)
    assert main(["validate", "--baseline", "known.json", "--write-baseline"]) == MISTAKES
    assert capsys.readouterr().err.endswith("\n1 error in 1 of 2 files (1 known)\n")
    assert found(capsys, "--baseline", "known.json") == (MISTAKES, ["JC0103"])


def test_a_baseline_that_is_not_one(folder: Path, capsys: Capture) -> None:
    write(folder, a=UNKNOWN)
    (folder / "known.json").write_text("<<<<<<< ours\n")
    assert main(["validate", "--baseline", "known.json"]) == MISTAKES
    err = capsys.readouterr().err
    assert "error[JC0003]: `known.json` is no baseline of version 1\n --> known.json:1:1\n" in err
    assert "error[JC0311]" in err
    assert main(["validate", "--baseline", "known.json", "--write-baseline"]) == OK


def test_no_baseline_takes_the_place_of_a_spec(folder: Path, capsys: Capture) -> None:
    write(folder, a=UNKNOWN)
    before = (folder / "a.yaml").read_text()
    assert main(["validate", "--baseline", "a.yaml", "--write-baseline"]) == USAGE
    assert "`a.yaml` is checked itself: name another file" in capsys.readouterr().err
    assert (folder / "a.yaml").read_text() == before


def test_a_baseline_needs_a_file_that_can_be_written(folder: Path, capsys: Capture) -> None:
    write(folder, a=UNKNOWN)
    assert main(["validate", "--write-baseline"]) == USAGE
    assert capsys.readouterr().err == "Error: `--write-baseline` needs a file: add `--baseline FILE`\n"
    assert main(["validate", "--write-baseline", "--baseline", "gone/known.json"]) == USAGE
    assert capsys.readouterr().err.startswith("Error: cannot write `gone/known.json`: ")
    assert main(["validate", "--baseline", ""]) == USAGE


def test_watching_and_writing_a_baseline_exclude_each_other(folder: Path, capsys: Capture) -> None:
    assert main(["validate", "--watch", "--write-baseline", "--baseline", "known.json"]) == USAGE
    assert "exclude each other" in capsys.readouterr().err
