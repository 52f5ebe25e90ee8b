"""Run config and tags that depend on the partition (SEMANTICS 16)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions import partitioning
from jobc.runtime.errors import CheckError, InvalidDefinitionError, ParameterCheckError, UnknownPartitionError
from jobc.runtime.partitions import (
    DailyPartitionsDefinition,
    DynamicPartitionsDefinition,
    MultiPartitionKey,
    MultiPartitionsDefinition,
    Partition,
    PartitionedConfig,
    StaticPartitionsDefinition,
    TimeWindow,
    daily_partitioned_config,
    dynamic_partitioned_config,
    hourly_partitioned_config,
    monthly_partitioned_config,
    partition_tags,
    partitioned_run,
    static_partitioned_config,
    weekly_partitioned_config,
)

if TYPE_CHECKING:
    from collections.abc import Callable

REGIONS = StaticPartitionsDefinition(["us", "eu"])
NOW = datetime(2021, 6, 1, tzinfo=UTC)


def config_of(key: str) -> dict[str, object]:
    return {"ops": {"read": {"config": {"key": key}}}}


def window_config(start: datetime, end: datetime) -> dict[str, object]:
    return {"from": start.isoformat(), "to": end.isoformat()}


@static_partitioned_config(["us", "eu"], tags_for_partition_key_fn=lambda key: {"region": key, "rank": [1]})
def by_region(key: str) -> dict[str, object]:
    """Tell the region."""
    return config_of(key)


def test_static() -> None:
    assert by_region.partitions_def == REGIONS
    assert by_region.get_partition_keys() == ["us", "eu"]
    assert by_region.get_run_config_for_partition_key("eu") == config_of("eu")
    assert by_region.get_tags_for_partition_key("eu") == {
        "region": "eu",
        "rank": "[1]",
        "jobc/partition": "eu",
    }
    with pytest.raises(UnknownPartitionError, match="`sa`"):
        by_region.get_run_config_for_partition_key("sa")


def test_sem_16_a_decorated_function_stays_callable_with_any_key() -> None:
    assert by_region("anything") == config_of("anything")
    assert by_region(key="us") == config_of("us")
    with pytest.raises(CheckError, match="made by a decorator"):
        PartitionedConfig(REGIONS, run_config_for_partition_key_fn=config_of)("us")


@pytest.mark.parametrize(
    ("decorator", "key", "start", "end"),
    [
        pytest.param(
            hourly_partitioned_config(start_date="2021-05-05-00:00", minute_offset=15),
            "2021-05-05-01:15",
            "2021-05-05T01:15:00+00:00",
            "2021-05-05T02:15:00+00:00",
            id="sem_16_hourly_config",
        ),
        pytest.param(
            daily_partitioned_config(
                start_date=datetime(2021, 3, 1),  # noqa: DTZ001 - local time
                hour_offset=2,
                timezone="America/New_York",
            ),
            "2021-03-14",
            "2021-03-14T03:00:00-04:00",
            "2021-03-15T02:00:00-04:00",
            id="sem_16_daily_config",
        ),
        pytest.param(
            weekly_partitioned_config(start_date="2021-05-05", day_offset=3, fmt="%Y-%m-%d"),
            "2021-05-12",
            "2021-05-12T00:00:00+00:00",
            "2021-05-19T00:00:00+00:00",
            id="sem_16_weekly_config",
        ),
        pytest.param(
            monthly_partitioned_config(start_date="2021-01-01", end_offset=1),
            "2021-06-01",
            "2021-06-01T00:00:00+00:00",
            "2021-07-01T00:00:00+00:00",
            id="sem_16_monthly_config",
        ),
    ],
)
def test_time_windows(decorator: Callable[..., PartitionedConfig], key: str, start: str, end: str) -> None:
    config = decorator(window_config)
    now = datetime(2021, 6, 2, tzinfo=UTC)
    assert config.get_run_config_for_partition_key(key, now) == {"from": start, "to": end}
    assert config(NOW, NOW) == window_config(NOW, NOW)


def test_tags_of_time_windows_come_from_the_window() -> None:
    @daily_partitioned_config(
        "2021-05-05", tags_for_partition_fn=lambda start, end: {"day": f"{start:%d}-{end:%d}"}
    )
    def config(start: datetime, end: datetime) -> dict[str, object]:
        return window_config(start, end)

    tags = config.get_tags_for_partition_key("2021-05-06", job_name="etl")
    assert tags == {
        "day": "06-07",
        "jobc/partition": "2021-05-06",
        "jobc/partition_set": "etl_partition_set",
    }


def test_dynamic() -> None:
    @dynamic_partitioned_config(lambda _: ["a", "b"], tags_for_partition_fn=lambda key: {"k": key})
    def config(key: str) -> dict[str, object]:
        return config_of(key)

    assert config.get_run_config_for_partition_key("b") == config_of("b")
    assert config.get_tags_for_partition_key("b")["k"] == "b"
    with pytest.raises(UnknownPartitionError):
        config.get_run_config_for_partition_key("c")


def test_two_dimensions_get_a_key_with_parts() -> None:
    grid = MultiPartitionsDefinition({"day": DailyPartitionsDefinition("2021-05-05"), "region": REGIONS})
    seen: list[object] = []

    def config_for(key: str) -> dict[str, object]:
        assert isinstance(key, MultiPartitionKey)
        seen.append(key.keys_by_dimension)
        return {}

    config = PartitionedConfig(grid, run_config_for_partition_key_fn=config_for)
    run = partitioned_run("etl", config, "2021-05-06|eu")
    assert seen == [{"day": "2021-05-06", "region": "eu"}]
    assert run.tags == {
        "jobc/partition": "2021-05-06|eu",
        "jobc/partition/day": "2021-05-06",
        "jobc/partition/region": "eu",
        "jobc/partition_set": "etl_partition_set",
    }


def test_functions_of_a_partition() -> None:
    seen: list[Partition] = []

    def config_for(partition: Partition) -> dict[str, object]:
        seen.append(partition)
        return config_of(partition.name)

    config = PartitionedConfig(
        REGIONS, config_for, tags_for_partition_fn=lambda partition: {"k": partition.name}
    )
    assert config.get_run_config_for_partition_key("us") == config_of("us")
    assert config.get_tags_for_partition_key("us")["k"] == "us"
    days = PartitionedConfig(DailyPartitionsDefinition("2021-05-05"), config_for)
    days.get_run_config_for_partition_key("2021-05-05")
    window = TimeWindow(datetime(2021, 5, 5, tzinfo=UTC), datetime(2021, 5, 6, tzinfo=UTC))
    assert seen == [Partition("us", "us"), Partition(window, "2021-05-05")]


def test_sem_16_a_shared_mutable_dict_does_not_leak() -> None:
    shared: dict[str, Any] = {"ops": {"read": {"config": {"days": []}}}}
    config = PartitionedConfig(REGIONS, run_config_for_partition_key_fn=lambda _: shared)
    first: dict[str, Any] = config.get_run_config_for_partition_key("us")
    first["ops"]["read"]["config"]["days"].append(1)
    assert config.get_run_config_for_partition_key("eu") == {"ops": {"read": {"config": {"days": []}}}}


def test_an_object_may_stand_for_run_config() -> None:
    class Written:
        def to_dict(self) -> dict[str, object]:
            return {"ops": {}}

    config = PartitionedConfig(REGIONS, run_config_for_partition_key_fn=lambda _: Written())
    assert config.get_run_config_for_partition_key("us") == {"ops": {}}


def test_sem_16_exceptions_of_the_function_pass_through() -> None:
    def broken(key: str) -> dict[str, object]:
        raise LookupError(key)

    config = PartitionedConfig(
        REGIONS, run_config_for_partition_key_fn=broken, tags_for_partition_key_fn=broken
    )
    with pytest.raises(LookupError, match="us"):
        config.get_run_config_for_partition_key("us")
    with pytest.raises(LookupError, match="us"):
        config.get_tags_for_partition_key("us")


@pytest.mark.parametrize("result", [None, 5, ["a"], "text"])
def test_what_functions_return_is_a_mapping(result: Any) -> None:
    config = PartitionedConfig(REGIONS, run_config_for_partition_key_fn=lambda _: result)
    with pytest.raises(CheckError, match="must return a mapping; for the partition `us`"):
        config.get_run_config_for_partition_key("us")


def test_no_tags() -> None:
    config = PartitionedConfig(
        REGIONS,
        run_config_for_partition_key_fn=config_of,
        tags_for_partition_key_fn=lambda _: None,  # type: ignore[arg-type,return-value]
    )
    assert config.get_tags_for_partition_key("us") == {"jobc/partition": "us"}


@pytest.mark.parametrize(
    ("tags", "error", "said"),
    [
        pytest.param({"jobc/x": "1"}, InvalidDefinitionError, "`jobc/x`", id="sem_16_tags_reserved"),
        pytest.param({"x": {1, 2}}, InvalidDefinitionError, "cannot be encoded", id="sem_17_tags_set"),
        pytest.param({"x": (1, 2)}, InvalidDefinitionError, "not equivalent", id="sem_17_tags_tuple"),
        pytest.param({"x": float("nan")}, InvalidDefinitionError, "not equivalent", id="sem_17_tags_nan"),
        pytest.param({1: "x"}, CheckError, "must be text", id="sem_17_tags_key"),
        pytest.param(["x"], CheckError, "must return a mapping", id="sem_16_tags_list"),
    ],
)
def test_tags_that_cannot_be(tags: Any, error: type[Exception], said: str) -> None:
    config = PartitionedConfig(
        REGIONS, run_config_for_partition_key_fn=config_of, tags_for_partition_key_fn=lambda _: tags
    )
    with pytest.raises(error, match=said):
        config.get_tags_for_partition_key("us")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({}, id="sem_16_config_none"),
        pytest.param(
            {"run_config_for_partition_fn": len, "run_config_for_partition_key_fn": len},
            id="sem_16_config_both",
        ),
        pytest.param(
            {
                "run_config_for_partition_key_fn": len,
                "tags_for_partition_fn": len,
                "tags_for_partition_key_fn": len,
            },
            id="sem_16_config_tags_both",
        ),
    ],
)
def test_functions_that_contradict(arguments: Any) -> None:
    with pytest.raises(CheckError, match="function"):
        PartitionedConfig(REGIONS, **arguments)


def test_arguments_are_checked() -> None:
    with pytest.raises(ParameterCheckError, match="must be a partitions definition"):
        PartitionedConfig(["us"], run_config_for_partition_key_fn=config_of)  # type: ignore[arg-type]
    with pytest.raises(CheckError, match="not both"):
        static_partitioned_config(["a"], lambda _: {}, lambda _: {})


def test_a_run_of_partitions_without_config() -> None:
    run = partitioned_run("etl", REGIONS, "us")
    assert run.run_config == {}
    assert run.tags == {"jobc/partition": "us", "jobc/partition_set": "etl_partition_set"}
    with pytest.raises(UnknownPartitionError, match="`sa`"):
        partitioned_run("etl", REGIONS, "sa")


def test_a_run_of_partitioned_config() -> None:
    run = partitioned_run("etl", by_region, "us")
    assert run.run_config == config_of("us")
    assert run.tags["region"] == "us"
    assert run.tags["jobc/partition_set"] == "etl_partition_set"


def test_a_run_sees_the_time_and_the_instance() -> None:
    days = DailyPartitionsDefinition("2021-05-05")
    with pytest.raises(UnknownPartitionError):
        partitioned_run("etl", days, "2021-06-01", NOW)
    assert partitioned_run("etl", days, "2021-05-31", NOW).tags["jobc/partition"] == "2021-05-31"
    with pytest.raises(CheckError, match="in an instance"):
        partitioned_run("etl", DynamicPartitionsDefinition(name="tenants"), "ada")


def test_tags_do_not_ask_whether_the_partition_exists() -> None:
    tags = partition_tags("etl", DynamicPartitionsDefinition(name="tenants"), "ada")
    assert tags == {"jobc/partition": "ada", "jobc/partition_set": "etl_partition_set"}


def test_jobs_accept_what_is_built_here() -> None:
    assert isinstance(REGIONS, partitioning.PartitionsDefinition)
    assert isinstance(by_region, partitioning.PartitionedConfig)
