"""Arrays, sets, tuples and maps."""

from __future__ import annotations

import pytest

from jobc.runtime.config import (
    Array,
    Date,
    Enum,
    EnumValue,
    Field,
    Int,
    Map,
    Set,
    String,
    Tuple,
    as_config_type,
    as_field,
    process,
    validate,
)
from jobc.runtime.errors import InvalidConfigDefinitionError


def test_sem_4_array_takes_a_list_of_its_items() -> None:
    assert process(as_config_type([int]), [1, 2]).value == [1, 2]
    assert process(Array(float), []).value == []


@pytest.mark.parametrize("value", [(1,), {1}, "12", {"a": 1}, 1])
def test_sem_4_array_refuses_what_is_no_list(value: object) -> None:
    (error,) = process(as_config_type([int]), value).errors
    assert error.kind == "type"
    assert error.message.startswith("expected list[int], got ")


def test_sem_4_array_reports_every_bad_item() -> None:
    errors = process(as_config_type({"a": [int]}), {"a": [1, "x", None]}).errors
    assert [(error.path, error.place) for error in errors] == [
        (("a", 1), "root:a[1]"),
        (("a", 2), "root:a[2]"),
    ]


def test_sem_4_array_fills_defaults_of_items() -> None:
    assert process(as_config_type([{"a": Field(int, default_value=1)}]), [{}]).value == [{"a": 1}]


@pytest.mark.parametrize("schema", [[int], list, {str: int}])
def test_sem_4_lists_and_maps_are_required_unless_defaulted(schema: object) -> None:
    assert as_field(schema).is_required


def test_sem_4_bare_list_takes_anything_in_a_list() -> None:
    assert process(as_config_type(list), [1, None, {"a": 1}]).value == [1, None, {"a": 1}]
    assert process(as_config_type({"a": Field(list, default_value=[])}), {}).value == {"a": []}


def test_sem_4_map_checks_keys_and_values() -> None:
    errors = process(as_config_type({"m": {str: int}}), {"m": {"a": 1, 2: 3, "k": "v"}}).errors
    assert [(error.path, error.place) for error in errors] == [
        (("m", 2), "root:m:2:key"),
        (("m", "k"), "root:m:'k':value"),
    ]


def test_sem_4_map_defaults_values_recursively() -> None:
    schema = Map(str, {"a": Field(int, default_value=1)})
    assert process(schema, {"x": {}, "y": {"a": 2}}).value == {"x": {"a": 1}, "y": {"a": 2}}


def test_sem_4_map_converts_keys() -> None:
    level = Enum("Level", [EnumValue("LOW", 1), EnumValue("HIGH", 2)])
    assert process(Map(level, int), {"LOW": 5}).value == {1: 5}
    assert validate(Map(level, int), {"LOW": 5}).value == {"LOW": 5}


@pytest.mark.parametrize("value", [[1], "a", 0])
def test_sem_4_map_refuses_what_is_no_mapping(value: object) -> None:
    (error,) = process(Map(str, int), value).errors
    assert error.message.startswith("expected dict[str, int], got ")


@pytest.mark.parametrize("key", [dict, [int], {"a": int}])
def test_sem_4_map_keys_must_be_scalars(key: object) -> None:
    with pytest.raises(InvalidConfigDefinitionError, match="must be scalars"):
        Map(key, int)


def test_keys_with_many_digits_have_a_place() -> None:
    (error,) = process(Map(str, int), {10**5000: 1}).errors
    assert error.place == "root:a very large number:key"


def test_set_becomes_a_set_when_processed() -> None:
    assert process(Set(int), [1, 1, 2]).value == {1, 2}
    assert validate(Set(int), [1, 1, 2]).value == [1, 1, 2]
    assert process(Set(Date), ["2024-01-01", "x"]).errors[0].path == (1,)
    assert process(Set(int), 1).errors[0].message == "expected set[int], got 1"


def test_set_holds_scalars_only() -> None:
    with pytest.raises(InvalidConfigDefinitionError, match="items of a set must be scalars"):
        Set([int])


def test_tuple_has_a_type_for_each_item() -> None:
    pair = Tuple((Int, String))
    assert process(pair, [1, "a"]).value == (1, "a")
    assert validate(pair, [1, "a"]).value == [1, "a"]
    assert [error.path for error in process(pair, ["a", 1]).errors] == [(0,), (1,)]


def test_tuple_has_a_fixed_length() -> None:
    (error,) = process(Tuple((Int, String)), [1]).errors
    assert (error.kind, error.message) == ("range", "expected 2 items (tuple[int, str]), got 1")
    assert process(Tuple((Int,)), "a").errors[0].message == 'expected tuple[int], got "a"'
