"""Dates, durations, paths, bytes and secrets; and constraints."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from pathlib import Path as FilePath

import pytest

from jobc.runtime.config import (
    Array,
    Bool,
    Bytes,
    ConfigType,
    Constrained,
    Date,
    DateTime,
    Field,
    Float,
    Int,
    IntSource,
    Limits,
    Map,
    Noneable,
    Path,
    Permissive,
    Secret,
    SecretText,
    Source,
    String,
    TimeDelta,
    as_config_type,
    constrain,
    example_value,
    process,
    validate,
)
from jobc.runtime.errors import InvalidConfigDefinitionError

PARSED = [
    (Date, "2024-01-31", date(2024, 1, 31)),
    (DateTime, "2024-01-31T10:00:00", datetime(2024, 1, 31, 10)),  # noqa: DTZ001
    (DateTime, "2024-01-31T10:00:00Z", datetime(2024, 1, 31, 10, tzinfo=UTC)),
    (DateTime, "2024-01-31", datetime(2024, 1, 31)),  # noqa: DTZ001
    (DateTime, date(2024, 1, 31), datetime(2024, 1, 31)),  # noqa: DTZ001
    (TimeDelta, 90, timedelta(seconds=90)),
    (TimeDelta, 0.5, timedelta(milliseconds=500)),
    (TimeDelta, "1:30:00", timedelta(hours=1, minutes=30)),
    (TimeDelta, "2 days, 0:00:01.5", timedelta(days=2, seconds=1.5)),
    (TimeDelta, "-1 day, 23:00:00", timedelta(hours=-1)),
    (TimeDelta, "PT1H30M", timedelta(hours=1, minutes=30)),
    (TimeDelta, "-P1DT1S", timedelta(days=-1, seconds=-1)),
    (TimeDelta, "P2W", timedelta(weeks=2)),
    (Path, "a/b", FilePath("a/b")),
    (Bytes, "aGVsbG8=", b"hello"),
    (Bytes, "", b""),
    (SecretText, "hunter2", Secret("hunter2")),
]

REFUSED = [
    (Date, "2024-02-30"),
    (Date, 20240101),
    (Date, datetime(2024, 1, 1)),  # noqa: DTZ001
    (DateTime, "yesterday"),
    (DateTime, 0),
    (TimeDelta, "soon"),
    (TimeDelta, "P"),
    (TimeDelta, "PT"),
    (TimeDelta, True),
    (TimeDelta, float("nan")),
    (TimeDelta, 1e300),
    (TimeDelta, "P" + "9" * 400 + "D"),
    (Path, ""),
    (Path, 1),
    (Bytes, "not base64!"),
    (Bytes, "é"),
    (Bytes, 1),
    (SecretText, 1),
]


@pytest.mark.parametrize(("config_type", "written", "parsed"), PARSED)
def test_text_is_parsed_when_processed_and_kept_when_validated(
    config_type: ConfigType, written: object, parsed: object
) -> None:
    assert process(config_type, written) == (parsed, ())
    assert process(config_type, parsed) == (parsed, ())
    assert validate(config_type, written).value == (parsed if config_type is SecretText else written)


@pytest.mark.parametrize(("config_type", "value"), REFUSED)
def test_text_of_another_form_is_refused(config_type: ConfigType, value: object) -> None:
    (error,) = process(config_type, value).errors
    assert error.kind in {"type", "range"}


def test_messages_show_how_to_write_it() -> None:
    assert (
        process(Date, "31.1.2024").errors[0].message == 'expected date (such as 2024-01-31), got "31.1.2024"'
    )


def test_secret_shows_nothing() -> None:
    secret = Secret("hunter2")
    assert f"{secret} {secret!r} {[secret]}" == "********** Secret('**********') [Secret('**********')]"
    assert secret.get_secret_value() == "hunter2"
    assert secret == Secret("hunter2") != Secret("hunter3")
    assert len({secret, Secret("hunter2")}) == 1
    assert pickle.loads(pickle.dumps(secret)) == secret


SECRET_CASES = [
    (Array(SecretText), "hunter2"),
    (constrain(SecretText, Limits(min_length=20)), "hunter2"),
    (constrain(SecretText, Limits(pattern="^a")), "hunter2"),
    (as_config_type({"a": SecretText}), "hunter2"),
    (Noneable(SecretText), 7777777),
    (Map(str, SecretText), "hunter2"),
    (Source(SecretText), 7777777),
    (constrain(Array(SecretText), Limits(min_length=2)), ["hunter2"]),
]


@pytest.mark.parametrize(("config_type", "value"), SECRET_CASES)
def test_messages_do_not_show_secrets(config_type: ConfigType, value: object) -> None:
    errors = process(config_type, value).errors
    assert errors
    assert "hunter2" not in str(errors)
    assert "7777777" not in str(errors)


def test_default_of_a_secret_field_is_wrapped() -> None:
    field = Field(SecretText, default_value="hunter2")
    assert "hunter2" not in repr(field)
    assert process(as_config_type({"s": field}), {}).value == {"s": Secret("hunter2")}


LIMITED = [
    pytest.param(Int, Limits(ge=1), 1, 0, "must be at least 1, got 0", id="ge"),
    pytest.param(Int, Limits(gt=1), 2, 1, "must be more than 1, got 1", id="gt"),
    pytest.param(Float, Limits(le=1.5), 1.5, 2, "must be at most 1.5, got 2", id="le"),
    pytest.param(Int, Limits(lt=0), -1, 0, "must be less than 0, got 0", id="lt"),
    pytest.param(Int, Limits(lt=0.5), 0, 1, "must be less than 0.5, got 1", id="int-below-a-fraction"),
    pytest.param(Int, Limits(multiple_of=3), 9, 10, "must be a multiple of 3, got 10", id="multiple"),
    pytest.param(
        Float, Limits(multiple_of=0.1), 0.3, 0.35, "must be a multiple of 0.1, got 0.35", id="float-multiple"
    ),
    pytest.param(
        Float, Limits(multiple_of=2), 4, float("inf"), "must be a multiple of 2, got Infinity", id="inf"
    ),
    pytest.param(
        String, Limits(min_length=2), "ab", "a", 'must be at least 2 long, got "a"', id="min-length"
    ),
    pytest.param(
        String, Limits(max_length=1), "a", "ab", 'must be at most 1 long, got "ab"', id="max-length"
    ),
    pytest.param(
        String, Limits(pattern="^a+$"), "aa", "b", 'must be matched by `^a+$`, got "b"', id="pattern"
    ),
    pytest.param(
        Date,
        Limits(ge="2024-01-01"),
        "2024-01-01",
        "2023-12-31",
        'must be at least `2024-01-01`, got "2023-12-31"',
        id="date",
    ),
    pytest.param(
        Bytes, Limits(max_length=1), "YQ==", "aGVsbG8=", 'must be at most 1 long, got "aGVsbG8="', id="bytes"
    ),
    pytest.param(IntSource, Limits(ge=1), 1, 0, "must be at least 1, got 0", id="source"),
    pytest.param(Noneable(Int), Limits(ge=1), None, 0, "must be at least 1, got 0", id="noneable"),
    pytest.param(Array(int), Limits(min_length=1), [1], [], "must have 1 or more entries, got 0", id="array"),
    pytest.param(
        Map(str, int), Limits(max_length=0), {}, {"a": 1}, "must have no more than 0 entries, got 1", id="map"
    ),
]


@pytest.mark.parametrize(("config_type", "limits", "good", "bad", "message"), LIMITED)
def test_limits(config_type: ConfigType, limits: Limits, good: object, bad: object, message: str) -> None:
    limited = constrain(config_type, limits)
    assert process(limited, good).errors == ()
    assert validate(limited, good).errors == ()
    for processed in (process(limited, bad), validate(limited, bad)):
        assert [(error.kind, error.message) for error in processed.errors] == [("range", message)]


def test_limits_hold_for_environment_variables() -> None:
    limited = constrain(IntSource, Limits(ge=1))
    assert process(limited, {"env": "N"}, environ={"N": "1"}).value == 1
    assert "int (at least 1)" in process(limited, {"env": "N"}, environ={"N": "0"}).errors[0].message


def test_datetimes_with_and_without_zone_are_not_compared() -> None:
    limited = constrain(DateTime, Limits(ge="2024-01-01T00:00:00Z"))
    assert process(limited, "2024-01-01T00:00:00Z").errors == ()
    assert "zone" in process(limited, "2024-01-01T00:00:00").errors[0].message


@pytest.mark.parametrize(
    ("config_type", "limits"),
    [
        (String, Limits(ge=1)),
        (Bool, Limits(ge=0)),
        (Int, Limits(min_length=1)),
        (Array(int), Limits(ge=1)),
        (as_config_type({"a": int}), Limits(min_length=1)),
        (Int, Limits(ge="one")),
        (String, Limits(pattern="(")),
    ],
)
def test_limits_that_make_no_sense_are_refused(config_type: ConfigType, limits: Limits) -> None:
    with pytest.raises(InvalidConfigDefinitionError):
        constrain(config_type, limits)


def test_no_limits_change_nothing() -> None:
    assert constrain(Int, Limits()) is Int
    assert constrain(Int, Limits(ge=1)) == Constrained(Int, Limits(ge=1))


def test_limited_mapping_loses_its_default_only_if_it_must_have_entries() -> None:
    assert process(as_config_type({"a": constrain(Permissive(), Limits(max_length=1))}), {}).value == {
        "a": {}
    }
    assert (
        process(as_config_type({"a": constrain(Permissive(), Limits(min_length=1))}), {}).errors[0].kind
        == "missing"
    )


@pytest.mark.parametrize(
    ("config_type", "limits"),
    [
        (Int, Limits(ge=5)),
        (Int, Limits(gt=5, multiple_of=7)),
        (Int, Limits(lt=-3)),
        (Float, Limits(gt=0.5, lt=0.75)),
        (String, Limits(min_length=9)),
        (String, Limits(max_length=2)),
        (Date, Limits(ge="2025-01-01")),
        (Array(int), Limits(min_length=3)),
    ],
)
def test_examples_keep_within_limits(config_type: ConfigType, limits: Limits) -> None:
    limited = constrain(config_type, limits)
    assert process(limited, example_value(limited)).errors == ()
