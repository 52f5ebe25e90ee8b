"""Every spec of the gallery is clean, has a twin of equal digest, and runs on its real data."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from statistics import fmean

import pytest

from jobc.cli import main
from jobc.compiler.pipeline import compile_spec
from jobc.compiler.validation import validate

SPECS = Path(__file__).resolve().parents[2] / "specs"
GALLERY = sorted(SPECS.rglob("*.yaml"))


@pytest.fixture
def weather(tmp_path: Path) -> Path:
    """Copy the weather spec, its code and its data, so that a run leaves the gallery as it is."""
    folder = tmp_path / "weather"
    shutil.copytree(SPECS / "weather", folder, ignore=shutil.ignore_patterns("out", "__pycache__", ".jobc"))
    return folder


def test_the_gallery_is_clean() -> None:
    outcome = validate([SPECS], is_strict=True)
    assert outcome.diagnostics == ()
    assert outcome.files == 2 * len(GALLERY)
    assert outcome.jobs == 2 * (2 + 4 + 3)


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.name)
def test_the_twin_in_toml_has_the_same_digest(path: Path) -> None:
    given = (
        {"region": "EU"} if path.stem == "region" else None
    )  # a file to be imported, with a var to fill in
    twin = path.with_suffix(".toml")
    assert compile_spec(path, vars=given).digest == compile_spec(twin, vars=given).digest


@pytest.mark.parametrize("suffix", [".yaml", ".toml"])
def test_the_weather_job_reports_the_months(
    weather: Path, suffix: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(weather.parent)
    assert main(["run", f"weather/weather{suffix}#weather", "--format", "json"]) == 0
    outcome = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert outcome["success"] is True
    assert set(outcome["outputs"]) >= {"read_observations", "tidy", "write_report"}

    with (weather / "data" / "seattle-weather.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    january = [row for row in rows if row["date"].startswith("2012/01")]
    rain = sum(float(row["precipitation"]) for row in january)
    warmest = fmean(float(row["temp_max"]) for row in january)
    report = (weather / "out" / "report.md").read_text()
    line = next(line for line in report.splitlines() if "2012-01" in line and f"{rain:.1f}" in line)
    assert f"{warmest:.1f}" in line


def test_five_seeded_mistakes_are_five_diagnostics(weather: Path) -> None:
    path = weather / "weather.yaml"
    text = path.read_text()
    seeded = {
        "python: weather:clean\n": "python: weather:claen\n",
        "= read_observations()": "= raed_observations()",
        "graph: monthly_weather\n": "graph: montly_weather\n",
        "jobc: 1\n": "jobc: 1\ndescripton: misspelt\n",
        "{vars.": "{var.",
    }
    for right, wrong in seeded.items():
        assert right in text
        text = text.replace(right, wrong, 1)
    path.write_text(text)
    found = validate([path]).diagnostics
    assert [each.code for each in found].count("JC0201") == 1
    assert len(found) == len(seeded), [(each.code, each.message) for each in found]
    assert all(each.suggestions for each in found)
