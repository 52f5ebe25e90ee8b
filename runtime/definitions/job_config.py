"""The four meanings of a job's `config` (SEMANTICS 5)."""

from __future__ import annotations

from collections.abc import Mapping

from jobc.runtime.definitions.checks import describe
from jobc.runtime.definitions.config_mapping import ConfigMapping
from jobc.runtime.definitions.partitioning import PartitionedConfig, PartitionsDefinition
from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError

JobConfig = Mapping[str, object] | ConfigMapping | PartitionedConfig


def checked_job_config(config: object, owner: str) -> JobConfig | None:
    """Return the config of a job: a dict (default config), a mapping, a partitioned config, or None.

    A `RunConfig` becomes the dict it stands for. Errors: `ParameterCheckError` for anything else.
    """
    from jobc.runtime.config import RunConfig

    if config is None or isinstance(config, ConfigMapping | PartitionedConfig):
        return config
    if isinstance(config, RunConfig):
        return config.to_dict()
    if isinstance(config, Mapping):
        return dict(config)
    raise ParameterCheckError(
        f"`config` of {owner} must be a dict, a ConfigMapping, a PartitionedConfig or a RunConfig, not "
        f"{describe(config)}"
    )


def checked_partitions(
    partitions_def: object, config: JobConfig | None, owner: str
) -> PartitionsDefinition | None:
    """Return the partitions of a job: the given ones, or those its partitioned config carries.

    Errors: `InvalidDefinitionError` for partitions together with a config, unless the config is partitioned
    by the same.
    """
    carried = config.partitions_def if isinstance(config, PartitionedConfig) else None
    if partitions_def is None:
        return carried
    if not isinstance(partitions_def, PartitionsDefinition):
        raise ParameterCheckError(
            f"`partitions_def` of {owner} must be a partitions definition, not {describe(partitions_def)}"
        )
    if config is not None and carried != partitions_def:
        raise InvalidDefinitionError(
            f"{owner} has both `partitions_def` and `config`; give a PartitionedConfig, which carries its "
            "own partitions, as the `config` alone"
        )
    return partitions_def
