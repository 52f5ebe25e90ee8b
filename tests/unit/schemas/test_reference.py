"""The table of keys is up to date, and its examples hold."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from jobc.schemas.json_schemas import schema_of
from jobc.schemas.reference import PAGE, reference

SCHEMA = schema_of("spec")
FIELDS = [
    (f"{name}.{key}", field)
    for name, model in {"SpecDocument": SCHEMA, **SCHEMA["$defs"]}.items()
    for key, field in model["properties"].items()
]


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("field", [field for _, field in FIELDS], ids=[name for name, _ in FIELDS])
def test_every_example_is_a_value_of_its_key(field: dict[str, Any]) -> None:
    validator = Draft202012Validator({**field, "$defs": SCHEMA["$defs"]})
    for example in field["examples"]:
        assert [error.message for error in validator.iter_errors(example)] == []
