"""The Python spellings of a schema: what is understood, and where the rest is refused."""

from __future__ import annotations

import typing
from datetime import date

import pytest

from jobc.runtime.config import (
    Any,
    Array,
    Bool,
    ConfigType,
    Field,
    Float,
    Int,
    Map,
    Noneable,
    Permissive,
    Selector,
    Shape,
    String,
    as_config_type,
)
from jobc.runtime.errors import InvalidConfigDefinitionError

UNDERSTOOD = [
    (int, Int),
    (float, Float),
    (str, String),
    (bool, Bool),
    (typing.Any, Any),
    (dict, Permissive()),
    (list, Array(Any)),
    ([int], Array(Int)),
    ([[str]], Array(Array(String))),
    ({str: int}, Map(String, Int)),
    ({int: {"a": str}}, Map(Int, Shape({"a": String}))),
    ({"a": int}, Shape({"a": Field(Int)})),
    ({}, Shape({})),
    (Field(int), Int),
    (Noneable(int), Noneable(Int)),
    (Selector({"a": int}), Selector({"a": Field(int)})),
]


@pytest.mark.parametrize(("schema", "config_type"), UNDERSTOOD)
def test_sem_4_spelling_is_understood(schema: object, config_type: ConfigType) -> None:
    assert as_config_type(schema) == config_type


REFUSED = [
    pytest.param(3, "3 at the root of the schema", id="number"),
    pytest.param("int", '"int" at the root', id="text"),
    pytest.param(None, "null at the root", id="none"),
    pytest.param(object, "`<class 'object'>` at the root", id="class"),
    pytest.param(date, "at the root", id="date"),
    pytest.param(set, "at the root", id="set"),
    pytest.param(tuple, "at the root", id="tuple"),
    pytest.param(list[int], "`list[int]` at the root", id="generic-list"),
    pytest.param(typing.Optional[int], "at the root", id="optional"),  # noqa: UP045
    pytest.param(Array, "at the root", id="bare-array"),
    pytest.param(lambda: int, "at the root", id="function"),
    pytest.param({"a": {"b": [1]}}, "1 at root:a:b[0] of the schema", id="deep"),
    pytest.param({str: {"b": None}}, "null at root:<class 'str'>:value:b", id="in-a-map"),
    pytest.param({"a": []}, "the list at root:a of the schema has 0 items", id="empty-list"),
    pytest.param([int, str], "the list at the root of the schema has 2 items", id="list-of-two"),
    pytest.param({"a": int, 1: str}, "the key 1 at the root", id="key-is-no-name"),
    pytest.param({1: str}, "1 at root:1:key of the schema", id="map-key-is-no-type"),
    pytest.param({dict: int}, None, id="map-key-is-no-scalar"),
    pytest.param([Field(int, default_value=1)], "the `Field` at root[0]", id="default-in-a-list"),
    pytest.param({"a": [Field(int, is_required=False)]}, "the `Field` at root:a[0]", id="optional-in-a-list"),
]


@pytest.mark.parametrize(("schema", "message"), REFUSED)
def test_sem_4_anything_else_is_refused_with_its_place(schema: object, message: str | None) -> None:
    with pytest.raises(InvalidConfigDefinitionError) as caught:
        as_config_type(schema)
    assert message is None or message in str(caught.value)


def test_sem_4_map_keys_in_a_schema_must_be_scalars() -> None:
    with pytest.raises(InvalidConfigDefinitionError, match="keys of the map at root:a"):
        as_config_type({"a": {dict: int}})
