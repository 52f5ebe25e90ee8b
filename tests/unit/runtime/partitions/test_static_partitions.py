"""Keys that are written down (SEMANTICS 16)."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from jobc.runtime.errors import (
    InvalidDefinitionError,
    InvalidInvocationError,
    ParameterCheckError,
    UnknownPartitionError,
)
from jobc.runtime.partitions import PartitionKeyRange, StaticPartitionsDefinition

REGIONS = StaticPartitionsDefinition(["us", "eu", "ap"])


@pytest.mark.parametrize(
    ("keys", "error", "said"),
    [
        pytest.param(["a", "b", "a"], InvalidDefinitionError, "`a`", id="sem_16_static_twice"),
        pytest.param(["a...b"], InvalidDefinitionError, "stands for a range", id="sem_16_static_dots"),
        *[
            pytest.param(
                [f"a{c}b"], InvalidDefinitionError, "control character", id=f"sem_16_static_{ord(c)}"
            )
            for c in "\a\b\t\n\v\f\r\0"
        ],
        pytest.param("abc", ParameterCheckError, "a list of texts", id="sem_16_static_one_text"),
        pytest.param([1], ParameterCheckError, "not 1", id="sem_16_static_number"),
        pytest.param({"a"}, ParameterCheckError, "a list of texts", id="sem_16_static_set"),
    ],
)
def test_keys_that_cannot_be(keys: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        StaticPartitionsDefinition(keys)


def test_answers() -> None:
    assert REGIONS.get_partition_keys() == ["us", "eu", "ap"]
    assert REGIONS.get_num_partitions() == 3
    assert (REGIONS.get_first_partition_key(), REGIONS.get_last_partition_key()) == ("us", "ap")
    assert REGIONS.has_partition_key("eu")
    assert not REGIONS.has_partition_key("EU")
    assert REGIONS.get_partition_key_at(1) == "eu"
    assert REGIONS.get_index_of_partition_key("ap") == 2
    assert (REGIONS.get_previous_partition_key("us"), REGIONS.get_next_partition_key("us")) == (None, "eu")
    assert (REGIONS.get_previous_partition_key("ap"), REGIONS.get_next_partition_key("ap")) == ("eu", None)
    assert REGIONS.get_tags_for_partition_key("eu") == {"jobc/partition": "eu"}


def test_no_keys() -> None:
    empty = StaticPartitionsDefinition([])
    assert empty.get_partition_keys() == []
    assert empty.get_first_partition_key() is None
    assert empty.get_last_partition_key() is None
    with pytest.raises(UnknownPartitionError, match="have no keys"):
        empty.validate_partition_key("us")


@pytest.mark.parametrize(
    ("start", "end", "keys"),
    [
        pytest.param("us", "ap", ["us", "eu", "ap"], id="sem_16_range_inclusive"),
        pytest.param("eu", "eu", ["eu"], id="sem_16_range_one"),
        pytest.param("ap", "us", [], id="sem_16_range_reversed"),
    ],
)
def test_ranges(start: str, end: str, keys: list[str]) -> None:
    assert REGIONS.get_partition_keys_in_range(PartitionKeyRange(start, end)) == keys


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        pytest.param("us", "sa", "`sa` is no key", id="sem_16_range_end_unknown"),
        pytest.param("af", "sa", "`af` and `sa` are no keys", id="sem_16_range_both_unknown"),
    ],
)
def test_ranges_of_unknown_keys(start: str, end: str, said: str) -> None:
    with pytest.raises(InvalidInvocationError, match=said):
        REGIONS.get_partition_keys_in_range(PartitionKeyRange(start, end))


def test_an_unknown_key_names_ends_and_near_keys() -> None:
    regions = StaticPartitionsDefinition(["north", "east", "south"])
    with pytest.raises(UnknownPartitionError) as raised:
        regions.validate_partition_key("nort")
    assert str(raised.value) == (
        "Could not find a partition with key `nort`: the 3 static partitions have keys from `north` "
        "to `south`; did you mean `north`?"
    )


def test_near_keys_of_a_long_list() -> None:
    many = StaticPartitionsDefinition([f"customer-{number:05}" for number in range(20_000)])
    with pytest.raises(UnknownPartitionError, match="did you mean `customer-00012`"):
        many.validate_partition_key("customer-0012")


@pytest.mark.parametrize("key", [1, None, ("us",), ["us"]])
def test_a_key_is_text(key: Any) -> None:
    with pytest.raises(ParameterCheckError, match="must be text"):
        REGIONS.has_partition_key(key)


@pytest.mark.parametrize("index", [-1, 3])
def test_no_key_at_an_index(index: int) -> None:
    with pytest.raises(InvalidInvocationError, match="has 3"):
        REGIONS.get_partition_key_at(index)


def test_equality_is_of_keys_in_order() -> None:
    assert StaticPartitionsDefinition(("us", "eu", "ap")) == REGIONS
    assert hash(StaticPartitionsDefinition(("us", "eu", "ap"))) == hash(REGIONS)
    assert StaticPartitionsDefinition(["eu", "us", "ap"]) != REGIONS
    assert pickle.loads(pickle.dumps(REGIONS)) == REGIONS


def test_keys_stand_for_no_time() -> None:
    with pytest.raises(ParameterCheckError, match="stands for no time"):
        REGIONS.time_window_for_partition_key("us")


def test_the_list_is_a_copy() -> None:
    keys = REGIONS.get_partition_keys()
    assert isinstance(keys, list)
    keys.append("sa")
    assert REGIONS.get_num_partitions() == 3
