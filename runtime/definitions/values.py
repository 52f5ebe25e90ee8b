"""What ops emit: outputs, and the events that describe assets and expectations (SEMANTICS 9, 10)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from jobc.runtime.definitions.assets import AssetKey
from jobc.runtime.definitions.checks import check_is, check_text
from jobc.runtime.definitions.metadata import MetadataValue, normalise_metadata
from jobc.runtime.definitions.names import valid_name
from jobc.runtime.errors import ParameterCheckError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T_co = TypeVar("T_co", covariant=True)


class Skip(Enum):
    """The type of `SKIP`."""

    SKIP = "skip"

    def __repr__(self) -> str:
        return "jobc.SKIP"


SKIP: Final = Skip.SKIP
"""Returned by a plain function in place of an optional output that it leaves out (DESIGN 3)."""


@dataclass(frozen=True, slots=True, init=False)
class Output(Generic[T_co]):
    """Carry a value for one output of an op, with metadata about it."""

    value: T_co
    output_name: str
    metadata: Mapping[str, MetadataValue]
    data_version: str | None

    def __init__(
        self,
        value: T_co,
        output_name: str = "result",
        metadata: Mapping[str, object] | None = None,
        *,
        data_version: str | None = None,
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "value", value)
        set_field(self, "output_name", check_is(output_name, str, "`output_name`", "text"))
        set_field(self, "metadata", normalise_metadata(metadata))
        set_field(self, "data_version", check_text(data_version, "`data_version`"))


@dataclass(frozen=True, slots=True, init=False)
class DynamicOutput(Generic[T_co]):
    """Carry one of the values of a dynamic output; `mapping_key` names the steps that are made for it.

    Errors: `InvalidDefinitionError` for a key that is not a name.
    """

    value: T_co
    mapping_key: str
    output_name: str
    metadata: Mapping[str, MetadataValue]

    def __init__(
        self,
        value: T_co,
        mapping_key: str,
        output_name: str = "result",
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "value", value)
        set_field(self, "mapping_key", valid_name("mapping key", mapping_key))
        set_field(self, "output_name", check_is(output_name, str, "`output_name`", "text"))
        set_field(self, "metadata", normalise_metadata(metadata))


@dataclass(frozen=True, slots=True, init=False)
class AssetMaterialization:
    """Say that an asset was written, with metadata about it."""

    asset_key: AssetKey
    description: str | None
    metadata: Mapping[str, MetadataValue]
    partition: str | None
    tags: Mapping[str, str]

    def __init__(
        self,
        asset_key: AssetKey | str | Sequence[str],
        description: str | None = None,
        metadata: Mapping[str, object] | None = None,
        partition: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        _describe_asset(self, asset_key, description, metadata, partition, tags)


@dataclass(frozen=True, slots=True, init=False)
class AssetObservation:
    """Say what was seen of an asset that was not written."""

    asset_key: AssetKey
    description: str | None
    metadata: Mapping[str, MetadataValue]
    partition: str | None
    tags: Mapping[str, str]

    def __init__(
        self,
        asset_key: AssetKey | str | Sequence[str],
        description: str | None = None,
        metadata: Mapping[str, object] | None = None,
        partition: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        _describe_asset(self, asset_key, description, metadata, partition, tags)


@dataclass(frozen=True, slots=True, init=False)
class ExpectationResult:
    """Say whether the data met an expectation; it does not end the step."""

    success: bool
    label: str | None
    description: str | None
    metadata: Mapping[str, MetadataValue]

    def __init__(
        self,
        success: bool,
        label: str | None = None,
        description: str | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "success", check_is(success, bool, "`success`", "True or False"))
        set_field(self, "label", check_text(label, "`label`"))
        set_field(self, "description", check_text(description, "`description`"))
        set_field(self, "metadata", normalise_metadata(metadata))


def _describe_asset(
    event: AssetMaterialization | AssetObservation,
    asset_key: AssetKey | str | Sequence[str],
    description: str | None,
    metadata: Mapping[str, object] | None,
    partition: str | None,
    tags: Mapping[str, str] | None,
) -> None:
    given: Mapping[Any, Any] = tags or {}
    for key, value in given.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise ParameterCheckError(
                f"the tags of an asset event are text on both sides, not {key!r}: {value!r}"
            )
    set_field = object.__setattr__
    set_field(event, "asset_key", AssetKey.of(asset_key))
    set_field(event, "description", check_text(description, "`description`"))
    set_field(event, "metadata", normalise_metadata(metadata))
    set_field(event, "partition", check_text(partition, "`partition`"))
    set_field(event, "tags", dict(tags or {}))
