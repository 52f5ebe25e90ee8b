"""The spec language as written: one model per kind of mapping (language reference, `docs/language.md`).

The models say which keys there are, which are required and what shape their values have; they are the single
definition of that. What a value means (a type's text, wiring, an expression, a name) is the business of later
phases. Every mapping is a closed world; keys that begin with `x-` are left out before a mapping gets here.
"""

from jobc.schemas.spec.base import QueryForm, RetrySpec, Spec, Tags
from jobc.schemas.spec.configs import ConfigMappingSpec, PartitionedConfigSpec
from jobc.schemas.spec.document import ImportForm, ImportSpec, ProfileSpec, SpecDocument
from jobc.schemas.spec.graphs import GraphSpec, NodeSpec
from jobc.schemas.spec.jobs import JobSpec, VersionStrategyForm, VersionStrategySpec
from jobc.schemas.spec.ops import ExecutorSpec, HookSpec, LoggerSpec, OpSpec, ResourceSpec
from jobc.schemas.spec.partitions import (
    CronSpec,
    DailySpec,
    HourlySpec,
    MonthlySpec,
    PartitionsSpec,
    WeeklySpec,
)
from jobc.schemas.spec.ports import (
    ConfigFieldForm,
    ConfigFieldSpec,
    InputForm,
    InputSpec,
    OutputForm,
    OutputSpec,
)

__all__ = [
    "ConfigFieldForm",
    "ConfigFieldSpec",
    "ConfigMappingSpec",
    "CronSpec",
    "DailySpec",
    "ExecutorSpec",
    "GraphSpec",
    "HookSpec",
    "HourlySpec",
    "ImportForm",
    "ImportSpec",
    "InputForm",
    "InputSpec",
    "JobSpec",
    "LoggerSpec",
    "MonthlySpec",
    "NodeSpec",
    "OpSpec",
    "OutputForm",
    "OutputSpec",
    "PartitionedConfigSpec",
    "PartitionsSpec",
    "ProfileSpec",
    "QueryForm",
    "ResourceSpec",
    "RetrySpec",
    "Spec",
    "SpecDocument",
    "Tags",
    "VersionStrategyForm",
    "VersionStrategySpec",
    "WeeklySpec",
]
