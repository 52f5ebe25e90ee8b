"""Ports: the declared inputs and outputs of ops and graphs (SEMANTICS 1, 9, 10)."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

from jobc.runtime.definitions.assets import AssetKey
from jobc.runtime.definitions.checks import check_is, check_text
from jobc.runtime.definitions.metadata import MetadataValue, normalise_metadata
from jobc.runtime.definitions.types import AnyType, JobcType, resolve_type
from jobc.runtime.errors import InvalidDefinitionError
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class NoValue(Enum):
    """The type of `NO_VALUE`."""

    NO_VALUE = "no value"

    def __repr__(self) -> str:
        return "NO_VALUE"


NO_VALUE: Final = NoValue.NO_VALUE
"""Stands where None would be a value: no default, no declared type."""


@dataclass(frozen=True, slots=True, init=False)
class In:
    """Declare an input of an op.

    `type` defaults to the parameter's annotation, else anything goes (`is_typed` tells whether it was given
    here). `default_value` is `NO_VALUE` if there is none. `input_manager_key` names the resource that loads
    the input, connected or not.
    Errors: `InvalidDefinitionError` for a default on a `Nothing` input.
    """

    type: JobcType
    is_typed: bool
    description: str | None
    default_value: object
    metadata: Mapping[str, MetadataValue]
    asset_key: AssetKey | None
    input_manager_key: str | None

    def __init__(
        self,
        type: object = NO_VALUE,  # noqa: A002 - the word of the field
        description: str | None = None,
        default_value: object = NO_VALUE,
        metadata: Mapping[str, object] | None = None,
        asset_key: AssetKey | str | Sequence[str] | None = None,
        input_manager_key: str | None = None,
    ) -> None:
        resolved = AnyType if type is NO_VALUE else resolve_type(type)
        if resolved.is_nothing and default_value is not NO_VALUE:
            raise InvalidDefinitionError(
                "an input of type Nothing carries no value and cannot have a default"
            )
        set_field = object.__setattr__
        set_field(self, "type", resolved)
        set_field(self, "is_typed", type is not NO_VALUE)
        set_field(self, "description", check_text(description, "`description` of an input"))
        set_field(self, "default_value", default_value)
        set_field(self, "metadata", normalise_metadata(metadata))
        set_field(self, "asset_key", None if asset_key is None else AssetKey.of(asset_key))
        set_field(self, "input_manager_key", check_text(input_manager_key, "`input_manager_key`"))

    @property
    def has_default(self) -> bool:
        """Tell whether the input has a default; the default may be None."""
        return self.default_value is not NO_VALUE


@dataclass(frozen=True, slots=True, init=False)
class Out:
    """Declare an output of an op.

    `type` defaults to the return annotation, else anything goes. An output that is not required may be left
    out, and the steps that need it are then skipped. `io_manager_key` names the resource that stores it.
    """

    is_dynamic: ClassVar[bool] = False
    type: JobcType
    is_typed: bool
    description: str | None
    is_required: bool
    io_manager_key: str
    metadata: Mapping[str, MetadataValue]
    code_version: str | None
    asset_key: AssetKey | None

    def __init__(
        self,
        type: object = NO_VALUE,  # noqa: A002 - the word of the field
        description: str | None = None,
        is_required: bool = True,
        io_manager_key: str | None = None,
        metadata: Mapping[str, object] | None = None,
        code_version: str | None = None,
        asset_key: AssetKey | str | Sequence[str] | None = None,
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "type", AnyType if type is NO_VALUE else resolve_type(type))
        set_field(self, "is_typed", type is not NO_VALUE)
        set_field(self, "description", check_text(description, "`description` of an output"))
        set_field(self, "is_required", check_is(is_required, bool, "`is_required`", "True or False"))
        set_field(self, "io_manager_key", check_text(io_manager_key, "`io_manager_key`") or "io_manager")
        set_field(self, "metadata", normalise_metadata(metadata))
        set_field(self, "code_version", check_text(code_version, "`code_version`"))
        set_field(self, "asset_key", None if asset_key is None else AssetKey.of(asset_key))


class DynamicOut(Out):
    """Declare an output that is emitted any number of times, each under a mapping key of its own."""

    __slots__ = ()
    is_dynamic: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class GraphIn:
    """Describe an input of a graph; its type is that of the op inputs it feeds.

    A default comes before those of the op inputs; `NO_VALUE` is none. `type` counts where the op inputs take
    anything.
    """

    description: str | None = None
    default_value: object = NO_VALUE
    type: JobcType | None = None

    @property
    def has_default(self) -> bool:
        """Tell whether the input has a default; the default may be None."""
        return self.default_value is not NO_VALUE


@dataclass(frozen=True, slots=True)
class GraphOut:
    """Describe an output of a graph; its type is that of the op output it passes on."""

    description: str | None = None


@cache
def typed_in(type: JobcType) -> In:  # noqa: A002 - the word of the field
    """Return the input with that type and nothing else; equal types share it."""
    return In(type)


@cache
def typed_out(type: JobcType) -> Out:  # noqa: A002 - the word of the field
    """Return the output with that type and nothing else; equal types share it."""
    return Out(type)
