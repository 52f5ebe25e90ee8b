"""Run config that is made: from parameters, or for a partition."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from jobc.schemas.spec.base import Spec, Tags
from jobc.schemas.spec.ports import ConfigFieldForm


class ConfigMappingSpec(Spec):
    """Run config made from a few parameters: by a template, or by a function."""

    params: dict[str, ConfigFieldForm] = Field(
        default={}, description="The parameters, as config fields.", examples=[{"day": "date"}]
    )
    config: dict[str, Any] | None = Field(
        default=None,
        description="Run config with `${params.…}` in it.",
        examples=[{"ops": {"read": {"config": {"path": "${params.day}.csv"}}}}],
    )
    python: str | None = Field(
        default=None, description="A function of the parameters.", examples=["shop.configs:by_hand"]
    )
    description: str | None = Field(
        default=None, description="What the config is for.", examples=["One day of orders."]
    )


class PartitionedConfigSpec(Spec):
    """Run config that depends on the partition: a template, or a function."""

    partitions: str = Field(description="The partitions it is for.", examples=["daily"])
    config: dict[str, Any] | None = Field(
        default=None,
        description="Run config with `${partition.…}` in it.",
        examples=[{"ops": {"read": {"config": {"path": "${partition.key}.csv"}}}}],
    )
    python: str | None = Field(
        default=None,
        description="A function of `partition_key`, or of `start` and `end`.",
        examples=["shop.configs:per_day"],
    )
    tags: Tags = Field(
        default={},
        description="Tags of the run; may hold `${partition.…}`.",
        examples=[{"window": "${partition.start}"}],
    )
