"""Definitions that hold no closure survive pickling, as do the values that cross processes."""

from __future__ import annotations

import pickle
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.assets import AssetKey
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.loading import spec_type
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.origin import SourceOrigin
from jobc.runtime.definitions.policies import Failure, RetryRequested
from jobc.runtime.definitions.ports import NO_VALUE, typed_in, typed_out
from jobc.runtime.definitions.sources import Constant, NodeOutput, Source
from jobc.runtime.definitions.types import AnyType, JobcType, Nothing, resolve_type
from jobc.runtime.definitions.values import (
    SKIP,
    AssetMaterialization,
    DynamicOutput,
    ExpectationResult,
    Output,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def copied(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


def is_small(_: object, value: object) -> bool:
    return value == 1


@pytest.mark.parametrize(
    "kind", [AnyType, Nothing, resolve_type(int), resolve_type(list[int]), spec_type(date)], ids=repr
)
def test_types_are_the_same_after_pickling(kind: JobcType) -> None:
    assert copied(kind) is kind


def test_custom_types_work_after_pickling() -> None:
    kind = copied(JobcType(is_small, name="small", description="one"))
    assert (kind.name, kind.description, kind.check(1), kind.check(2)) == ("small", "one", True, False)


def test_jobs_of_plain_functions_are_picklable() -> None:
    text = spec_type(str)
    upper = OpDefinition.of(
        "upper",
        OpFunction(str.upper, (Slot("input", "x"),), emission="plain"),
        {"x": typed_in(text)},
        {"result": typed_out(text)},
        origin=SourceOrigin("shop.yaml", 3),
    )
    nodes = {"first": Node("first", upper), "second": Node("second", upper)}
    sources: dict[str, dict[str, Source]] = {
        "first": {"x": Constant("a")},
        "second": {"x": NodeOutput("first")},
    }
    job = copied(GraphDefinition.of("g", nodes, sources).to_job(tags={"n": 1}))
    assert (job.name, job.tags, list(job.graph.nodes), job.graph.sources) == (
        "g",
        {"n": "1"},
        ["first", "second"],
        sources,
    )
    assert job.graph.nodes["first"].definition.function.function("a") == "A"
    assert job.has_default_io_manager


VALUES: list[Callable[[], Any]] = [
    lambda: Output(1, "a", {"n": 1}),
    lambda: DynamicOutput(1, "key"),
    lambda: AssetKey(["a", "b"]),
    lambda: AssetMaterialization("a/b", metadata={"n": 1}, partition="p"),
    lambda: ExpectationResult(True, "label"),
]


@pytest.mark.parametrize("make", VALUES, ids=lambda make: type(make()).__name__)
def test_values_are_equal_after_pickling(make: Callable[[], Any]) -> None:
    assert copied(make()) == make()


def test_sentinels_stay_themselves() -> None:
    assert copied(SKIP) is SKIP
    assert copied(NO_VALUE) is NO_VALUE
    assert (repr(SKIP), repr(NO_VALUE)) == ("jobc.SKIP", "NO_VALUE")


def test_exceptions_keep_what_they_say() -> None:
    failure = copied(Failure("no", {"n": 1}, allow_retries=False))
    assert (failure.description, failure.metadata["n"].value, failure.allow_retries) == ("no", 1, False)
    request = copied(RetryRequested(3, 0.5))
    assert (request.max_retries, request.seconds_to_wait) == (3, 0.5)
