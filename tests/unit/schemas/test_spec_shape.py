"""The generated schema is up to date and agrees with the models it stands for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import SchemaValidator

from jobc.schemas.generate import SHAPE_FILE, shape_module
from jobc.schemas.spec import SpecDocument
from jobc.schemas.spec_shape import SCHEMA

VALIDATOR = SchemaValidator(SCHEMA)

WHOLE: dict[str, Any] = {
    "jobc": 1,
    "description": "A shop",
    "vars": {"root": "data"},
    "ops": {
        "read": {
            "python": "shop:read",
            "config": {"path": "str", "limit": {"type": "int", "default": 5, "ge": 1}},
            "inputs": {"day": "str", "rows": {"type": "int", "default": None}},
            "outputs": {"good": "int", "bad": {"type": "int", "required": False}},
            "retry": {"max_retries": 2, "delay_s": 1, "backoff": "linear", "jitter": "full"},
            "tags": {"team": ["a"]},
            "resources": ["warehouse"],
        }
    },
    "graphs": {
        "text": {"inputs": {"day": "str", "hour": {"type": "int"}}, "wiring": "read(day)"},
        "nodes": {
            "nodes": {"a": {"op": "read", "inputs": {"day": {"value": 1}}, "after": ["b"]}},
            "outputs": {"x": "a"},
        },
    },
    "resources": {"warehouse": {"python": "shop:warehouse", "with": {"path": "x"}}},
    "jobs": {"etl": {"graph": "text", "config": {"ops": {}}, "resources": {"warehouse": "warehouse"}}},
}
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.text(max_size=3)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def paths(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, item in value.items():
            found += paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += paths(item, (*path, index))
    return found


PATHS = [path for path in paths(WHOLE) if path]


def changed(path: tuple[Any, ...], value: object, *, key: str | None) -> Any:
    """Return the whole document with one value replaced, or one key renamed."""

    def change(part: Any, rest: tuple[Any, ...]) -> Any:
        head, *tail = rest
        if isinstance(part, list):
            return [
                change(item, tuple(tail)) if tail and index == head else value if index == head else item
                for index, item in enumerate(part)
            ]
        if tail:
            return {**part, head: change(part[head], tuple(tail))}
        return {
            key if key is not None and name == head else name: value if name == head else item
            for name, item in part.items()
        }

    return change(WHOLE, path)


def errors(validate: Any, value: object) -> list[tuple[str, tuple[Any, ...]]]:
    try:
        validate(value)
    except ValidationError as error:
        return [(detail["type"], detail["loc"]) for detail in error.errors(include_url=False)]
    return []


def as_data(value: Any) -> Any:
    """Return fields of models and of their light twins as plain data."""
    if hasattr(value, "model_fields_set"):
        return {name: as_data(item) for name, item in vars(value).items()}, sorted(value.model_fields_set)
    if isinstance(value, dict):
        return {key: as_data(item) for key, item in value.items()}
    return [as_data(item) for item in value] if isinstance(value, list) else value


def test_the_generated_module_is_up_to_date() -> None:
    assert SHAPE_FILE.read_text(encoding="utf-8") == shape_module()


def test_a_whole_document_gives_the_same_values() -> None:
    light = VALIDATOR.validate_python(WHOLE)
    assert as_data(light) == as_data(SpecDocument.model_validate(WHOLE))


@given(
    st.sampled_from(PATHS), VALUES, st.none() | st.sampled_from(["x-note", "pyton", "with", "python", "op"])
)
def test_one_edit_gives_the_same_verdict(path: tuple[Any, ...], value: object, key: str | None) -> None:
    document = changed(path, value, key=key)
    assert errors(VALIDATOR.validate_python, document) == errors(SpecDocument.model_validate, document)


@pytest.mark.parametrize("name", ["SpecDocument", "OpSpec", "JobSpec"])
def test_light_classes_are_named_after_the_models(name: str) -> None:
    import jobc.schemas.spec_shape as shape

    assert getattr(shape, name).__slots__ == ()
