"""Settings: found upward, read with their places, relative to where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobc.compiler.settings import Settings, find_settings

ALL = """\
[project]
name = "shop"

[tool.jobc]
paths = ["specs", "more/a.yaml"]
select = ["JC0", "JC1001"]
ignore = ["JC07"]
python_path = ["src"]
profile = "prod"
baseline = "known.json"
strict = true
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text)


def mistakes(folder: Path, lines: str) -> list[tuple[str, int, str | None]]:
    write(folder, f"[tool.jobc]\n{lines}")
    found = find_settings().diagnostics
    assert {each.code for each in found} <= {"JC0003"}
    assert {each.location.file for each in found} <= {"pyproject.toml"}
    return [(each.message, each.location.start.line, each.help) for each in found]


def test_every_setting(folder: Path) -> None:
    write(folder, ALL)
    assert find_settings() == (
        Settings(
            file="pyproject.toml",
            paths=("specs", "more/a.yaml"),
            select=("JC0", "JC1001"),
            ignore=("JC07",),
            python_path=(str(folder / "src"),),
            profile="prod",
            baseline="known.json",
            strict=True,
        ),
        (),
    )


def test_they_are_found_upward_and_stay_relative_to_their_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, ALL)
    write(folder / "a" / "b", "[project]\nname = 'jobc'\n[tool.other]\njobc = 1\n")
    monkeypatch.chdir(folder / "a" / "b")
    settings, problems = find_settings()
    assert problems == ()
    assert settings.file == "../../pyproject.toml"
    assert settings.paths == ("../../specs", "../../more/a.yaml")
    assert settings.python_path == (str(folder / "src"),)
    assert settings.baseline == "../../known.json"


@pytest.mark.parametrize(
    "text",
    [
        "[tool.jobc]\nstrict = true\n",
        "tool.jobc.strict = true\n",
        "[tool]\njobc = {strict = true}\n",
        "tool = {jobc = {strict = true}}\n",
        '[ tool . "jobc" ]\nstrict = true\n',
        "  tool.jobc = {strict = true}\n",
    ],
)
def test_all_ways_to_write_the_table(folder: Path, text: str) -> None:
    write(folder, text)
    assert find_settings() == (Settings(file="pyproject.toml", strict=True), ())


def test_the_nearest_file_wins_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "[tool.jobc]\nstrict = true\n")
    write(folder / "a", "[tool.jobc]\nignore = ['JC07']\n")
    monkeypatch.chdir(folder / "a")
    assert find_settings().settings == Settings(file="pyproject.toml", ignore=("JC07",))


def test_a_folder_may_be_named(folder: Path) -> None:
    write(folder / "a", "[tool.jobc]\nstrict = true\n")
    assert find_settings(folder / "a").settings == Settings(file="a/pyproject.toml", strict=True)
    assert find_settings(Path("a")).settings.strict


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'jobc'\n", "[tool.jobcx]\nstrict = true\n", "a = [\n"]
)
def test_files_of_others_say_nothing(folder: Path, text: str) -> None:
    write(folder, text)
    assert find_settings().settings.strict is False
    assert find_settings().diagnostics == ()


@pytest.mark.parametrize(
    ("line", "message", "advice"),
    [
        ("strct = true", "unknown setting `strct`", "did you mean `strict`?"),
        ("python-path = []", "unknown setting `python-path`", "did you mean `python_path`?"),
        ("zzz = 1", "unknown setting `zzz`", None),
        ("strict = 'yes'", "`strict` is neither true nor false", None),
        ("paths = 'specs'", "`paths` is no list", None),
        ("paths = [1]", "an item of `paths` is no text", None),
        ("paths = ['']", "an item of `paths` is no text", None),
        ("baseline = 1", "`baseline` is no text", None),
        ("profile = ''", "`profile` is no text", None),
        ("ignore = ['jc07']", "no diagnostic code begins with `jc07`", "did you mean `JC07`?"),
        ("select = ['JC0599']", "no diagnostic code begins with `JC0599`", "did you mean `JC05"),
        ("select = ['nope']", "no diagnostic code begins with `nope`", "`jobc explain` lists the codes"),
    ],
)
def test_a_mistake_is_located_and_the_rest_holds(
    folder: Path, line: str, message: str, advice: str | None
) -> None:
    ((said, number, offered),) = mistakes(folder, f"{line}\npython_path = ['src']\n")
    assert (said, number) == (message, 2)
    assert offered is None if advice is None else (offered or "").startswith(advice)
    assert find_settings().settings.python_path == (str(folder / "src"),)


def test_every_mistake_is_reported(folder: Path) -> None:
    found = mistakes(folder, "a = 1\nselect = ['x', 1, 'JC05']\nstrict = 1\n")
    assert [line for _, line, _ in found] == [2, 3, 3, 4]
    assert find_settings().settings.select == ("JC05",)


def test_the_place_is_the_value(folder: Path) -> None:
    write(folder, "[tool.jobc]\nselect = ['JC05', 'nope']\n")
    (found,) = find_settings().diagnostics
    assert found.location.start == (2, 19)
    assert found.location.end == (2, 25)


def test_a_file_that_is_no_toml(folder: Path) -> None:
    ((message, line, _),) = mistakes(folder, "strict = yes\n")
    assert message.startswith("the settings cannot be read: ")
    assert line == 2


def test_a_setting_where_the_table_should_be(folder: Path) -> None:
    write(folder, "[tool]\njobc = 1\n")
    (found,) = find_settings().diagnostics
    assert found.message == "`tool.jobc` is no table"
    assert found.location.start.line == 2
