"""SEMANTICS 13: resources are opened in order, shared, and closed in reverse whatever happens."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.op_function import OpFunction, Slot
from jobc.runtime.definitions.ports import Out
from jobc.runtime.definitions.resource import ResourceDefinition, ResourceFunction, resource
from jobc.runtime.errors import InvalidDefinitionError, ResourceFunctionError, UnknownResourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jobc.runtime.definitions.job import JobDefinition
    from jobc.runtime.execute.result import ExecuteInProcessResult

log: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    log.clear()


def noted(
    key: str, needs: set[str] | None = None, opens: bool = True, closes: bool = True
) -> ResourceDefinition:
    @resource(required_resource_keys=needs)
    def opened(context: Any) -> Iterator[str]:
        log.append(f"open {key}")
        if not opens:
            raise OSError(f"cannot open {key}")
        yield f"{key}({', '.join(getattr(context.resources, need) for need in sorted(needs or ()))})"
        log.append(f"close {key}")
        if not closes:
            raise OSError(f"cannot close {key}")

    return opened


def using(*keys: str, name: str = "uses") -> OpDefinition:
    @op(name=name, required_resource_keys=set(keys))
    def uses(context: Any) -> list[object]:
        log.append(name)
        return [getattr(context.resources, key) for key in keys]

    return uses


def job_of(*ops: OpDefinition, **resource_defs: object) -> JobDefinition:
    @job(resource_defs=resource_defs)
    def made() -> None:
        for each in ops:
            each()

    return made


def kinds(result: ExecuteInProcessResult) -> list[str]:
    return [event.event_type_value for event in result.all_events if not event.is_step_event]


def test_sem_13_in_dependency_order_ties_alphabetical_and_closed_in_reverse() -> None:
    made = job_of(
        using("c", "a"),
        a=noted("a", {"z"}),
        z=noted("z"),
        c=noted("c"),
        b=noted("b"),
    )
    result = made.execute_in_process()
    assert log == ["open z", "open a", "open c", "uses", "close c", "close a", "close z"]
    assert result.output_for_node("uses") == ["c()", "a(z())"]
    assert kinds(result) == ["RUN_START", "RESOURCE_INIT_STARTED", "RESOURCE_INIT_SUCCESS", "RUN_SUCCESS"]


def test_sem_13_once_per_run_and_shared() -> None:
    made = job_of(using("a", name="first"), using("a", name="second"), a=noted("a"))
    made.execute_in_process()
    made.execute_in_process()
    assert log == ["open a", "first", "second", "close a"] * 2


def test_sem_13_what_nobody_needs_stays_closed() -> None:
    result = job_of(using(), a=noted("a")).execute_in_process()
    assert log == ["uses"]
    assert kinds(result) == ["RUN_START", "RUN_SUCCESS"]


def test_sem_13_closed_on_failure_too() -> None:
    @op(required_resource_keys={"a", "b"})
    def fails() -> int:
        raise ZeroDivisionError

    made = job_of(fails, a=noted("a"), b=noted("b"))
    with pytest.raises(ZeroDivisionError):
        made.execute_in_process()
    assert log == ["open a", "open b", "close b", "close a"]


def test_sem_13_a_resource_that_does_not_open_closes_those_before_it() -> None:
    made = job_of(using("a", "b", "c"), a=noted("a"), b=noted("b", opens=False), c=noted("c"))
    with pytest.raises(ResourceFunctionError, match="`b`") as caught:
        made.execute_in_process()
    assert isinstance(caught.value.__cause__, OSError)
    assert log == ["open a", "open b", "close a"]
    result = made.execute_in_process(raise_on_error=False)
    assert not result.success
    assert kinds(result) == ["RUN_START", "RESOURCE_INIT_STARTED", "RESOURCE_INIT_FAILURE", "RUN_FAILURE"]
    assert result.all_node_events == []
    failure = result.get_job_failure_event().data
    assert failure is not None
    assert failure.error.root.message == "cannot open b"  # type: ignore[union-attr]  # failure data


def test_sem_13_a_failing_teardown_changes_nothing_but_is_told() -> None:
    result = job_of(using("a", "b"), a=noted("a"), b=noted("b", closes=False)).execute_in_process()
    assert result.success
    assert log == ["open a", "open b", "uses", "close b", "close a"]
    (event,) = result.filter_events(lambda event: event.event_type_value == "ENGINE_EVENT")
    assert event.message == "closing the resource `b` raised OSError: cannot close b"


def test_sem_13_a_generator_must_yield_and_further_yields_are_passed_over() -> None:
    def empty() -> Iterator[int]:
        yield from ()

    def generous() -> Iterator[int]:
        yield 1
        yield 2

    with pytest.raises(ResourceFunctionError) as caught:
        job_of(using("a"), a=resource(empty)).execute_in_process()
    assert "must yield once" in str(caught.value.__cause__)
    assert job_of(using("a"), a=resource(generous)).execute_in_process().output_for_node("uses") == [1]


class Store:
    """A resource that is a class."""

    def __init__(self, context: Any) -> None:
        self.config = context.resource_config


@contextmanager
def managed() -> Iterator[str]:
    log.append("enter")
    try:
        yield "managed"
    finally:
        log.append("leave")


KINDS: dict[str, tuple[object, object, list[str]]] = {
    "object": ("plain text", "plain text", ["uses"]),
    "none": (None, None, ["uses"]),
    "function": (resource(lambda: 3), 3, ["uses"]),
    "function_of_context": (resource(lambda context: context.run_id), "r", ["uses"]),
    "generator": (noted("a"), "a()", ["open a", "uses", "close a"]),
    "context_manager": (resource(managed), "managed", ["enter", "uses", "leave"]),
}


@pytest.mark.parametrize(
    ("given", "value", "expected"), KINDS.values(), ids=[f"sem_13_{name}" for name in KINDS]
)
def test_kinds_of_resources(given: object, value: object, expected: list[str]) -> None:
    result = job_of(using("a"), a=given).execute_in_process(run_id="r")
    assert result.output_for_node("uses") == [value]
    assert log == expected


def test_sem_13_a_class_and_its_config() -> None:
    @op(required_resource_keys={"store"})
    def reads(context: Any) -> object:
        return context.resources.store.config

    made = job_of(reads, store=ResourceDefinition(Store, config_schema={"path": str}))
    run_config = {"resources": {"store": {"config": {"path": "/x"}}}}
    assert made.execute_in_process(run_config).output_for_node("reads") == {"path": "/x"}


def test_plain_functions_get_config_keys_and_resources_by_slot() -> None:
    from jobc.runtime.config import as_field

    def warehouse(path: str, *, credentials: str) -> str:
        return f"{path} as {credentials}"

    function = ResourceFunction(
        warehouse,
        (Slot("config_key", "path"), Slot("resource", "keys", keyword=True, parameter="credentials")),
    )
    definition = ResourceDefinition.of(
        function, config_field=as_field({"path": str}), required_resource_keys=frozenset({"keys"})
    )

    def read(store: str, factor: int, config: dict[str, int]) -> tuple[str, int, dict[str, int]]:
        return store, factor, config

    reader = OpDefinition.of(
        "read",
        OpFunction(read, (Slot("resource", "store"), Slot("config_key", "factor"), Slot("config", ""))),
        {},
        {"result": Out()},
        config_field=as_field({"factor": int}),
        required_resource_keys=frozenset({"store"}),
    )
    result = job_of(reader, store=definition, keys="me").execute_in_process(
        {"resources": {"store": {"config": {"path": "/x"}}}, "ops": {"read": {"config": {"factor": 2}}}}
    )
    assert result.output_for_node("read") == ("/x as me", 2, {"factor": 2})


def test_sem_13_an_undeclared_resource_is_not_there() -> None:
    @op(required_resource_keys={"a"})
    def curious(context: Any) -> object:
        assert "a" in context.resources
        assert list(context.resources) == ["a"]
        return context.resources.b

    with pytest.raises(
        UnknownResourceError, match="op `curious` does not declare the resource `b`"
    ) as caught:
        job_of(curious, a=1, b=2).execute_in_process()
    assert isinstance(caught.value, AttributeError)


MISSING: dict[str, tuple[Callable[[], object], str]] = {
    "op": (lambda: job_of(using("a"), b=1), "`a` is required by op `uses`"),
    "late_bound": (
        lambda: job_of(using("a"), a=ResourceDefinition.late_bound()).execute_in_process(),
        "`a` is late-bound",
    ),
}


@pytest.mark.parametrize(
    ("action", "words"), MISSING.values(), ids=[f"sem_13_missing_{name}" for name in MISSING]
)
def test_a_missing_resource_is_named(action: Callable[[], object], words: str) -> None:
    with pytest.raises(InvalidDefinitionError, match=words):
        action()


def test_sem_13_resources_given_at_execution_replace_those_of_the_job() -> None:
    made = job_of(using("a", "b"), a=ResourceDefinition.late_bound(), b=noted("b"))
    result = made.execute_in_process(resources={"a": "now", "b": noted("other")})
    assert result.output_for_node("uses") == ["now", "other()"]
    assert log == ["open other", "uses", "close other"]
    assert result.job_def.name == "made"


def test_sem_13_a_graph_runs_with_resources() -> None:
    @graph
    def lone() -> object:
        return using("a")()

    assert lone.execute_in_process(resources={"a": 5}).output_value() == [5]


def test_sem_13_the_init_context() -> None:
    seen: list[object] = []

    @resource(config_schema={"x": int})
    def looks(context: Any) -> int:
        seen.extend(
            [context.resource_config, context.run_id, context.run.job_name, context.instance is not None]
        )
        context.log.info("opening")
        return 1

    job_of(using("a"), a=looks).execute_in_process({"resources": {"a": {"config": {"x": 1}}}}, run_id="r")
    assert seen == [{"x": 1}, "r", "made", True]
