"""The proof that a layout lost nothing: what was written and what came out say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobc.compiler.format.wiring_layout import is_same_wiring

if TYPE_CHECKING:
    from jobc.compiler.read import Value


def has_same_characters(one: str, other: str) -> bool:
    """Tell whether two texts differ in white space alone: not a sign of a comment or a token is gone."""
    return "".join(one.split()) == "".join(other.split())


def is_same_value(one: Value, other: Value) -> bool:
    """Tell whether two values are alike in type, order and content; under `wiring`, up to its white space.

    Parts that a value shares (YAML aliases) are compared once.
    """
    return _Comparison().is_same(one, other, "")


class _Comparison:
    def __init__(self) -> None:
        self._seen: set[tuple[int, int]] = set()

    def is_same(self, one: Value, other: Value, key: str) -> bool:
        if one.__class__ is not other.__class__:
            return False
        if isinstance(one, dict) and isinstance(other, dict):
            return self._is_known(one, other) or (
                list(one) == list(other) and all(self.is_same(one[name], other[name], name) for name in one)
            )
        if isinstance(one, list) and isinstance(other, list):
            return self._is_known(one, other) or (
                len(one) == len(other)
                and all(self.is_same(*items, "") for items in zip(one, other, strict=True))
            )
        if isinstance(one, str) and isinstance(other, str) and one != other:
            return key == "wiring" and is_same_wiring(one, other)
        return repr(one) == repr(other)

    def _is_known(self, one: object, other: object) -> bool:
        pair = (id(one), id(other))
        if pair in self._seen:
            return True
        self._seen.add(pair)
        return False
