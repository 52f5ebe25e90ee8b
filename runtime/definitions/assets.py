"""Asset keys: the names of things that live outside a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobc.runtime.errors import ParameterCheckError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, init=False, order=True)
class AssetKey:
    """Name an asset by a path of texts, ``AssetKey("orders")`` or ``AssetKey(["daily", "orders"])``."""

    path: tuple[str, ...]

    def __init__(self, path: str | Sequence[str]) -> None:
        parts = (path,) if isinstance(path, str) else tuple(path)
        for part in parts:
            if not isinstance(part, str):
                raise ParameterCheckError(f"each part of an asset key must be text, not {part!r}")
        if not parts:
            raise ParameterCheckError("an asset key needs at least one part")
        object.__setattr__(self, "path", parts)

    @classmethod
    def of(cls, key: AssetKey | str | Sequence[str]) -> AssetKey:
        """Return `key` as an asset key; text is split at `/`."""
        if isinstance(key, AssetKey):
            return key
        return cls(key.split("/") if isinstance(key, str) else key)

    def to_user_string(self) -> str:
        """Return the path joined by `/`, as it is written in specs and selections."""
        return "/".join(self.path)
