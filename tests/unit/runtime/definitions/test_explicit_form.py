"""SEMANTICS 1, "Explicit form": graphs of definitions and dependencies, and the mistakes in them."""

# The bodies of ops and jobs here have the shapes that the rules speak of.
# ruff: noqa: ARG002, ARG005, PLW0108

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.dependency import (
    DependencyDefinition,
    DynamicCollectDependencyDefinition,
    InputMapping,
    MappedInputPlaceholder,
    MultiDependencyDefinition,
    NodeInvocation,
    OutputMapping,
)
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.hook import success_hook
from jobc.runtime.definitions.node import Node
from jobc.runtime.definitions.op import OpDefinition
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.ports import DynamicOut, GraphIn, In, Out
from jobc.runtime.definitions.sources import Collected, FanIn, GraphInput, Mapped, NodeOutput
from jobc.runtime.errors import InvalidDefinitionError, ParameterCheckError

if TYPE_CHECKING:
    from collections.abc import Callable


@op
def one() -> int:
    return 1


@op
def echo(x: int) -> int:
    return x


@op
def total(xs: list) -> int:  # type: ignore[type-arg]
    return sum(xs)


@op(out=DynamicOut(int))
def many() -> Any:
    return []


@success_hook
def cheer(context: Any) -> None:
    pass


def explicit(dependencies: Any = None, **mappings: Any) -> GraphDefinition:
    return GraphDefinition("g", node_defs=[one, echo, total, many], dependencies=dependencies, **mappings)


def test_sem_1_explicit_nodes_and_sources() -> None:
    policy = RetryPolicy(max_retries=3)
    made = explicit(
        {
            "echo": {"x": DependencyDefinition("one")},
            NodeInvocation("echo", alias="again", tags={"n": 1}, hook_defs={cheer}, retry_policy=policy): {
                "x": DependencyDefinition("many")
            },
            "total": {
                "xs": MultiDependencyDefinition([DependencyDefinition("one"), DependencyDefinition("echo")])
            },
            NodeInvocation("total", "sum"): {"xs": DynamicCollectDependencyDefinition("again")},
        }
    )
    assert list(made.nodes) == ["one", "echo", "again", "total", "sum", "many"]
    assert made.sources["echo"] == {"x": NodeOutput("one")}
    assert made.sources["again"] == {"x": Mapped(NodeOutput("many"))}
    assert made.sources["total"] == {"xs": FanIn((NodeOutput("one"), NodeOutput("echo")))}
    assert made.sources["sum"] == {"xs": Collected(NodeOutput("again"))}
    assert (made.nodes["again"].tags, made.nodes["again"].hooks) == ({"n": "1"}, frozenset({cheer}))
    assert made.nodes["again"].retry_policy is policy


def test_sem_1_explicit_mappings() -> None:
    made = explicit(
        {"total": {"xs": MultiDependencyDefinition([MappedInputPlaceholder, DependencyDefinition("one")])}},
        input_mappings=[InputMapping("n", "echo", "x"), InputMapping("n", "total", "xs", fan_in_index=0)],
        output_mappings=[OutputMapping("sum", "total"), OutputMapping("each", "many")],
    )
    assert made.sources["echo"] == {"x": GraphInput("n")}
    assert made.sources["total"] == {"xs": FanIn((GraphInput("n"), NodeOutput("one")))}
    assert list(made.ins) == ["n"]
    assert made.outputs == {"sum": NodeOutput("total"), "each": NodeOutput("many")}
    assert made.dynamic_outputs == {"each"}


def cycle() -> GraphDefinition:
    return explicit(
        {
            NodeInvocation("echo", "a"): {"x": DependencyDefinition("c")},
            NodeInvocation("echo", "b"): {"x": DependencyDefinition("a")},
            NodeInvocation("echo", "c"): {"x": DependencyDefinition("b")},
            NodeInvocation("echo", "d"): {"x": DependencyDefinition("c")},
        }
    )


def wired(**inputs: Any) -> Callable[[], GraphDefinition]:
    return lambda: explicit({"echo": inputs})


MISTAKES = [
    ("unknown_source", wired(x=DependencyDefinition("onne")), ["no node `onne`", "did you mean `one`"]),
    ("unknown_target", lambda: explicit({"eco": {}}), ["no op or graph `eco`", "did you mean `echo`"]),
    ("unknown_input", wired(y=DependencyDefinition("one")), ["no input `y`", "it has `x`"]),
    ("unknown_output", wired(x=DependencyDefinition("one", "res")), ["no output `res`", "it has `result`"]),
    ("self_loop", wired(x=DependencyDefinition("echo")), ["circular reference"]),
    ("cycle", cycle, ["circular dependency", "between the nodes `a`, `b` and `c`"]),
    ("one_level_too_high", lambda: explicit({"echo": DependencyDefinition("one")}), ["one level too high"]),
    ("list", lambda: explicit([DependencyDefinition("one")]), ["must be a dict"]),
    (
        "list_of_inputs",
        lambda: explicit({"echo": [DependencyDefinition("one")]}),
        ["must be a dict from input"],
    ),
    ("no_dependency", wired(x="one"), ["must be given a DependencyDefinition"]),
    ("bad_key", lambda: explicit({3: {}}), ["must be names of ops or NodeInvocations"]),
    ("same_node_twice", lambda: explicit({NodeInvocation("echo", "one"): {}}), ["two nodes called `one`"]),
    ("no_definition", lambda: GraphDefinition("g", node_defs=[lambda: 1]), ["ops and graphs only"]),  # type: ignore[list-item]
    ("bad_alias", lambda: NodeInvocation("echo", "a-b"), ["`a-b` is not a valid name"]),
    (
        "fed_twice",
        lambda: explicit(
            {"echo": {"x": DependencyDefinition("one")}}, input_mappings=[InputMapping("n", "echo", "x")]
        ),
        ["fed twice"],
    ),
    (
        "mapped_unknown_node",
        lambda: explicit(input_mappings=[InputMapping("n", "eco", "x")]),
        ["no node `eco`"],
    ),
    (
        "mapped_unknown_input",
        lambda: explicit(input_mappings=[InputMapping("n", "echo", "y")]),
        ["no input `y`"],
    ),
    (
        "no_place_in_list",
        lambda: explicit(input_mappings=[InputMapping("n", "total", "xs", 0)]),
        ["no MappedInputPlaceholder at position 0"],
    ),
    (
        "open_place_in_list",
        lambda: explicit({"total": {"xs": MultiDependencyDefinition([MappedInputPlaceholder])}}),
        ["position 0 that no InputMapping fills"],
    ),
    (
        "output_of_unknown_node",
        lambda: explicit(output_mappings=[OutputMapping("o", "onne")]),
        ["no node `onne`"],
    ),
    (
        "unknown_mapped_output",
        lambda: explicit(output_mappings=[OutputMapping("o", "one", "x")]),
        ["no output `x`"],
    ),
    (
        "output_twice",
        lambda: explicit(output_mappings=[OutputMapping("o", "one"), OutputMapping("o", "echo")]),
        ["maps its output `o` twice"],
    ),
]


@pytest.mark.parametrize("case", MISTAKES, ids=[case[0] for case in MISTAKES])
def test_sem_1_explicit_mistakes(case: tuple[str, Callable[[], object], list[str]]) -> None:
    with pytest.raises(InvalidDefinitionError) as caught:
        case[1]()
    for fragment in case[2]:
        assert fragment in str(caught.value)


WRONG_TYPES = [
    ("node_defs", lambda: GraphDefinition("g", node_defs=3), "must be a list of ops and graphs"),  # type: ignore[arg-type]
    ("mapping", lambda: explicit(input_mappings=[3]), "must be an InputMapping"),
    ("fan_in", lambda: MultiDependencyDefinition([one]), "must be a DependencyDefinition"),  # type: ignore[list-item]
    ("node", lambda: DependencyDefinition(one), "must be text"),  # type: ignore[arg-type]
    ("hook_list", lambda: NodeInvocation("echo", hook_defs=[cheer]), "must be a set"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("case", WRONG_TYPES, ids=[case[0] for case in WRONG_TYPES])
def test_sem_1_explicit_wrong_types(case: tuple[str, Callable[[], object], str]) -> None:
    with pytest.raises(ParameterCheckError, match=case[2]):
        case[1]()


NODES = {"one": Node("one", one), "echo": Node("echo", echo), "many": Node("many", many)}

NORMAL_FORM_MISTAKES = [
    ("unknown_node", lambda: GraphDefinition.of("g", NODES, {"eco": {}}), "no node `eco`"),
    (
        "wrong_key",
        lambda: GraphDefinition.of("g", {"x": NODES["one"]}, {}),
        "holds node `one` under the name `x`",
    ),
    (
        "unknown_input",
        lambda: GraphDefinition.of("g", NODES, {"echo": {"y": NodeOutput("one")}}),
        "no input `y`",
    ),
    (
        "unknown_graph_input",
        lambda: GraphDefinition.of("g", NODES, {"echo": {"x": GraphInput("n")}}),
        "no input `n`",
    ),
    ("unused_input", lambda: GraphDefinition.of("g", NODES, {}, ins={"n": GraphIn()}), "unmapped input"),
    (
        "unknown_after",
        lambda: GraphDefinition.of("g", NODES, {}, order_only={"one": ("oone",)}),
        "no node `oone`",
    ),
    (
        "cycle_by_order",
        lambda: GraphDefinition.of(
            "g", NODES, {"echo": {"x": NodeOutput("one")}}, order_only={"one": ("echo",)}
        ),
        "between the nodes `one` and `echo`",
    ),
    (
        "not_dynamic",
        lambda: GraphDefinition.of("g", NODES, {"echo": {"x": Mapped(NodeOutput("one"))}}),
        "not dynamic",
    ),
    ("bad_name", lambda: GraphDefinition.of("a b", NODES, {}), "not a valid name"),
]


@pytest.mark.parametrize("case", NORMAL_FORM_MISTAKES, ids=[case[0] for case in NORMAL_FORM_MISTAKES])
def test_sem_1_normal_form_mistakes(case: tuple[str, Callable[[], object], str]) -> None:
    with pytest.raises(InvalidDefinitionError) as caught:
        case[1]()
    assert case[2] in str(caught.value)


def test_sem_1_an_op_of_a_function_of_context_and_inputs() -> None:
    made = OpDefinition(
        compute_fn=lambda context, inputs: inputs["a"] + inputs["b"],
        name="adder",
        ins={"a": In(int), "b": In(int, default_value=5)},
        outs={"result": Out(int)},
        config_schema={"n": int},
        tags={"k": 1},
        required_resource_keys={"db"},
    )
    assert made(None, a=1) == 6
    assert (made.tags, made.required_resource_keys, made.config_field is None) == (
        {"k": "1"},
        frozenset({"db"}),
        False,
    )
