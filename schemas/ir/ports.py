"""The parts of the IR that say what goes in and what comes out: config fields, inputs, outputs."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jobc.schemas.ir.data import each_to_data, masked, masked_late
from jobc.schemas.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jobc.schemas.ir.data import Data


@dataclass(frozen=True, slots=True)
class CompiledField:
    """A config field. `default` counts only when `has_default`; `constraints` are pydantic's names.

    Exactly one of `type`, `fields` (a mapping), `one_of` (a selector) and `enum` says what its values are.
    """

    type: str | None
    required: bool = True
    has_default: bool = False
    default: Data = None
    description: str | None = None
    constraints: Mapping[str, float | str] = field(default_factory=dict[str, float | str])
    is_secret: bool = False
    fields: Mapping[str, CompiledField] | None = None
    one_of: Mapping[str, CompiledField] | None = None
    enum: tuple[str, ...] | None = None
    permissive: bool = False
    env: str | None = None

    def to_data(self) -> Data:
        """Return the field as plain data, without what is at its default."""
        data: dict[str, Data] = {"required": self.required}
        if self.type is not None:
            data["type"] = self.type
        if self.fields is not None:
            data["fields"] = each_to_data(self.fields)
        if self.one_of is not None:
            data["one_of"] = each_to_data(self.one_of)
        if self.enum is not None:
            data["enum"] = list(self.enum)
        if self.has_default:
            data["default"] = self._hidden(self.default, masked)
        return data | self._extras()

    def _extras(self) -> dict[str, Data]:
        data: dict[str, Data] = {}
        if self.description:
            data["description"] = self.description
        if self.constraints:
            data["constraints"] = dict(self.constraints)
        if self.permissive:
            data["permissive"] = True
        if self.env is not None:
            data["env"] = self.env
        if self.is_secret:
            data["secret"] = True
        return data

    def shown(self, value: Data) -> Data:
        """Return a value that config gives to the field as it is shown: without secrets."""
        return self._hidden(value, masked_late)

    def _hidden(self, value: Data, hide: Callable[[Data], Data]) -> Data:
        if self.is_secret:
            return hide(value)
        below = self.fields or self.one_of
        if below is None or not isinstance(value, dict):
            return value
        return {key: below[key]._hidden(item, hide) if key in below else item for key, item in value.items()}


@dataclass(frozen=True, slots=True)
class CompiledInput:
    """An input of an op or graph. `default` counts only when `has_default`.

    A `type` of None is the function's own annotation. A Python function's own default is not known as data:
    then `has_default` is false and `required` too.
    """

    type: str | None
    required: bool = True
    has_default: bool = False
    default: Data = None
    description: str | None = None
    is_secret: bool = False

    def to_data(self) -> Data:
        """Return the input as plain data."""
        data: dict[str, Data] = {"type": self.type, "required": self.required}
        if self.has_default:
            data["default"] = masked(self.default) if self.is_secret else self.default
        if self.description:
            data["description"] = self.description
        if self.is_secret:
            data["secret"] = True
        return data


@dataclass(frozen=True, slots=True)
class CompiledOutput:
    """An output of an op; outputs are a list, in the order a function returns them.

    A `type` of None is the function's own annotation. `asset` is the parts of an asset's key; none is no
    asset.
    """

    name: str
    type: str | None
    required: bool = True
    description: str | None = None
    dynamic: bool = False
    io_manager: str | None = None
    asset: tuple[str, ...] = ()
    metadata: Mapping[str, Data] = field(default_factory=dict[str, "Data"])

    def to_data(self) -> Data:
        """Return the output as plain data, without what is at its default."""
        data: dict[str, Data] = {"name": self.name, "type": self.type, "required": self.required}
        if self.description:
            data["description"] = self.description
        if self.dynamic:
            data["dynamic"] = True
        if self.io_manager is not None:
            data["io_manager"] = self.io_manager
        if self.asset:
            data["asset"] = list(self.asset)
        if self.metadata:
            data["metadata"] = dict(self.metadata)
        return data
