"""Versions of plain values: equal for equal values in any order, different for any other."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobc.runtime.config import Secret
from jobc.runtime.plan.versions import value_version

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


class Colour(Enum):
    RED = 1
    BLUE = 2


def turned(value: Any) -> Any:
    """Return an equal value whose mappings are in the other order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(member) for member in value] if isinstance(value, list) else value


@given(PLAIN)
def test_sem_18_the_order_of_keys_does_not_matter(value: Any) -> None:
    assert value_version(value) == value_version(turned(value)) is not None


def told(value: Any) -> object:
    """Return a form that is equal for values that ought to have the same version, and for no others."""
    if isinstance(value, dict):
        return frozenset((key, told(member)) for key, member in value.items())
    if isinstance(value, list):
        return tuple(told(member) for member in value)
    return type(value).__name__, repr(value)


@given(PLAIN, PLAIN)
def test_sem_18_different_values_have_different_versions(one: Any, other: Any) -> None:
    assert (value_version(one) == value_version(other)) == (told(one) == told(other))


def test_sem_18_kinds_of_values_are_told_apart() -> None:
    values: list[Any] = [
        *(
            None,
            1,
            "1",
            1.0,
            True,
            b"1",
            Path("1"),
            [],
            {},
            set(),
            [1],
            {"a": 1},
            {1},
            "a: 1",
            Colour.RED,
            Colour.BLUE,
        ),
        *(date(2024, 1, 1), datetime(2024, 1, 1), timedelta(1), [[1], 2], [1, [2]], ["a", "b"], ["ab"]),  # noqa: DTZ001
    ]
    versions = [value_version(value) for value in values]
    assert None not in versions
    assert len(set(versions)) == len(values)


@pytest.mark.parametrize("value", [object(), [object()], {"a": {"b": object()}}, Decimal(1), lambda: 1])
def test_sem_18_other_values_have_no_version(value: Any) -> None:
    assert value_version(value) is None


def test_sem_18_a_secret_counts_as_what_is_shown_of_it() -> None:
    assert value_version(Secret("a")) == value_version(Secret("b"))
    assert value_version({"token": Secret("a")}) != value_version({"token": "a"})
