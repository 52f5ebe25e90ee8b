"""The JSON Schema of specs and the compiler agree on what has the shape of a spec."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from jobc.compiler.read import read_text
from jobc.compiler.syntax.document import parse
from jobc.schemas.json_schemas import FOLDER, KINDS, schema_of, text_of

# Ten thousand random specs where there is time.
EXAMPLES = max(60, 10_000 * (settings.default.max_examples // 1_000 > 0)) if settings.default else 60
VALIDATOR = Draft202012Validator(schema_of("spec"))
# What the compiler says of a document's shape; what is inside texts is beyond a JSON Schema.
STRUCTURAL = frozenset({"JC0201", "JC0202", "JC0203", "JC0204", "JC0205", "JC0206"})

WHOLE: dict[str, Any] = {
    "jobc": 1,
    "x-note": {"any": ["thing"]},
    "description": "A shop",
    "python_path": ["."],
    "imports": {"common": "./common.yaml", "eu": {"path": "./eu.yaml", "vars": {"region": "eu"}}},
    "vars": {"root": "data", "limit": {"type": "int", "default": 3}},
    "profiles": {"prod": {"vars": {"root": "/srv"}, "jobs": {"etl": {"executor": "pool"}}}},
    "ops": {
        "read": {
            "python": "shop:read",
            "config": {
                "path": "str",
                "limit": {"type": "int", "default": 5, "ge": 1, "description": "Rows."},
                "server": {"fields": {"host": "str", "port": {"type": "int", "lt": 65536}}},
                "source": {"one_of": {"file": "path", "table": "str"}, "permissive": False},
                "mode": {"enum": ["fast", "exact"], "env": "MODE"},
            },
            "inputs": {"day": "str", "rows": {"type": "int", "default": None}},
            "outputs": {
                "good": "int",
                "bad": {"type": "int", "required": False, "dynamic": True, "asset": ["a", "b"]},
            },
            "retry": {"max_retries": 2, "delay_s": 0.5, "backoff": "linear", "jitter": "full"},
            "timeout_s": 2.5,
            "code_version": "3",
            "tags": {"team": ["a"], "any key": None},
            "resources": ["warehouse"],
            "x-owner": "me",
        },
        "copy": {"command": ["cp", "a", "b"]},
        "sort": {"shell": "sort a"},
    },
    "graphs": {
        "text": {"inputs": {"day": "str", "hour": {"type": "int"}}, "wiring": "read(day)"},
        "nodes": {
            "nodes": {
                "a": {
                    "op": "read",
                    "inputs": {"day": {"value": 1.5}},
                    "after": ["b"],
                    "config": {"path": "x"},
                    "hooks": ["alert"],
                    "retry": {},
                }
            },
            "outputs": {"x": "a"},
        },
    },
    "resources": {
        "warehouse": {"python": "shop:warehouse", "config": {"path": "str"}, "with": {"path": "x"}},
        "io_manager": {"builtin": "fs_io_manager", "with": {"base_dir": "out"}},
    },
    "partitions": {
        "daily": {"daily": {"start": "2024-01-01", "hour_offset": 3}},
        "odd": {"cron": {"schedule": "0 6 * * *", "start": "2024-01-01"}},
        "regions": {"static": ["us", "eu"]},
        "grid": {"multi": {"day": "daily", "region": "regions"}},
        "tenants": {"dynamic": "tenants"},
    },
    "config_mappings": {"by_day": {"params": {"day": "date"}, "config": {"ops": {}}}},
    "partitioned_configs": {"per_day": {"partitions": "daily", "python": "shop:per_day"}},
    "hooks": {"alert": {"python": "shop:alert", "on": "failure"}},
    "loggers": {"json": {"builtin": "json_console", "with": {"level": "INFO"}}},
    "executors": {"pool": {"builtin": "multiprocess"}},
    "selections": {"nightly": "a", "both": ["a", "b"]},
    "jobs": {
        "etl": {
            "graph": "text",
            "config": {"ops": {}},
            "resources": {"warehouse": "warehouse"},
            "hooks": ["alert"],
            "loggers": ["json"],
            "executor": "pool",
            "version_strategy": "source",
            "metadata": {"owner": "me"},
            "inputs": {"day": "2024-01-01"},
            "retry": {"max_retries": 1},
        },
        "light": {"job": "etl", "select": ["*a"], "version_strategy": {"python": "shop:strategy"}},
        "own": {"wiring": "read()", "nodes": {"read": {"tags": {"a": "b"}}}},
    },
}

# A whole float is an integer to JSON Schema and none to the spec language: the one place where they differ.
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer()),
    st.sampled_from(["", "a", "source", "any words", "0"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["python", "path", "a", "x-b"]), inner, max_size=2)
    ),
    max_leaves=4,
)
KEYS = st.sampled_from(
    ["x-note", "pyton", "with", "python", "op", "class", "config", "inputs", "a-b", "0a", "graph", "~plug-in"]
)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    pairs: Any = (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    )
    for key, item in pairs:
        found += places(item, (*path, key))
    return found


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a whole document with up to two changes: another value, another key, or something left out."""
    document = copy.deepcopy(WHOLE)
    for _ in range(draw(st.integers(0, 2))):
        path = draw(st.sampled_from(places(document) or [("jobc",)]))
        owner: Any = document
        for part in path[:-1]:
            owner = owner[part]
        change = draw(st.sampled_from(["value", "key", "drop"]))
        if change == "value":
            owner[path[-1]] = draw(VALUES)
        elif change == "drop":
            del owner[path[-1]]
        elif isinstance(owner, dict):
            owner[draw(KEYS)] = owner.pop(path[-1])
    return document


def structural_mistakes(document: dict[str, Any]) -> list[str]:
    tree, found = read_text("spec.json", json.dumps(document))
    assert tree is not None
    assert not found
    return [f"{each.code} {each.message}" for each in parse(tree).diagnostics if each.code in STRUCTURAL]


def test_the_whole_document_has_every_key() -> None:
    assert structural_mistakes(WHOLE) == []
    assert list(VALIDATOR.iter_errors(WHOLE)) == []


@settings(max_examples=EXAMPLES)
@given(documents())
def test_the_schema_has_the_verdict_of_the_compiler(document: dict[str, Any]) -> None:
    mistakes = structural_mistakes(document)
    errors = [f"{list(each.absolute_path)}: {each.message[:200]}" for each in VALIDATOR.iter_errors(document)]
    assert bool(errors) == bool(mistakes), (errors, mistakes)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_files_are_up_to_date(kind: str) -> None:
    assert (FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8") == text_of(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_description_and_an_example(kind: str) -> None:
    schema = schema_of(kind)
    for name, each in {"document": schema, **schema["$defs"]}.items():
        for key, field in each["properties"].items():
            assert field.get("description"), f"{name}.{key}"
            assert field.get("examples"), f"{name}.{key}"
