"""SEMANTICS 1: names, and bodies of graphs and jobs, row by row."""

# The bodies of ops and jobs here have the shapes that the rules speak of.
# ruff: noqa: ARG002, ARG005, PLW0108

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest

from jobc.runtime.definitions.graph_decorator import graph, job
from jobc.runtime.definitions.hook import success_hook
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.names import valid_name, valid_node_name
from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.ports import DynamicOut, GraphIn, GraphOut, Out
from jobc.runtime.definitions.sources import FanIn, GraphInput, NodeOutput
from jobc.runtime.errors import (
    InvalidDefinitionError,
    InvalidInvocationError,
    InvariantViolationError,
    JobcError,
    ParameterCheckError,
    TypeCheckDidNotPass,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobc.runtime.definitions.graph import GraphDefinition
    from jobc.runtime.definitions.op import OpDefinition


@op
def one() -> int:
    return 1


@op
def echo(x: int) -> int:
    return x


@op
def add(a: int, b: int) -> int:
    return a + b


@op(out={"good": Out(int), "bad": Out(int)})
def split() -> Any:
    return 1, 2


@op(out=DynamicOut(int))
def many() -> Any:
    return []


@op
def total(xs: list) -> int:  # type: ignore[type-arg]
    return sum(xs)


@success_hook
def cheer(context: Any) -> None:
    pass


@graph
def inner(x):  # type: ignore[no-untyped-def]
    return echo(x)


@job
def ready() -> None:
    one()


def another_echo() -> OpDefinition:
    @op(name="echo")
    def other(x: int) -> int:
        return x

    return other


GOOD_NAMES = ["a", "A1", "_x", "1st", "result", "self", "ops", "a" * 200]
BAD_NAMES = ["", "a-b", "a.b", "a/b", "a b", "a[0]", "é", "a\n", "<lambda>", " a"]
RESERVED = [
    *("context", "conf", "config", "meta", "arg_dict", "dict", "input_arg_dict", "output_arg_dict"),
    *("int", "str", "float", "bool", "input", "output", "type", "class", "lambda", "None"),
]


@pytest.mark.parametrize("name", GOOD_NAMES)
def test_sem_1_good_names(name: str) -> None:
    assert valid_node_name("op", name) == name


@pytest.mark.parametrize("name", BAD_NAMES)
def test_sem_1_bad_names(name: str) -> None:
    with pytest.raises(InvalidDefinitionError, match=r"is not a valid name .*\[A-Za-z0-9_\]\+"):
        valid_name("output", name)


@pytest.mark.parametrize("name", RESERVED)
def test_sem_1_reserved_names(name: str) -> None:
    with pytest.raises(InvalidDefinitionError, match="collides with a reserved word"):
        valid_node_name("alias", name)
    assert valid_name("output", name) == name


def test_sem_1_names_are_text() -> None:
    with pytest.raises(ParameterCheckError, match="must be text"):
        valid_name("op", 3)  # type: ignore[arg-type]


def test_sem_1_a_lambda_has_no_name() -> None:
    with pytest.raises(InvalidDefinitionError, match="`<lambda>` is not a valid name"):
        job(lambda: None)
    assert job(name="named")(lambda: None).name == "named"


def node_names(body: Callable[[], object]) -> list[str]:
    return list(job(name="j")(body).graph.nodes)


def calls_three() -> None:
    echo(echo(echo(one())))


def calls_alias() -> None:
    echo.alias("x")(one())
    echo(one())


NUMBERED = [
    ("auto_numbers", calls_three, ["one", "echo", "echo_2", "echo_3"]),
    ("alias_does_not_count", calls_alias, ["one", "x", "one_2", "echo"]),
]


@pytest.mark.parametrize(
    ("body", "names"), [case[1:] for case in NUMBERED], ids=[case[0] for case in NUMBERED]
)
def test_sem_1_node_names(body: Callable[[], object], names: list[str]) -> None:
    assert node_names(body) == names


def alias_after() -> None:
    one()
    one.alias("one")()


def alias_before() -> None:
    one.alias("one")()
    one()


def alias_of_auto_name() -> None:
    one()
    one()
    one.alias("one_2")()


def alias_before_auto_name() -> None:
    one.alias("one_2")()
    one()
    one()


def op_called_like_auto_name() -> None:
    @op
    def one_2() -> int:
        return 2

    one()
    one_2()
    one()


def two_definitions() -> None:
    echo(one())
    another_echo()(one())


def two_definitions_at_two_depths() -> None:
    inner(one())
    another_echo()(one())


def too_many() -> None:
    echo(one(), one())


def unknown_keyword() -> None:
    add(a=one(), bb=one())


def literal() -> None:
    echo(3)


def none() -> None:
    echo(None)


def tuple_of_outputs() -> None:
    echo(split())


def plain_tuple() -> None:
    total((one(), one()))


def bare_op() -> None:
    echo(one)


def bare_alias() -> None:
    echo(one.alias("x"))


def literal_in_list() -> None:
    total([one(), 3])


def nested_list() -> None:
    total([[one()]])


def collected_in_list() -> None:
    total([many().collect()])


def dynamic_directly() -> None:
    echo(many())


WIRING_ERRORS = [
    ("alias_after", alias_after, ["`one` twice", "without aliasing"]),
    ("alias_before", alias_before, ["`one` twice"]),
    ("alias_of_auto_name", alias_of_auto_name, ["`one_2` twice"]),
    ("alias_before_auto_name", alias_before_auto_name, ["`one_2` twice"]),
    ("op_called_like_auto_name", op_called_like_auto_name, ["`one_2` twice"]),
    ("two_definitions", two_definitions, ["conflicting node definitions", "same name `echo`"]),
    ("two_depths", two_definitions_at_two_depths, ["conflicting node definitions", "same name `echo`"]),
    ("too_many", too_many, ["too many inputs", "declares 1 and received 2"]),
    ("unknown_keyword", unknown_keyword, ["no input `bb`", "`a` and `b`", "did you mean `b`"]),
    ("literal", literal, ["invalid type `int`", "output of a previous invocation or an input of the body"]),
    ("none", none, ["invalid type `NoneType`"]),
    ("tuple_of_outputs", tuple_of_outputs, ["fields `good` and `bad`"]),
    ("plain_tuple", plain_tuple, ["invalid type `tuple`"]),
    ("bare_op", bare_op, ["`one`", "parentheses forgotten"]),
    ("bare_alias", bare_alias, ["`x`", "parentheses forgotten"]),
    ("literal_in_list", literal_in_list, ["item 1 of the list", "invalid type `int`"]),
    ("nested_list", nested_list, ["item 0 of the list", "cannot be nested"]),
    (
        "collected_in_list",
        collected_in_list,
        ["item 0 of the list", "dynamic outputs cannot stand in a list"],
    ),
    ("dynamic_directly", dynamic_directly, ["dynamic output", ".map", ".collect"]),
]


@pytest.mark.filterwarnings("ignore:.*uninvoked")
@pytest.mark.parametrize("case", WIRING_ERRORS, ids=[case[0] for case in WIRING_ERRORS])
def test_sem_1_wiring_errors(case: tuple[str, Callable[[], object], list[str]]) -> None:
    _, body, fragments = case
    with pytest.raises(InvalidDefinitionError) as caught:
        job(name="j")(body)
    for fragment in fragments:
        assert fragment in str(caught.value)


def test_sem_1_an_input_given_twice() -> None:
    def body() -> None:
        echo(one(), x=one())

    with pytest.raises(InvalidInvocationError, match="multiple values"):
        job(name="j")(body)


MISUSED = [
    ("iterate", lambda: list(one()), "cannot be iterated"),
    ("unpack", lambda: dict(*one()), "cannot be iterated"),
    ("index", lambda: one()[0], "cannot be indexed"),
    ("alias", lambda: one().alias("x"), "check the parentheses"),
    ("with_hooks", lambda: one().with_hooks({cheer}), "check the parentheses"),
    ("iterate_dynamic", lambda: list(many()), "cannot be iterated"),
    ("index_dynamic", lambda: many()[0], "cannot be indexed"),
    ("call_a_job", lambda: ready(), "execute_in_process"),
]


@pytest.mark.parametrize("case", MISUSED, ids=[case[0] for case in MISUSED])
def test_sem_1_misused_placeholders(case: tuple[str, Callable[[], object], str]) -> None:
    with pytest.raises(InvariantViolationError, match=case[2]):
        job(name="j")(case[1])


def test_sem_1_uninvoked_changes_warn_once_per_name() -> None:
    def body() -> None:
        one.alias("x")
        one.alias("x").tag({"a": "b"})
        echo.with_hooks({cheer})
        one  # noqa: B018
        one.alias("called")()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        job(name="j")(body)
    assert [str(each.message).split("`")[1] for each in caught] == ["x", "echo"]
    assert all("uninvoked" in str(each.message) and each.category is UserWarning for each in caught)


def test_sem_1_a_list_is_a_fan_in() -> None:
    @job
    def j(top):  # type: ignore[no-untyped-def]
        total([one(), split().bad, top])
        total.alias("empty")([])

    assert j.graph.sources["total"]["xs"] == FanIn(
        (NodeOutput("one"), NodeOutput("split", "bad"), GraphInput("top"))
    )
    assert j.graph.sources["empty"]["xs"] == FanIn(())


def test_sem_1_calls_outside_a_body() -> None:
    assert echo(4) == 4
    assert add(1, b=2) == 3
    with pytest.raises(InvariantViolationError, match="outside the body"):
        inner(1)
    with pytest.raises(InvariantViolationError, match="execute_in_process"):
        ready()


DIRECT_ERRORS = [
    ("missing", lambda: echo(), InvalidInvocationError, "without a value for `x`"),
    ("too_many", lambda: echo(1, 2), InvalidInvocationError, "takes 1"),
    ("unknown", lambda: echo(y=1), InvalidInvocationError, "no argument `y`"),
    ("twice", lambda: echo(1, x=1), InvalidInvocationError, "given twice"),
    ("output_type", lambda: echo("text"), TypeCheckDidNotPass, "output `result` of op `echo`"),
]


@pytest.mark.parametrize("case", DIRECT_ERRORS, ids=[case[0] for case in DIRECT_ERRORS])
def test_sem_1_direct_call_errors(case: tuple[str, Callable[[], object], type[JobcError], str]) -> None:
    with pytest.raises(case[2], match=case[3]):
        case[1]()


def test_sem_1_outputs_come_as_a_named_tuple_in_order() -> None:
    seen: list[Any] = []

    @op(out={})
    def nothing() -> None:
        pass

    @job
    def j() -> None:
        both = split()
        seen.extend([both._fields, nothing()])
        add(both.good, both[1])

    assert seen == [("good", "bad"), None]
    assert j.graph.sources["add"] == {"a": NodeOutput("split", "good"), "b": NodeOutput("split", "bad")}


def test_sem_1_a_failing_body_pops_its_frame() -> None:
    @job
    def outer() -> None:
        one()
        with pytest.raises(ZeroDivisionError):

            @graph
            def failing() -> None:
                echo(one())
                raise ZeroDivisionError

        echo(one())

    assert list(outer.graph.nodes) == ["one", "one_2", "echo"]


def test_sem_1_placeholders_belong_to_one_body() -> None:
    def body() -> None:
        value = one()

        @graph
        def nested():  # type: ignore[no-untyped-def]
            return echo(value)

        nested()

    with pytest.raises(InvalidDefinitionError, match="belongs to the body of job `j`"):
        job(name="j")(body)


def returns(value: Callable[[], object], **declared: Any) -> GraphDefinition:
    return graph(name="g", **declared)(value)


RETURNED = [
    ("single", lambda: returns(lambda: one()), {"result": NodeOutput("one")}),
    ("none", lambda: returns(lambda: one() and None), {}),
    (
        "tuple",
        lambda: returns(lambda: tuple(split())),
        {"good": NodeOutput("split", "good"), "bad": NodeOutput("split", "bad")},
    ),
    (
        "tuple_of_same_names",
        lambda: returns(lambda: (one(), one())),
        {"result": NodeOutput("one"), "result_2": NodeOutput("one_2")},
    ),
    (
        "dict_by_key",
        lambda: returns(lambda: {"b": one(), "a": one()}, out={"a": GraphOut(), "b": GraphOut()}),
        {"a": NodeOutput("one_2"), "b": NodeOutput("one")},
    ),
    (
        "tuple_by_position",
        lambda: returns(lambda: split(), out={"bad": GraphOut(), "good": GraphOut()}),
        {"bad": NodeOutput("split", "good"), "good": NodeOutput("split", "bad")},
    ),
    ("one_declared", lambda: returns(lambda: one(), out={"a": GraphOut()}), {"a": NodeOutput("one")}),
    ("one_out", lambda: returns(lambda: one(), out=GraphOut("a number")), {"result": NodeOutput("one")}),
]


@pytest.mark.parametrize("case", RETURNED, ids=[case[0] for case in RETURNED])
def test_sem_1_returned_outputs(
    case: tuple[str, Callable[[], GraphDefinition], dict[str, NodeOutput]],
) -> None:
    assert case[1]().outputs == case[2]


RETURN_ERRORS = [
    ("list", lambda: returns(lambda: [one()]), "must be an output of an invocation"),
    ("value", lambda: returns(lambda: 3), "must be an output of an invocation"),
    ("dict", lambda: returns(lambda: {"a": one()}), "must be an output of an invocation"),
    (
        "unknown_key",
        lambda: returns(lambda: {"b": one()}, out={"a": GraphOut()}),
        "no output `b`; it has `a`",
    ),
    (
        "dict_value",
        lambda: returns(lambda: {"a": 3}, out={"a": GraphOut()}),
        "output `a` of graph `g` must be",
    ),
    (
        "one_for_two",
        lambda: returns(lambda: one(), out={"a": GraphOut(), "b": GraphOut()}),
        "declared output `b` unmapped",
    ),
    (
        "unmapped",
        lambda: returns(lambda: one() and None, out={"a": GraphOut()}),
        "declared output `a` unmapped",
    ),
    ("too_many", lambda: returns(lambda: split(), out={"a": GraphOut()}), "returns 2 outputs but declares 1"),
    ("job_output", lambda: job(name="j")(lambda: one()), "a job has no outputs"),
    ("job_value", lambda: job(name="j")(lambda: 3), "a job has no outputs"),
    (
        "unmapped_input",
        lambda: graph(name="g")(lambda x: None),
        "unmapped input: graph `g` never passes its input `x`",
    ),
    ("returned_input", lambda: graph(name="g")(lambda x: x), "must be an output of an invocation"),
    ("star", lambda: graph(name="g")(lambda *x: None), "must name each of its inputs"),
    ("unknown_in", lambda: graph(name="g", ins={"y": GraphIn()})(lambda x: echo(x)), "no parameter `y`"),
]


@pytest.mark.parametrize("case", RETURN_ERRORS, ids=[case[0] for case in RETURN_ERRORS])
def test_sem_1_return_errors(case: tuple[str, Callable[[], object], str]) -> None:
    with pytest.raises(InvalidDefinitionError) as caught:
        case[1]()
    assert case[2] in str(caught.value)


def test_sem_1_a_graphs_output_survives_to_job() -> None:
    made = inner.to_job(name="j", input_values={"x": 1})
    assert isinstance(made, JobDefinition)
    assert made.graph.outputs == {"result": NodeOutput("echo")}


def test_sem_1_modifiers_give_new_invocations() -> None:
    @success_hook
    def shout(context: Any) -> None:
        pass

    @op(tags={"team": "orders", "kept": "yes"})
    def tagged() -> int:
        return 1

    policy, other = RetryPolicy(max_retries=2), RetryPolicy(max_retries=5)

    @job
    def j() -> None:
        first = tagged.alias("x").tag({"team": "a", "n": 1}).with_hooks({cheer}).with_retry_policy(policy)
        second = first.tag({"team": "b"}).with_hooks({shout}).with_retry_policy(other).alias("y")
        first()
        second()

    x, y = j.graph.nodes["x"], j.graph.nodes["y"]
    assert (x.tags, x.hooks, x.retry_policy) == ({"team": "a", "n": "1"}, frozenset({cheer}), policy)
    assert (y.tags, y.hooks, y.retry_policy) == ({"team": "b", "n": "1"}, frozenset({cheer, shout}), other)
    assert tagged.tags == {"team": "orders", "kept": "yes"}


def test_sem_1_types_are_not_compared_at_wiring() -> None:
    @op
    def text() -> str:
        return "x"

    @job
    def j() -> None:
        echo(text())

    assert list(j.graph.nodes) == ["text", "echo"]


def test_sem_1_the_type_of_a_graph_input_is_that_of_its_consumers() -> None:
    @op
    def wants_text(x: str) -> str:
        return x

    @graph
    def agree(x):  # type: ignore[no-untyped-def]
        inner(x)
        return echo(x)

    @graph
    def disagree(x):  # type: ignore[no-untyped-def]
        wants_text(x)
        return echo(x)

    assert agree.input_types["x"].python_type is int
    assert disagree.input_types["x"].name == "any"
    assert agree.output_type("result").python_type is int


@pytest.mark.parametrize("name", ["context", "_", "_context", "context_"])
def test_sem_1_first_parameters_that_are_the_context(name: str) -> None:
    namespace: dict[str, Any] = {}
    exec(f"def f({name}, x): return x", namespace)
    made = op(namespace["f"])
    assert list(made.ins) == ["x"]
    assert made.function.takes_context


def test_sem_1_ctx_is_an_ordinary_input() -> None:
    @op
    def f(ctx, x):  # type: ignore[no-untyped-def]
        return x

    assert list(f.ins) == ["ctx", "x"]
    assert not f.function.takes_context
