"""Keys that an instance holds or a function returns (SEMANTICS 16)."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.errors import CheckError, InvalidDefinitionError, ParameterCheckError, UnknownPartitionError
from jobc.runtime.partitions import (
    DynamicPartitionsDefinition,
    MultiPartitionsDefinition,
    Partition,
    PartitionKeyRange,
    StaticPartitionsDefinition,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

TENANTS = DynamicPartitionsDefinition(name="tenants")


class Store:
    """Keys by the name of their partitions."""

    def __init__(self, **keys: list[str]) -> None:
        self.keys = keys

    def get_dynamic_partitions(self, partitions_def_name: str) -> Sequence[str]:
        return self.keys.get(partitions_def_name, [])

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        return partition_key in self.keys.get(partitions_def_name, [])


STORE = Store(tenants=["ada", "bob", "eve"], others=["x"])


def test_keys_by_name() -> None:
    assert TENANTS.get_partition_keys(dynamic_partitions_store=STORE) == ["ada", "bob", "eve"]
    assert TENANTS.has_partition_key("bob", dynamic_partitions_store=STORE)
    assert not TENANTS.has_partition_key("x", dynamic_partitions_store=STORE)
    assert TENANTS.get_last_partition_key(dynamic_partitions_store=STORE) == "eve"
    assert TENANTS.get_next_partition_key("ada", dynamic_partitions_store=STORE) == "bob"
    assert TENANTS.get_index_of_partition_key("eve", dynamic_partitions_store=STORE) == 2
    keys = TENANTS.get_partition_keys_in_range(
        PartitionKeyRange("ada", "bob"), dynamic_partitions_store=STORE
    )
    assert keys == ["ada", "bob"]


def test_keys_come_and_go() -> None:
    store = Store(tenants=["ada"])
    assert TENANTS.get_num_partitions(dynamic_partitions_store=store) == 1
    store.keys["tenants"].append("bob")
    assert TENANTS.get_num_partitions(dynamic_partitions_store=store) == 2


def test_sem_16_no_instance() -> None:
    with pytest.raises(CheckError, match="`tenants` has its keys in an instance"):
        TENANTS.get_partition_keys()
    with pytest.raises(CheckError, match="none was given"):
        TENANTS.has_partition_key("ada")


def test_an_unknown_key() -> None:
    with pytest.raises(
        UnknownPartitionError, match=r"`tenants` have keys from `ada` to `eve`; did you mean `bob`"
    ):
        TENANTS.validate_partition_key("bobb", dynamic_partitions_store=STORE)


def test_keys_of_a_function() -> None:
    asked: list[datetime | None] = []

    def letters(current_time: datetime | None) -> Sequence[str]:
        asked.append(current_time)
        return ["a", "b"]

    letters_def = DynamicPartitionsDefinition(letters)
    now = datetime(2024, 1, 1, tzinfo=UTC)
    assert letters_def.get_partition_keys(now) == ["a", "b"]
    assert asked == [now]
    assert letters_def.has_partition_key("b")
    with pytest.raises(UnknownPartitionError, match="of `letters` have keys from `a` to `b`"):
        letters_def.validate_partition_key("c")


def test_a_function_may_return_partitions() -> None:
    definition = DynamicPartitionsDefinition(lambda _: [Partition(1, "one"), Partition(2, "two")])
    assert definition.get_partition_keys() == ["one", "two"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        pytest.param({}, InvalidDefinitionError, id="sem_16_dynamic_neither"),
        pytest.param({"name": "x", "partition_fn": len}, InvalidDefinitionError, id="sem_16_dynamic_both"),
        pytest.param({"name": ""}, InvalidDefinitionError, id="sem_16_dynamic_empty_name"),
        pytest.param({"name": 1}, ParameterCheckError, id="sem_16_dynamic_number"),
        pytest.param({"partition_fn": ["a"]}, ParameterCheckError, id="sem_16_dynamic_list"),
    ],
)
def test_definitions_that_cannot_be(arguments: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        DynamicPartitionsDefinition(**arguments)


def test_equality() -> None:
    assert DynamicPartitionsDefinition(name="tenants") == TENANTS
    assert DynamicPartitionsDefinition(name="others") != TENANTS
    assert pickle.loads(pickle.dumps(TENANTS)) == TENANTS
    assert len({TENANTS, DynamicPartitionsDefinition(name="tenants")}) == 1


def test_a_dimension_by_name() -> None:
    grid = MultiPartitionsDefinition({"who": TENANTS, "level": StaticPartitionsDefinition(["1", "2"])})
    assert grid.has_partition_key("2|eve", dynamic_partitions_store=STORE)
    assert not grid.has_partition_key("2|x", dynamic_partitions_store=STORE)
    assert grid.get_num_partitions(dynamic_partitions_store=STORE) == 6
    with pytest.raises(CheckError, match="in an instance"):
        grid.has_partition_key("2|eve")
