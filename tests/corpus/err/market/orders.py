"""Functions of a module in a package."""

from __future__ import annotations


def read(day: str) -> list[str]:
    return [day]


class Order:
    """What a customer wants."""

    def __init__(self, customer: str) -> None:
        self.customer = customer
