"""SEMANTICS 9: what `@op` reads from a function and what it refuses."""

# The bodies of ops and jobs here have the shapes that the rules speak of.
# ruff: noqa: ARG002, ARG005, PLW0108, TC003

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

import pydantic
import pytest

from jobc.runtime.definitions.op_decorator import op
from jobc.runtime.definitions.op_function import Slot
from jobc.runtime.definitions.policies import RetryPolicy
from jobc.runtime.definitions.ports import DynamicOut, In, Out
from jobc.runtime.definitions.types import AnyType, Nothing
from jobc.runtime.definitions.values import DynamicOutput, Output
from jobc.runtime.errors import (
    InvalidDefinitionError,
    InvariantViolationError,
    ParameterCheckError,
    TypeCheckDidNotPass,
)

if TYPE_CHECKING:
    from jobc.runtime.definitions.op import OpDefinition


class Settings(pydantic.BaseModel):
    limit: int = 3


def untyped(x):  # type: ignore[no-untyped-def]
    return x


def typed(x: int, names: list[str], flag: bool = True) -> dict[str, int]:
    return {}


def gives_none() -> None:
    return None


def gives_output() -> Output[int]:
    return Output(1)


def gives_dynamic() -> list[DynamicOutput[str]]:
    return []


def yields_outputs() -> Iterator[Output[int]]:
    yield Output(1)


def generates() -> Generator[int, None, None]:
    yield 1


def gives_two() -> tuple[int, str]:
    return 1, "a"


OUTPUT_TYPES = [
    ("untyped", lambda: op(untyped), {"result": "any"}),
    ("annotation", lambda: op(typed), {"result": "dict[str, int]"}),
    ("none_is_nothing", lambda: op(gives_none), {"result": "nothing"}),
    ("output_of", lambda: op(gives_output), {"result": "int"}),
    ("dynamic_of", lambda: op(out=DynamicOut())(gives_dynamic), {"result": "str"}),
    ("iterator", lambda: op(yields_outputs), {"result": "any"}),
    ("generator", lambda: op(generates), {"result": "any"}),
    ("tuple_is_one_output", lambda: op(gives_two), {"result": "tuple[int, str]"}),
    ("tuple_spreads", lambda: op(out={"a": Out(), "b": Out()})(gives_two), {"a": "int", "b": "str"}),
    ("declared_wins", lambda: op(out={"a": Out(float), "b": Out()})(gives_two), {"a": "float", "b": "str"}),
    ("single_declared", lambda: op(out=Out(bytes))(gives_two), {"result": "bytes"}),
    ("single_named", lambda: op(out={"a": Out()})(typed), {"a": "dict[str, int]"}),
    ("none_at_all", lambda: op(out={})(gives_none), {}),
    ("untyped_outs", lambda: op(out={"a": Out(), "b": Out()})(untyped), {"a": "any", "b": "any"}),
]


@pytest.mark.parametrize("case", OUTPUT_TYPES, ids=[case[0] for case in OUTPUT_TYPES])
def test_sem_9_output_types(case: tuple[str, Callable[[], OpDefinition], dict[str, str]]) -> None:
    assert {name: out.type.name for name, out in case[1]().outs.items()} == case[2]


def test_sem_9_inputs_come_from_the_signature() -> None:
    made = op(typed)
    assert {name: port.type.name for name, port in made.ins.items()} == {
        "x": "int",
        "names": "list[str]",
        "flag": "bool",
    }
    assert [port.has_default for port in made.ins.values()] == [False, False, True]
    assert made.function.slots == (Slot("input", "x"), Slot("input", "names"), Slot("input", "flag"))


def test_sem_9_ins_add_to_the_signature() -> None:
    made = op(ins={"x": In(str, "text", input_manager_key="m"), "start": In(Nothing)})(untyped)
    assert (made.ins["x"].type.name, made.ins["x"].description, made.ins["x"].input_manager_key) == (
        "str",
        "text",
        "m",
    )
    assert list(made.ins) == ["x", "start"]
    assert made.function.slots == (Slot("input", "x"),)


def test_sem_9_keywords_reach_a_function_that_takes_any() -> None:
    @op(ins={"a": In(int), "b": In(int)})
    def f(**named: int) -> int:
        return sum(named.values())

    assert f.function.extra_keywords
    assert f(a=1, b=2) == 3


def test_sem_9_keyword_only_parameters_are_passed_by_name() -> None:
    @op
    def f(a: int, *, b: int = 2) -> int:
        return a + b

    assert f.function.slots == (Slot("input", "a"), Slot("input", "b", keyword=True))
    assert f(1) == 3


def test_sem_9_names_descriptions_and_settings() -> None:
    policy = RetryPolicy(max_retries=2)

    @op(name="other", tags={"n": [1]}, retry_policy=policy, version="v1", required_resource_keys={"db"})
    def f(context: Any) -> int:
        """Do it.

        Thoroughly.
        """
        return 1

    assert (f.name, f.description, f.tags, f.code_version) == (
        "other",
        "Do it.\n\nThoroughly.",
        {"n": "[1]"},
        "v1",
    )
    assert (f.retry_policy, f.required_resource_keys) == (policy, frozenset({"db"}))
    assert f.function.slots == (Slot("context", "", parameter="context"),)
    assert op(name="f", description="given")(untyped).description == "given"


STYLES: list[tuple[str, Callable[..., object], str]] = []


def style(expected: str) -> Callable[[Callable[..., object]], Callable[..., object]]:
    def note(function: Callable[..., object]) -> Callable[..., object]:
        STYLES.append((function.__name__, function, expected))
        return function

    return note


@style("function")
def plain() -> int:
    return 1


@style("generator")
def generator() -> Iterator[Output[int]]:
    yield Output(1)


@style("async")
async def coroutine() -> int:
    return 1


@style("async_generator")
async def async_generator() -> Any:
    yield Output(1)


@pytest.mark.parametrize("case", STYLES, ids=[case[0] for case in STYLES])
def test_sem_9_styles(case: tuple[str, Callable[..., object], str]) -> None:
    assert op(case[1]).function.style == case[2]


def test_sem_9_a_config_parameter() -> None:
    @op
    def f(context: Any, config: Settings, x: int) -> int:
        return config.limit + x

    assert f.function.config_model is Settings
    assert [slot.kind for slot in f.function.slots] == ["context", "config", "input"]
    assert f(None, Settings(limit=4), 1) == 5
    assert f(None, x=1) == 4


def config_and_schema() -> OpDefinition:
    @op(config_schema={"a": int})
    def f(config: Settings) -> None:
        pass

    return f


def bare_config() -> OpDefinition:
    @op
    def f(config):  # type: ignore[no-untyped-def]
        pass

    return f


def nothing_parameter() -> OpDefinition:
    return op(ins={"x": In(Nothing)})(untyped)


def nothing_annotation() -> OpDefinition:
    @op
    def f(x: Nothing) -> None:  # type: ignore[valid-type]
        pass

    return f


def star() -> OpDefinition:
    @op
    def f(*values: int) -> None:
        pass

    return f


def wrong_default() -> OpDefinition:
    @op
    def f(x: int = "three") -> None:  # type: ignore[assignment]
        pass

    return f


REFUSED = [
    ("star", star, "takes `*` arguments"),
    ("unknown_in", lambda: op(ins={"y": In(int)})(untyped), "no parameter for the input `y`"),
    ("nothing_parameter", nothing_parameter, "of type Nothing and cannot be a parameter"),
    ("nothing_annotation", nothing_annotation, "of type Nothing and cannot be a parameter"),
    ("nothing_default", lambda: In(Nothing, default_value=None), "cannot have a default"),
    ("list_of_nothing", lambda: In(list[Nothing]), "cannot be part of the type"),  # type: ignore[valid-type]
    ("optional_nothing", lambda: In(dict[str, Nothing]), "cannot be part of the type"),  # type: ignore[valid-type]
    ("wrong_default", wrong_default, "default 'three' of input `x`"),
    ("wrong_in_default", lambda: op(ins={"x": In(bool, default_value=1)})(untyped), "not of its type `bool`"),
    ("tuple_length", lambda: op(out={"a": Out(), "b": Out(), "c": Out()})(gives_two), "tuple of 2"),
    ("config_and_schema", config_and_schema, "both a `config_schema` and a `config` parameter"),
    ("bare_config", bare_config, "needs an annotation"),
    ("two_versions", lambda: op(version="a", code_version="b")(untyped), "which mean the same"),
    ("bad_output_name", lambda: op(out={"a-b": Out()})(untyped), "`a-b` is not a valid name"),
    ("lambda", lambda: op(lambda: 1), "`<lambda>` is not a valid name"),
]


@pytest.mark.parametrize("case", REFUSED, ids=[case[0] for case in REFUSED])
def test_sem_9_refused(case: tuple[str, Callable[[], object], str]) -> None:
    with pytest.raises(InvalidDefinitionError) as caught:
        case[1]()
    assert case[2] in str(caught.value)


WRONG_TYPES = [
    ("name_by_position", lambda: op("name"), "in place of a function"),  # type: ignore[call-overload]
    ("ins_list", lambda: op(ins=[In(int)])(untyped), "must be a mapping"),  # type: ignore[call-overload]
    ("ins_value", lambda: op(ins={"x": int})(untyped), "must be an In"),  # type: ignore[dict-item]
    ("out_value", lambda: op(out={"x": int})(untyped), "must be an Out"),  # type: ignore[dict-item]
    ("out", lambda: op(out=int)(untyped), "must be an Out or a dict"),  # type: ignore[call-overload]
    ("keys_text", lambda: op(required_resource_keys="db")(untyped), "must be a set of text"),
    ("policy", lambda: op(retry_policy=3)(untyped), "must be a RetryPolicy"),  # type: ignore[call-overload]
]


@pytest.mark.parametrize("case", WRONG_TYPES, ids=[case[0] for case in WRONG_TYPES])
def test_sem_9_wrong_types(case: tuple[str, Callable[[], object], str]) -> None:
    with pytest.raises(ParameterCheckError, match=case[2]):
        case[1]()


def test_sem_9_a_scalar_default_of_another_kind_is_left_to_the_run() -> None:
    @op
    def f(names: list[str] = 3) -> None:  # type: ignore[assignment]
        pass

    assert f.ins["names"].default_value == 3


def test_sem_9_an_annotation_for_type_checkers_only_says_nothing() -> None:
    namespace: dict[str, Any] = {}
    exec("def f(x: 'pandas.DataFrame', y: 'int') -> 'np.ndarray': return x", namespace)
    made = op(namespace["f"])
    assert [port.type.name for port in made.ins.values()] == ["any", "int"]
    assert made.outs["result"].type is AnyType


def test_sem_9_annotations_may_name_what_surrounds_the_function() -> None:
    class Local:
        pass

    @op
    def f(x: Local) -> Local:
        assert isinstance(x, Local)
        return x

    assert f.ins["x"].type.python_type is Local


def test_sem_9_objects_that_can_be_called() -> None:
    class Doubler:
        def __call__(self, x: int) -> int:
            return 2 * x

    made = op(name="double")(Doubler())
    assert made.ins["x"].type.name == "int"
    assert made(4) == 8


def yields(*events: object) -> OpDefinition:
    @op(out={"a": Out(int)})
    def f() -> Iterator[Any]:
        yield from events

    return f


def test_sem_9_a_direct_call_of_a_generator_checks_what_it_yields() -> None:
    assert [event.value for event in yields(Output(3, "a"))()] == [3]
    with pytest.raises(InvariantViolationError, match="yielded the output `b`, which it does not declare"):
        list(yields(Output(3, "b"))())
    with pytest.raises(TypeCheckDidNotPass, match="output `a` of op `f` must be of type `int`"):
        list(yields(Output("3", "a"))())


DIRECT_RESULTS = [
    (
        "list_for_two",
        lambda: op(name="f", out={"a": Out(), "b": Out()})(lambda: [1, 2])(),
        "must return a tuple",
    ),
    (
        "wrong_length",
        lambda: op(name="f", out={"a": Out(), "b": Out()})(lambda: (1,))(),
        "must return a tuple",
    ),
    ("no_outputs", lambda: op(name="f", out={})(lambda: 1)(), "has no outputs but returned 1"),
]


@pytest.mark.parametrize("case", DIRECT_RESULTS, ids=[case[0] for case in DIRECT_RESULTS])
def test_sem_9_direct_calls_check_the_number_of_outputs(case: tuple[str, Callable[[], object], str]) -> None:
    with pytest.raises(InvariantViolationError, match=case[2]):
        case[1]()
