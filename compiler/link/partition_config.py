"""Run config that depends on the partition: templates filled in, and functions called by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from jobc.compiler.link.imports import called_target
from jobc.compiler.syntax.templates import is_plain, parse_template
from jobc.runtime.definitions.signature import read_signature
from jobc.runtime.partitions import PartitionedConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.compiler.link.imports import Importer
    from jobc.runtime.partitions import PartitionsDefinition
    from jobc.runtime.partitions.partitioned_config import ConfigByKey, TagsByKey
    from jobc.schemas.ir import CompiledPartitionedConfig, Data


@dataclass(frozen=True, slots=True)
class PartitionTemplate:
    """A value whose texts may hold `${partition.…}`; called with a key, it gives the value for that key.

    An expression alone keeps its type (`start` and `end` are datetimes); in a longer text it becomes text,
    ISO 8601 for a time.
    """

    value: Data
    partitions: PartitionsDefinition

    def __call__(self, partition_key: str) -> object:
        """Fill in the key, its window and its dimensions."""
        return _filled(self.value, _PartitionNames(self.partitions, partition_key))


@dataclass(frozen=True, slots=True)
class PartitionTags:
    """Tags whose texts may hold `${partition.…}`; called with a key, they are those of a run for it."""

    value: Mapping[str, Data]
    partitions: PartitionsDefinition

    def __call__(self, partition_key: str) -> dict[str, object]:
        """Fill in the key, its window and its dimensions; times become text."""
        names = _PartitionNames(self.partitions, partition_key)
        filled = {key: _filled(item, names) for key, item in self.value.items()}
        return {key: _text(item) if isinstance(item, datetime) else item for key, item in filled.items()}


@dataclass(frozen=True, slots=True)
class PartitionFunction:
    """A function of the author's that gives run config, called with what its parameters name."""

    function: Callable[..., Mapping[str, object]]
    partitions: PartitionsDefinition

    def __call__(self, partition_key: str) -> Mapping[str, object]:
        """Call the function with `partition_key`, or `start` and `end`, by name."""
        names = _PartitionNames(self.partitions, partition_key)
        parameters = {each.name for each in read_signature(self.function).parameters}
        given: dict[str, object] = {
            name: names.value(name) for name in ("start", "end") if name in parameters
        }
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


@dataclass(frozen=True, slots=True)
class _PartitionNames:
    partitions: PartitionsDefinition
    key: str

    def value(self, dotted: str) -> object:
        head, _, dimension = dotted.partition(".")
        if head == "key":
            return self.key
        if head == "dims":
            return self.partitions.get_tags_for_partition_key(self.key)[f"jobc/partition/{dimension}"]
        window = self.partitions.time_window_for_partition_key(self.key)
        return window.start if head == "start" else window.end


def _filled(value: Data, names: _PartitionNames) -> object:
    if isinstance(value, dict):
        return {key: _filled(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, names) for item in value]
    if not isinstance(value, str) or is_plain(value):
        return value
    template, _ = parse_template(value)
    assert template is not None
    found = [
        part if isinstance(part, str) else names.value(".".join(name.text for name in part.names[1:]))
        for part in template.parts
    ]
    return found[0] if template.is_single else "".join(map(_text, found))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
