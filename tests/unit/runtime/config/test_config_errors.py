"""The error that users see: all problems, numbered, with places."""

from __future__ import annotations

import pickle

import pytest

from jobc.runtime.config import (
    ConfigProblem,
    Field,
    InvalidConfigError,
    StringSource,
    as_config_type,
    describe,
    example_value,
    process_or_raise,
    validate_or_raise,
)
from jobc.runtime.errors import JobcError

SCHEMA = as_config_type(
    {"ops": {"x": {"config": {"rows": [int], "by": {str: int}, "limit": Field(int, default_value=1)}}}}
)
BAD = {"ops": {"x": {"config": {"rows": [1, "2"], "by": {"k": None, 3: 1}, "limti": 5}}}, "opps": {}}

EXPECTED = "(expected {rows: list[int], by: dict[str, int], limit?: int})"


def error_of(value: object) -> InvalidConfigError:
    with pytest.raises(InvalidConfigError) as caught:
        process_or_raise(SCHEMA, value, "Error in config for job `etl`")
    return caught.value


def test_sem_3_message_numbers_all_problems_with_their_places() -> None:
    assert str(error_of(BAD)).splitlines() == [
        "Error in config for job `etl`",
        "    Error 1: at the root: unknown entry `opps`; did you mean `ops`? (expected {ops: {x: {...}}})",
        "    Error 2: at root:ops:x:config: unknown entry `limti`; did you mean `limit`? " + EXPECTED,
        '    Error 3: at root:ops:x:config:rows[1]: expected int, got "2"; write it without quotes',
        "    Error 4: at root:ops:x:config:by:'k':value: must not be None (null); expected int",
        "    Error 5: at root:ops:x:config:by:3:key: expected str, got 3; put it in quotes",
    ]


def test_sem_3_missing_section_comes_with_an_example() -> None:
    (problem,) = error_of({}).errors
    example = '{"ops": {"x": {"config": {"rows": [0], "by": {"text": 0}}}}}'
    assert problem.message == f"missing required entry `ops`; for example {example}"


def test_sem_22_error_holds_the_problems_and_the_value_as_written() -> None:
    error = error_of(BAD)
    assert isinstance(error, JobcError)
    assert error.config_value is BAD
    assert [problem.kind for problem in error.errors] == ["unknown", "unknown", "type", "none", "type"]


def test_error_survives_pickling() -> None:
    error = error_of(BAD)
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, InvalidConfigError)
    assert (str(copy), copy.errors, copy.config_value) == (str(error), error.errors, error.config_value)


def test_problem_is_a_value() -> None:
    problem = ConfigProblem(("a",), "no", "type", place="root:a")
    assert len({problem, ConfigProblem(("a",), "no", "type", place="root:a")}) == 1
    assert str(problem) == "at root:a: no"


def test_sem_5_validation_reads_no_environment() -> None:
    schema = as_config_type({"s": StringSource, "n": Field(int, default_value=2)})
    assert validate_or_raise(schema, {"s": {"env": "X"}}, "Error") == {"s": {"env": "X"}, "n": 2}
    assert process_or_raise(schema, {"s": {"env": "X"}}, "Error", environ={"X": "x"}) == {"s": "x", "n": 2}
    with pytest.raises(InvalidConfigError, match="Error in config when building"):
        validate_or_raise(schema, {}, "Error in config when building job `etl`")


def test_describe_and_example() -> None:
    schema = as_config_type({"path": str, "limit": Field(int, default_value=1)})
    assert describe(schema) == "{path: str, limit?: int}"
    assert example_value(schema) == {"path": "text"}
