"""The shop of the gallery does what its data says: everything is worked out again from the CSV files."""

from __future__ import annotations

import csv
import gzip
import hashlib
import hmac
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import jobc
from jobc.cli import main

SHOP = Path(__file__).resolve().parents[2] / "specs" / "shop"
DAYS = ("2024-03-01", "2024-03-02", "2024-03-03")
RATES = {"EU": 1.0, "US": 0.9}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the spec, its code and its data, and stand in the copy, as a run does."""
    folder = tmp_path / "shop"
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("out", "__pycache__", ".jobc"))
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SHOP_KEY", raising=False)
    return folder


def rows(day: str, region: str) -> list[dict[str, str]]:
    with (SHOP / "data" / region.lower() / f"{day}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def is_order(row: dict[str, str], smallest: int) -> bool:
    return row["quantity"].isdigit() and int(row["quantity"]) >= smallest and row["price"] != ""


def amounts(day: str, region: str, smallest: int = 1) -> dict[str, float]:
    """Return euros by number of order."""
    return {
        row["number"]: round(int(row["quantity"]) * float(row["price"]) * RATES[region], 2)
        for row in rows(day, region)
        if is_order(row, smallest)
    }


def total(day: str, region: str, smallest: int = 1, places: int = 2) -> dict[str, object]:
    found = amounts(day, region, smallest)
    sold: Counter[str] = Counter()
    for row in rows(day, region):
        if row["number"] in found:
            sold[row["item"]] += int(row["quantity"])
    most = max(sold.values())
    best = min(item for item, count in sold.items() if count == most)
    amount = round(sum(found.values()), places)
    return {"region": region, "orders": len(found), "amount": amount, "best_item": best}


def rejected(day: str, smallest: int = 1) -> set[str]:
    return {row["number"] for region in RATES for row in rows(day, region) if not is_order(row, smallest)}


def check_day(day: str, outputs: Any, out: Path, smallest: int = 1) -> str:
    """Check what a run of the graph `report` gave and wrote; return the report."""
    totals = {region: total(day, region, smallest) for region in RATES}
    assert outputs("summarise", "result") == totals
    both = amounts(day, "EU", smallest) | amounts(day, "US", smallest)
    assert outputs("grand_total", "total") == pytest.approx(sum(both.values()))
    assert outputs("largest", "result") == sorted(both, key=lambda number: both[number])[-3:][::-1]
    packed = gzip.decompress((out / f"{day}.csv.gz").read_bytes()).decode().splitlines()
    assert [line.split(",")[1] for line in packed] == sorted(both, key=lambda number: both[number])
    report = (out / f"{day}.md").read_text()
    assert f"Total: {sum(both.values()):.2f} euros in {len(both)} orders" in report
    listed = {line.split()[1] for line in report.splitlines() if line.startswith("Rejected: ")}
    assert listed == rejected(day, smallest)
    return report


@pytest.mark.parametrize("day", DAYS)
def test_the_report_of_a_day(shop: Path, day: str) -> None:
    job = jobc.load("shop.yaml#daily")
    assert job.partitions_def is not None
    assert tuple(job.partitions_def.get_partition_keys()) == DAYS
    result = job.execute_in_process(partition_key=day)
    report = check_day(day, result.output_for_node, shop / "out")
    assert report.startswith(f"# Orders (dev), {day}\n")
    assert "Signed" not in report
    assert (shop / "out" / "journal.txt").read_text() == f"report {day}.md\n"
    assert result.run.tags["month"] == "2024-03"
    skipped = {event.step_key for event in result.get_step_skipped_events()}
    assert skipped == set(), "a fan-in waits for the outputs that there are"
    assert result.asset_value("shop/report") == Path("out", f"{day}.md")
    assert result.asset_value(["shop", "lines"]) == f"out/{day}.csv.gz"


def test_worker_processes_and_the_other_form_give_the_same(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", "shop.toml#daily", "--partition", "2024-03-01", "--instance", "i", "--format", "json"]
    assert main(words) == 0
    outcome = json.loads(capsys.readouterr().out.splitlines()[-1])
    check_day("2024-03-01", lambda node, name: outcome["outputs"][node][name], shop / "out")


def test_a_profile_and_a_key_change_the_report(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "tea")
    job = jobc.load("shop.yaml#daily", profile="prod")
    assert job.tags["cost"] == "high"
    result = job.execute_in_process(partition_key="2024-03-01")
    report = check_day("2024-03-01", result.output_for_node, shop / "out", smallest=2)
    text, signature = report.rsplit("Signed: ", 1)
    assert text.startswith("# Orders, 2024-03-01\n")
    assert signature.strip() == hmac.new(b"tea", text.encode(), hashlib.sha256).hexdigest()


def test_a_profile_writes_elsewhere(shop: Path) -> None:
    result = jobc.load("shop.yaml#daily", profile="dev").execute_in_process(partition_key=DAYS[0])
    check_day(DAYS[0], result.output_for_node, shop / "out" / "test")
    assert (shop / "out" / "test" / "journal.txt").exists()


def test_a_missing_file_fails_and_is_noted(shop: Path) -> None:
    (shop / "data" / "us" / "2024-03-02.csv").unlink()
    result = jobc.load("shop.yaml#daily").execute_in_process(partition_key="2024-03-02", raise_on_error=False)
    assert not result.success
    assert result.get_failed_step_keys() == {"us.read_orders"}
    assert result.retry_attempts_for_node("us.read_orders") == 2
    noted = (shop / "out" / "journal.txt").read_text().splitlines()
    assert [line.split(":")[0] for line in noted] == ["failed us.read_orders"]
    assert result.output_for_node("eu", "orders")


@pytest.mark.parametrize("smallest", [0, 3])
def test_a_day_by_hand(shop: Path, smallest: int) -> None:
    job = jobc.load("shop.yaml#by_hand")
    result = job.execute_in_process(run_config={"day": "2024-03-01", "smallest": smallest})
    report = check_day("2024-03-01", result.output_for_node, shop / "out", smallest)
    assert report.startswith("# All orders," if smallest == 0 else "# Orders (dev),")
    assert (shop / "out" / "by_hand.txt").read_text() == "report 2024-03-01.md\n"
    assert not (shop / "out" / "journal.txt").exists()


def test_figures_are_totals_alone(shop: Path) -> None:
    job = jobc.load("shop.yaml#figures")
    assert job.tags["team"] == "figures"
    assert job.tags["limits"] == '{"rows": 1000}'
    result = job.execute_in_process(partition_key="2024-03-03")
    assert result.output_for_node("summarise") == {region: total("2024-03-03", region) for region in RATES}
    assert [(path.name, path.read_text()) for path in (shop / "out").iterdir()] == [("journal.txt", "")]


def test_a_cell_is_made_once(shop: Path) -> None:
    job = jobc.load("shop.yaml#cells")
    with jobc.Instance.open(shop / "instance") as instance:
        for key in ("2024-03-01|eu", "2024-03-02|us"):
            day, region = key.split("|")
            result = job.execute_in_process(partition_key=key, instance=instance)
            found = result.output_for_node("total")
            wanted = {**total(day, region.upper(), places=1), "region": region}
            assert found == wanted
            assert result.run.tags["region"] == region.upper()
            assert result.run.tags["jobc/partition/region"] == region
            again = job.execute_in_process(partition_key=key, instance=instance)
            assert again.get_step_success_events() == []
