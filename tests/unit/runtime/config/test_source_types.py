"""Scalars from the environment."""

from __future__ import annotations

import pytest

from jobc.runtime.config import (
    BoolSource,
    Date,
    Enum,
    EnumValue,
    EnvVar,
    Field,
    Int,
    IntSource,
    Literal,
    SecretText,
    Source,
    StringSource,
    as_config_type,
    process,
    validate,
)


def test_sem_4_source_takes_a_literal() -> None:
    assert process(StringSource, "a").value == "a"
    assert process(IntSource, 3).value == 3
    assert process(BoolSource, False).value is False


def test_sem_4_source_reads_the_variable_when_resolved() -> None:
    schema = as_config_type({"s": StringSource, "n": IntSource})
    value = {"s": {"env": "S"}, "n": {"env": "N"}}
    assert process(schema, value, environ={"S": "text", "N": "42"}).value == {"s": "text", "n": 42}


def test_sem_4_source_reads_the_environment_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBC_TEST_VARIABLE", "here")
    assert process(StringSource, {"env": "JOBC_TEST_VARIABLE"}).value == "here"
    assert EnvVar("JOBC_TEST_VARIABLE").get_value() == "here"
    monkeypatch.delenv("JOBC_TEST_VARIABLE")
    assert process(StringSource, {"env": "JOBC_TEST_VARIABLE"}).errors[0].kind == "env"
    assert EnvVar("JOBC_TEST_VARIABLE").get_value("other") == "other"


def test_sem_4_source_may_be_unset_when_validated() -> None:
    assert validate(StringSource, {"env": "NOWHERE"}).value == {"env": "NOWHERE"}


def test_sem_4_source_unset_variable_is_named() -> None:
    (error,) = process(as_config_type({"s": StringSource}), {"s": {"env": "NOWHERE"}}, environ={}).errors
    assert (error.kind, error.names, error.path) == ("env", ("NOWHERE",), ("s",))
    assert error.message == (
        "post processing of {env: NOWHERE} failed: the environment variable `NOWHERE` is not set"
    )


def test_sem_4_source_empty_variable_is_a_legal_string() -> None:
    assert process(StringSource, {"env": "E"}, environ={"E": ""}) == ("", ())


def test_sem_4_int_source_refuses_text_that_is_no_number_without_showing_it() -> None:
    (error,) = process(IntSource, {"env": "N"}, environ={"N": "hunter2"}).errors
    assert error.message == (
        "post processing of {env: N} failed: the environment variable `N` does not fit: expected int"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("false", False),
        ("False", False),
        ("0", False),
        ("", False),
        ("true", True),
        ("no", True),
        ("1", True),
    ],
)
def test_sem_4_bool_source_reads_text(text: str, expected: bool) -> None:
    assert process(BoolSource, {"env": "B"}, environ={"B": text}).value is expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"env": 5}, "type"),
        ({"env": None}, "none"),
        ({}, "selector"),
        ({"enb": "X"}, "unknown"),
        ({"env": "X", "default": "y"}, "selector"),
        (["X"], "type"),
        (5, "type"),
        (None, "none"),
    ],
)
def test_sem_4_source_refuses_other_forms(value: object, kind: str) -> None:
    assert [error.kind for error in process(StringSource, value, environ={"X": "x"}).errors] == [kind]


def test_sem_4_source_default_may_come_from_the_environment() -> None:
    schema = as_config_type({"s": Field(StringSource, default_value={"env": "S"})})
    assert validate(schema, {}).value == {"s": {"env": "S"}}
    assert process(schema, {}, environ={"S": "x"}).value == {"s": "x"}
    assert [error.kind for error in process(schema, {}, environ={}).errors] == ["env"]


def test_environment_errors_come_with_all_others() -> None:
    schema = as_config_type({"a": StringSource, "b": int})
    errors = process(schema, {"a": {"env": "NOWHERE"}, "b": "x"}, environ={}).errors
    assert [error.kind for error in errors] == ["env", "type"]


def test_any_scalar_may_come_from_the_environment() -> None:
    size = Enum("Size", [EnumValue("S", 36)])
    environ = {"V": "S", "D": "2024-01-31", "L": "1"}
    assert process(Source(size), {"env": "V"}, environ=environ).value == 36
    assert str(process(Source(Date), {"env": "D"}, environ=environ).value) == "2024-01-31"
    assert process(Source(Literal([1, "a"])), {"env": "L"}, environ=environ).value == 1
    assert process(Source(Literal(["a"])), {"env": "L"}, environ=environ).errors[0].kind == "env"
    assert process(Source(SecretText), {"env": "V"}, environ=environ).errors == ()


def test_sources_are_equal_by_value() -> None:
    assert Source(Int) == IntSource
