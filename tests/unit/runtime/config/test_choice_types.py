"""Noneable, enums, literals and unions."""

from __future__ import annotations

import enum

import pytest

from jobc.runtime.config import (
    Bool,
    Date,
    Enum,
    EnumValue,
    Field,
    Float,
    Int,
    Literal,
    Noneable,
    ScalarUnion,
    String,
    Union,
    as_config_type,
    as_field,
    process,
    validate,
)
from jobc.runtime.errors import InvalidConfigDefinitionError, InvalidDefinitionError, ParameterCheckError


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


COLOUR = Enum.from_python_enum(Colour)


def test_sem_4_noneable_takes_none_or_its_type() -> None:
    assert process(Noneable(int), None) == (None, ())
    assert process(Noneable(int), 3).value == 3
    assert process(Noneable(int), "x").errors[0].message == 'expected int, got "x"'


def test_sem_4_noneable_field_is_not_required_and_defaults_to_none() -> None:
    assert process(as_config_type({"a": Noneable(int)}), {}).value == {"a": None}
    assert process(as_config_type({"a": Field(Noneable(int), default_value=4)}), {}).value == {"a": 4}
    assert process(as_config_type({"a": Field(Noneable(int), is_required=False)}), {}).value == {}
    assert as_field(Field(Noneable(int), is_required=True)).is_required


def test_sem_4_enum_takes_the_name_and_gives_the_python_value() -> None:
    assert process(COLOUR, "RED").value is Colour.RED
    assert validate(COLOUR, "RED").value == "RED"
    assert process(Enum("Size", [EnumValue("S", 36), EnumValue("plain")]), "plain").value == "plain"


def test_sem_4_enum_unknown_name_and_non_text_are_separate_errors() -> None:
    (unknown,) = process(COLOUR, "REDD").errors
    (other,) = process(COLOUR, 1).errors
    assert (unknown.kind, unknown.names, unknown.suggestions) == ("enum", ("REDD",), ("RED",))
    assert unknown.message == '"REDD" is none of `Colour`; did you mean `RED`? (expected "RED" or "BLUE")'
    assert (other.kind, other.message) == ("type", 'expected "RED" or "BLUE", got 1')


def test_sem_4_enum_member_in_config_gets_advice() -> None:
    (error,) = process(COLOUR, Colour.RED).errors
    assert error.message == 'expected the name of a value of `Colour` as text: write "RED"'


def test_sem_4_enum_default_is_the_name() -> None:
    config_type = as_config_type({"c": Field(COLOUR, default_value="BLUE")})
    assert process(config_type, {}).value == {"c": Colour.BLUE}
    assert validate(config_type, {}).value == {"c": "BLUE"}
    with pytest.raises(InvalidDefinitionError, match='write "BLUE"'):
        Field(COLOUR, default_value=Colour.BLUE)


def test_sem_4_enum_definition_needs_distinct_names() -> None:
    with pytest.raises(InvalidConfigDefinitionError, match="two values of one name"):
        Enum("E", [EnumValue("A"), EnumValue("A")])
    with pytest.raises(InvalidConfigDefinitionError, match="at least one value"):
        Enum("E", [])
    with pytest.raises(ParameterCheckError, match="must be text"):
        EnumValue(1)  # type: ignore[arg-type]


def test_enum_takes_a_name_of_its_own() -> None:
    assert Enum.from_python_enum(Colour, name="Paint").name == "Paint"
    assert Enum.from_python_enum(Colour) == COLOUR
    assert hash(Enum.from_python_enum(Colour)) == hash(COLOUR)


def test_long_enums_are_shortened_in_messages() -> None:
    many = Enum("Many", [EnumValue(f"V{number}") for number in range(20)])
    assert process(many, 1).errors[0].message.endswith('"V11" or 8 more, got 1')


LITERAL_CASES = [
    pytest.param("a", True, id="text"),
    pytest.param(1, True, id="number"),
    pytest.param(True, False, id="bool-is-not-one"),
    pytest.param(1.0, False, id="float-is-not-int"),
    pytest.param("b", False, id="other-text"),
    pytest.param(None, False, id="null"),
    pytest.param(["a"], False, id="list"),
]


@pytest.mark.parametrize(("value", "fits"), LITERAL_CASES)
def test_literal_takes_exactly_its_values(value: object, fits: bool) -> None:
    assert (process(Literal(["a", 1]), value).errors == ()) is fits


def test_literal_offers_near_values() -> None:
    (error,) = process(Literal(["fast", "slow"]), "fats").errors
    assert error.message == (
        '"fats" is none of the values allowed; did you mean `fast`? (expected "fast" or "slow")'
    )


def test_literals_differ_by_the_type_of_their_values() -> None:
    assert Literal([1]) != Literal([True])
    assert Literal([1]) == Literal([1])
    with pytest.raises(InvalidConfigDefinitionError):
        Literal([])
    with pytest.raises(InvalidConfigDefinitionError, match="cannot hold a list"):
        Literal([[1]])


SCALAR_UNION = ScalarUnion(int, {"a": str})


@pytest.mark.parametrize("value", [3, {"a": "x"}])
def test_sem_4_scalar_union_takes_either(value: object) -> None:
    assert process(SCALAR_UNION, value).value == value


def test_sem_4_scalar_union_reports_the_chosen_branch() -> None:
    assert process(SCALAR_UNION, "x").errors[0].message == 'expected int, got "x"'
    assert process(SCALAR_UNION, {"a": 1}).errors[0].path == ("a",)
    assert process(SCALAR_UNION, [1]).errors[0].message == "expected {a: str}, got a list"
    assert process(ScalarUnion(str, [int]), ["x"]).errors[0].path == (0,)
    assert process(SCALAR_UNION, None).errors[0].message == "must not be None (null); expected int"


@pytest.mark.parametrize(("scalar", "other"), [({"a": int}, [int]), (int, int), (int, Noneable([int]))])
def test_sem_4_scalar_union_needs_a_scalar_and_a_non_scalar(scalar: object, other: object) -> None:
    with pytest.raises(InvalidConfigDefinitionError):
        ScalarUnion(scalar, other)


def test_union_takes_the_first_type_that_fits() -> None:
    assert process(Union((Date, String)), "x").value == "x"
    assert process(Union((Int, as_config_type([int]))), [1]).value == [1]


def test_union_keeps_ints_and_booleans_from_becoming_floats() -> None:
    union = Union((Float, Int, Bool))
    assert [type(process(union, value).value) for value in (1, True, 1.5)] == [int, bool, float]
    assert type(process(Union((Float, String)), 1).value) is float


def test_union_reports_what_it_expected() -> None:
    assert process(Union((Int, String)), []).errors[0].message == "expected int | str, got a list"


def test_union_reports_the_one_type_that_got_inside() -> None:
    errors = process(
        as_config_type({"u": Union((Int, as_config_type({"a": int})))}), {"u": {"a": "x"}}
    ).errors
    assert [(error.path, error.message) for error in errors] == [(("u", "a"), 'expected int, got "x"')]
