"""The whole file: its sections, what it imports, and the overlays on it."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Field, Tag

from jobc.schemas.forms import text_or_mapping
from jobc.schemas.spec.base import QueryForm, Spec
from jobc.schemas.spec.configs import ConfigMappingSpec, PartitionedConfigSpec
from jobc.schemas.spec.graphs import GraphSpec
from jobc.schemas.spec.jobs import JobSpec
from jobc.schemas.spec.ops import ExecutorSpec, HookSpec, LoggerSpec, OpSpec, ResourceSpec
from jobc.schemas.spec.partitions import PartitionsSpec


class ImportSpec(Spec):
    """The long form of an import."""

    path: str = Field(description="The file, relative to this one.", examples=["./region.yaml"])
    vars: dict[str, Any] = Field(
        default={}, description="Values for vars of that file.", examples=[{"region": "eu"}]
    )


ImportForm: TypeAlias = Annotated[
    Annotated[str, Tag("~text")] | Annotated[ImportSpec, Tag("~mapping")], Discriminator(text_or_mapping)
]


class ProfileSpec(Spec):
    """An overlay on the file: what stands here replaces or joins what stands there under the same keys.

    Only the sections are fixed here; the file with the overlay on it has to fit the models like any other.
    """

    vars: dict[str, Any] = Field(default={}, description="Other values of vars.", examples=[{"root": "/srv"}])
    imports: dict[str, Any] = Field(
        default={},
        description="Other imports, or other vars for them.",
        examples=[{"eu": {"vars": {"region": "eu"}}}],
    )
    ops: dict[str, Any] = Field(
        default={}, description="Changes of ops.", examples=[{"read": {"tags": {"cost": "high"}}}]
    )
    graphs: dict[str, Any] = Field(
        default={},
        description="Changes of graphs.",
        examples=[{"ingest": {"nodes": {"tidy": {"config": {"threshold": 0.3}}}}}],
    )
    resources: dict[str, Any] = Field(
        default={},
        description="Changes of resources.",
        examples=[{"warehouse": {"with": {"path": "/srv/wh"}}}],
    )
    config_mappings: dict[str, Any] = Field(
        default={},
        description="Changes of config mappings.",
        examples=[{"by_day": {"config": {"ops": {"read": {"config": {"limit": 10}}}}}}],
    )
    partitioned_configs: dict[str, Any] = Field(
        default={},
        description="Changes of partitioned configs.",
        examples=[{"per_day": {"tags": {"window": "night"}}}],
    )
    loggers: dict[str, Any] = Field(
        default={}, description="Changes of loggers.", examples=[{"json": {"with": {"level": "DEBUG"}}}]
    )
    executors: dict[str, Any] = Field(
        default={}, description="Changes of executors.", examples=[{"pool": {"with": {"max_concurrent": 8}}}]
    )
    jobs: dict[str, Any] = Field(
        default={}, description="Changes of jobs.", examples=[{"etl": {"executor": "pool"}}]
    )


class SpecDocument(Spec):
    """A whole spec file."""

    jobc: int = Field(description="Version of the language.", examples=[1])
    description: str | None = Field(
        default=None, description="What the file is about.", examples=["Orders, from CSV to a daily report"]
    )
    python_path: list[str] = Field(
        default=["."],
        description="Where Python targets are looked for, relative to the file.",
        examples=[["."]],
    )
    imports: dict[str, ImportForm] = Field(
        default={},
        description="Other spec files; their names are used as `import.name`.",
        examples=[{"common": "./common.yaml"}],
    )
    vars: dict[str, Any] = Field(
        default={}, description="Constants of compile time.", examples=[{"root": "data"}]
    )
    profiles: dict[str, ProfileSpec] = Field(
        default={},
        description="Overlays on this file, one of which may be chosen for a run.",
        examples=[{"prod": {"vars": {"root": "/srv/shop"}}}],
    )
    ops: dict[str, OpSpec] = Field(
        default={}, description="Ops by name.", examples=[{"read": {"python": "shop.ops:read_orders"}}]
    )
    graphs: dict[str, GraphSpec] = Field(
        default={}, description="Graphs by name.", examples=[{"ingest": {"wiring": "clean(read())"}}]
    )
    resources: dict[str, ResourceSpec] = Field(
        default={},
        description="Resources by name.",
        examples=[{"warehouse": {"python": "shop.resources:warehouse"}}],
    )
    partitions: dict[str, PartitionsSpec] = Field(
        default={},
        description="Sets of partition keys by name.",
        examples=[{"daily": {"daily": {"start": "2024-01-01"}}}],
    )
    config_mappings: dict[str, ConfigMappingSpec] = Field(
        default={},
        description="Run configs made from a few parameters, by name.",
        examples=[{"by_day": {"params": {"day": "date"}, "python": "shop.configs:by_hand"}}],
    )
    partitioned_configs: dict[str, PartitionedConfigSpec] = Field(
        default={},
        description="Run configs that depend on a partition, by name.",
        examples=[{"per_day": {"partitions": "daily", "python": "shop.configs:per_day"}}],
    )
    hooks: dict[str, HookSpec] = Field(
        default={},
        description="Hooks by name.",
        examples=[{"alert": {"python": "shop.hooks:alert", "on": "failure"}}],
    )
    loggers: dict[str, LoggerSpec] = Field(
        default={}, description="Loggers by name.", examples=[{"json": {"builtin": "json_console"}}]
    )
    executors: dict[str, ExecutorSpec] = Field(
        default={},
        description="Executors by name.",
        examples=[{"pool": {"builtin": "multiprocess", "with": {"max_concurrent": 4}}}],
    )
    selections: dict[str, QueryForm] = Field(
        default={},
        description="Selections by name, for `@name` in queries.",
        examples=[{"nightly": "tag:cost=high"}],
    )
    jobs: dict[str, JobSpec] = Field(
        default={}, description="Jobs by name.", examples=[{"etl": {"graph": "ingest"}}]
    )
