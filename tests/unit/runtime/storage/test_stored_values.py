from __future__ import annotations

import json
from collections import OrderedDict
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobc import AssetKey, MetadataValue
from jobc.runtime.storage.errors import ErrorInfo
from jobc.runtime.storage.stored_values import Unstored, from_text, to_text


class Pair(NamedTuple):
    left: int
    right: int


class Quarrelsome:
    def __repr__(self) -> str:
        raise ValueError("not today")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers() | st.tuples(st.integers()), inner)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_data_comes_back_as_it_was(value: object) -> None:
    text = to_text(value)
    assert text.isascii()
    back = from_text(text)
    assert back == value
    assert repr(back) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(10**5000, id="a long integer"),
        pytest.param([-(10**5000)], id="a long negative integer"),
        "\udc80\x00",
        {"$tuple": [1]},
        {"$object": "jobc.runtime.definitions.assets:AssetKey", "fields": {}},
        MetadataValue.asset(["a", "b"]),
        ErrorInfo("ValueError", "no", ("frame",), ErrorInfo("KeyError", "k")),
        {"key": [AssetKey("x"), (AssetKey("y"),)]},
    ],
)
def test_what_is_special_comes_back_as_it_was(value: object) -> None:
    assert from_text(to_text(value)) == value


def test_subclasses_of_plain_data_come_back_plain() -> None:
    assert from_text(to_text(Pair(1, 2))) == (1, 2)
    assert from_text(to_text(OrderedDict(a=1))) == {"a": 1}


def test_of_other_objects_the_repr_is_left() -> None:
    assert from_text(to_text({1, 2})) == Unstored("{1, 2}")
    assert repr(from_text(to_text([b"x"]))) == "[b'x']"
    assert "Quarrelsome object" in repr(from_text(to_text(Quarrelsome())))


def test_bottomless_data_is_named() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert from_text(to_text(endless)) == Unstored("a `list` that is nested too deeply to be stored")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("os:system", {"command": "true"}),
        ("jobc.runtime.definitions.assets:AssetKind", {"path": []}),
        ("jobc.runtime.no_such_module:Thing", {}),
        ("jobc.runtime.definitions.assets:AssetKey", {"path": [], "colour": "red"}),
        ("jobc.runtime.storage.runs:RunStatus", {}),
    ],
)
def test_a_class_that_this_jobc_does_not_have_is_shown_as_it_was_stored(
    name: str, fields: dict[str, object]
) -> None:
    found = from_text(json.dumps({"$object": name, "fields": fields}))
    assert isinstance(found, Unstored)
    assert found.text.startswith(name.rpartition(":")[2])
