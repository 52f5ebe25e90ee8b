"""Config types as JSON Schema: what the type takes, the schema takes."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from jobc.runtime.config import (
    Array,
    Bool,
    Date,
    Enum,
    EnumValue,
    Field,
    Float,
    Int,
    Limits,
    Literal,
    Map,
    Noneable,
    Permissive,
    ScalarUnion,
    SecretText,
    Selector,
    Shape,
    String,
    StringSource,
    TimeDelta,
    Tuple,
    constrain,
    validate,
)
from jobc.runtime.config.json_schema import json_schema

SHAPE = Shape({"path": String, "limit": Field(Int, default_value=3, description="Rows.")})
ENUM = Enum("mode", [EnumValue("FAST"), EnumValue("EXACT")])

CASES: list[tuple[str, Any, Any, bool]] = [
    ("an int", Int, 3, True),
    ("text is no int", Int, "3", False),
    ("a bool is no int", Int, True, False),
    ("a bool is a float", Float, True, True),
    ("a bool", Bool, False, True),
    ("null is no text", String, None, False),
    ("null where it may be", Noneable(Int), None, True),
    ("text where null may be", Noneable(Int), "x", False),
    ("a list", Array(Int), [1, 2], True),
    ("a list with text", Array(Int), [1, "x"], False),
    ("a pair", Tuple((Int, String)), [1, "x"], True),
    ("a mapping", Map(String, Int), {"a": 1}, True),
    ("a mapping to text", Map(String, Int), {"a": "x"}, False),
    ("a choice", ENUM, "FAST", True),
    ("no choice", ENUM, "SLOW", False),
    ("a literal", Literal(["a", "b"]), "a", True),
    ("no literal", Literal(["a", "b"]), "c", False),
    ("a date", Date, "2024-01-01", True),
    ("seconds", TimeDelta, 3, True),
    ("a secret", SecretText, "hunter2", True),
    ("a variable", StringSource, {"env": "HOME"}, True),
    ("text for a variable", StringSource, "x", True),
    ("no variable", StringSource, {"var": "HOME"}, False),
    ("text or list", ScalarUnion(String, Array(Int)), "x", True),
    ("neither text nor list", ScalarUnion(String, Array(Int)), 1, False),
    ("a shape", SHAPE, {"path": "x"}, True),
    ("a missing field", SHAPE, {}, False),
    ("an unknown field", SHAPE, {"path": "x", "pth": 1}, False),
    ("a kept field", Permissive({"a": Int}), {"a": 1, "b": 2}, True),
    ("one branch", Selector({"a": Int, "b": String}), {"a": 1}, True),
    ("two branches", Selector({"a": Int, "b": String}), {"a": 1, "b": "x"}, False),
    ("no branch", Selector({"a": Int, "b": String}), {}, False),
    ("within limits", constrain(Int, Limits(ge=1, lt=5)), 1, True),
    ("beyond limits", constrain(Int, Limits(ge=1, lt=5)), 5, False),
    ("short text", constrain(String, Limits(min_length=2)), "x", False),
    ("a short list", constrain(Array(Int), Limits(min_length=2)), [1], False),
]


@pytest.mark.parametrize(("kind", "value", "fits"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_the_verdict_is_that_of_the_type(kind: Any, value: object, fits: bool) -> None:  # noqa: FBT001
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid(value) is fits
    assert (not validate(kind, value).errors) is fits


def test_defaults_and_descriptions_are_shown() -> None:
    limit = json_schema(SHAPE)["properties"]["limit"]
    assert limit == {"type": "integer", "default": 3, "description": "Rows."}


def test_the_default_of_a_secret_is_not_shown() -> None:
    shape = Shape({"key": Field(SecretText, default_value="hunter2")})
    assert "hunter2" not in str(json_schema(shape))
