"""The page of the Jobs API on how jobs run, statement by statement, with nothing but `import jobc`."""

from __future__ import annotations

from typing import Any

import pytest

import jobc
from tests.conformance.api_jobs import (
    Reading,
    add_one,
    counting,
    reads_typed,
    return_one,
)

log: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    log.clear()


# --- loggers, executor, hooks, retries, versions ---


def test_logger_defs_are_loggers_by_identifier() -> None:
    import logging

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log.append(record.getMessage())

    @jobc.logger(config_schema={"level": str})
    def keeping(context: Any) -> logging.Logger:
        made = logging.Logger("keeping", context.logger_config["level"])
        made.addHandler(Keeping())
        return made

    @jobc.op
    def talks(context: Any) -> None:
        context.log.info("hello")

    @jobc.job(logger_defs={"keeping": keeping})
    def logged() -> None:
        talks()

    logged.execute_in_process({"loggers": {"keeping": {"config": {"level": "INFO"}}}})
    assert log == ["talks - hello"]


def test_a_message_that_its_arguments_do_not_fit_fails_no_op(capsys: pytest.CaptureFixture[str]) -> None:
    @jobc.op
    def talks(context: Any) -> None:
        context.log.warning("rows: %d", "many")
        context.log.warning("%(rows)d", {"row": 1})
        context.log.warning("100%", 3)

    @jobc.job
    def logged() -> None:
        talks()

    assert logged.execute_in_process().success
    assert "talks - rows: %d ('many',)" in capsys.readouterr().err


def test_a_message_may_bring_an_exception(capsys: pytest.CaptureFixture[str]) -> None:
    @jobc.op
    def talks(context: Any) -> None:
        context.log.warning("nothing is handled", exc_info=True)
        try:
            raise ZeroDivisionError("one")
        except ZeroDivisionError as error:
            context.log.warning("while %s", "counting", exc_info=True)
            kept = error
        context.log.error("afterwards", exc_info=kept)

    @jobc.job
    def logged() -> None:
        talks()

    logged.execute_in_process()
    shown = capsys.readouterr().err
    assert "talks - nothing is handled\n" in shown
    assert "talks - while counting\nTraceback" in shown
    assert shown.count("ZeroDivisionError: one") == 2


def test_the_executor_is_ignored_and_replaced_with_the_in_process_one() -> None:
    @jobc.executor(name="elsewhere", config_schema={"cluster": str})
    def elsewhere(_context: Any) -> Any:
        raise AssertionError("not to be made")

    made = counting.to_job(executor_def=elsewhere)
    assert made.executor_def is elsewhere
    assert made.execute_in_process().output_value() == 2


def test_hooks_are_applied_to_all_ops() -> None:
    @jobc.success_hook
    def notes(context: Any) -> None:
        log.append(context.step_key)

    @jobc.job(hooks={notes})
    def hooked() -> None:
        counting()

    hooked.execute_in_process()
    assert log == ["counting.return_one", "counting.add_one"]


def test_with_hooks_applies_hooks_to_all_ops_of_a_copy() -> None:
    @jobc.success_hook
    def notes(context: Any) -> None:
        log.append(context.step_key)

    plain = counting.to_job(tags={"a": "b"}, metadata={"c": 1})
    hooked = plain.with_hooks({notes})
    plain.execute_in_process()
    assert log == []
    assert hooked.execute_in_process().success
    assert log == ["return_one", "add_one"]
    assert (hooked.name, hooked.tags, hooked.metadata) == (plain.name, plain.tags, plain.metadata)
    with pytest.raises(jobc.CheckError, match="set"):
        plain.with_hooks([notes])  # type: ignore[arg-type]


def test_the_retry_policy_of_the_job_is_for_ops_that_have_none() -> None:
    @jobc.op
    def fails(context: Any) -> None:
        log.append("job")
        raise ZeroDivisionError

    @jobc.op(retry_policy=jobc.RetryPolicy(max_retries=0))
    def fails_once() -> None:
        log.append("op")
        raise ZeroDivisionError

    @jobc.job(op_retry_policy=jobc.RetryPolicy(max_retries=2))
    def retried() -> None:
        fails()
        fails_once()
        fails.alias("invoked").with_retry_policy(jobc.RetryPolicy(max_retries=1))()

    result = retried.execute_in_process(raise_on_error=False)
    assert (log.count("job"), log.count("op")) == (3 + 2, 1)
    assert [result.retry_attempts_for_node(name) for name in ("fails", "fails_once", "invoked")] == [2, 0, 1]


def test_a_version_strategy_is_part_of_the_job() -> None:
    class One(jobc.VersionStrategy):
        def get_op_version(self, context: Any) -> str:
            return str(context.op_def.name)

    strategy = One()
    assert counting.to_job(version_strategy=strategy).version_strategy is strategy
    with pytest.raises(jobc.CheckError, match="version_strategy"):
        counting.to_job(version_strategy="1")  # type: ignore[arg-type]


# --- partitions and input values ---


def test_partitions_def_and_config_exclude_each_other() -> None:
    partitions = jobc.StaticPartitionsDefinition(["a", "b"])
    made = counting.to_job(partitions_def=partitions)
    assert made.partitions_def == partitions
    with pytest.raises(jobc.InvalidDefinitionError, match="both `partitions_def` and `config`"):
        counting.to_job(partitions_def=partitions, config={"ops": {}})


def test_the_partition_key_selects_run_config_and_is_known_to_ops() -> None:
    @jobc.op
    def tells(context: Any) -> str:
        return str(context.partition_key)

    @jobc.job(partitions_def=jobc.DailyPartitionsDefinition(start_date="2024-01-01"))
    def daily() -> None:
        tells()

    assert daily.execute_in_process(partition_key="2024-02-03").output_for_node("tells") == "2024-02-03"
    with pytest.raises(jobc.UnknownPartitionError, match="2023-12-31"):
        daily.execute_in_process(partition_key="2023-12-31")
    with pytest.raises(jobc.CheckError, match="no partitions"):
        counting.to_job().execute_in_process(partition_key="2024-02-03")


def test_a_run_for_two_dimensions_names_both() -> None:
    regions = jobc.StaticPartitionsDefinition(["eu", "us"])
    days = jobc.StaticPartitionsDefinition(["mon", "tue"])
    grid = jobc.MultiPartitionsDefinition({"region": regions, "day": days})
    tags = counting.to_job(partitions_def=grid).execute_in_process(partition_key="mon|eu").run.tags
    assert (tags["jobc/partition/day"], tags["jobc/partition/region"]) == ("mon", "eu")
    assert tags["jobc/partition_set"] == "counting_partition_set"


@jobc.op
def adds(first: int, second: int) -> int:
    return first + second


def test_ops_know_the_window_of_time_and_the_parts_of_a_key() -> None:
    @jobc.op
    def looks(context: Any) -> Any:
        return context.partition_key, context.partition_time_window

    daily = jobc.DailyPartitionsDefinition(start_date="2024-01-01")
    regions = jobc.StaticPartitionsDefinition(["eu", "us"])
    grid = jobc.MultiPartitionsDefinition({"region": regions, "day": daily})

    @jobc.graph
    def looking() -> None:
        looks()

    of_day = looking.to_job(partitions_def=daily)
    key, window = of_day.execute_in_process(partition_key="2024-02-03").output_for_node("looks")
    assert (key, f"{window.start:%Y-%m-%d} {window.end:%Y-%m-%d}") == ("2024-02-03", "2024-02-03 2024-02-04")
    of_grid = looking.to_job(partitions_def=grid)
    key, window = of_grid.execute_in_process(partition_key="2024-02-03|eu").output_for_node("looks")
    assert key.keys_by_dimension == {"day": "2024-02-03", "region": "eu"}
    assert f"{window.start:%Y-%m-%d}" == "2024-02-03"
    with pytest.raises(jobc.InvariantViolationError, match="window of time"):
        looking.to_job(partitions_def=regions).execute_in_process(partition_key="eu")
    with pytest.raises(jobc.InvariantViolationError, match="for no partition"):
        of_day.execute_in_process()


def test_the_keys_of_dynamic_partitions_are_held_by_the_instance() -> None:
    made = counting.to_job(partitions_def=jobc.DynamicPartitionsDefinition(name="tenants"))
    instance = jobc.Instance.ephemeral()
    with pytest.raises(jobc.UnknownPartitionError, match="acme"):
        made.execute_in_process(partition_key="acme", instance=instance)
    instance.add_dynamic_partitions("tenants", ["acme"])
    result = made.execute_in_process(partition_key="acme", instance=instance)
    assert result.run.tags["jobc/partition"] == "acme"


@jobc.graph
def two_inputs(first: int, second: int) -> Any:
    return add_one.alias("sum")(adds(first, second))


def test_input_values_map_python_objects_to_the_top_level_inputs() -> None:
    made = two_inputs.to_job(input_values={"first": 1, "second": 2})
    assert made.execute_in_process().output_value() == 4
    with pytest.raises(jobc.InvalidDefinitionError, match="frist"):
        two_inputs.to_job(input_values={"frist": 1})


def test_input_values_of_a_run_override_those_of_the_job() -> None:
    made = two_inputs.to_job(input_values={"first": 1, "second": 2})
    assert made.execute_in_process(input_values={"second": 20}).output_value() == 22
    assert made.execute_in_process().output_value() == 4


# --- execute_in_process ---


def test_a_run_gathers_its_results_in_memory() -> None:
    result = counting.to_job().execute_in_process()
    assert isinstance(result, jobc.ExecuteInProcessResult)
    assert result.success
    assert result.output_for_node("return_one") == 1
    assert result.output_value() == 2
    assert [event.step_key for event in result.get_step_success_events()] == ["return_one", "add_one"]


def test_the_instance_is_ephemeral_if_none_is_given() -> None:
    made, instance = counting.to_job(), jobc.Instance.ephemeral()
    result = made.execute_in_process(instance=instance, run_id="mine")
    assert result.run_id == "mine"
    assert instance.has_run("mine")
    assert made.execute_in_process(run_id="mine").success
    with pytest.raises(jobc.RunAlreadyExists, match="mine"):
        made.execute_in_process(instance=instance, run_id="mine")
    with pytest.raises(jobc.CheckError, match="`instance`"):
        made.execute_in_process(instance="here")


def test_exceptions_are_raised_unless_they_are_not_wanted() -> None:
    class OwnError(Exception):
        pass

    @jobc.op
    def fails() -> int:
        raise OwnError("mine")

    @jobc.job
    def failing() -> None:
        add_one(fails())
        return_one()

    with pytest.raises(OwnError, match="mine"):
        failing.execute_in_process()
    result = failing.execute_in_process(raise_on_error=False)
    assert not result.success
    assert result.get_failed_step_keys() == {"fails"}
    assert result.output_for_node("return_one") == 1


@jobc.job
def chained() -> None:
    some = add_one.alias("some_op")(return_one.alias("above")())
    low = add_one.alias("lower")(add_one.alias("below")(some))
    add_one.alias("too_low")(add_one.alias("lowest")(low))
    return_one.alias("other_op_a")()
    add_one.alias("child_of_b")(return_one.alias("other_op_b")())


SELECTIONS = {
    "some_op": (["some_op"], "some_op"),
    "ancestors": (["*some_op"], "above some_op"),
    "three levels": (["*some_op+++"], "above some_op below lower lowest"),
    "several": (
        ["*some_op", "other_op_a", "other_op_b+"],
        "above some_op other_op_a other_op_b child_of_b",
    ),
}


@pytest.mark.parametrize(("selection", "expected"), SELECTIONS.values(), ids=list(SELECTIONS))
def test_the_examples_of_op_selection(selection: list[str], expected: str) -> None:
    run_config = {} if "*" in selection[0] else {"ops": {"some_op": {"inputs": {"number": 1}}}}
    result = chained.execute_in_process(run_config, op_selection=selection)
    ran = {event.step_key for event in result.get_step_success_events()}
    assert ran == set(expected.split())


def test_an_asset_selection_selects_the_ops_that_make_the_assets() -> None:
    @jobc.op(out=jobc.Out(int, asset_key=jobc.AssetKey("orders")))
    def orders() -> int:
        return 5

    @jobc.job
    def assets() -> None:
        orders()
        return_one()

    result = assets.execute_in_process(asset_selection=[jobc.AssetKey("orders")])
    assert result.asset_value("orders") == 5
    assert [event.step_key for event in result.get_step_success_events()] == ["orders"]
    with pytest.raises(jobc.InvalidSubsetError, match="odrers"):
        assets.execute_in_process(asset_selection=[jobc.AssetKey("odrers")])


def test_the_run_config_may_be_an_object() -> None:
    @jobc.job
    def typed() -> None:
        reads_typed()

    given = jobc.RunConfig(ops={"reads_typed": Reading(path="a", limit=2)})
    assert typed.execute_in_process(given).output_for_node("reads_typed") == "a:2"
    written = {"ops": {"reads_typed": {"config": {"path": "b"}}}}
    assert typed.execute_in_process(run_config=written).output_for_node("reads_typed") == "b:10"


def test_a_config_class_that_cannot_be_found_is_asked_for() -> None:
    class Local(jobc.Config):
        path: str

    def takes_local(config: Local) -> None: ...

    with pytest.raises(jobc.InvalidDefinitionError, match=r"`config` of op `takes_local`.*top level"):
        jobc.op(takes_local)


def test_a_job_is_not_called() -> None:
    with pytest.raises(jobc.InvariantViolationError, match="execute_in_process"):
        counting.to_job()()
