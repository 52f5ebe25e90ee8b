"""Rows P10 to P13: partitions against floors, the cron library, and a peer of the `bench` extra."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jobc.runtime.partitions import (
    DailyPartitionsDefinition,
    HourlyPartitionsDefinition,
    MultiPartitionsDefinition,
    PartitionKeyRange,
    StaticPartitionsDefinition,
    TimeWindowPartitionsDefinition,
)
from tests.bench.timing import call, exponent, interleave

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.table import Table
    from tests.bench.timing import Contender

ZONE = "America/New_York"
HOURS = "%Y-%m-%d-%H:%M"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = (2, 7, 20)
CRON = "*/15 9-17 * * 1-5"
CRON_YEARS = (1, 2, 3)
ASKED = 1_000
ASKED_AGAIN = 20
STATIC_SIZES = (1_000, 10_000, 100_000)


def measure_partitions(table: Table, rounds: int, rows: frozenset[str] = frozenset()) -> None:
    """Measure the rows that are named, all by default."""
    measures: dict[str, Callable[[Table, int], None]] = {
        "P10": measure_listing,
        "P11": measure_arithmetic,
        "P12": measure_cron,
        "P13": measure_keys,
    }
    for row, measure in measures.items():
        if not rows or row in rows:
            measure(table, rounds)


def measure_listing(table: Table, rounds: int) -> None:
    """Row P10: all hourly keys of some years, where clocks are set twice a year."""
    table.heading("P10", f"hourly keys of {YEARS[-1]} years, New York (175,320)")
    ours = []
    for years in YEARS:
        definition = _hours(years)
        contenders = {
            "jobc": call(partial(definition.get_partition_keys, NOW)),
            "floor": call(partial(_keys_by_date, 2025 - years, 2025)),
        }
        medians = interleave(contenders, rounds)
        ours.append(medians["jobc"])
        table.figure(f"jobc, {years} years", medians["jobc"])
        table.figure(f"by date, {years} years", medians["floor"])
        table.ratio(f"jobc / by date, {years} years", medians["jobc"] / medians["floor"], most=4)
    table.note(f"growth of jobc with size: exponent {exponent(YEARS, ours):.2f}")
    peer = _peer_hours()
    if peer is not None:
        medians = interleave({"dagster": call(partial(peer.get_partition_keys, current_time=NOW))}, 3)
        table.figure("dagster, 20 years", medians["dagster"])
        table.ratio("dagster / jobc", medians["dagster"] / ours[-1])


def measure_arithmetic(table: Table, rounds: int) -> None:
    """Row P11: the number of keys, whether a text is one, and the n-th, of definitions of three sizes."""
    table.heading("P11", "count, membership and n-th of hourly keys")
    counts, members = [], []
    for years in YEARS:
        definition = _hours(years)
        keys = definition.get_partition_keys(NOW)
        some = [keys[place * len(keys) // ASKED] for place in range(ASKED)]
        medians = interleave(_questions(definition, some, len(keys)), rounds)
        counts.append(medians["count"])
        members.append(medians["member"])
        table.figure(f"count, {years} years", medians["count"], ASKED)
        table.figure(f"membership, {years} years", medians["member"], ASKED)
        table.figure(f"n-th key, {years} years", medians["nth"], ASKED)
    table.ratio("count, in units of 25 us", counts[-1] / ASKED / 25e-6, most=1)
    table.ratio("membership, in units of 5 us", members[-1] / ASKED / 5e-6, most=1)
    table.note(f"growth of count: exponent {exponent(YEARS, counts):.2f}")
    table.note(f"growth of membership: exponent {exponent(YEARS, members):.2f}")


def measure_cron(table: Table, rounds: int) -> None:
    """Row P12: all keys of a cron schedule with a zone, and a short range of them."""
    table.heading("P12", f"keys of `{CRON}` in New York")
    ours = []
    for years in CRON_YEARS:
        definition = _quarters(years)
        count = definition.get_num_partitions(NOW)
        contenders = {
            "jobc": call(partial(definition.get_partition_keys, NOW)),
            "library": call(partial(_library_keys, count)),
        }
        medians = interleave(contenders, max(3, rounds // 2))
        ours.append(medians["jobc"])
        table.figure(f"jobc, {count:,} keys", medians["jobc"])
        table.figure(f"cronsim, {count:,} keys", medians["library"])
        table.ratio(f"jobc / cronsim, {count:,} keys", medians["jobc"] / medians["library"], most=1.3)
    table.note(f"growth of jobc with size: exponent {exponent(CRON_YEARS, ours):.2f}")
    keys = _quarters(CRON_YEARS[-1]).get_partition_keys(NOW)
    day = PartitionKeyRange(keys[-72], keys[-1])
    definition = _quarters(CRON_YEARS[-1])
    seconds = interleave({"range": call(lambda: definition.get_partition_keys_in_range(day, NOW))}, rounds)
    table.figure("jobc, the last 72 keys as a range", seconds["range"])
    peer = _peer_quarters()
    if peer is not None:
        seconds = interleave({"dagster": call(lambda: peer.get_partition_keys(current_time=NOW))}, 3)
        table.figure(f"dagster, {CRON_YEARS[-1]} years", seconds["dagster"])
        table.ratio("dagster / jobc", seconds["dagster"] / ours[-1], least=2.5)


def measure_keys(table: Table, rounds: int) -> None:
    """Row P13: keys that are written down, and two dimensions of them."""
    table.heading("P13", f"{ASKED:,} memberships of static keys; multi of 1,000 by 365")
    for size in STATIC_SIZES:
        names = [f"customer-{number:06}" for number in range(size)]
        definition, plain = StaticPartitionsDefinition(names), set(names)
        some = [names[place * size // ASKED] for place in range(ASKED)] * ASKED_AGAIN
        contenders = {
            "jobc": call(partial(_ask_definition, definition, some)),
            "set": call(partial(_ask_set, plain, some)),
        }
        medians = interleave(contenders, rounds)
        table.figure(f"jobc, of {size:,}", medians["jobc"], ASKED_AGAIN)
        table.ratio(f"jobc / set, of {size:,}", medians["jobc"] / medians["set"], most=3)
    customers = StaticPartitionsDefinition([f"customer-{number}" for number in range(1_000)])
    days = DailyPartitionsDefinition("2025-01-01", end_date="2026-01-01")
    for title, asked in (("1,000 by 365", customers), ("10 by 365", _customers(10))):
        seconds = interleave({"multi": call(partial(_define_and_ask, asked, days))}, rounds)
        table.figure(f"multi of {title}: define, one membership", seconds["multi"])


def _hours(years: int) -> HourlyPartitionsDefinition:
    return HourlyPartitionsDefinition(f"{2025 - years}-01-01-00:00", "2025-01-01-00:00", timezone=ZONE)


def _quarters(years: int) -> TimeWindowPartitionsDefinition:
    return TimeWindowPartitionsDefinition(
        start="2020-01-01-00:00",
        end=f"{2020 + years}-01-01-00:00",
        fmt=HOURS,
        timezone=ZONE,
        cron_schedule=CRON,
    )


def _customers(count: int) -> StaticPartitionsDefinition:
    return StaticPartitionsDefinition([f"customer-{number}" for number in range(count)])


def _keys_by_date(first: int, last: int) -> list[str]:
    """Write the keys a date at a time and set no clock: what any list of them costs at the least."""
    tails = [f"-{hour:02}:00" for hour in range(24)]
    keys: list[str] = []
    for day in range(date(first, 1, 1).toordinal(), date(last, 1, 1).toordinal()):
        head = date.fromordinal(day).isoformat()
        keys += [head + tail for tail in tails]
    return keys


def _questions(definition: HourlyPartitionsDefinition, some: list[str], count: int) -> dict[str, Contender]:
    indexes = [place * count // ASKED for place in range(ASKED)]
    return {
        "count": call(lambda: [definition.get_num_partitions(NOW) for _ in indexes]),
        "member": call(lambda: [definition.has_partition_key(key, NOW) for key in some]),
        "nth": call(lambda: [definition.get_partition_key_at(index, NOW) for index in indexes]),
    }


def _library_keys(count: int) -> list[str]:
    from cronsim import CronSim

    ticks = CronSim(CRON, datetime(2020, 1, 1, tzinfo=ZoneInfo(ZONE)))
    return [tick.strftime(HOURS) for tick in islice(ticks, count)]


def _ask_definition(definition: StaticPartitionsDefinition, keys: list[str]) -> list[bool]:
    return [definition.has_partition_key(key) for key in keys]


def _ask_set(members: set[str], keys: list[str]) -> list[bool]:
    return [key in members for key in keys]


def _define_and_ask(first: StaticPartitionsDefinition, last: DailyPartitionsDefinition) -> bool:
    definition = MultiPartitionsDefinition({"customer": first, "day": last})
    return definition.has_partition_key("customer-7|2025-07-07", NOW)


def _peer_hours() -> Any:
    if find_spec("dagster") is None:
        return None
    import dagster

    return dagster.HourlyPartitionsDefinition("2005-01-01-00:00", "2025-01-01-00:00", timezone=ZONE)


def _peer_quarters() -> Any:
    if find_spec("dagster") is None:
        return None
    import dagster

    return dagster.TimeWindowPartitionsDefinition(
        start="2020-01-01-00:00", end="2023-01-01-00:00", fmt=HOURS, timezone=ZONE, cron_schedule=CRON
    )
