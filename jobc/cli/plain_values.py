"""Values of config as JSON can hold them, secrets masked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

from jobc.runtime.execute.secrets import MASKED

if TYPE_CHECKING:
    from jobc.runtime.execute.secrets import Mask

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"


@dataclass(frozen=True, slots=True)
class PlainValues:
    """Makes plain values; `mask` hides the secrets of a run wherever they occur in a text."""

    mask: Mask

    def of(self, value: object) -> Plain:
        """Return a value as JSON can hold it; what has no plain form becomes `{"repr": TEXT}`.

        Paths and moments become text, members of enums their names, tuples lists, secrets asterisks.
        """
        if hasattr(value, "get_secret_value"):
            return MASKED
        match value:
            case Enum():
                return value.name
            case None | bool() | int():
                return value
            case float() if math.isfinite(value):
                return value
            case str():
                return self.mask.apply(str(value))
            case PurePath():
                return self.mask.apply(str(value))
            case date() | time():
                return value.isoformat()
            case list() | tuple():
                return [self.of(member) for member in value]
            case Mapping() if all(isinstance(key, str) for key in value):
                return {key: self.of(member) for key, member in value.items()}
        return {"repr": self.mask.apply(_repr(value))}


def _repr(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - a user's `__repr__` may raise anything
        return object.__repr__(value)
