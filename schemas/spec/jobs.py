"""Jobs."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from jobc.schemas.forms import text_or_mapping
from jobc.schemas.spec.base import QueryForm, RetrySpec, Spec, Tags
from jobc.schemas.spec.graphs import NodeSpec


class VersionStrategySpec(Spec):
    """A version strategy of one's own."""

    python: str = Field(description="The strategy, as `module:name`.", examples=["shop.versions:strategy"])


VersionStrategyForm: TypeAlias = Annotated[
    Annotated[Literal["source"], Tag("~text")] | Annotated[VersionStrategySpec, Tag("~mapping")],
    Discriminator(text_or_mapping),
]


class JobSpec(Spec):
    """A graph bound to its resources and config: what can be run.

    The graph is named by `graph`, or stands right here as `wiring` or `nodes`; or `job` names another job
    that this one is derived from.
    """

    graph: str | None = Field(default=None, description="The graph to run.", examples=["ingest"])
    job: str | None = Field(default=None, description="The job this one is derived from.", examples=["etl"])
    wiring: str | None = Field(
        default=None, description="The job's own graph as text.", examples=["clean(read_orders())"]
    )
    nodes: dict[str, NodeSpec] = Field(
        default={},
        description="The job's own graph by node; beside `wiring`: options for its nodes.",
        examples=[{"tidy": {"op": "clean"}}],
    )
    select: QueryForm | None = Field(
        default=None, description="Which nodes the job is made of; default: all.", examples=["*tidy"]
    )
    description: str | None = Field(
        default=None, description="What the job does; default: the graph's.", examples=["Orders of a day."]
    )
    inputs: dict[str, Any] = Field(
        default={},
        description="Values of the graph's inputs; beside `wiring` or `nodes`: `{type: T, value: V}`.",
        examples=[{"day": "2024-01-01"}],
    )
    config: dict[str, Any] = Field(
        default={},
        description="Run config the job has by default.",
        examples=[{"ops": {"read": {"config": {"limit": 10}}}}],
    )
    config_mapping: str | None = Field(
        default=None, description="What makes run config from a few parameters.", examples=["by_day"]
    )
    resources: dict[str, str] = Field(
        default={},
        description="Which resource serves a key; default: the one of the same name.",
        examples=[{"warehouse": "test_warehouse"}],
    )
    tags: Tags = Field(
        default={}, description="Free labels; values are text or JSON.", examples=[{"team": "orders"}]
    )
    metadata: dict[str, Any] = Field(
        default={}, description="Facts about the job.", examples=[{"owner": "orders@shop.example"}]
    )
    partitions: str | None = Field(
        default=None, description="The partitions the job can be run for.", examples=["daily"]
    )
    partitioned_config: str | None = Field(
        default=None,
        description="Run config that depends on the partition; it brings its partitions.",
        examples=["per_day"],
    )
    executor: str | None = Field(
        default=None,
        description="Where the steps are carried out; default: `multiprocess`.",
        examples=["pool"],
    )
    loggers: list[str] = Field(
        default=[], description="Where messages go; default: `console`.", examples=[["json"]]
    )
    hooks: list[str] = Field(default=[], description="Hooks for every node.", examples=[["alert"]])
    retry: RetrySpec | None = Field(
        default=None,
        description="Retry policy of ops that have none of their own.",
        examples=[{"max_retries": 1}],
    )
    version_strategy: VersionStrategyForm | None = Field(
        default=None,
        description="How versions are told apart, so that what is known is not made again.",
        examples=["source"],
    )
