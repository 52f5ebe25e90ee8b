"""Partitions: keys that a job can be run for, and run config that depends on the key (SEMANTICS 16)."""

from __future__ import annotations

from jobc.runtime.partitions.calendar_partitions import (
    DailyPartitionsDefinition,
    HourlyPartitionsDefinition,
    MonthlyPartitionsDefinition,
    WeeklyPartitionsDefinition,
)
from jobc.runtime.partitions.config_decorators import (
    daily_partitioned_config,
    dynamic_partitioned_config,
    hourly_partitioned_config,
    monthly_partitioned_config,
    static_partitioned_config,
    weekly_partitioned_config,
)
from jobc.runtime.partitions.definition import DynamicPartitionsStore, PartitionsDefinition
from jobc.runtime.partitions.dynamic_partitions import DynamicPartitionsDefinition
from jobc.runtime.partitions.multi_key import MultiPartitionKey
from jobc.runtime.partitions.multi_partitions import MultiPartitionsDefinition, PartitionDimension
from jobc.runtime.partitions.partitioned_config import PartitionedConfig
from jobc.runtime.partitions.partitioned_run import PartitionedRun, partition_tags, partitioned_run
from jobc.runtime.partitions.schedule_type import ScheduleType
from jobc.runtime.partitions.static_partitions import StaticPartitionsDefinition
from jobc.runtime.partitions.time_partitions import TimeWindowPartitionsDefinition
from jobc.runtime.partitions.windows import Partition, PartitionKeyRange, TimeWindow

__all__ = [
    "DailyPartitionsDefinition",
    "DynamicPartitionsDefinition",
    "DynamicPartitionsStore",
    "HourlyPartitionsDefinition",
    "MonthlyPartitionsDefinition",
    "MultiPartitionKey",
    "MultiPartitionsDefinition",
    "Partition",
    "PartitionDimension",
    "PartitionKeyRange",
    "PartitionedConfig",
    "PartitionedRun",
    "PartitionsDefinition",
    "ScheduleType",
    "StaticPartitionsDefinition",
    "TimeWindow",
    "TimeWindowPartitionsDefinition",
    "WeeklyPartitionsDefinition",
    "daily_partitioned_config",
    "dynamic_partitioned_config",
    "hourly_partitioned_config",
    "monthly_partitioned_config",
    "partition_tags",
    "partitioned_run",
    "static_partitioned_config",
    "weekly_partitioned_config",
]
