"""SEMANTICS 2, and what 12, 13 and 15 say about definitions."""

# The bodies of ops and jobs here have the shapes that the rules speak of.
# ruff: noqa: ARG002, ARG005, PLW0108

from __future__ import annotations

import contextlib
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.config import RunConfig
from jobc.runtime.definitions.builtin_io import default_io_manager, fs_io_manager
from jobc.runtime.definitions.config_mapping import ConfigMapping, config_mapping
from jobc.runtime.definitions.dependency import DependencyDefinition
from jobc.runtime.definitions.executor import ExecutorDefinition, executor
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.hook import event_list_hook, failure_hook, success_hook
from jobc.runtime.definitions.io_manager import IOManager, IOManagerDefinition, io_manager
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.logger import LoggerDefinition, logger
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.origin import JobOrigin
from jobc.runtime.definitions.policies import Backoff, Jitter, RetryPolicy
from jobc.runtime.definitions.ports import In, Out
from jobc.runtime.definitions.resource import ResourceDefinition, resource
from jobc.runtime.definitions.types import Nothing
from jobc.runtime.definitions.versioning import OpVersionContext, VersionStrategy
from jobc.runtime.errors import (
    CheckError,
    InvalidDefinitionError,
    InvariantViolationError,
    ParameterCheckError,
)
from jobc.runtime.partitions import PartitionedConfig, StaticPartitionsDefinition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


PER_DAY = PartitionedConfig(StaticPartitionsDefinition(["a"]), run_config_for_partition_key_fn=lambda _: {})


class BySource(VersionStrategy):
    def get_op_version(self, context: OpVersionContext) -> str:
        return "1"


class Unloadable:
    pass


@op
def one() -> int:
    return 1


@op
def echo(x: int) -> int:
    return x


@op(required_resource_keys={"db"})
def reads() -> int:
    return 1


@graph(tags={"team": "orders"}, description="about g")
def g(x):  # type: ignore[no-untyped-def]
    """Not this."""
    return echo(x)


@success_hook
def cheer(context: Any) -> None:
    pass


@failure_hook(required_resource_keys={"slack"})
def alert(context: Any) -> None:
    pass


@logger
def quiet(context: Any) -> None:
    pass


@executor
def inline(context: Any) -> None:
    pass


def test_sem_2_everything_a_job_takes() -> None:
    policy, strategy, origin = RetryPolicy(), BySource(), JobOrigin("shop.yaml", "etl")
    made = JobDefinition(
        graph_def=g,
        resource_defs={"db": 3},
        executor_def=inline,
        logger_defs={"quiet": quiet},
        name="etl",
        description="own",
        partitions_def=StaticPartitionsDefinition(["a"]),
        tags={"n": 1},
        metadata={"owner": "me"},
        hook_defs={cheer},
        op_retry_policy=policy,
        version_strategy=strategy,
        input_values={"x": 5},
        origin=origin,
    )
    assert (made.name, made.description, made.graph, made.origin) == ("etl", "own", g, origin)
    assert (made.executor_def, made.logger_defs, made.hook_defs) == (
        inline,
        {"quiet": quiet},
        frozenset({cheer}),
    )
    assert (made.op_retry_policy, made.version_strategy, made.partitions_def) == (
        policy,
        strategy,
        StaticPartitionsDefinition(["a"]),
    )
    assert (made.tags, made.input_values, made.metadata["owner"].value) == (
        {"team": "orders", "n": "1"},
        {"x": 5},
        "me",
    )
    assert made.resource_defs["io_manager"] is default_io_manager
    assert made.has_default_io_manager


def test_sem_2_the_decorator_and_to_job_take_the_same() -> None:
    settings: dict[str, Any] = {
        "name": "etl",
        "description": "own",
        "resource_defs": {"db": 3},
        "config": {"ops": {}},
        "tags": {"n": 1},
        "metadata": {"owner": "me"},
        "logger_defs": {"quiet": quiet},
        "executor_def": inline,
        "hooks": {cheer},
        "op_retry_policy": RetryPolicy(),
        "version_strategy": BySource(),
        "partitions_def": None,
        "input_values": {},
    }

    @graph
    def body() -> None:
        one()

    decorated = job(**settings)(lambda: one() and None)
    converted = body.to_job(**settings)
    for name in (
        "name",
        "description",
        "config",
        "tags",
        "metadata",
        "logger_defs",
        "executor_def",
        "hook_defs",
    ):
        assert getattr(decorated, name) == getattr(converted, name), name
    for name in ("op_retry_policy", "version_strategy", "partitions_def", "input_values"):
        assert getattr(decorated, name) == getattr(converted, name), name
    assert list(decorated.graph.nodes) == list(converted.graph.nodes)


def test_sem_2_names_and_descriptions() -> None:
    @job
    def documented() -> None:
        """Do all of it."""

    assert (documented.name, documented.description) == ("documented", "Do all of it.")
    assert (g.to_job().name, g.to_job().description) == ("g", "about g")
    assert g.to_job(name="").name == "g"
    assert g.to_job(description="own").description == "own"


def test_sem_2_a_job_takes_keywords_only() -> None:
    with pytest.raises(TypeError):
        JobDefinition(g)  # type: ignore[call-arg]


WRONG_TYPES: list[tuple[str, dict[str, Any], str]] = [
    ("graph_def", {"graph_def": one}, "`graph_def` must be a graph"),
    ("hooks_list", {"hook_defs": [cheer]}, "`hook_defs` of job `g` must be a set"),
    ("hook_member", {"hook_defs": {3}}, "each member of `hook_defs`"),
    ("loggers", {"logger_defs": {"a": 3}}, "`a` of `logger_defs`"),
    ("logger_list", {"logger_defs": [quiet]}, "must be a mapping"),
    ("resources", {"resource_defs": [3]}, "`resource_defs` of job `g` must be a mapping"),
    ("executor", {"executor_def": 3}, "`executor_def` of job `g` must be an ExecutorDefinition"),
    ("policy", {"op_retry_policy": 3}, "`op_retry_policy` of job `g` must be a RetryPolicy"),
    ("partitions", {"partitions_def": 3}, "`partitions_def` of job `g` must be a partitions definition"),
    ("strategy", {"version_strategy": 3}, "`version_strategy` of job `g` must be a VersionStrategy"),
    ("config", {"config": dict}, "`config` of job `g` must be a dict, a ConfigMapping"),
    ("name", {"name": 3}, "must be text"),
    ("description", {"description": 3}, "must be text"),
    ("tags", {"tags": ["a"]}, "must be a mapping"),
    ("input_values", {"input_values": [3]}, "must be a mapping"),
    ("origin", {"origin": 3}, "must be a JobOrigin"),
]


@pytest.mark.parametrize("case", WRONG_TYPES, ids=[case[0] for case in WRONG_TYPES])
def test_sem_2_wrong_types(case: tuple[str, dict[str, Any], str]) -> None:
    with pytest.raises(ParameterCheckError) as caught:
        JobDefinition(**{"graph_def": g, **case[1]})
    assert case[2] in str(caught.value)


@pytest.mark.parametrize("key", ["a-b", "1a", "", "a b", 3])
def test_sem_2_resource_keys_are_identifiers(key: Any) -> None:
    with pytest.raises(CheckError, match="must be a Python identifier"):
        g.to_job(resource_defs={key: 3})


def test_sem_2_input_values_name_top_level_inputs() -> None:
    with pytest.raises(InvalidDefinitionError, match="no top-level input `y`; it has `x`"):
        g.to_job(input_values={"y": 1})


def test_sem_2_with_hooks_keeps_everything() -> None:
    made = g.to_job(
        hooks={cheer},
        input_values={"x": 1},
        metadata={"a": "b"},
        version_strategy=BySource(),
        config={"ops": {}},
        tags={"n": 1},
        executor_def=inline,
    )
    hooked = made.with_hooks({event_list_hook(name="all")(lambda context, events: None)})
    assert {hook.name for hook in hooked.hook_defs} == {"cheer", "all"}
    assert made.hook_defs == {cheer}
    for name in (
        "input_values",
        "metadata",
        "version_strategy",
        "config",
        "tags",
        "graph",
        "resource_defs",
        "name",
    ):
        assert getattr(hooked, name) == getattr(made, name), name
    with pytest.raises(ParameterCheckError, match="must be a set"):
        made.with_hooks([cheer])  # type: ignore[arg-type]


def test_sem_2_a_hook_decorates_jobs_graphs_and_ops() -> None:
    made = cheer(g.to_job())
    assert isinstance(made, JobDefinition)
    assert made.hook_defs == {cheer}

    @job
    def j() -> None:
        cheer(one)()
        cheer(g)(one.alias("second")())

    assert j.graph.nodes["one"].hooks == j.graph.nodes["g"].hooks == {cheer}


def test_sem_2_jobs_are_not_called() -> None:
    with pytest.raises(InvariantViolationError, match="execute_in_process"):
        g.to_job()()


def test_sem_2_jobs_do_not_change() -> None:
    with pytest.raises(AttributeError):
        g.to_job().name = "other"  # type: ignore[misc]


@op
def wants_object(x: Unloadable) -> int:
    return 1


@op(ins={"x": In(Unloadable, default_value=None)})
def has_default(x: Any) -> int:
    return 1


@op(ins={"x": In(Unloadable, input_manager_key="loads")})
def has_manager(x: Any) -> int:
    return 1


@op(ins={"x": In(Nothing)})
def waits() -> int:
    return 1


@graph
def wants_object_inside(x):  # type: ignore[no-untyped-def]
    wants_object(x)


UNRESOLVED = [
    (
        "op",
        lambda: job(name="j")(lambda: wants_object() and None),
        ["input `x` of op `wants_object`", "graph `j`"],
    ),
    (
        "graph",
        lambda: job(name="j")(lambda: wants_object_inside() and None),
        ["input `x` of graph `wants_object_inside`", "graph `j`"],
    ),
    (
        "in_a_graph",
        lambda: job(name="j")(lambda: graph(name="deep")(lambda: wants_object() and None)() and None),
        ["input `x` of op `wants_object`", "graph `deep`"],
    ),
]


@pytest.mark.parametrize("case", UNRESOLVED, ids=[case[0] for case in UNRESOLVED])
def test_sem_2_inputs_that_nothing_can_feed(case: tuple[str, Callable[[], object], list[str]]) -> None:
    with pytest.raises(InvalidDefinitionError, match="no way of being resolved") as caught:
        case[1]()
    for fragment in case[2]:
        assert fragment in str(caught.value)


def test_sem_2_inputs_that_something_feeds() -> None:
    loads = IOManagerDefinition(lambda: None)

    @job(resource_defs={"loads": loads})
    def j(top):  # type: ignore[no-untyped-def]
        echo()
        has_default()
        has_manager()
        waits()
        wants_object(top)

    assert list(j.graph.ins) == ["top"]


@pytest.mark.parametrize(
    "config", [{"ops": {}}, ConfigMapping(lambda _: {}), PER_DAY], ids=["dict", "mapping", "partitioned"]
)
def test_sem_5_partitions_or_config(config: Any) -> None:
    with pytest.raises(
        InvalidDefinitionError, match=r"both `partitions_def` and `config`.*PartitionedConfig"
    ):
        g.to_job(config=config, partitions_def=StaticPartitionsDefinition(["b"]))


def test_sem_5_partitioned_config_carries_its_partitions() -> None:
    assert g.to_job(config=PER_DAY).partitions_def == StaticPartitionsDefinition(["a"])
    assert g.to_job(
        config=PER_DAY, partitions_def=StaticPartitionsDefinition(["a"])
    ).partitions_def == StaticPartitionsDefinition(["a"])
    assert g.to_job(
        partitions_def=StaticPartitionsDefinition(["b"])
    ).partitions_def == StaticPartitionsDefinition(["b"])


def test_sem_5_what_a_jobs_config_may_be() -> None:
    mapping = config_mapping(lambda _: {})
    assert g.to_job(config=mapping).config is mapping
    assert g.to_job(config={"ops": {}}).config == {"ops": {}}
    assert g.to_job(config=RunConfig(inputs={"x": 1})).config == {"inputs": {"x": 1}}


# Resources


@op(out=Out(int, io_manager_key="lake"))
def stores() -> int:
    return 1


@op(ins={"x": In(int, input_manager_key="loads")})
def loads_input(x: int) -> int:
    return x


def hooked() -> None:
    one.with_hooks({alert})()


MISSING = [
    ("op", lambda: job(name="j")(lambda: reads() and None), ["`db`", "op `reads`"]),
    (
        "output",
        lambda: job(name="j")(lambda: stores() and None),
        ["`lake`", "output `result` of op `stores`", "IO manager"],
    ),
    (
        "input",
        lambda: job(name="j")(lambda: loads_input() and None),
        ["`loads`", "input `x` of op `loads_input`", "input manager"],
    ),
    ("hook", lambda: job(name="j")(hooked), ["`slack`", "hook `alert` on node `one`"]),
    ("job_hook", lambda: job(name="j", hooks={alert})(lambda: None), ["`slack`", "hook `alert` on job `j`"]),
    (
        "with_hooks",
        lambda: job(name="j")(lambda: None).with_hooks({alert}),
        ["`slack`", "hook `alert` on job `j`"],
    ),
    ("in_a_graph", lambda: graph(name="sub")(lambda: reads() and None).to_job(), ["`db`", "op `reads`"]),
    (
        "near_name",
        lambda: job(name="j", resource_defs={"dbb": 1})(lambda: reads() and None),
        ["`dbb` and `io_manager`", "did you mean `dbb`"],
    ),
]


@pytest.mark.parametrize("case", MISSING, ids=[case[0] for case in MISSING])
def test_sem_13_missing_resources(case: tuple[str, Callable[[], object], list[str]]) -> None:
    with pytest.raises(InvalidDefinitionError, match="is required by") as caught:
        case[1]()
    for fragment in case[2]:
        assert fragment in str(caught.value)


def test_sem_13_late_bound_resources_may_be_missing() -> None:
    made = job(name="j", resource_defs={"db": ResourceDefinition.late_bound("a test gives it")})(
        lambda: reads() and None
    )
    assert made.resource_defs["db"].is_late_bound


def needing(*keys: str) -> ResourceDefinition:
    return ResourceDefinition(lambda _: 1, required_resource_keys=set(keys))


DEPENDENCIES = [
    ("missing", {"a": needing("b")}, "resource `b` is required by resource `a`"),
    ("itself", {"a": needing("a")}, "in a circle: `a`"),
    ("circle", {"a": needing("b"), "b": needing("c"), "c": needing("b")}, "in a circle: `b` and `c`"),
]


@pytest.mark.parametrize("case", DEPENDENCIES, ids=[case[0] for case in DEPENDENCIES])
def test_sem_13_resource_dependencies(case: tuple[str, dict[str, Any], str]) -> None:
    with pytest.raises(InvariantViolationError, match=case[2]):
        job(name="j", resource_defs=case[1])(lambda: None)


def test_sem_13_objects_are_wrapped() -> None:
    made = job(name="j", resource_defs={"db": {"a": 1}})(lambda: reads() and None)
    function = made.resource_defs["db"].function
    assert (function.style, function.function()) == ("value", {"a": 1})


@resource(config_schema={"path": str}, required_resource_keys={"creds"}, version="v1")
def opened(context: Any) -> Iterator[int]:
    """Open it."""
    yield 1


@resource
@contextlib.contextmanager
def managed(context: Any) -> Iterator[int]:
    yield 1


@resource
def without_context() -> int:
    return 1


def test_sem_13_resource_functions() -> None:
    assert (opened.function.style, managed.function.style, without_context.function.style) == (
        "generator",
        "context_manager",
        "function",
    )
    assert [len(each.function.slots) for each in (opened, managed, without_context)] == [1, 1, 0]
    assert (opened.description, opened.version, opened.required_resource_keys) == (
        "Open it.",
        "v1",
        frozenset({"creds"}),
    )
    assert ResourceDefinition.none_resource().function.function() is None


def test_sem_13_resource_functions_take_the_context_alone() -> None:
    with pytest.raises(InvalidDefinitionError, match="it also requires `b`"):
        resource(lambda a, b: None)


def test_sem_14_io_managers() -> None:
    class Keeps(IOManager):
        def load_input(self, context: Any) -> object:
            return None

        def handle_output(self, context: Any, obj: Any) -> None:
            pass

    @io_manager(config_schema={"path": str})
    def keeps(context: Any) -> Keeps:
        """Keep it."""
        return Keeps()

    made = job(name="j", resource_defs={"io_manager": keeps})(lambda: one() and None)
    assert not made.has_default_io_manager
    assert (isinstance(keeps, IOManagerDefinition), keeps.description) == (True, "Keep it.")
    manager = Keeps()
    assert IOManagerDefinition.hardcoded_io_manager(manager).function.function(None) is manager
    assert not job(name="j", resource_defs={"io_manager": fs_io_manager})(lambda: None).has_default_io_manager


# Hooks, loggers, executors, policies


def test_sem_12_hook_definitions() -> None:
    assert [each.name for each in (cheer, alert)] == ["cheer", "alert"]
    assert [each.kind for each in (cheer, alert)] == ["success", "failure"]
    assert alert.required_resource_keys == {"slack"}
    named = event_list_hook(name="all", required_resource_keys={"a"})(lambda context, events: events)
    assert (named.name, named.kind, named(None, [1])) == ("all", "event_list", [1])


HOOK_MISTAKES: list[tuple[str, Callable[[], object]]] = [
    ("no_parameters", lambda: success_hook(name="h")(lambda: None)),
    ("other_name", lambda: success_hook(name="h")(lambda ctx: None)),
    ("two", lambda: failure_hook(name="h")(lambda context, events: None)),
    ("one_for_events", lambda: event_list_hook(name="h")(lambda context: None)),
]


@pytest.mark.parametrize("case", HOOK_MISTAKES, ids=[case[0] for case in HOOK_MISTAKES])
def test_sem_12_hook_signatures(case: tuple[str, Callable[[], object]]) -> None:
    with pytest.raises(InvalidDefinitionError, match="the function of hook `h` must take `context`"):
        case[1]()


def test_sem_15_loggers_and_executors() -> None:
    made = logger(config_schema={"level": str}, description="d")(lambda context: None)
    assert isinstance(made, LoggerDefinition)
    assert (made.config_field is not None, made.description) == (True, "d")
    ran = executor(name="pool", config_schema={"n": int})(lambda context: None)
    assert isinstance(ran, ExecutorDefinition)
    assert (ran.name, inline.name) == ("pool", "inline")
    with pytest.raises(ParameterCheckError, match="must be a function"):
        LoggerDefinition(3)  # type: ignore[arg-type]


DELAYS = [
    (RetryPolicy(), [0, 0, 0]),
    (RetryPolicy(delay=2), [2, 2, 2]),
    (RetryPolicy(delay=2, backoff=Backoff.LINEAR), [2, 4, 6]),
    (RetryPolicy(delay=2, backoff=Backoff.EXPONENTIAL), [2, 6, 14]),
]


@pytest.mark.parametrize("case", DELAYS, ids=["none", "constant", "linear", "exponential"])
def test_sem_11_delays(case: tuple[RetryPolicy, list[float]]) -> None:
    assert [case[0].delay_s(attempt) for attempt in (1, 2, 3)] == case[1]


def test_sem_11_jitter_stays_in_its_bounds() -> None:
    full = RetryPolicy(delay=2, backoff=Backoff.LINEAR, jitter=Jitter.FULL)
    around = RetryPolicy(delay=2, backoff=Backoff.LINEAR, jitter=Jitter.PLUS_MINUS)
    assert all(0 <= full.delay_s(3) <= 6 for _ in range(200))
    assert all(4 <= around.delay_s(3) <= 8 for _ in range(200))


def test_sem_11_policies() -> None:
    with pytest.raises(InvalidDefinitionError, match="needs a `delay`"):
        RetryPolicy(backoff=Backoff.LINEAR)
    with pytest.raises(InvalidDefinitionError, match="needs a `delay`"):
        RetryPolicy(jitter=Jitter.FULL)
    assert RetryPolicy(max_retries=-1).max_retries == -1
    assert pickle.loads(pickle.dumps(RetryPolicy(delay=1))) == RetryPolicy(delay=1)
    with pytest.raises(ParameterCheckError, match="`max_retries`"):
        RetryPolicy(max_retries="3")  # type: ignore[arg-type]


def test_sem_1_explicit_graphs_become_jobs() -> None:
    made = GraphDefinition(
        "eg", node_defs=[one, echo], dependencies={"echo": {"x": DependencyDefinition("one")}}
    )
    assert list(made.to_job().graph.nodes) == ["one", "echo"]


def test_sem_19_a_graph_is_not_an_op() -> None:
    with pytest.raises(InvariantViolationError, match="op `one` is no graph"):
        one.alias("x").execute_in_process()
