"""Decorators that make a function of a partition a partitioned config (SEMANTICS 16)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from jobc.runtime.errors import CheckError
from jobc.runtime.partitions.calendar_partitions import (
    DailyPartitionsDefinition,
    HourlyPartitionsDefinition,
    MonthlyPartitionsDefinition,
    WeeklyPartitionsDefinition,
)
from jobc.runtime.partitions.dynamic_partitions import DynamicPartitionsDefinition
from jobc.runtime.partitions.partitioned_config import PartitionedConfig, WrittenConfig
from jobc.runtime.partitions.static_partitions import StaticPartitionsDefinition

if TYPE_CHECKING:
    from jobc.runtime.partitions.definition import PartitionsDefinition
    from jobc.runtime.partitions.dynamic_partitions import PartitionFunction
    from jobc.runtime.partitions.time_partitions import TimeWindowPartitionsDefinition

Config = Mapping[str, object] | WrittenConfig
KeyFunction = Callable[[str], Config]
WindowFunction = Callable[[datetime, datetime], Config]
KeyTags = Callable[[str], Mapping[str, object]]
WindowTags = Callable[[datetime, datetime], Mapping[str, object]]


def static_partitioned_config(
    partition_keys: Sequence[str],
    tags_for_partition_fn: KeyTags | None = None,
    tags_for_partition_key_fn: KeyTags | None = None,
) -> Callable[[KeyFunction], PartitionedConfig]:
    """Make a function from a key to run config the config of static partitions.

    Both functions for tags take the key; `CheckError` for both.
    """
    definition = StaticPartitionsDefinition(partition_keys)
    return _by_key(definition, _one_of(tags_for_partition_fn, tags_for_partition_key_fn))


def dynamic_partitioned_config(
    partition_fn: PartitionFunction,
    tags_for_partition_fn: KeyTags | None = None,
    tags_for_partition_key_fn: KeyTags | None = None,
) -> Callable[[KeyFunction], PartitionedConfig]:
    """Make a function from a key to run config the config of the partitions that `partition_fn` returns.

    `partition_fn` takes the current time or None; both functions for tags take the key, `CheckError` for
    both.
    """
    definition = DynamicPartitionsDefinition(partition_fn)
    return _by_key(definition, _one_of(tags_for_partition_fn, tags_for_partition_key_fn))


def hourly_partitioned_config(
    start_date: datetime | str,
    minute_offset: int = 0,
    timezone: str | None = None,
    fmt: str | None = None,
    end_offset: int = 0,
    tags_for_partition_fn: WindowTags | None = None,
    end_date: datetime | str | None = None,
) -> Callable[[WindowFunction], PartitionedConfig]:
    """Make a function from a window's start and end to run config the config of hourly partitions."""
    definition = HourlyPartitionsDefinition(start_date, end_date, minute_offset, timezone, fmt, end_offset)
    return _by_window(definition, tags_for_partition_fn)


def daily_partitioned_config(
    start_date: datetime | str,
    minute_offset: int = 0,
    hour_offset: int = 0,
    timezone: str | None = None,
    fmt: str | None = None,
    end_offset: int = 0,
    tags_for_partition_fn: WindowTags | None = None,
    end_date: datetime | str | None = None,
) -> Callable[[WindowFunction], PartitionedConfig]:
    """Make a function from a window's start and end to run config the config of daily partitions."""
    definition = DailyPartitionsDefinition(
        start_date, end_date, minute_offset, hour_offset, timezone, fmt, end_offset
    )
    return _by_window(definition, tags_for_partition_fn)


def weekly_partitioned_config(
    start_date: datetime | str,
    minute_offset: int = 0,
    hour_offset: int = 0,
    day_offset: int = 0,
    timezone: str | None = None,
    fmt: str | None = None,
    end_offset: int = 0,
    tags_for_partition_fn: WindowTags | None = None,
    end_date: datetime | str | None = None,
) -> Callable[[WindowFunction], PartitionedConfig]:
    """Make a function from a window's start and end to run config the config of weekly partitions."""
    definition = WeeklyPartitionsDefinition(
        start_date, end_date, minute_offset, hour_offset, day_offset, timezone, fmt, end_offset
    )
    return _by_window(definition, tags_for_partition_fn)


def monthly_partitioned_config(
    start_date: datetime | str,
    minute_offset: int = 0,
    hour_offset: int = 0,
    day_offset: int = 1,
    timezone: str | None = None,
    fmt: str | None = None,
    end_offset: int = 0,
    tags_for_partition_fn: WindowTags | None = None,
    end_date: datetime | str | None = None,
) -> Callable[[WindowFunction], PartitionedConfig]:
    """Make a function from a window's start and end to run config the config of monthly partitions."""
    definition = MonthlyPartitionsDefinition(
        start_date, end_date, minute_offset, hour_offset, day_offset, timezone, fmt, end_offset
    )
    return _by_window(definition, tags_for_partition_fn)


def _one_of(older: KeyTags | None, newer: KeyTags | None) -> KeyTags | None:
    if older is not None and newer is not None:
        raise CheckError("give `tags_for_partition_key_fn` or `tags_for_partition_fn`, not both")
    return older if newer is None else newer


def _by_key(
    definition: PartitionsDefinition, tags: KeyTags | None
) -> Callable[[KeyFunction], PartitionedConfig]:
    def decorate(function: KeyFunction) -> PartitionedConfig:
        return PartitionedConfig(
            definition,
            decorated_fn=function,
            run_config_for_partition_key_fn=function,
            tags_for_partition_key_fn=tags,
        )

    return decorate


def _by_window(
    definition: TimeWindowPartitionsDefinition, tags: WindowTags | None
) -> Callable[[WindowFunction], PartitionedConfig]:
    def decorate(function: WindowFunction) -> PartitionedConfig:
        def config_for(key: str) -> Config:
            return function(*definition.time_window_for_partition_key(key))

        return PartitionedConfig(
            definition,
            decorated_fn=function,
            run_config_for_partition_key_fn=config_for,
            tags_for_partition_key_fn=None if tags is None else tags_for(tags),
        )

    def tags_for(function: WindowTags) -> KeyTags:
        return lambda key: function(*definition.time_window_for_partition_key(key))

    return decorate
