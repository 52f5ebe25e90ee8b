"""Keys of dynamic partitions, in both kinds of instance (SEMANTICS 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import jobc
from jobc import DynamicPartitionsDefinition, Instance, MultiPartitionKey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["ephemeral", "durable"])
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Instance]:
    made = Instance.ephemeral() if request.param == "ephemeral" else Instance.open(tmp_path / "i")
    with made:
        yield made


def test_keys_stay_in_the_order_they_were_added(instance: Instance) -> None:
    instance.add_dynamic_partitions("tenants", ["b", "a"])
    instance.add_dynamic_partitions("tenants", ["c", "a", "b"])
    assert list(instance.get_dynamic_partitions("tenants")) == ["b", "a", "c"]
    assert list(instance.get_dynamic_partitions("others")) == []


def test_a_deleted_key_is_gone_and_comes_last_when_it_comes_back(instance: Instance) -> None:
    instance.add_dynamic_partitions("tenants", ["a", "b"])
    instance.delete_dynamic_partition("tenants", "a")
    assert not instance.has_dynamic_partition("tenants", "a")
    instance.delete_dynamic_partition("tenants", "a")
    instance.delete_dynamic_partition("nobody", "a")
    instance.add_dynamic_partitions("tenants", ["a"])
    assert list(instance.get_dynamic_partitions("tenants")) == ["b", "a"]
    assert instance.has_dynamic_partition("tenants", "a")


def test_names_are_apart(instance: Instance) -> None:
    instance.add_dynamic_partitions("tenants", ["a"])
    assert not instance.has_dynamic_partition("others", "a")


@pytest.mark.parametrize("keys", ["abc", None, 5, {"a"}, [1], ["a", None]])
def test_what_is_no_list_of_texts_is_refused(instance: Instance, keys: Any) -> None:
    with pytest.raises(jobc.ParameterCheckError, match="`partition_keys` must"):
        instance.add_dynamic_partitions("tenants", keys)
    assert list(instance.get_dynamic_partitions("tenants")) == []


@pytest.mark.parametrize("key", ["a...b", "a\nb", "\x00"])
def test_a_key_that_cannot_be_one_is_refused_with_all_beside_it(instance: Instance, key: str) -> None:
    with pytest.raises(jobc.InvalidDefinitionError, match=r"must not hold `\.\.\.`"):
        instance.add_dynamic_partitions("tenants", ["good", key])
    assert list(instance.get_dynamic_partitions("tenants")) == []


@pytest.mark.parametrize("name", ["", None, 5])
def test_a_name_is_a_text(instance: Instance, name: Any) -> None:
    with pytest.raises(jobc.ParameterCheckError, match="the name of dynamic partitions must be a text"):
        instance.add_dynamic_partitions(name, ["a"])


def test_a_key_that_is_asked_for_is_a_text(instance: Instance) -> None:
    instance.add_dynamic_partitions("tenants", ["5"])
    key: Any = 5
    with pytest.raises(jobc.ParameterCheckError, match="a partition key must be a text, not 5"):
        instance.has_dynamic_partition("tenants", key)


def test_a_text_that_remembers_its_parts_is_kept_as_text(instance: Instance) -> None:
    key = MultiPartitionKey({"a": "1", "b": "2"})
    instance.add_dynamic_partitions("pairs", [key])
    assert list(instance.get_dynamic_partitions("pairs")) == ["1|2"]


def test_a_job_runs_for_the_keys_that_the_instance_holds(instance: Instance) -> None:
    @jobc.op
    def tell(context: Any) -> str:
        return str(context.partition_key)

    @jobc.job(partitions_def=DynamicPartitionsDefinition(name="tenants"))
    def telling() -> None:
        tell()

    instance.add_dynamic_partitions("tenants", ["acme"])
    result = telling.execute_in_process(instance=instance, partition_key="acme")
    assert result.output_for_node("tell") == "acme"
    with pytest.raises(jobc.UnknownPartitionError, match="did you mean `acme`"):
        telling.execute_in_process(instance=instance, partition_key="acne")
