"""Shapes, permissive shapes and selectors."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType

import pytest

from jobc.runtime.config import (
    Array,
    ConfigProblem,
    Field,
    Map,
    Noneable,
    Permissive,
    Selector,
    Shape,
    as_config_type,
    as_field,
    process,
)
from jobc.runtime.config.processing import validate as problems_of
from jobc.runtime.errors import InvalidConfigDefinitionError


def problems(schema: object, value: object) -> tuple[ConfigProblem, ...]:
    return process(as_config_type(schema), value).errors


def value_of(schema: object, value: object) -> object:
    processed = process(as_config_type(schema), value)
    assert processed.errors == ()
    return processed.value


def test_sem_4_shape_takes_its_fields() -> None:
    assert value_of({"a": int, "b": {"c": str}}, {"b": {"c": "x"}, "a": 1}) == {"a": 1, "b": {"c": "x"}}


def test_sem_4_empty_shape_takes_only_the_empty_mapping() -> None:
    assert value_of({}, {}) == {}
    assert problems({}, {"a": 1})[0].kind == "unknown"


@pytest.mark.parametrize("value", [MappingProxyType({"a": 1}), OrderedDict(a=1)])
def test_sem_4_shape_takes_any_mapping(value: object) -> None:
    assert value_of({"a": int}, value) == {"a": 1}


@pytest.mark.parametrize("value", [[], "", "a", 0, False, [("a", 1)]])
def test_sem_4_shape_refuses_what_is_no_mapping(value: object) -> None:
    (error,) = problems({"a": Field(int, is_required=False)}, value)
    assert error.kind == "type"
    assert error.message.startswith("expected {a?: int}, got ")


def test_sem_4_optional_field_without_default_is_absent() -> None:
    assert value_of({"a": Field(int, is_required=False)}, {}) == {}


def test_sem_4_defaults_are_filled_in_at_every_depth() -> None:
    schema = {"a": Field(int, default_value=1), "b": {"c": Field(str, default_value="x"), "d": Noneable(int)}}
    assert value_of(schema, {}) == {"a": 1, "b": {"c": "x", "d": None}}


def test_sem_4_given_default_of_a_shape_is_completed() -> None:
    inner = {"x": Field(int, default_value=1), "y": Field(int, default_value=2)}
    assert value_of({"a": Field(inner, default_value={"x": 9})}, {}) == {"a": {"x": 9, "y": 2}}


def test_sem_3_section_is_required_exactly_if_something_in_it_is() -> None:
    assert as_field({"a": {"b": int}}).is_required
    assert not as_field({"a": {"b": Field(int, default_value=1)}}).is_required


def test_defaults_are_not_shared_between_results() -> None:
    config_type = as_config_type({"a": Field(list, default_value=[1]), "b": Permissive()})
    first = process(config_type, {}).value
    assert isinstance(first, dict)
    first["a"].append(2)
    first["b"]["x"] = 1
    assert process(config_type, {}).value == {"a": [1], "b": {}}


def test_default_of_type_any_is_not_shared_either() -> None:
    from jobc.runtime.config import Any

    config_type = as_config_type({"a": Field(Any, default_value={"k": [1]})})
    first = process(config_type, {}).value
    assert isinstance(first, dict)
    first["a"]["k"].append(2)
    assert process(config_type, {}).value == {"a": {"k": [1]}}


def test_the_callers_value_stays_as_written() -> None:
    given = {"b": [1]}
    process(as_config_type({"a": Field(int, default_value=1), "b": [float]}), given)
    assert given == {"b": [1]}


def test_sem_4_unknown_keys_are_one_error_with_near_names() -> None:
    (error,) = problems({"path": Field(str, is_required=False)}, {"pth": 1, "zzz": 2})
    assert (error.kind, error.names, error.suggestions) == ("unknown", ("pth", "zzz"), ("path",))
    assert error.message == ("unknown entries `pth` and `zzz`; did you mean `path`? (expected {path?: str})")


def test_sem_4_keys_that_are_no_text_are_unknown() -> None:
    (error,) = problems({"a": Field(int, default_value=1)}, {5: 1, None: 2})
    assert error.names == ("5", "null")


def test_sem_4_missing_keys_are_one_error_with_an_example() -> None:
    (error,) = problems({"a": int, "b": [str], "c": Field(int, default_value=1)}, {})
    assert (error.kind, error.names, error.path) == ("missing", ("a", "b"), ())
    assert error.message == 'missing required entries `a` and `b`; for example {"a": 0, "b": ["text"]}'


def test_sem_3_order_within_one_mapping_is_unknown_missing_children() -> None:
    schema = {"a": int, "b": {"x": int, "y": int}, "c": int}
    errors = problems(schema, {"a": "1", "b": {"x": "1", "z": 0}, "q": 1})
    assert [(error.kind, error.path) for error in errors] == [
        ("unknown", ()),
        ("missing", ()),
        ("type", ("a",)),
        ("unknown", ("b",)),
        ("missing", ("b",)),
        ("type", ("b", "x")),
    ]


def test_long_shapes_are_shortened_in_messages() -> None:
    (error,) = problems({f"f{number}": int for number in range(100)}, 1)
    assert error.message == (
        "expected {f0: int, f1: int, f2: int, f3: int, f4: int, f5: int, f6: int, f7: int, ...}, got a number"
    )


def test_deep_shapes_are_shortened_in_messages() -> None:
    (error,) = problems({"a": {"b": {"c": {"d": int}}}}, 1)
    assert error.message == "expected {a: {b: {...}}}, got a number"


def test_sem_4_permissive_keeps_the_rest() -> None:
    schema = Permissive({"a": int, "b": Field(int, default_value=2)})
    assert value_of(schema, {"z": [1], "a": 1}) == {"a": 1, "b": 2, "z": [1]}


def test_sem_4_permissive_checks_declared_fields() -> None:
    assert [error.kind for error in problems(Permissive({"a": int, "b": int}), {"a": "x", "z": 1})] == [
        "missing",
        "type",
    ]


def test_sem_4_bare_dict_takes_any_mapping_and_defaults_to_empty() -> None:
    assert value_of({"a": dict}, {}) == {"a": {}}
    assert value_of(dict, {"x": {"y": 1}}) == {"x": {"y": 1}}
    assert problems(dict, [1])[0].message == "expected dict, got a list"


SELECTOR = Selector({"a": int, "b": {"x": Field(int, default_value=7)}})


def test_sem_4_selector_takes_exactly_one_branch() -> None:
    assert value_of(SELECTOR, {"a": 1}) == {"a": 1}
    assert value_of(SELECTOR, {"b": {}}) == {"b": {"x": 7}}


def test_sem_4_selector_null_branch_means_its_defaults() -> None:
    assert value_of(SELECTOR, {"b": None}) == {"b": {"x": 7}}
    assert value_of(Selector({"a": Field(int, default_value=3), "b": int}), {"a": None}) == {"a": 3}
    assert value_of(Selector({"a": Noneable(int), "b": int}), {"a": None}) == {"a": None}


def test_sem_4_selector_null_branch_without_defaults_is_refused() -> None:
    assert [error.kind for error in problems(SELECTOR, {"a": None})] == ["none"]
    assert [error.kind for error in problems(Selector({"a": {"x": int}, "b": int}), {"a": None})] == [
        "missing"
    ]


def test_sem_4_selector_none_and_two_are_distinct_errors() -> None:
    (none,) = problems(SELECTOR, {})
    (two,) = problems(SELECTOR, {"a": 1, "b": {}})
    assert (none.kind, two.kind, two.names) == ("selector", "selector", ("a", "b"))
    assert none.message == 'exactly one of `a` or `b` must be given, got none; for example {"a": 0}'
    assert two.message == "exactly one of `a` or `b` must be given, got 2: `a` and `b`"


def test_sem_4_selector_unknown_branch() -> None:
    (error,) = problems(Selector({"file": str, "table": str}), {"fille": "x"})
    assert (error.kind, error.names, error.suggestions) == ("unknown", ("fille",), ("file",))


def test_sem_4_selector_bare_text_is_no_shorthand() -> None:
    (error,) = problems(SELECTOR, "b")
    assert error.kind == "type"
    assert error.message.endswith('write {"b": {}}')


def test_sem_4_selector_single_field_with_default_is_optional() -> None:
    assert value_of({"s": Selector({"a": Field(int, default_value=3)})}, {}) == {"s": {"a": 3}}
    assert value_of({"s": Selector({"a": {"x": Field(int, default_value=1)}})}, {}) == {"s": {"a": {"x": 1}}}


def test_sem_4_selector_single_optional_field_is_optional() -> None:
    assert value_of({"s": Selector({"a": Field(int, is_required=False)})}, {}) == {"s": {}}


def test_sem_4_selector_of_two_optional_fields_is_required() -> None:
    assert as_field(Selector({"a": Noneable(int), "b": Noneable(int)})).is_required


def test_selector_needs_a_field() -> None:
    with pytest.raises(InvalidConfigDefinitionError, match="at least one field"):
        Selector({})


@pytest.mark.parametrize("fields", [{1: int}, [int], "a"])
def test_shape_needs_named_fields(fields: object) -> None:
    with pytest.raises(InvalidConfigDefinitionError):
        Shape(fields)  # type: ignore[arg-type]


def test_descriptions_of_nested_types() -> None:
    schema = {
        "path": str,
        "limit": Field(int, default_value=1),
        "rows": [{"k": int}],
        "by": Map(str, Array(float)),
        "how": Selector({"a": int, "b": Field(str, is_required=False)}),
        "rest": Permissive({"z": int}),
    }
    assert as_config_type(schema).describe(3) == (
        "{path: str, limit?: int, rows: list[{k: int}], by: dict[str, list[float]],"
        " how: one of {a: int} or {b: str}, rest: {z: int, ...}}"
    )


def test_a_name_that_stands_one_level_too_high_is_offered_its_place() -> None:
    shape = as_config_type({"ops": {"b": int, "c": int}, "resources": {"c": int}})
    (problem,) = problems_of(shape, {"ops": {"b": 1, "c": 1}, "resources": {"c": 1}, "b": 1}).errors
    assert problem.message == "unknown entry `b`; did you mean `ops.b`?"
    assert problem.suggestions == ()
    (problem,) = problems_of(shape, {"ops": {"b": 1, "c": 1}, "resources": {"c": 1}, "c": 1}).errors
    assert problem.message.startswith("unknown entry `c` (expected {")
