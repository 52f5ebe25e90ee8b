"""The scalar rows of the table of config types: what each takes, and how it refuses the rest."""

from __future__ import annotations

import enum
import math

import pytest

from jobc.runtime.config import Any, Bool, EnvVar, Float, Int, String, as_config_type, process, validate


class Colour(enum.StrEnum):
    RED = "red"


ACCEPTED = [
    pytest.param(int, 3, 3, id="sem_4-int-int"),
    pytest.param(Int, -1, -1, id="sem_4-Int-negative"),
    pytest.param(float, 2.5, 2.5, id="sem_4-float-float"),
    pytest.param(float, 2, 2.0, id="sem_4-float-int"),
    pytest.param(Float, True, 1.0, id="sem_4-float-bool"),
    pytest.param(float, math.inf, math.inf, id="sem_4-float-inf"),
    pytest.param(str, "a", "a", id="sem_4-str-str"),
    pytest.param(String, "", "", id="sem_4-str-empty"),
    pytest.param(str, Colour.RED, "red", id="sem_4-str-subclass"),
    pytest.param(bool, True, True, id="sem_4-bool-true"),
    pytest.param(Bool, False, False, id="sem_4-bool-false"),
    pytest.param(Any, None, None, id="sem_4-any-none"),
    pytest.param(Any, {"a": [1]}, {"a": [1]}, id="sem_4-any-mapping"),
]

REFUSED = [
    pytest.param(int, True, "expected int, got true", id="sem_4-int-bool"),
    pytest.param(int, 3.0, "expected int, got 3.0", id="sem_4-int-float"),
    pytest.param(int, "3", 'expected int, got "3"; write it without quotes', id="sem_4-int-text"),
    pytest.param(int, "three", 'expected int, got "three"', id="sem_4-int-word"),
    pytest.param(int, [1], "expected int, got a list", id="sem_4-int-list"),
    pytest.param(float, "1.5", 'expected float, got "1.5"; write it without quotes', id="sem_4-float-text"),
    pytest.param(float, {}, "expected float, got a mapping", id="sem_4-float-mapping"),
    pytest.param(str, 1, "expected str, got 1; put it in quotes", id="sem_4-str-int"),
    pytest.param(str, True, "expected str, got true; put it in quotes", id="sem_4-str-bool"),
    pytest.param(str, b"a", "expected str, got an object of type `bytes`", id="sem_4-str-bytes"),
    pytest.param(str, {"env": "HOME"}, "expected str, got a mapping", id="sem_4-str-env-is-no-source"),
    pytest.param(bool, 1, "expected bool, got 1", id="sem_4-bool-int"),
    pytest.param(bool, "true", 'expected bool, got "true"; write it without quotes', id="sem_4-bool-text"),
]


@pytest.mark.parametrize(("schema", "value", "expected"), ACCEPTED)
def test_scalar_takes(schema: object, value: object, expected: object) -> None:
    for processed in (process(as_config_type(schema), value), validate(as_config_type(schema), value)):
        assert processed.errors == ()
        assert processed.value == expected
        assert isinstance(processed.value, type(expected))


@pytest.mark.parametrize(("schema", "value", "message"), REFUSED)
def test_scalar_refuses(schema: object, value: object, message: str) -> None:
    processed = process(as_config_type(schema), value)
    assert [(error.kind, error.message, error.path) for error in processed.errors] == [("type", message, ())]
    assert processed.value is None


@pytest.mark.parametrize("schema", [int, float, str, bool, {"a": int}, [int], {str: int}])
def test_sem_4_explicit_none_is_refused(schema: object) -> None:
    (error,) = process(as_config_type(schema), None).errors
    assert error.kind == "none"
    assert error.message.startswith("must not be None")


def test_sem_4_number_too_large_for_a_float_is_a_range_error() -> None:
    (error,) = process(Float, 10**400).errors
    assert (error.kind, error.message) == ("range", "the number is too large for a float")


def test_huge_numbers_are_not_written_out_in_messages() -> None:
    (error,) = process(String, 10**5000).errors
    assert error.message == "expected str, got a very large number; put it in quotes"


def test_long_texts_are_shortened_in_messages() -> None:
    (error,) = process(Int, "x" * 500).errors
    assert error.message == 'expected int, got "' + "x" * 55 + '..."'


@pytest.mark.parametrize("schema", [int, str, Any])
def test_sem_4_env_var_in_plain_config_gets_advice(schema: object) -> None:
    (error,) = process(as_config_type({"x": schema}), {"x": EnvVar("HOME")}).errors
    assert (error.kind, error.names, error.path) == ("env", ("HOME",), ("x",))
    assert 'write {"env": "HOME"}' in error.message


def test_types_are_equal_by_value() -> None:
    assert as_config_type(int) == Int
    assert hash(as_config_type({"a": [int]})) == hash(as_config_type({"a": [int]}))
    assert as_config_type({"a": int, "b": str}) == as_config_type({"b": str, "a": int})
    assert as_config_type({"a": int}) != as_config_type({"a": float})
