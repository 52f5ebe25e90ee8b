"""The functions of the weather job, against figures computed from the file in another way."""

from __future__ import annotations

import csv
import importlib.util
import sqlite3
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

GALLERY = Path(__file__).parents[3] / "specs" / "weather"
DATA = GALLERY / "data" / "seattle-weather.csv"
GOOD_ROW = {
    "date": "2012/01/02",
    "precipitation": "10.9",
    "temp_max": "10.6",
    "temp_min": "2.8",
    "wind": "4.5",
    "weather": "rain",
}


@pytest.fixture(scope="module")
def weather() -> Iterator[ModuleType]:
    # The module's dataclasses look their own module up by name, so it must be registered while it loads.
    spec = importlib.util.spec_from_file_location("gallery_weather", GALLERY / "weather.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def months(weather: ModuleType) -> dict[str, Any]:
    good, _ = weather.clean(weather.read_observations(str(DATA)), -40.0, 50.0)
    return {month.month: month for month in weather.monthly_statistics(good, 0.1)}


def days_of(month: str) -> list[dict[str, str]]:
    with DATA.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["date"].startswith(month.replace("-", "/"))]


@pytest.mark.parametrize("month", ["2012-01", "2012-02", "2013-07", "2014-03", "2015-12"])
def test_a_month_has_the_figures_of_its_days(months: dict[str, Any], month: str) -> None:
    days = days_of(month)
    highs, lows = ([float(day[key]) for day in days] for key in ("temp_max", "temp_min"))
    rain = [float(day["precipitation"]) for day in days]
    seen = months[month]
    assert seen.days == len(days)
    assert seen.mean_max_c == pytest.approx(mean(highs))
    assert seen.mean_min_c == pytest.approx(mean(lows))
    assert seen.mean_c == pytest.approx(mean(highs + lows))
    assert seen.precipitation_mm == pytest.approx(sum(rain))
    assert seen.rain_days == len([amount for amount in rain if amount > 0])
    assert seen.strongest_wind_m_s == max(float(day["wind"]) for day in days)


def test_every_day_of_four_years_is_in_one_month(months: dict[str, Any]) -> None:
    assert list(months) == [f"{year}-{month:02}" for year in range(2012, 2016) for month in range(1, 13)]
    assert sum(month.days for month in months.values()) == 1461


def test_a_higher_limit_leaves_fewer_days_of_rain(weather: ModuleType) -> None:
    good, _ = weather.clean(weather.read_observations(str(DATA)), -40.0, 50.0)
    january = weather.monthly_statistics(good, 1.0)[0]
    assert january.rain_days == len([day for day in days_of("2012-01") if float(day["precipitation"]) >= 1])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"date": "2012/02/30"}, "cannot be read: day"),
        ({"temp_max": "warm"}, "cannot be read: could not convert string to float: 'warm'"),
        ({"wind": ""}, "cannot be read: could not convert string to float: ''"),
        ({"precipitation": "nan"}, "cannot be read: nan is not a measurement"),
        ({"precipitation": "-0.5"}, "precipitation or wind below zero"),
        ({"temp_min": "11"}, "the day's minimum 11.0 is above its maximum 10.6"),
        ({"temp_max": "70"}, "2.8 to 70.0 is outside -40.0 to 50.0 degrees"),
    ],
)
def test_a_row_that_cannot_be_believed_is_rejected_with_its_line(
    weather: ModuleType, change: dict[str, str], reason: str
) -> None:
    good, rejected = weather.clean([GOOD_ROW, {**GOOD_ROW, "date": "2012/01/03", **change}], -40.0, 50.0)
    assert [seen.day.isoformat() for seen in good] == ["2012-01-02"]
    assert [row.line for row in rejected] == [3]
    assert rejected[0].reason.startswith(reason)


def test_the_second_row_for_a_day_is_rejected(weather: ModuleType) -> None:
    good, rejected = weather.clean([GOOD_ROW, {**GOOD_ROW, "wind": "1.0"}], -40.0, 50.0)
    assert [seen.wind_m_s for seen in good] == [4.5]
    assert [(row.line, row.reason) for row in rejected] == [(3, "a second row for 2012-01-02")]


def test_a_row_that_is_too_short_is_rejected(weather: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("date,precipitation,temp_max,temp_min,wind,weather\n2012/01/01,0.0,12.8\n")
    good, rejected = weather.clean(weather.read_observations(str(path)), -40.0, 50.0)
    assert (good, len(rejected)) == ([], 1)


def test_the_warehouse_keeps_each_month_once_and_is_closed_at_the_end(
    weather: ModuleType, months: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "new" / "weather.sqlite"
    for connection in weather.warehouse(str(path)):
        assert weather.store_months(list(months.values()), connection) == 48
        assert weather.store_months(list(months.values()), connection) == 48
        last = connection
    with pytest.raises(sqlite3.ProgrammingError):
        last.execute("select 1")
    again = sqlite3.connect(path)
    rows = again.execute("select count(*), sum(days), round(max(precipitation_mm), 1) from months").fetchall()
    again.close()
    assert rows == [(48, 1461, 284.5)]


def test_the_chart_is_svg_with_axes_a_bar_and_a_point_for_each_month(
    weather: ModuleType, months: dict[str, Any], tmp_path: Path
) -> None:
    chart = weather.draw_chart(list(months.values()), str(tmp_path / "out"), "Rain & sun")
    root = ET.parse(chart).getroot()
    words = [element.text for element in root.findall(".//{*}text")]
    assert {"Rain & sun", "temperature, °C", "precipitation, mm a month", "2012", "2015", "Jan"} <= set(words)
    assert len(root.findall(".//{*}circle")) == 48
    titles = [element.text for element in root.findall(".//{*}title")]
    assert "2015-12: 284.5 mm" in titles
    assert "2012-01: 4.3 °C" in titles


def test_a_chart_of_nothing_says_why(weather: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no month to draw"):
        weather.draw_chart([], str(tmp_path), "Nothing")


def test_the_report_holds_the_months_the_chart_and_what_was_rejected(
    weather: ModuleType, months: dict[str, Any], tmp_path: Path
) -> None:
    rejected = [weather.Rejected(7, "precipitation or wind below zero")]
    report = weather.write_report(
        list(months.values()), rejected, tmp_path / "weather.svg", str(tmp_path), "Seattle"
    )
    text = report.read_text(encoding="utf-8")
    assert text.startswith("# Seattle\n\n1461 days in 48 months, rows rejected: 1.\n")
    assert "![Mean temperature and precipitation by month](weather.svg)" in text
    assert "| 2012 | 11.3 | 1226.0 | 177 | 2012-11 |" in text
    assert "| 2013-07 | 31 | 26.1 | 13.9 | 0.0 | 0 | 4.6 |" in text
    assert text.endswith("- line 7: precipitation or wind below zero\n")
