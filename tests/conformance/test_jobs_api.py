"""The page of the Jobs API on how jobs are made, statement by statement, with nothing but `import jobc`."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

import pytest

import jobc
from tests.conformance.api_jobs import (
    add_one,
    counting,
    path_config,
    reading,
    return_one,
)

if TYPE_CHECKING:
    from pathlib import Path

# --- the signatures of the page, names and order ---

JOB_PARAMETERS = (
    "compose_fn name description resource_defs config tags metadata logger_defs executor_def hooks "
    "op_retry_policy version_strategy partitions_def input_values"
)
DEFINITION_PARAMETERS = (
    "graph_def resource_defs executor_def logger_defs name config description partitions_def tags metadata "
    "hook_defs op_retry_policy version_strategy input_values"
)
RUN_PARAMETERS = (
    "run_config instance partition_key raise_on_error op_selection asset_selection run_id input_values"
)


def parameters(function: Any) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(function).parameters)


def test_the_decorator_takes_what_the_page_says() -> None:
    found = parameters(jobc.job)
    assert list(found) == JOB_PARAMETERS.split()
    assert all(each.default is None for each in found.values())
    assert {each.kind for name, each in found.items() if name != "compose_fn"} == {
        inspect.Parameter.KEYWORD_ONLY
    }


def test_the_definition_takes_what_the_page_says_by_keyword() -> None:
    found = parameters(jobc.JobDefinition)
    assert list(found)[: len(DEFINITION_PARAMETERS.split())] == DEFINITION_PARAMETERS.split()
    assert {each.kind for each in found.values()} == {inspect.Parameter.KEYWORD_ONLY}
    with pytest.raises(TypeError):
        jobc.JobDefinition(counting)  # type: ignore[call-arg]


def test_a_run_takes_what_the_page_says_in_its_order() -> None:
    found = parameters(counting.to_job().execute_in_process)
    assert list(found)[: len(RUN_PARAMETERS.split())] == RUN_PARAMETERS.split()
    assert found["raise_on_error"].default is True


def test_to_job_takes_what_the_decorator_takes() -> None:
    expected = JOB_PARAMETERS.split()[1:]
    assert list(parameters(counting.to_job))[: len(expected)] == expected


# --- jobs are created by `to_job` or the decorator ---


def test_a_job_is_created_by_calling_to_job_on_a_graph() -> None:
    made = counting.to_job()
    assert isinstance(made, jobc.JobDefinition)
    assert made.execute_in_process().output_value() == 2


def test_a_job_is_created_by_the_decorator_with_and_without_parentheses() -> None:
    @jobc.job
    def bare() -> None:
        add_one(return_one())

    @jobc.job()
    def called() -> None:
        counting()

    for made in (bare, called):
        assert isinstance(made, jobc.JobDefinition)
        assert made.execute_in_process().success
    assert called.execute_in_process().output_for_node("counting.add_one") == 2


def test_a_definition_is_created_from_a_graph() -> None:
    assert jobc.JobDefinition(graph_def=counting).execute_in_process().output_value() == 2


def test_the_name_defaults_to_the_graphs() -> None:
    @jobc.job
    def named_here() -> None:
        return_one()

    assert counting.to_job().name == "counting"
    assert counting.to_job(name="other").name == "other"
    assert jobc.JobDefinition(graph_def=counting).name == "counting"
    assert named_here.name == "named_here"
    assert jobc.job(name="other")(lambda: None).name == "other"


def test_the_description() -> None:
    @jobc.job(description="what it is for")
    def described() -> None:
        """Not this."""

    @jobc.job
    def documented() -> None:
        """Read and count."""

    assert described.description == "what it is for"
    assert documented.description == "Read and count."


# --- resource_defs, and the default IO manager ---


@jobc.resource(config_schema={"host": str})
def database(context: Any) -> str:
    return f"open {context.resource_config['host']}"


@jobc.op(required_resource_keys={"database"})
def queries(context: Any) -> str:
    return str(context.resources.database)


def test_resource_defs_bind_the_resources_that_ops_need() -> None:
    @jobc.job(resource_defs={"database": database})
    def bound() -> None:
        queries()

    run_config = {"resources": {"database": {"config": {"host": "here"}}}}
    assert bound.execute_in_process(run_config).output_for_node("queries") == "open here"
    with pytest.raises(jobc.InvalidConfigError, match="database"):
        bound.execute_in_process()
    with pytest.raises(jobc.InvalidDefinitionError, match="resource `database` is required by op `queries`"):

        @jobc.job
        def unbound() -> None:
            queries()


class Unpicklable:
    def __reduce__(self) -> str:
        raise TypeError("not to be pickled")


@jobc.op
def makes() -> Any:
    return Unpicklable()


@jobc.op
def takes(thing: Any) -> Any:
    return thing


def test_the_default_io_manager_switches_from_files_to_memory() -> None:
    @jobc.job
    def passing() -> None:
        takes(makes())

    result = passing.execute_in_process()
    assert result.output_for_node("takes") is result.output_for_node("makes")


def test_an_io_manager_that_was_given_is_used(tmp_path: Path) -> None:
    configured = jobc.fs_io_manager.configured({"base_dir": str(tmp_path)})
    made = counting.to_job(resource_defs={"io_manager": configured})
    assert made.execute_in_process(run_id="one").output_value() == 2
    assert (tmp_path / "one" / "return_one" / "result").is_file()

    @jobc.job(resource_defs={"io_manager": configured})
    def passing() -> None:
        takes(makes())

    with pytest.raises(jobc.InvariantViolationError, match="makes"):
        passing.execute_in_process()


# --- config ---


def test_without_config_the_schema_is_the_standard_one() -> None:
    made = reading.to_job()
    assert made.execute_in_process(path_config("a")).output_for_node("reads") == "a"
    with pytest.raises(jobc.InvalidConfigError) as caught:
        made.execute_in_process({"ops": {"reads": {"config": {"paht": 1}}}})
    assert "paht" in str(caught.value)
    assert len(caught.value.errors) == 2


def test_a_dict_must_conform_to_the_schema_and_is_used_whenever_the_job_runs() -> None:
    made = reading.to_job(config=path_config("always"))
    for _ in range(2):
        assert made.execute_in_process().output_for_node("reads") == "always"
    assert made.execute_in_process(path_config("mine")).output_for_node("reads") == "mine"
    with pytest.raises(jobc.InvalidConfigError, match="reads:config:path"):
        reading.to_job(config=path_config(5))


def test_a_config_mapping_determines_the_schema() -> None:
    @jobc.config_mapping(config_schema={"day": str})
    def by_day(value: Any) -> dict[str, Any]:
        return path_config(f"{value['day']}.csv")

    made = reading.to_job(config=by_day)
    assert made.execute_in_process({"day": "monday"}).output_for_node("reads") == "monday.csv"
    with pytest.raises(jobc.InvalidConfigError, match="ops"):
        made.execute_in_process(path_config("x"))
    explicit = jobc.ConfigMapping(config_fn=lambda value: path_config(value["p"]), config_schema={"p": str})
    assert reading.to_job(config=explicit).execute_in_process({"p": "q"}).output_for_node("reads") == "q"


def test_a_mapping_must_return_the_standard_format() -> None:
    made = reading.to_job(config=jobc.ConfigMapping(config_fn=lambda _: {"reads": {}}))
    with pytest.raises(jobc.InvalidConfigError, match="unknown entry `reads`"):
        made.execute_in_process()


def test_a_partitioned_config_defines_config_values_and_how_they_become_run_config() -> None:
    @jobc.static_partitioned_config(partition_keys=["eu", "us"])
    def by_region(key: str) -> dict[str, Any]:
        return path_config(f"{key}.csv")

    made = reading.to_job(config=by_region)
    result = made.execute_in_process(partition_key="eu")
    assert result.output_for_node("reads") == "eu.csv"
    assert result.run.tags["jobc/partition"] == "eu"
    with pytest.raises(jobc.UnknownPartitionError, match="ue"):
        made.execute_in_process(partition_key="ue")


def test_a_config_of_another_kind_is_refused() -> None:
    for config in (dict, "text", ["list"]):
        with pytest.raises(jobc.CheckError, match="`config`"):
            reading.to_job(config=config)


# --- tags and metadata ---


def test_tags_that_are_no_text_are_json_encoded() -> None:
    value = {"rows": [1, 2.5, None, True]}
    made = counting.to_job(tags={"team": "orders", "limits": value})
    assert made.tags["team"] == "orders"
    assert json.loads(made.tags["limits"]) == value
    for refused in ((1, 2), {1: 2}, object(), float("nan"), {"set"}):
        with pytest.raises(jobc.InvalidDefinitionError, match="`limits`"):
            counting.to_job(tags={"limits": refused})


def test_tags_are_attached_to_the_run_and_overwritten_at_invocation() -> None:
    made = counting.to_job(tags={"team": "orders", "size": "small"})
    assert made.execute_in_process().run.tags == {"team": "orders", "size": "small"}
    tags = made.execute_in_process(tags={"size": "big"}).run.tags
    assert tags == {"team": "orders", "size": "big"}


def test_metadata_is_attached_to_the_job() -> None:
    made = counting.to_job(
        metadata={"owner": "me", "rows": 3, "page": jobc.MetadataValue.url("https://shop.example")}
    )
    assert made.metadata["owner"].value == "me"
    assert made.metadata["rows"].value == 3
    assert made.metadata["page"].value == "https://shop.example"
    with pytest.raises(jobc.InvalidMetadata, match="owner"):
        counting.to_job(metadata={"owner": object()})
    with pytest.raises(jobc.CheckError, match="metadata"):
        counting.to_job(metadata={1: "x"})  # type: ignore[dict-item]
