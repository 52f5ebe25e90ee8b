"""Paths into plain values: the keys and indexes that lead to a part."""

from __future__ import annotations

from collections.abc import Mapping


def value_at(value: object, path: tuple[str | int, ...]) -> object:
    """Return what stands at a path of keys and indexes; None where nothing does."""
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value
