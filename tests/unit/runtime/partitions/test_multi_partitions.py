"""Keys of two dimensions (SEMANTICS 16)."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

from jobc.runtime.errors import (
    CheckError,
    InvalidDefinitionError,
    InvalidInvocationError,
    ParameterCheckError,
    UnknownPartitionError,
)
from jobc.runtime.partitions import (
    DailyPartitionsDefinition,
    DynamicPartitionsDefinition,
    HourlyPartitionsDefinition,
    MultiPartitionKey,
    MultiPartitionsDefinition,
    PartitionKeyRange,
    StaticPartitionsDefinition,
    TimeWindowPartitionsDefinition,
)

REGIONS = StaticPartitionsDefinition(["us", "eu"])
DAYS = DailyPartitionsDefinition("2024-01-01", end_date="2024-01-04")
GRID = MultiPartitionsDefinition({"region": REGIONS, "day": DAYS})
KEYS = [f"2024-01-0{day}|{region}" for day in (1, 2, 3) for region in ("us", "eu")]


def test_sem_16_multi_order() -> None:
    assert GRID.partition_dimension_names == ("day", "region")
    assert GRID.get_partition_keys() == KEYS
    assert (GRID.get_first_partition_key(), GRID.get_last_partition_key()) == (KEYS[0], KEYS[-1])


def test_answers_agree_with_the_list() -> None:
    assert GRID.get_num_partitions() == len(KEYS)
    assert [GRID.get_partition_key_at(index) for index in range(len(KEYS))] == KEYS
    assert [GRID.get_index_of_partition_key(key) for key in KEYS] == list(range(len(KEYS)))
    assert [GRID.get_next_partition_key(key) for key in KEYS] == [*KEYS[1:], None]
    assert [GRID.get_previous_partition_key(key) for key in KEYS] == [None, *KEYS[:-1]]


@pytest.mark.parametrize(
    "key", ["us|2024-01-01", "2024-01-01", "2024-01-01|us|x", "2024-01-04|us", "2024-01-01|sa"]
)
def test_keys_that_are_none(key: str) -> None:
    assert not GRID.has_partition_key(key)
    with pytest.raises(UnknownPartitionError, match="Could not find a partition with key"):
        GRID.validate_partition_key(key)


def test_near_keys_replace_the_part_that_is_wrong() -> None:
    grid = MultiPartitionsDefinition({"day": DAYS, "region": StaticPartitionsDefinition(["north", "south"])})
    with pytest.raises(UnknownPartitionError, match=r"did you mean `2024-01-02\|north`"):
        grid.validate_partition_key("2024-01-02|nort")


def test_a_key_equals_its_text() -> None:
    key = MultiPartitionKey({"region": "us", "day": "2024-01-01"})
    assert key == "2024-01-01|us"
    assert hash(key) == hash("2024-01-01|us")
    assert key.keys_by_dimension == {"day": "2024-01-01", "region": "us"}
    copy = pickle.loads(pickle.dumps(key))
    assert (copy, copy.keys_by_dimension) == (key, key.keys_by_dimension)
    assert GRID.has_partition_key(key)
    assert not GRID.has_partition_key(MultiPartitionKey({"a": "2024-01-01", "b": "us"}))


def test_listed_keys_know_their_parts() -> None:
    assert GRID.get_partition_keys()[1].keys_by_dimension == {"day": "2024-01-01", "region": "eu"}
    assert GRID.get_partition_key_from_str(KEYS[1]).keys_by_dimension == {"day": "2024-01-01", "region": "eu"}
    with pytest.raises(CheckError, match="two parts"):
        GRID.get_partition_key_from_str("2024-01-01")


@pytest.mark.parametrize(
    ("start", "end", "places"),
    [
        pytest.param(KEYS[0], KEYS[-1], [0, 1, 2, 3, 4, 5], id="sem_16_multi_range_all"),
        pytest.param("2024-01-01|us", "2024-01-03|us", [0, 2, 4], id="sem_16_multi_range_rectangle"),
        pytest.param("2024-01-02|us", "2024-01-01|us", [], id="sem_16_multi_range_reversed"),
    ],
)
def test_ranges(start: str, end: str, places: list[int]) -> None:
    keys = GRID.get_partition_keys_in_range(PartitionKeyRange(start, end))
    assert keys == [KEYS[place] for place in places]


@pytest.mark.parametrize("end", ["2024-01-09|us", "2024-01-03|sa", "2024-01-03"])
def test_ranges_of_unknown_keys(end: str) -> None:
    with pytest.raises(InvalidInvocationError, match="is no key"):
        GRID.get_partition_keys_in_range(PartitionKeyRange(KEYS[0], end))


def test_keys_with_a_dimension_value() -> None:
    assert GRID.get_multipartition_keys_with_dimension_value("region", "eu") == KEYS[1::2]
    assert GRID.get_multipartition_keys_with_dimension_value("day", "2024-01-02") == KEYS[2:4]
    with pytest.raises(CheckError, match="`day` and `region`"):
        GRID.get_multipartition_keys_with_dimension_value("hour", "1")


def test_tags_of_each_dimension() -> None:
    assert GRID.get_tags_for_partition_key(KEYS[0]) == {
        "jobc/partition": "2024-01-01|us",
        "jobc/partition/day": "2024-01-01",
        "jobc/partition/region": "us",
    }


def test_the_window_of_the_dimension_of_time() -> None:
    assert GRID.time_window_for_partition_key(KEYS[2]) == DAYS.time_window_for_partition_key("2024-01-02")
    plain = MultiPartitionsDefinition({"a": REGIONS, "b": REGIONS})
    with pytest.raises(ParameterCheckError, match="no single time"):
        plain.time_window_for_partition_key("us|us")


def test_current_time_reaches_the_dimensions() -> None:
    grid = MultiPartitionsDefinition({"day": DailyPartitionsDefinition("2024-01-01"), "region": REGIONS})
    now = datetime(2024, 1, 3, tzinfo=UTC)
    assert grid.get_num_partitions(now) == 4
    assert grid.get_last_partition_key(now) == "2024-01-02|eu"
    assert not grid.has_partition_key("2024-01-03|us", now)


@pytest.mark.parametrize(
    ("dimensions", "error", "said"),
    [
        pytest.param({"a": REGIONS}, InvalidInvocationError, "1 were given", id="sem_16_multi_one"),
        pytest.param(
            {"a": REGIONS, "b": REGIONS, "c": REGIONS}, InvalidInvocationError, "3", id="sem_16_multi_three"
        ),
        pytest.param({"a": REGIONS, "b": GRID}, InvalidDefinitionError, "`b`", id="sem_16_multi_nested"),
        *[
            pytest.param(
                {"a": REGIONS, "b": StaticPartitionsDefinition(["x", f"y{character}"])},
                InvalidDefinitionError,
                f"`y\\{character}`",
                id=f"sem_16_multi_{ord(character)}",
            )
            for character in "|,[]"
        ],
        pytest.param(
            {"a": REGIONS, "b": DailyPartitionsDefinition("2024|01|01", fmt="%Y|%m|%d")},
            InvalidDefinitionError,
            "holds",
            id="sem_16_multi_fmt",
        ),
        pytest.param(
            {"a": REGIONS, "b": DynamicPartitionsDefinition(lambda _: [])},
            InvalidDefinitionError,
            "need a `name`",
            id="sem_16_multi_function",
        ),
        pytest.param([REGIONS, REGIONS], ParameterCheckError, "a mapping", id="sem_16_multi_list"),
        pytest.param({"a": REGIONS, 1: REGIONS}, ParameterCheckError, "must be text", id="sem_16_multi_name"),
    ],
)
def test_dimensions_that_cannot_be(dimensions: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        MultiPartitionsDefinition(dimensions)


@pytest.mark.parametrize("parts", [{}, {"a": 1}, {1: "a"}, "a|b"])
def test_a_key_needs_texts(parts: Any) -> None:
    with pytest.raises(ParameterCheckError):
        MultiPartitionKey(parts)


def test_equality_ignores_the_order_of_writing() -> None:
    same = MultiPartitionsDefinition({"day": DAYS, "region": REGIONS})
    assert same == GRID
    assert hash(same) == hash(GRID)
    assert MultiPartitionsDefinition({"days": DAYS, "region": REGIONS}) != GRID
    assert pickle.loads(pickle.dumps(GRID)) == GRID


def test_a_vast_product_answers_without_being_listed() -> None:
    minutes = TimeWindowPartitionsDefinition(
        start="1000-01-01-00:00", end="2000-01-01-00:00", fmt="%Y-%m-%d-%H:%M", cron_schedule="* * * * *"
    )
    hours = HourlyPartitionsDefinition("1000-01-01-00:00", end_date="2000-01-01-00:00")
    vast = MultiPartitionsDefinition({"hour": hours, "minute": minutes})
    assert vast.get_num_partitions() == hours.get_num_partitions() * minutes.get_num_partitions() > 10**15
    key = "1500-02-28-23:00|1999-12-31-23:59"
    assert vast.has_partition_key(key)
    assert vast.get_partition_key_at(vast.get_index_of_partition_key(key)) == key
