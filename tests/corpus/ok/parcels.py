"""Parcels and what is done with them, for specs about ops, config and resources of every form."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import jobc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path


@dataclass
class Parcel:
    number: str
    weight_kg: float = 1.0


class Truck(NamedTuple):
    name: str
    parcels: list[Parcel]


def scan(depot: str = "north", limit: int = 3) -> list[Parcel]:
    return [Parcel(f"{depot}-{number}") for number in range(limit)]


def weigh(parcels: list[Parcel]) -> float:
    return sum(parcel.weight_kg for parcel in parcels)


def part(parcels: list[Parcel], limit_kg: float) -> tuple[list[Parcel], list[Parcel]]:
    return [each for each in parcels if each.weight_kg <= limit_kg], []


def each(parcels: list[Parcel]) -> dict[str, Parcel]:
    return {parcel.number: parcel for parcel in parcels}


def pack(parcel: Parcel, padding: float = 0.0) -> Parcel:
    return parcel


def load_up(parcels: list[Parcel], truck: str = "big") -> Truck:
    return Truck(truck, parcels)


def drive(trucks: list[Truck], **more: object) -> int:
    return len(trucks) + len(more)


def tell(config: dict[str, Any], context: Any) -> str:
    return f"{context} {config}"


async def call(number: str, tries: int = 1) -> bool:
    return bool(number and tries)


def stream(parcels: list[Parcel], yard: list[Parcel]) -> Iterator[jobc.Output[Any]]:
    yield jobc.Output(parcels, "kept")
    yard.extend(parcels)


def close() -> None: ...


def total(counts: list[float], start: float = 0.0) -> float:
    return sum(counts, start)


def note(text: str, level: int = 0, marks: list[Any] | None = None, by: dict[str, Any] | None = None) -> str:
    return f"{text}{level}{marks}{by}"


def stamp(day: date, moment: datetime, place: Path, tags: set[str], share: float | None = None) -> str:
    return f"{day}{moment}{place}{tags}{share}"


@jobc.op(config_schema={"depot": str}, required_resource_keys={"yard"}, tags={"kind": "count"})
def stocktake(context: Any) -> int:
    """Count what is in the yard."""
    return len(context.resources.yard)


@jobc.op(out={"left": jobc.Out(int), "right": jobc.Out(int, is_required=False)})
def both(count: int) -> tuple[int, int]:
    return count, count


def yard() -> list[Parcel]:
    return []


def gate(yard: list[Parcel], width_m: float = 3.0) -> Iterator[str]:
    yield f"{width_m}{yard}"


@contextmanager
def radio(channel: int, password: Any = None) -> Iterator[int]:
    yield channel


class Crane:
    def __init__(self, gate: str, reach_m: float, names: list[str]) -> None:
        self.gate, self.reach_m, self.names = gate, reach_m, names


@dataclass
class Scale:
    precision_g: int = 10
    is_calibrated: bool = True


@jobc.resource(config_schema={"size": int})
def shed(context: Any) -> int:
    return int(context.resource_config["size"])


@jobc.resource
def fence(_: Any) -> str:
    return "wood"


def use_all(
    yard: object, gate: object, radio: object, crane: object, scale: object, shed: object, fence: object
) -> None: ...


class Shelf(jobc.IOManager):
    """Keep values in a dictionary, by step and output."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], object] = {}

    def handle_output(self, context: Any, obj: object) -> None:
        self.kept[context.step_key, context.name] = obj

    def load_input(self, context: Any) -> object:
        return self.kept[context.upstream_output.step_key, context.upstream_output.name]


def shelf() -> Shelf:
    return Shelf()


def rejoice(context: Any) -> None: ...


def regret(context: Any) -> None:
    context.resources.yard.append(Parcel(context.step_key))


def follow(context: Any, events: list[Any]) -> None: ...


@jobc.success_hook(required_resource_keys={"yard"})
def cheer(context: Any) -> None: ...


def to_file(path: str, level: str = "INFO") -> logging.Logger:
    return logging.getLogger(f"{path}.{level}")


def crew(context: Any, size: int = 1) -> object:
    return (context, size)


def for_depot(depot: str, limit: int = 5) -> dict[str, Any]:
    return {"ops": {"scan": {"config": {"depot": depot, "limit": limit}}}}


def for_key(partition_key: str) -> dict[str, Any]:
    return {"ops": {"scan": {"config": {"depot": partition_key, "limit": 1}}}}


def for_night(partition_key: str, start: datetime, end: datetime) -> dict[str, Any]:
    return {"ops": {"scan": {"config": {"depot": f"{partition_key}{start:%H}{end:%H}", "limit": 1}}}}


class ByHand(jobc.SourceHashVersionStrategy):
    """A strategy of one's own."""
