"""Orders of one region: read, cleaned, priced in euros."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import jobc

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Order:
    """One order that counts; `amount` is in the currency of the region until it is priced."""

    number: str
    region: str
    item: str
    quantity: int
    amount: float


class Rejected(NamedTuple):
    """A row that is no order, and why."""

    number: str
    reason: str


def read_orders(day: date, folder: Path, region: str) -> list[dict[str, str]]:
    """Read the rows of a day as they are written, each with its region."""
    with Path(folder, f"{day}.csv").open(encoding="utf-8", newline="") as file:
        return [{**row, "region": region} for row in csv.DictReader(file)]


def clean(rows: list[dict[str, str]], smallest: int) -> tuple[list[Order], object]:
    """Part the orders from the rows that are none; where all are orders, nothing is rejected."""
    good: list[Order] = []
    rejected: list[Rejected] = []
    for row in rows:
        reason = _doubt(row, smallest)
        if reason is None:
            quantity = int(row["quantity"])
            amount = quantity * float(row["price"])
            good.append(Order(row["number"], row["region"], row["item"], quantity, amount))
        else:
            rejected.append(Rejected(row["number"], reason))
    return good, rejected or jobc.SKIP


def _doubt(row: dict[str, str], smallest: int) -> str | None:
    if not row["quantity"].isdigit():
        return "no quantity"
    if int(row["quantity"]) < smallest:
        return "too few"
    return None if row["price"] else "no price"


def price(orders: list[Order], rate: float) -> list[Order]:
    """Turn the amounts into euros; `rate` is what one unit of the region's currency is worth."""
    return [
        Order(each.number, each.region, each.item, each.quantity, round(each.amount * rate, 2))
        for each in orders
    ]
