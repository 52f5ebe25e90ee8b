"""Argument checks of the library's own API: a wrong type is a mistake of the caller (SEMANTICS 22)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

from jobc.runtime.errors import ParameterCheckError

T = TypeVar("T")


def check_is(value: object, kind: type[T], what: str, expected: str) -> T:
    """Return `value` if it is a `kind`; `what` names the parameter, `expected` says what it takes."""
    if not isinstance(value, kind):
        raise ParameterCheckError(f"{what} must be {expected}, not {describe(value)}")
    return value


def check_optional(value: object, kind: type[T], what: str, expected: str) -> T | None:
    """Return `value` if it is None or a `kind`."""
    return None if value is None else check_is(value, kind, what, expected)


def check_text(value: object, what: str) -> str | None:
    """Return `value` if it is text or None."""
    return check_optional(value, str, what, "text")


def check_function(value: object, what: str) -> Callable[..., object]:
    """Return `value` if it can be called."""
    if not callable(value):
        raise ParameterCheckError(f"{what} must be a function, not {describe(value)}")
    return value


def check_mapping(value: object, what: str, kind: type[T], expected: str) -> dict[str, T]:
    """Return a copy of a mapping from text to `kind`; None counts as empty."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ParameterCheckError(f"{what} must be a mapping, not {describe(value)}")
    for key, entry in value.items():
        if not isinstance(key, str):
            raise ParameterCheckError(f"the keys of {what} must be text, not {describe(key)}")
        if not isinstance(entry, kind):
            raise ParameterCheckError(f"`{key}` of {what} must be {expected}, not {describe(entry)}")
    return dict(value)


def check_set(value: object, what: str, kind: type[T], expected: str) -> frozenset[T]:
    """Return a set of `kind`; None counts as empty.

    A list is refused: order and doubles would be lost in silence.
    """
    if value is None:
        return frozenset()
    if not isinstance(value, AbstractSet):
        raise ParameterCheckError(f"{what} must be a set, not {describe(value)}")
    for entry in value:
        if not isinstance(entry, kind):
            raise ParameterCheckError(f"each member of {what} must be {expected}, not {describe(entry)}")
    return frozenset(value)


def check_names(value: object, what: str) -> frozenset[str]:
    """Return a set of texts given as a set or a sequence of them; None counts as empty."""
    if value is None:
        return frozenset()
    if isinstance(value, str) or not isinstance(value, Sequence | AbstractSet):
        raise ParameterCheckError(f"{what} must be a set of text, not {describe(value)}")
    for entry in value:
        if not isinstance(entry, str):
            raise ParameterCheckError(f"each member of {what} must be text, not {describe(entry)}")
    return frozenset(value)


def describe(value: object) -> str:
    """Show a value in a message, shortened."""
    if value is None:
        return "None"
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:57] + '...'} (of type `{type(value).__name__}`)"
