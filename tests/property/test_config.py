"""Config types, as sentences that hold for any type and any value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any as Anything

from hypothesis import given
from hypothesis import strategies as st

from jobc.runtime.config import (
    Any,
    Array,
    Bool,
    BoolSource,
    Bytes,
    ConfigType,
    Date,
    DateTime,
    Enum,
    EnumValue,
    Field,
    Float,
    Int,
    IntSource,
    Limits,
    Literal,
    Map,
    Noneable,
    Path,
    Permissive,
    ScalarUnion,
    SecretText,
    Selector,
    Set,
    Shape,
    String,
    StringSource,
    TimeDelta,
    Tuple,
    Union,
    constrain,
    example_value,
    process,
    validate,
)

ENVIRON = {"a": "1", "b": "text", "c": ""}
NAMES = st.sampled_from(["a", "b", "c", "env"])

KEYS = NAMES | st.text(max_size=3) | st.integers()
SCALAR_VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | NAMES
    | st.just("2024-01-01")
)
VALUES = st.recursive(
    SCALAR_VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)

PLAIN_SCALARS = st.sampled_from(
    [
        Int,
        Float,
        String,
        Bool,
        Date,
        DateTime,
        TimeDelta,
        Path,
        Bytes,
        SecretText,
        Literal(["a", 1, True]),
        constrain(Int, Limits(ge=0)),
        constrain(String, Limits(max_length=4)),
    ]
)
SOURCES = st.sampled_from(
    [StringSource, IntSource, BoolSource, Enum("E", [EnumValue("a", 1), EnumValue("b", [2])])]
)


def fields(types: st.SearchStrategy[ConfigType]) -> st.SearchStrategy[dict[str, Field]]:
    """Fields of some types; some are optional."""
    field = st.builds(Field, types) | st.builds(Field, types, is_required=st.just(False))
    return st.dictionaries(NAMES, field, max_size=3)


def larger(types: st.SearchStrategy[ConfigType]) -> st.SearchStrategy[ConfigType]:
    """Types made of some types."""
    return st.one_of(
        st.builds(Array, types),
        st.builds(Noneable, types),
        st.builds(Map, PLAIN_SCALARS, types),
        st.builds(Tuple, st.lists(types, min_size=1, max_size=2).map(tuple)),
        st.builds(Set, PLAIN_SCALARS),
        st.builds(Shape, fields(types)),
        st.builds(Permissive, fields(types)),
        st.builds(Selector, fields(types).filter(bool)),
        st.builds(ScalarUnion, PLAIN_SCALARS, st.builds(Array, types)),
    )


LEAVES = PLAIN_SCALARS | st.just(Any)
ENV_FREE_TYPES = st.recursive(LEAVES, larger, max_leaves=6)
TYPES = st.recursive(
    LEAVES | SOURCES,
    lambda types: larger(types) | st.builds(Union, st.lists(types, min_size=1, max_size=3).map(tuple)),
    max_leaves=6,
)


def fitting(config_type: ConfigType) -> object:
    """A value that fits, for the properties that speak of those."""
    return example_value(config_type)


def leads_somewhere(value: object, path: tuple[str | int, ...]) -> bool:
    """Tell whether a path exists in a value, or all of it but the last step."""
    for number, step in enumerate(path):
        listed = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if listed or (isinstance(value, Mapping) and step in value):
            value = value[step]  # type: ignore[index]
        else:
            return number == len(path) - 1
    return True


@given(TYPES, VALUES)
def test_sem_4_any_value_gives_a_result_or_problems(config_type: ConfigType, value: object) -> None:
    for processed in (process(config_type, value, environ=ENVIRON), validate(config_type, value)):
        assert all(problem.message and problem.kind for problem in processed.errors)
        assert not processed.errors or processed.value is None


@given(TYPES, VALUES)
def test_sem_4_every_path_exists_in_the_value_or_its_parent_does(
    config_type: ConfigType, value: object
) -> None:
    for problem in process(config_type, value, environ=ENVIRON).errors:
        assert leads_somewhere(value, problem.path)


@given(ENV_FREE_TYPES, VALUES)
def test_sem_4_processing_twice_is_processing_once(config_type: ConfigType, value: object) -> None:
    for one in (value, fitting(config_type)):
        once = process(config_type, one, environ={})
        if not once.errors:
            assert same(process(config_type, once.value, environ={}).value, once.value)


@given(TYPES, VALUES)
def test_sem_4_filling_in_defaults_twice_is_doing_it_once(config_type: ConfigType, value: object) -> None:
    for one in (value, fitting(config_type)):
        once = validate(config_type, one)
        if not once.errors:
            assert same(validate(config_type, once.value).value, once.value)


@given(TYPES)
def test_sem_3_the_example_of_a_type_fits_it(config_type: ConfigType) -> None:
    assert validate(config_type, fitting(config_type)).errors == ()


@given(TYPES, VALUES)
def test_sem_5_without_variables_both_readings_agree_on_what_fits(
    config_type: ConfigType, value: object
) -> None:
    validated, processed = validate(config_type, value), process(config_type, value, environ=ENVIRON)
    assert validated.errors == tuple(problem for problem in processed.errors if problem.kind != "env")


def same(one: object, other: object) -> bool:
    """Compare two values; not-a-number equals itself."""
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (one != one and other != other)  # noqa: PLR0124
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        pairs: list[tuple[Anything, Anything]] = list(zip(one.items(), other.items(), strict=False))
        return len(one) == len(other) and all(same(list(a), list(b)) for a, b in pairs)
    if isinstance(one, set) and isinstance(other, set):
        return sorted(map(repr, one)) == sorted(map(repr, other))
    return one == other
