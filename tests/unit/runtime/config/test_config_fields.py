"""Fields: defaults and requirement."""

from __future__ import annotations

import enum

import pytest

from jobc.runtime.config import (
    NO_DEFAULT,
    Any,
    Array,
    Field,
    Int,
    InvalidConfigError,
    Map,
    Noneable,
    Permissive,
    Selector,
    as_config_type,
    as_field,
    process,
)
from jobc.runtime.errors import ParameterCheckError


class Colour(enum.StrEnum):
    RED = "red"


def test_sem_4_field_with_default_is_optional() -> None:
    field = Field(int, default_value=3)
    assert (field.is_required, field.default_provided, field.default_value) == (False, True, 3)


def test_sem_4_field_without_default_is_required() -> None:
    field = Field(int, description="how many")
    assert (field.is_required, field.default_provided, field.default_value) == (True, False, NO_DEFAULT)
    assert field.description == "how many"


def test_sem_4_required_field_with_default_is_a_parameter_error() -> None:
    with pytest.raises(ParameterCheckError, match="is_required=True"):
        Field(int, default_value=3, is_required=True)


def test_sem_4_callable_default_is_a_parameter_error() -> None:
    with pytest.raises(ParameterCheckError, match="not a function"):
        Field(int, default_value=lambda: 3)


@pytest.mark.parametrize(
    ("schema", "default"),
    [(int, "3"), ([int], ["x"]), ({"a": int}, {"b": 1}), (int, None), (Selector({"a": int}), {}), (str, 1)],
)
def test_sem_4_default_that_does_not_fit_is_an_error_at_definition(schema: object, default: object) -> None:
    with pytest.raises(InvalidConfigError, match="default value of a config field") as caught:
        Field(schema, default_value=default)
    assert caught.value.config_value == default


def test_sem_4_enum_member_that_is_text_may_be_the_default_of_a_string() -> None:
    assert process(as_config_type({"a": Field(str, default_value=Colour.RED)}), {}).value == {"a": "red"}


@pytest.mark.parametrize(
    ("schema", "required"),
    [
        (int, True),
        (Any, True),
        (Array(int), True),
        (Map(str, int), True),
        (dict, False),
        (Permissive({"a": int}), True),
        (Permissive({"a": Noneable(int)}), False),
        (Noneable(int), False),
        ({}, False),
        ({"a": Field(int, is_required=False)}, False),
        (Selector({"a": int}), True),
    ],
)
def test_sem_4_whether_a_type_implies_a_default(schema: object, required: bool) -> None:
    assert as_field(schema).is_required is required


def test_optional_field_of_optional_fields_is_absent_when_asked_for() -> None:
    schema = {"a": Field({"b": Field(int, default_value=1)}, is_required=False)}
    assert process(as_config_type(schema), {}).value == {}


def test_as_field_keeps_a_field() -> None:
    field = Field(Int, default_value=1)
    assert as_field(field) is field
    assert as_field(int) == Field(int)
    assert hash(Field(list, default_value=[1])) == hash(Field(list, default_value=[1]))
