"""What the context of an op tells and does."""

from __future__ import annotations

from typing import Any

import pytest

from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.ports import DynamicOut, Out
from jobc.runtime.definitions.values import AssetMaterialization, DynamicOutput, ExpectationResult, Output
from jobc.runtime.errors import InvariantViolationError
from jobc.runtime.execute.run import execute_in_process


def told(look: Any, **options: Any) -> Any:
    @op(config_schema={"x": int})
    def looks(context: Any) -> list[object]:
        return [look(context)]

    @graph
    def inner() -> None:
        looks.alias("eye")()

    @job(tags={"team": "a"})
    def outer() -> None:
        inner()

    run_config = {"ops": {"inner": {"ops": {"eye": {"config": {"x": 1}}}}}}
    return execute_in_process(outer, run_config, run_id="r", **options).output_for_node("inner.eye")[0]


TELLS: dict[str, tuple[Any, object]] = {
    "op_config": (lambda context: context.op_config, {"x": 1}),
    "op_name": (lambda context: context.op_name, "eye"),
    "op_def": (lambda context: context.op_def.name, "looks"),
    "step_key": (lambda context: context.step_key, "inner.eye"),
    "run_id": (lambda context: context.run_id, "r"),
    "run": (lambda context: context.run.status.value, "STARTED"),
    "job_name": (lambda context: context.job_name, "outer"),
    "job_def": (lambda context: context.job_def.name, "outer"),
    "run_config": (lambda context: list(context.run_config), ["ops"]),
    "instance": (lambda context: context.instance.has_run("r"), True),
    "retry_number": (lambda context: context.retry_number, 0),
    "tags": (
        lambda context: (context.has_tag("team"), context.get_tag("team"), context.get_tag("x")),
        (True, "a", None),
    ),
    "run_tags": (lambda context: dict(context.run_tags), {"team": "a"}),
    "no_partition": (lambda context: context.has_partition_key, False),
    "mapping_key": (lambda context: context.get_mapping_key(), None),
    "resources": (lambda context: repr(context.resources), "ScopedResources()"),
}


@pytest.mark.parametrize(("look", "expected"), TELLS.values(), ids=list(TELLS))
def test_the_context_tells(look: Any, expected: object) -> None:
    assert told(look) == expected


def test_sem_16_the_partition_key_is_read_from_the_tag() -> None:
    assert told(lambda context: context.partition_key, tags={"jobc/partition": "2024-01-01"}) == "2024-01-01"
    with pytest.raises(InvariantViolationError, match="is for no partition"):
        told(lambda context: context.partition_key)


def test_events_are_logged_at_once() -> None:
    @op
    def reports(context: Any) -> int:
        context.log_event(AssetMaterialization("orders"))
        context.log_event(ExpectationResult(success=True))
        return 1

    @op
    def mistaken(context: Any) -> int:
        context.log_event(1)
        return 1

    @job
    def reporting() -> None:
        reports()
        mistaken()

    result = reporting.execute_in_process(raise_on_error=False)
    assert [event.event_type_value for event in result.events_for_node("reports")][1:3] == [
        "ASSET_MATERIALIZATION",
        "STEP_EXPECTATION_RESULT",
    ]
    assert result.get_failed_step_keys() == {"mistaken"}


def test_output_metadata_is_attached_to_the_output() -> None:
    @op(out={"a": Out(), "b": Out()})
    def pair(context: Any) -> Any:
        context.add_output_metadata({"rows": 1}, output_name="a")
        context.add_output_metadata({"more": 2}, output_name="a")
        return Output(1, "a", metadata={"own": 0}), 2

    @op(out=DynamicOut())
    def parts(context: Any) -> Any:
        context.add_output_metadata({"rows": 1}, mapping_key="x")
        return [DynamicOutput(1, "x"), DynamicOutput(2, "y")]

    @job
    def describing() -> None:
        pair()
        parts()

    result = describing.execute_in_process()
    found = {
        (event.data.output_name, event.data.mapping_key): sorted(event.data.metadata)  # type: ignore[union-attr]  # output data
        for event in result.all_events
        if event.is_successful_output
    }
    assert found == {
        ("a", None): ["more", "own", "rows"],
        ("b", None): [],
        ("result", "x"): ["rows"],
        ("result", "y"): [],
    }


@op(out={"a": Out(), "b": Out()})
def nameless(context: Any) -> tuple[int, int]:
    context.add_output_metadata({"rows": 1})
    return 1, 2


@op
def unknown(context: Any) -> int:
    context.add_output_metadata({"rows": 1}, output_name="nobody")
    return 1


@op
def late(context: Any) -> Any:
    yield Output(1)
    context.add_output_metadata({"rows": 1})


@op(out=DynamicOut())
def late_key(context: Any) -> Any:
    yield DynamicOutput(1, "x")
    context.add_output_metadata({"rows": 1}, mapping_key="x")


@pytest.mark.parametrize(
    ("mistaken", "words"),
    [
        (nameless, "the name of an output is needed: `nameless` has `a` and `b`"),
        (unknown, "there is no output `nobody`: `unknown` has `result`"),
        (late, "the output `result` of `late` was emitted already"),
        (late_key, "the output `result` of `late_key` was emitted already"),
    ],
    ids=["nameless", "unknown", "late", "late_key"],
)
def test_output_metadata_needs_an_output_to_come(mistaken: Any, words: str) -> None:
    @job
    def describing() -> None:
        mistaken()

    with pytest.raises(InvariantViolationError, match=words):
        describing.execute_in_process()
