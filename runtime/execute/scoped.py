"""Resources as their user sees them: the declared ones, nothing else (SEMANTICS 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jobc.runtime.errors import UnknownResourceError
from jobc.schemas.names import listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet


class ScopedResources:
    """Open resources as attributes, by key."""

    __slots__ = ("_allowed", "_opened", "_owner")

    def __init__(self, opened: Mapping[str, object], allowed: AbstractSet[str], owner: str) -> None:
        self._opened = opened
        self._allowed = allowed
        self._owner = owner

    def __getattr__(self, key: str) -> Any:  # noqa: ANN401 - a resource is whatever its author made it
        if key in self._allowed and key in self._opened:
            return self._opened[key]
        declared = listing(sorted(self._allowed))
        have = f"it declares {declared}" if declared else "it declares none"
        raise UnknownResourceError(
            f"{self._owner} does not declare the resource `{key}` in its `required_resource_keys`: {have}"
        )

    def __contains__(self, key: object) -> bool:
        return key in self._allowed and key in self._opened

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(key for key in self._allowed if key in self._opened))

    def __repr__(self) -> str:
        return f"ScopedResources({', '.join(self)})"
