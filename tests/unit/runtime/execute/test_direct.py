"""Calling ops directly, with contexts and resources made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.config import InvalidConfigError
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.resource import resource
from jobc.runtime.definitions.values import AssetMaterialization
from jobc.runtime.errors import (
    InvariantViolationError,
    ResourceFunctionError,
    UnknownResourceError,
)
from jobc.runtime.execute.direct import build_init_resource_context, build_op_context, build_resources

if TYPE_CHECKING:
    from collections.abc import Iterator

log: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    log.clear()


@resource(config_schema={"path": str}, required_resource_keys={"base"})
def store(context: Any) -> Iterator[str]:
    log.append("open")
    yield f"{context.resources.base}/{context.resource_config['path']}"
    log.append("close")


@resource
def broken() -> Iterator[int]:
    yield 1
    raise OSError("cannot close")


CONFIG = {"store": {"config": {"path": "x"}}}


@op(required_resource_keys={"base"}, config_schema={"factor": int})
def scale(context: Any, value: int) -> str:
    return f"{context.resources.base}:{value * context.op_config['factor']}"


def test_an_op_is_called_with_a_context() -> None:
    assert scale(build_op_context(resources={"base": "b"}, op_config={"factor": 3}), 2) == "b:6"


def test_resources_that_must_be_closed_live_in_a_block() -> None:
    context = build_op_context(resources={"base": "b", "store": store}, resources_config=CONFIG)
    with pytest.raises(InvariantViolationError, match="the resource `store` must be closed after use"):
        _ = context.resources
    assert log == []
    with context as opened:
        assert opened.resources.store == "b/x"
        assert log == ["open"]
    assert log == ["open", "close"]


def test_resources_alone() -> None:
    with build_resources({"base": "b", "store": store}, resource_config=CONFIG) as resources:
        assert resources.store == "b/x"
        with pytest.raises(UnknownResourceError):
            _ = resources.other
    assert log == ["open", "close"]


def test_resources_are_closed_when_a_later_one_does_not_open() -> None:
    @resource(required_resource_keys={"store"})
    def late(_context: Any) -> int:
        raise OSError

    with (
        pytest.raises(ResourceFunctionError, match="`late`"),
        build_resources({"base": "b", "store": store, "late": late}, resource_config=CONFIG),
    ):
        pass
    assert log == ["open", "close"]


def test_what_closing_raises_is_raised() -> None:
    with pytest.raises(OSError, match="cannot close"), build_resources({"broken": broken}):
        pass


def test_the_config_of_resources_is_checked() -> None:
    with pytest.raises(InvalidConfigError, match="path"):
        build_op_context(resources={"base": "b", "store": store})


def test_what_a_context_keeps() -> None:
    context = build_op_context(partition_key="2024-01-01", mapping_key="k", run_tags={"team": "a"})
    materialised = AssetMaterialization("x")
    context.log_event(materialised)
    context.add_output_metadata({"rows": 3})
    context.add_output_metadata({"rows": 4}, output_name="other", mapping_key="k")
    assert context.get_events() == [materialised]
    assert context.get_output_metadata()["rows"].value == 3  # type: ignore[attr-defined]  # a metadata value
    assert list(context.get_output_metadata("other", "k")) == ["rows"]
    assert context.get_output_metadata("nobody") == {}
    assert (context.partition_key, context.has_partition_key) == ("2024-01-01", True)
    assert (context.get_mapping_key(), context.retry_number, context.run_id) == ("k", 0, "EPHEMERAL")
    assert (context.get_tag("team"), context.has_tag("x")) == ("a", False)


def test_what_belongs_to_a_run_says_so() -> None:
    context = build_op_context()
    with pytest.raises(InvariantViolationError, match="`job_def` belongs to a run"):
        _ = context.job_def
    with pytest.raises(InvariantViolationError, match="no partition key was given"):
        _ = context.partition_key
    with pytest.raises(AttributeError, match="has no attribute `nonsense`"):
        _ = context.nonsense


def test_a_resource_function_is_called_with_a_context() -> None:
    opened = store.function.function(build_init_resource_context({"path": "y"}, {"base": "c"}))
    assert next(opened) == "c/y"  # type: ignore[call-overload]  # a generator
