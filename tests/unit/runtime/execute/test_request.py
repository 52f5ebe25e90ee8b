"""What is settled before a run starts: partitions, replaced resources, selections."""

from __future__ import annotations

from typing import Any

import pytest

from jobc.runtime.definitions.graph_decorator import job
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.errors import CheckError, InvalidDefinitionError, InvalidSubsetError, UnknownPartitionError
from jobc.runtime.partitions import PartitionedConfig, StaticPartitionsDefinition

DAYS = StaticPartitionsDefinition(["2024-01-01", "2024-01-02"])
PER_DAY = PartitionedConfig(
    DAYS,
    run_config_for_partition_key_fn=lambda key: {"ops": {"looks": {"config": {"day": key}}}},
    tags_for_partition_key_fn=lambda key: {"weekday": key[-2:], "team": "partition"},
)


@op(config_schema={"day": str})
def looks(context: Any) -> object:
    return context.op_config["day"], context.partition_key if context.has_partition_key else None


@job(config=PER_DAY, tags={"team": "job"})
def daily() -> None:
    looks()


@op
def tells(context: Any) -> str:
    return str(context.partition_key)


@job(partitions_def=DAYS)
def bare() -> None:
    tells()


def test_sem_16_a_partition_brings_its_config_and_its_tags() -> None:
    result = daily.execute_in_process(partition_key="2024-01-02")
    assert result.output_for_node("looks") == ("2024-01-02", "2024-01-02")
    assert result.run.tags == {
        "team": "partition",
        "weekday": "02",
        "jobc/partition": "2024-01-02",
        "jobc/partition_set": "daily_partition_set",
    }
    assert result.run.run_config == {"ops": {"looks": {"config": {"day": "2024-01-02"}}}}


def test_sem_16_explicit_config_replaces_the_mapped_one_and_the_tags_stay() -> None:
    run_config = {"ops": {"looks": {"config": {"day": "mine"}}}}
    result = daily.execute_in_process(run_config, partition_key="2024-01-02")
    assert result.output_for_node("looks") == ("mine", "2024-01-02")
    assert daily.execute_in_process(run_config, partition_key="").output_for_node("looks") == ("mine", None)


def test_sem_16_without_a_partitioned_config_only_the_key_applies() -> None:
    assert bare.execute_in_process(partition_key="2024-01-01").output_for_node("tells") == "2024-01-01"
    with pytest.raises(
        UnknownPartitionError, match=r"Could not find a partition with key `2024-01-03`.*2024-01-0"
    ):
        bare.execute_in_process(partition_key="2024-01-03")


def test_sem_16_a_key_for_a_job_without_partitions() -> None:
    @job
    def plain() -> None:
        tells()

    with pytest.raises(CheckError, match="job `plain` has no partitions"):
        plain.execute_in_process(partition_key="2024-01-01")


def test_a_priority_is_a_whole_number() -> None:
    @job
    def prioritised() -> None:
        tells.tag({"jobc/priority": "high"})()

    with pytest.raises(
        InvalidDefinitionError, match="the tag `jobc/priority` of `tells` must be a whole number"
    ):
        prioritised.execute_in_process()


def test_sem_6_only_what_is_selected_runs() -> None:
    @op
    def source() -> int:
        return 1

    @op
    def target(value: int = 7) -> int:
        return value

    @job
    def selectable() -> None:
        target.alias("last")(target(source()))

    result = selectable.execute_in_process(op_selection=["*target"])
    assert [event.step_key for event in result.get_step_success_events()] == ["source", "target"]
    assert selectable.execute_in_process(op_selection=["last"]).output_for_node("last") == 7
    assert selectable.execute_in_process(op_selection=[]).output_for_node("last") == 1
    with pytest.raises(InvalidSubsetError, match="op_selection"):
        selectable.execute_in_process(op_selection=["nobody"], raise_on_error=False)
