"""The plain data of the IR: its canonical text, its digest, and what is shown of a secret."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Data: TypeAlias = bool | int | float | str | list["Data"] | dict[str, "Data"] | None

MASK = "**********"

# A text of config that is one variable of the environment and nothing else.
_VARIABLE = re.compile(r"\$\{env\.[A-Za-z_]\w*\}")


class HasData(Protocol):
    """A part of the IR."""

    def to_data(self) -> Data:
        """Return the part as plain data."""


def masked(value: Data) -> Data:
    """Return what is shown of a secret; that there is none is no secret."""
    return None if value is None else MASK


def masked_late(value: Data) -> Data:
    """Return what is shown of a secret whose texts may be filled in when a run begins.

    A lone `${env.NAME}` says where the secret comes from and is none itself; a list of them is shown, too.
    """
    return value if is_from_environment(value) else masked(value)


def is_from_environment(value: Data) -> bool:
    """Tell whether a value is `${env.NAME}` and nothing else, or a list of such texts."""
    if isinstance(value, list):
        return bool(value) and all(map(is_from_environment, value))
    return isinstance(value, str) and _VARIABLE.fullmatch(value) is not None


def canonical_text(data: Data) -> str:
    """Return the one JSON text of `data`: sorted keys, no white space, ASCII, no NaN."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest_of(data: Data) -> str:
    """Return the SHA-256 of the canonical text of `data`, as 64 hexadecimal digits."""
    from hashlib import sha256

    return sha256(canonical_text(data).encode("ascii")).hexdigest()


def each_to_data(entries: Mapping[str, HasData]) -> dict[str, Data]:
    """Return parts as plain data, by name."""
    return {name: entry.to_data() for name, entry in entries.items()}
