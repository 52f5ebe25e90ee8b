"""Monthly weather from daily observations: plain functions, which know nothing of who calls them.

`weather.yaml` beside this file wires them into a job: read, clean, summarise by month, store, draw, report.
Temperatures are in degrees Celsius, precipitation in millimetres, wind in metres per second.
"""

from __future__ import annotations

import csv
import math
import sqlite3
from dataclasses import astuple, dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Observation:
    """One day at the station."""

    day: date
    precipitation_mm: float
    max_c: float
    min_c: float
    wind_m_s: float
    weather: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is no observation: where it stands in the file, and what is wrong with it."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Month:
    """What the days of one month come to; `month` is written YYYY-MM."""

    month: str
    days: int
    mean_max_c: float
    mean_min_c: float
    mean_c: float
    precipitation_mm: float
    rain_days: int
    strongest_wind_m_s: float


def read_observations(path: str) -> list[dict[str, str]]:
    """Read the rows of the CSV file as they are written, under the names of its header."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, restval=""))


def clean(
    rows: list[dict[str, str]], coldest_c: float, hottest_c: float
) -> tuple[list[Observation], list[Rejected]]:
    """Part the rows that can be believed, in order of day, from those that cannot."""
    good: dict[date, Observation] = {}
    rejected: list[Rejected] = []
    for line, row in enumerate(rows, start=2):
        try:
            observation = _observation(row)
        except (KeyError, ValueError) as error:
            rejected.append(Rejected(line, f"cannot be read: {error}"))
            continue
        reason = _doubt(observation, coldest_c, hottest_c)
        if reason is None and observation.day in good:
            reason = f"a second row for {observation.day}"
        if reason is None:
            good[observation.day] = observation
        else:
            rejected.append(Rejected(line, reason))
    return [good[day] for day in sorted(good)], rejected


def monthly_statistics(observations: list[Observation], rain_day_mm: float) -> list[Month]:
    """Summarise each month; a day of rain is one with at least `rain_day_mm` of precipitation."""
    by_month = groupby(observations, key=lambda seen: seen.day.strftime("%Y-%m"))
    return [_month(name, list(days), rain_day_mm) for name, days in by_month]


def warehouse(path: str) -> Iterator[sqlite3.Connection]:
    """Open the database for as long as it is needed; make its folder if it is not there."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    try:
        yield connection
    finally:
        connection.close()


def store_months(months: list[Month], warehouse: sqlite3.Connection) -> int:
    """Write the months into the table `months`, replace those it already holds, and count them."""
    with warehouse:
        warehouse.execute(
            "create table if not exists months (month text primary key, days integer, mean_max_c real, "
            "mean_min_c real, mean_c real, precipitation_mm real, rain_days integer, strongest_wind_m_s real)"
        )
        warehouse.executemany(
            "insert or replace into months values (?, ?, ?, ?, ?, ?, ?, ?)",
            [astuple(month) for month in months],
        )
    return len(months)


def draw_chart(months: list[Month], directory: str, title: str) -> Path:
    """Draw precipitation as bars and the mean temperature as a line into `weather.svg`."""
    if not months:
        raise ValueError("there is no month to draw: every row was rejected, or the file has none")
    chart = Path(directory) / "weather.svg"
    chart.parent.mkdir(parents=True, exist_ok=True)
    chart.write_text("\n".join(_svg(months, title)) + "\n", encoding="utf-8")
    return chart


def write_report(
    months: list[Month], rejected: list[Rejected], chart: Path, directory: str, title: str
) -> Path:
    """Write `report.md`: the chart, the years, the months, and the rows that were left out."""
    report = Path(directory) / "report.md"
    report.parent.mkdir(parents=True, exist_ok=True)
    days = sum(month.days for month in months)
    lines = [
        f"# {title}",
        "",
        f"{days} days in {len(months)} months, rows rejected: {len(rejected)}.",
        "",
        f"![Mean temperature and precipitation by month]({chart.name})",
        "",
        *_year_table(months),
        *_month_table(months),
        *(f"- line {row.line}: {row.reason}" for row in rejected),
    ]
    report.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return report


def _observation(row: dict[str, str]) -> Observation:
    return Observation(
        day=date.fromisoformat(row["date"].replace("/", "-")),
        precipitation_mm=_number(row["precipitation"]),
        max_c=_number(row["temp_max"]),
        min_c=_number(row["temp_min"]),
        wind_m_s=_number(row["wind"]),
        weather=row["weather"],
    )


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a measurement")
    return number


def _doubt(seen: Observation, coldest_c: float, hottest_c: float) -> str | None:
    if seen.precipitation_mm < 0 or seen.wind_m_s < 0:
        return "precipitation or wind below zero"
    if seen.min_c > seen.max_c:
        return f"the day's minimum {seen.min_c} is above its maximum {seen.max_c}"
    if seen.min_c < coldest_c or seen.max_c > hottest_c:
        return f"{seen.min_c} to {seen.max_c} is outside {coldest_c} to {hottest_c} degrees"
    return None


def _month(name: str, days: list[Observation], rain_day_mm: float) -> Month:
    return Month(
        month=name,
        days=len(days),
        mean_max_c=fmean(seen.max_c for seen in days),
        mean_min_c=fmean(seen.min_c for seen in days),
        mean_c=fmean((seen.max_c + seen.min_c) / 2 for seen in days),
        precipitation_mm=math.fsum(seen.precipitation_mm for seen in days),
        rain_days=sum(seen.precipitation_mm >= rain_day_mm for seen in days),
        strongest_wind_m_s=max(seen.wind_m_s for seen in days),
    )


def _year_table(months: list[Month]) -> Iterator[str]:
    yield "| Year | Mean °C | Precipitation mm | Days of rain | Wettest month |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for year, group in groupby(months, key=lambda month: month.month[:4]):
        members = list(group)
        mean_c = fmean([month.mean_c for month in members], weights=[month.days for month in members])
        rain_mm = math.fsum(month.precipitation_mm for month in members)
        rain_days = sum(month.rain_days for month in members)
        wettest = max(members, key=lambda month: month.precipitation_mm)
        yield f"| {year} | {mean_c:.1f} | {rain_mm:.1f} | {rain_days} | {wettest.month} |"
    yield ""


def _month_table(months: list[Month]) -> Iterator[str]:
    yield "| Month | Days | Mean maximum °C | Mean minimum °C | Precipitation mm | Days of rain | Wind m/s |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for month in months:
        yield (
            f"| {month.month} | {month.days} | {month.mean_max_c:.1f} | {month.mean_min_c:.1f} "
            f"| {month.precipitation_mm:.1f} | {month.rain_days} | {month.strongest_wind_m_s:.1f} |"
        )
    yield ""


class _Frame(NamedTuple):
    """The rectangle of the plot on the canvas, in pixels, and how many months it holds."""

    left: int
    top: int
    width: int
    height: int
    slots: int

    @property
    def bottom(self) -> int:
        return self.top + self.height

    def middle(self, index: int) -> float:
        return self.left + (index + 0.5) * self.width / self.slots

    def scale(self, low: float, high: float) -> Callable[[float], float]:
        return lambda value: self.bottom - (value - low) / (high - low) * self.height


def _svg(months: list[Month], title: str) -> Iterator[str]:
    frame = _Frame(left=70, top=80, width=900, height=340, slots=len(months))
    coldest = 5.0 * math.floor(min(0.0, *(month.mean_c for month in months)) / 5)
    hottest = 5.0 * math.floor(max(month.mean_c for month in months) / 5 + 1)
    wettest = 50.0 * math.floor(max(month.precipitation_mm for month in months) / 50 + 1)
    celsius, millimetres = frame.scale(coldest, hottest), frame.scale(0, wettest)
    yield '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1040 500" font-family="sans-serif">'
    yield f"<title>{escape(title)}</title>"
    yield '<rect width="1040" height="500" fill="white"/>'
    yield _text(520, 32, title, size=20)
    yield from _legend(frame)
    yield from _left_axis(frame, celsius, coldest, hottest)
    yield from _right_axis(frame, millimetres, wettest)
    yield from _bars(frame, months, millimetres)
    yield from _line(frame, months, celsius)
    yield from _months_axis(frame, months)
    yield "</svg>"


def _text(
    x: float, y: float, words: str, size: int = 12, anchor: str = "middle", colour: str = "#333"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(words)}</text>"
    )


def _legend(frame: _Frame) -> Iterator[str]:
    left = frame.left
    yield f'<line x1="{left}" y1="52" x2="{left + 24}" y2="52" stroke="#b3361f" stroke-width="2.5"/>'
    yield _text(left + 32, 56, "mean temperature (left)", anchor="start")
    yield f'<rect x="{left + 200}" y="45" width="14" height="14" fill="#9cc3e5"/>'
    yield _text(left + 222, 56, "precipitation (right)", anchor="start")


def _left_axis(frame: _Frame, y_of: Callable[[float], float], low: float, high: float) -> Iterator[str]:
    right = frame.left + frame.width
    for tick in range(int(low), int(high) + 1, 5):
        y = y_of(tick)
        yield f'<line x1="{frame.left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="#e3e3e3"/>'
        yield _text(frame.left - 8, y + 4, f"{tick}", anchor="end", colour="#b3361f")
    yield f'<g transform="rotate(-90 24 {frame.top + frame.height / 2:.1f})">'
    yield _text(24, frame.top + frame.height / 2, "temperature, °C", colour="#b3361f")
    yield "</g>"


def _right_axis(frame: _Frame, y_of: Callable[[float], float], high: float) -> Iterator[str]:
    right = frame.left + frame.width
    for tick in range(0, int(high) + 1, 50):
        yield _text(right + 8, y_of(tick) + 4, f"{tick}", anchor="start", colour="#2f6ea5")
    yield f'<g transform="rotate(90 {right + 54} {frame.top + frame.height / 2:.1f})">'
    yield _text(right + 54, frame.top + frame.height / 2, "precipitation, mm a month", colour="#2f6ea5")
    yield "</g>"


def _bars(frame: _Frame, months: list[Month], y_of: Callable[[float], float]) -> Iterator[str]:
    width = 0.7 * frame.width / frame.slots
    for index, month in enumerate(months):
        x, y = frame.middle(index) - width / 2, y_of(month.precipitation_mm)
        height = frame.bottom - y
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="#9cc3e5">'
            f"<title>{month.month}: {month.precipitation_mm:.1f} mm</title></rect>"
        )


def _line(frame: _Frame, months: list[Month], y_of: Callable[[float], float]) -> Iterator[str]:
    points = [(frame.middle(index), y_of(month.mean_c)) for index, month in enumerate(months)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    yield f'<polyline points="{path}" fill="none" stroke="#b3361f" stroke-width="2.5"/>'
    for (x, y), month in zip(points, months, strict=True):
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#b3361f">'
            f"<title>{month.month}: {month.mean_c:.1f} °C</title></circle>"
        )


def _months_axis(frame: _Frame, months: list[Month]) -> Iterator[str]:
    right = frame.left + frame.width
    yield f'<line x1="{frame.left}" y1="{frame.bottom}" x2="{right}" y2="{frame.bottom}" stroke="#333"/>'
    for index, month in enumerate(months):
        year, number = month.month.split("-")
        if number in {"01", "04", "07", "10"} or index == 0:
            yield _text(
                frame.middle(index), frame.bottom + 18, date(2000, int(number), 1).strftime("%b"), size=11
            )
        if number == "01" or index == 0:
            yield _text(frame.middle(index), frame.bottom + 38, year, size=14)
