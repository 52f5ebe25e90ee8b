"""From partitions as data to partitions definitions: what a spec says is checked, and run, as these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from jobc.runtime.partitions import PartitionsDefinition
    from jobc.schemas.ir import Data

Named = Callable[[str], "PartitionsDefinition"]


def partitions_definition(kind: str, options: Data, named: Named) -> PartitionsDefinition:
    """Return the definition of partitions of a kind; `named` gives those that `multi` names.

    Raises what the definition raises for options that cannot be: a `JobcError`, `CheckError` or `ValueError`.
    """
    from jobc.runtime import partitions

    if kind == "static":
        return partitions.StaticPartitionsDefinition(cast("list[str]", options))
    if kind == "dynamic":
        return partitions.DynamicPartitionsDefinition(name=cast("str", options))
    if kind == "multi":
        dimensions = cast("Mapping[str, str]", options)
        return partitions.MultiPartitionsDefinition({key: named(name) for key, name in dimensions.items()})
    given = cast("dict[str, Any]", dict(cast("Mapping[str, Data]", options)))
    if kind == "cron":
        schedule, fmt = given.pop("schedule"), given.pop("fmt", "%Y-%m-%d-%H:%M")
        return partitions.TimeWindowPartitionsDefinition(cron_schedule=schedule, fmt=fmt, **given)
    times: dict[str, Callable[..., PartitionsDefinition]] = {
        "hourly": partitions.HourlyPartitionsDefinition,
        "daily": partitions.DailyPartitionsDefinition,
        "weekly": partitions.WeeklyPartitionsDefinition,
        "monthly": partitions.MonthlyPartitionsDefinition,
    }
    start, end = given.pop("start"), given.pop("end", None)
    return times[kind](start_date=start, end_date=end, **given)


def definitions_by_name(partitions: Mapping[str, tuple[str, Data]]) -> dict[str, PartitionsDefinition]:
    """Return the definitions of a table of partitions, given by kind and options.

    Raises as `partitions_definition` does.
    """
    made: dict[str, PartitionsDefinition] = {}

    def named(name: str) -> PartitionsDefinition:
        if name not in made:
            kind, options = partitions[name]
            made[name] = partitions_definition(kind, options, named)
        return made[name]

    return {name: named(name) for name in partitions}
