"""Values of config as JSON can hold them, secrets masked."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
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

        The form is that of specs: paths, moments and durations are text, bytes are base64, tuples and sets
        are lists, those of sets in a fixed order, members of enums are their names. Secrets are asterisks.
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
            case timedelta():
                return str(value)
            case bytes():
                return self.mask.apply(b64encode(value).decode("ascii"))
            case list() | tuple():
                return [self.of(member) for member in value]
            case set() | frozenset():
                return sorted((self.of(member) for member in value), key=_in_order)
            case Mapping() if all(isinstance(key, str) for key in value):
                return {key: self.of(member) for key, member in value.items()}
        return {"repr": self.mask.apply(_repr(value))}


def _in_order(value: Plain) -> tuple[bool, float, str]:
    """Return what members of a set are put in order by: numbers by value, all others by their text."""
    if isinstance(value, int | float):
        return False, value, ""
    return True, 0, json.dumps(value, sort_keys=True)


def _repr(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - a user's `__repr__` may raise anything
        return object.__repr__(value)
