"""The spec language as written: one model per kind of mapping (language reference, `docs/language.md`).

The models say which keys there are, which are required and what shape their values have; they are the single
definition of that. What a value means (a type's text, wiring, an expression, a name) is the business of later
phases. Every mapping is a closed world; keys that begin with `x-` are left out before a mapping gets here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from jobc.schemas.forms import text_or_list, text_or_mapping

Tags: TypeAlias = dict[str, Any]


class Spec(BaseModel):
    """The base of all models: closed, frozen, no conversion of values."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RetrySpec(Spec):
    """When and how often an op is tried again."""

    max_retries: int = Field(default=1, ge=0, description="Tries after the first one.", examples=[3])
    delay_s: float | None = Field(default=None, ge=0, description="Seconds before a retry.", examples=[0.5])
    backoff: Literal["linear", "exponential"] | None = Field(
        default=None, description="How the delay grows with the attempt.", examples=["exponential"]
    )
    jitter: Literal["full", "plus_minus"] | None = Field(
        default=None, description="How the delay is made random.", examples=["full"]
    )


class ConfigFieldSpec(Spec):
    """The long form of a config field."""

    type: str = Field(description="The type's text.", examples=["int", "list[str]"])
    default: Any = Field(default=None, description="The value when none is given; makes the field optional.")
    required: bool = Field(default=True, description="False: the field may be left out.")
    description: str | None = Field(default=None, description="What the field is for.")
    ge: float | None = Field(default=None, description="Least value allowed.", examples=[1])
    gt: float | None = Field(default=None, description="Every value must be greater.", examples=[0])
    le: float | None = Field(default=None, description="Greatest value allowed.", examples=[100])
    lt: float | None = Field(default=None, description="Every value must be less.", examples=[1.0])
    multiple_of: float | None = Field(
        default=None, gt=0, description="Values must be a multiple of it.", examples=[5]
    )
    min_length: int | None = Field(default=None, ge=0, description="Least length.", examples=[1])
    max_length: int | None = Field(default=None, ge=0, description="Greatest length.", examples=[64])
    pattern: str | None = Field(default=None, description="A regular expression.", examples=["^[a-z]+$"])


class InputSpec(Spec):
    """The long form of an op's or graph's input."""

    type: str = Field(default="any", description="The type's text.", examples=["list[dict]"])
    default: Any = Field(default=None, description="The value when nothing else feeds the input.")
    description: str | None = Field(default=None, description="What the input is.")


class GraphInputSpec(Spec):
    """The long form of a graph's input."""

    type: str = Field(default="any", description="The type's text.", examples=["str"])
    description: str | None = Field(default=None, description="What the input is.")


class OutputSpec(Spec):
    """The long form of an op's output."""

    type: str = Field(default="any", description="The type's text.", examples=["list[dict]"])
    required: bool = Field(default=True, description="False: the op may leave the output out.")
    description: str | None = Field(default=None, description="What the output is.")


ConfigFieldForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[ConfigFieldSpec, Tag("~mapping")], Discriminator(text_or_mapping)
]
InputForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[InputSpec, Tag("~mapping")], Discriminator(text_or_mapping)
]
GraphInputForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[GraphInputSpec, Tag("~mapping")], Discriminator(text_or_mapping)
]
OutputForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[OutputSpec, Tag("~mapping")], Discriminator(text_or_mapping)
]


QueryForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[list[str], Tag("~list")], Discriminator(text_or_list)
]


class OpSpec(Spec):
    """One unit of work: a Python function, with what goes in and what comes out."""

    python: str = Field(description="The function, as `module:name`.", examples=["shop.ops:read_orders"])
    description: str | None = Field(default=None, description="What the op does; default: the docstring.")
    inputs: dict[str, InputForm] | None = Field(
        default=None,
        description="Inputs by name; default: the function's parameters.",
        examples=[{"rows": "list[dict]"}],
    )
    outputs: dict[str, OutputForm] | None = Field(
        default=None,
        description="Outputs by name, in order; default: one, `result`.",
        examples=[{"orders": "list[dict]"}],
    )
    config: dict[str, ConfigFieldForm] = Field(
        default={}, description="Config fields by name.", examples=[{"path": "str"}]
    )
    resources: list[str] = Field(default=[], description="Resources the op needs.", examples=[["warehouse"]])
    retry: RetrySpec | None = Field(default=None, description="When and how often the op is tried again.")
    timeout_s: float | None = Field(
        default=None, gt=0, description="Seconds after which an async op is stopped and fails.", examples=[30]
    )
    tags: Tags = Field(
        default={}, description="Free labels; values are text or JSON.", examples=[{"team": "orders"}]
    )


class NodeSpec(Spec):
    """A node of a graph: an op or graph that is invoked, and what feeds its inputs.

    Beside `wiring`, which makes the nodes, only options stand here: `op`, `inputs` and `after` are left out.
    """

    op: str | None = Field(default=None, description="The op or graph to invoke.", examples=["clean"])
    inputs: dict[str, Any] = Field(
        default={}, description="Sources by input name.", examples=[{"rows": "read_orders.orders"}]
    )
    after: list[str] = Field(default=[], description="Nodes that must end before this one starts.")
    tags: Tags = Field(default={}, description="Free labels, over those of the op.")


class GraphSpec(Spec):
    """Nodes and how they are wired: as text under `wiring`, or node by node under `nodes`."""

    description: str | None = Field(default=None, description="What the graph does.")
    inputs: dict[str, GraphInputForm] = Field(
        default={}, description="Inputs by name.", examples=[{"day": "str"}]
    )
    wiring: str | None = Field(
        default=None, description="The graph as text.", examples=["rows = read_orders(day)"]
    )
    nodes: dict[str, NodeSpec] = Field(
        default={}, description="Nodes by name; beside `wiring`: options for its nodes."
    )
    outputs: dict[str, str] = Field(
        default={},
        description="Outputs by name, each a node or `node.output`.",
        examples=[{"total": "total"}],
    )


class ResourceSpec(Spec):
    """Something that is opened before the ops that need it and closed after them."""

    python: str = Field(
        description="What makes the resource, as `module:name`.", examples=["shop.resources:warehouse"]
    )
    description: str | None = Field(default=None, description="What the resource is.")
    config: dict[str, ConfigFieldForm] = Field(default={}, description="Config fields by name.")
    with_: dict[str, Any] = Field(default={}, alias="with", description="Config values, by field.")
    resources: list[str] = Field(
        default=[], description="Resources it needs itself.", examples=[["credentials"]]
    )


class _WindowsSpec(Spec):
    """What all partitions by time have in common."""

    start: str = Field(description="Where the first window may begin.", examples=["2024-01-01"])
    end: str | None = Field(default=None, description="Where the last window ends; default: there is no end.")
    timezone: str | None = Field(
        default=None, description="The zone whose clocks count; default: UTC.", examples=["America/New_York"]
    )
    fmt: str | None = Field(default=None, description="How a key is written.", examples=["%Y-%m-%d"])
    end_offset: int = Field(default=0, description="Windows after the last that has ended; negative: before.")


class HourlySpec(_WindowsSpec):
    """A partition for each hour."""

    minute_offset: int = Field(default=0, ge=0, le=59, description="Minute at which an hour begins.")


class DailySpec(HourlySpec):
    """A partition for each day."""

    hour_offset: int = Field(default=0, ge=0, le=23, description="Hour at which a day begins.")


class WeeklySpec(DailySpec):
    """A partition for each week."""

    day_offset: int = Field(default=0, ge=0, le=6, description="Day at which a week begins; 0 is Sunday.")


class MonthlySpec(DailySpec):
    """A partition for each month."""

    day_offset: int = Field(default=1, ge=1, le=31, description="Day at which a month begins.")


class CronSpec(_WindowsSpec):
    """A partition from each tick of a schedule to the next."""

    schedule: str = Field(description="The schedule, in five fields.", examples=["0 6 * * 1-5"])


class PartitionsSpec(Spec):
    """A set of partition keys: exactly one of the kinds."""

    static: list[str] | None = Field(default=None, description="The keys.", examples=[["us", "eu"]])
    hourly: HourlySpec | None = Field(default=None, description="A partition for each hour.")
    daily: DailySpec | None = Field(default=None, description="A partition for each day.")
    weekly: WeeklySpec | None = Field(default=None, description="A partition for each week.")
    monthly: MonthlySpec | None = Field(default=None, description="A partition for each month.")
    cron: CronSpec | None = Field(default=None, description="A partition for each tick of a schedule.")
    multi: dict[str, str] | None = Field(
        default=None,
        description="Two dimensions, each the name of other partitions.",
        examples=[{"day": "daily"}],
    )
    dynamic: str | None = Field(default=None, description="The name of keys that an instance holds.")


class PartitionedConfigSpec(Spec):
    """Run config that depends on the partition: a template, or a function."""

    partitions: str = Field(description="The partitions it is for.", examples=["daily"])
    config: dict[str, Any] | None = Field(default=None, description="Run config with `${partition.…}` in it.")
    python: str | None = Field(
        default=None, description="A function of `partition_key`, or of `start` and `end`."
    )
    tags: Tags = Field(default={}, description="Tags of the run; may hold `${partition.…}`.")


class JobSpec(Spec):
    """A graph bound to its resources and config: what can be run.

    Instead of a `graph`, `job` names another job that this one is derived from.
    """

    graph: str | None = Field(default=None, description="The graph to run.", examples=["ingest"])
    job: str | None = Field(default=None, description="The job this one is derived from.", examples=["etl"])
    select: QueryForm | None = Field(
        default=None, description="Which nodes the job is made of; default: all.", examples=["*tidy"]
    )
    description: str | None = Field(default=None, description="What the job does; default: the graph's.")
    config: dict[str, Any] = Field(default={}, description="Run config the job has by default.")
    resources: dict[str, str] = Field(
        default={}, description="Which resource serves a key; default: the one of the same name."
    )
    tags: Tags = Field(default={}, description="Free labels; values are text or JSON.")
    partitions: str | None = Field(default=None, description="The partitions the job can be run for.")
    partitioned_config: str | None = Field(
        default=None, description="Run config that depends on the partition; it brings its partitions."
    )


class SpecDocument(Spec):
    """A whole spec file."""

    jobc: int = Field(description="Version of the language.", examples=[1])
    description: str | None = Field(default=None, description="What the file is about.")
    python_path: list[str] = Field(
        default=["."],
        description="Where Python targets are looked for, relative to the file.",
        examples=[["."]],
    )
    vars: dict[str, Any] = Field(
        default={}, description="Constants of compile time.", examples=[{"root": "data"}]
    )
    ops: dict[str, OpSpec] = Field(default={}, description="Ops by name.")
    graphs: dict[str, GraphSpec] = Field(default={}, description="Graphs by name.")
    resources: dict[str, ResourceSpec] = Field(default={}, description="Resources by name.")
    partitions: dict[str, PartitionsSpec] = Field(default={}, description="Sets of partition keys by name.")
    partitioned_configs: dict[str, PartitionedConfigSpec] = Field(
        default={}, description="Run configs that depend on a partition, by name."
    )
    selections: dict[str, QueryForm] = Field(
        default={},
        description="Selections by name, for `@name` in queries.",
        examples=[{"nightly": "tag:cost=high"}],
    )
    jobs: dict[str, JobSpec] = Field(default={}, description="Jobs by name.")
