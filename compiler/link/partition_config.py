"""Run config that depends on the partition: templates filled in, and functions called by name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

from jobc.compiler.link.imports import called_target
from jobc.runtime.definitions.signature import read_signature
from jobc.runtime.expressions.filling import fill
from jobc.runtime.expressions.texts import as_text
from jobc.runtime.partitions import PartitionedConfig
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobc.compiler.link.imports import Importer
    from jobc.runtime.partitions import PartitionsDefinition
    from jobc.runtime.partitions.partitioned_config import ConfigByKey, TagsByKey
    from jobc.schemas.ir import CompiledPartitionedConfig, Data


_DIMENSION = "jobc/partition/"


@dataclass(frozen=True, slots=True)
class PartitionTemplate:
    """A value whose texts are templates over `partition` and `env`; called with a key, it gives that key's.

    An expression alone keeps its type (`start` and `end` are datetimes); in a longer text it becomes text,
    ISO 8601 for a time. A call raises `EvaluationError` where an expression has no value.
    """

    value: Data
    partitions: PartitionsDefinition

    def __call__(self, partition_key: str) -> object:
        """Fill in the key, its window and its dimensions."""
        return fill(self.value, _names(self.partitions, partition_key))


@dataclass(frozen=True, slots=True)
class PartitionTags:
    """Tags whose texts are templates like those of config; called with a key, they are those of its run."""

    value: Mapping[str, Data]
    partitions: PartitionsDefinition

    def __call__(self, partition_key: str) -> dict[str, object]:
        """Fill in the key, its window and its dimensions; times become text."""
        names = _names(self.partitions, partition_key)
        filled = {key: fill(item, names) for key, item in self.value.items()}
        return {key: as_text(item) if isinstance(item, date) else item for key, item in filled.items()}


@dataclass(frozen=True, slots=True)
class PartitionFunction:
    """A function of the author's that gives run config, called with what its parameters name."""

    function: Callable[..., Mapping[str, object]]
    partitions: PartitionsDefinition

    def __call__(self, partition_key: str) -> Mapping[str, object]:
        """Call the function with `partition_key`, or `start` and `end`, by name."""
        names = _PartitionNames(self.partitions, partition_key)
        parameters = {each.name for each in read_signature(self.function).parameters}
        given: dict[str, object] = {name: names[name] for name in ("start", "end") if name in parameters}
        if "partition_key" in parameters:
            given["partition_key"] = partition_key
        return self.function(**given)


def partitioned_config(
    compiled: CompiledPartitionedConfig, partitions: PartitionsDefinition, importer: Importer
) -> PartitionedConfig:
    """Return the run config of partitions, and the tags that a run of one has.

    Raises `TargetError` for a function that cannot be imported.
    """
    tags = PartitionTags(dict(compiled.tags), partitions)
    config: PartitionTemplate | PartitionFunction = PartitionTemplate(compiled.config, partitions)
    if compiled.target is not None:
        function = called_target(compiled.target, importer.target(compiled.target))
        config = PartitionFunction(cast("Callable[..., Mapping[str, object]]", function), partitions)
    return PartitionedConfig(
        partitions,
        run_config_for_partition_key_fn=cast("ConfigByKey", config),
        tags_for_partition_key_fn=cast("TagsByKey", tags),
    )


class _PartitionNames(Mapping[str, object]):
    """The parts of `partition`, each found when it is read."""

    def __init__(self, partitions: PartitionsDefinition, key: str) -> None:
        self._partitions = partitions
        self._key = key

    def __getitem__(self, name: str) -> object:
        if name == "key":
            return self._key
        if name == "dims":
            return self._dimensions()
        if name not in ("start", "end"):
            raise KeyError(name)
        window = self._partitions.time_window_for_partition_key(self._key)
        return window.start if name == "start" else window.end

    def __iter__(self) -> Iterator[str]:
        return iter(("key", "start", "end", "dims"))

    def __len__(self) -> int:
        return 4

    def _dimensions(self) -> dict[str, str]:
        tags = self._partitions.get_tags_for_partition_key(self._key)
        return {tag.removeprefix(_DIMENSION): key for tag, key in tags.items() if tag.startswith(_DIMENSION)}


def _names(partitions: PartitionsDefinition, key: str) -> dict[str, object]:
    return {"partition": _PartitionNames(partitions, key), "env": os.environ}
