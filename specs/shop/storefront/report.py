"""From orders to totals, lines, and the report of a day."""

from __future__ import annotations

import csv
import hashlib
import hmac
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from storefront.around import Journal, Signer
    from storefront.orders import Order, Rejected


class Total(TypedDict):
    """What the orders of one region come to; `amount` is in euros."""

    region: str
    orders: int
    amount: float
    best_item: str


def pool(batches: list[list[Order]]) -> list[Order]:
    """Put the orders of all regions together, by number."""
    return sorted(chain.from_iterable(batches), key=lambda order: order.number)


def by_region(orders: list[Order]) -> Iterator[tuple[str, list[Order]]]:
    """Part the orders by region."""
    for region in sorted({order.region for order in orders}):
        yield region, [order for order in orders if order.region == region]


def summarise(orders: list[Order], places: int) -> Total:
    """Add up the orders of a region; of items sold equally often, the first by name is the best."""
    sold: Counter[str] = Counter()
    for order in orders:
        sold[order.item] += order.quantity
    best = min(sold, key=lambda item: (-sold[item], item))
    amount = round(sum(order.amount for order in orders), places)
    return Total(region=orders[0].region, orders=len(orders), amount=amount, best_item=best)


def grand_total(totals: list[Total]) -> float:
    """Add up the regions."""
    return round(sum(total["amount"] for total in totals), 2)


def write_lines(orders: list[Order], day: date, directory: str) -> Path:
    """Write the orders as lines of CSV, in no order that matters."""
    path = Path(directory, f"{day}.orders.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows((each.amount, each.number, each.region, each.item) for each in reversed(orders))
    return path


def largest(lines: Path) -> list[str]:
    """Return the numbers of the three largest orders, from lines sorted by amount."""
    with lines.open(encoding="utf-8", newline="") as file:
        return [row[1] for row in csv.reader(file)][-3:][::-1]


def write_report(
    day: date,
    totals: list[Total],
    total: float,
    rejected: list[list[Rejected]],
    first: list[str],
    counted: str,
    journal: Journal,
    signer: Signer,
    directory: str,
    title: str,
) -> Path:
    """Write the report of a day in Markdown, and a line about it into the journal."""
    lines = [f"# {title}, {day}", "", "| Region | Orders | Euros | Best |", "| --- | --- | --- | --- |"]
    lines += [f"| {e['region']} | {e['orders']} | {e['amount']:.2f} | {e['best_item']} |" for e in totals]
    count = counted.split(maxsplit=1)[0]
    lines += ["", f"Total: {total:.2f} euros in {count} orders", f"Largest: {', '.join(first)}"]
    lines += [f"Rejected: {each.number} ({each.reason})" for each in chain.from_iterable(rejected)]
    text = "\n".join(lines) + "\n"
    path = Path(directory, f"{day}.md")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + signer.line(text), encoding="utf-8")
    journal.add(f"report {path.name}")
    return path


def signature(key: str, text: str) -> str:
    """Return the HMAC of a text, in hexadecimal digits."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
