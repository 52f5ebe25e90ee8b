"""Resources as their user sees them: the declared ones, nothing else (SEMANTICS 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobc.runtime.errors import UnknownResourceError
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet


class ScopedResources:
    """Open resources as attributes, by key; a key of a spec's import, `eu.warehouse`, by its last part."""

    __slots__ = ("_allowed", "_opened", "_owner")

    def __init__(self, opened: Mapping[str, object], allowed: AbstractSet[str], owner: str) -> None:
        self._opened = opened
        self._allowed = allowed
        self._owner = owner

    def __getattr__(self, key: str) -> Any:  # noqa: ANN401 - a resource is whatever its author made it
        found = self._key(key)
        if found is not None:
            return self._opened[found]
        declared = listing(sorted(self._allowed))
        have = f"it declares {declared}" if declared else "it declares none"
        raise UnknownResourceError(
            f"{self._owner} does not declare the resource `{key}` in its `required_resource_keys`: {have}"
        )

    def _key(self, name: object) -> str | None:
        """Return the key that a name stands for: of several that end alike, the one with the fewest dots."""
        if name in self._allowed and name in self._opened:
            return str(name)
        alike = [key for key in self._allowed if key.rpartition(".")[2] == name and key in self._opened]
        return min(alike, key=lambda key: (key.count("."), key), default=None)

    def __contains__(self, key: object) -> bool:
        return self._key(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(key for key in self._allowed if key in self._opened))

    def __repr__(self) -> str:
        return f"ScopedResources({', '.join(self)})"
