"""Types of inputs and outputs: what values they accept, and how specs read them (SEMANTICS 9, DESIGN 3)."""

# The bodies of ops and jobs here have the shapes that the rules speak of.
# ruff: noqa: ARG002, ARG005, PLW0108, TC003

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NewType, Optional, Protocol, TypedDict, TypeVar

import pydantic
import pytest

from jobc.runtime.config import process
from jobc.runtime.definitions.loading import load_config_type, spec_type, type_loader
from jobc.runtime.definitions.ports import In, Out, typed_in, typed_out
from jobc.runtime.definitions.types import (
    AnyType,
    JobcType,
    Nothing,
    TypeCheck,
    resolve_type,
    usable_as_jobc_type,
)
from jobc.runtime.errors import InvalidDefinitionError, InvariantViolationError, ParameterCheckError

T = TypeVar("T")


class Thing:
    pass


class SubThing(Thing):
    pass


class Named(TypedDict):
    name: str


class WithThing(TypedDict):
    thing: Thing


class Box(Generic[T]):
    pass


class Sized(Protocol):
    size: int


UserId = NewType("UserId", int)
B = TypeVar("B", bound=int)
Even = JobcType(lambda _, value: isinstance(value, int) and value % 2 == 0, name="even")

ACCEPTED: list[tuple[Any, list[Any], list[Any]]] = [
    (int, [1, True, 10**30], ["1", 1.0, None]),
    (float, [1.0, 1, True], ["1", 1j, None]),
    (list[float], [[], [1.0, 1]], [["1"], [None]]),
    (float | None, [1.0, 1, None], ["1"]),
    (Annotated[float, pydantic.Field(ge=0)], [1.0, 1], [-1, -1.0, "1"]),
    (bool, [True], [1, 0]),
    (str, ["a", ""], [b"a", 1]),
    (Thing, [Thing(), SubThing()], [Thing, None, 1]),
    (Any, [1, None, object()], []),
    (object, [1, None], []),
    (None, [None], [0, ""]),
    (list, [[], [1]], [(), "ab", None]),
    (list[int], [[], [1, True]], [["a"], [1.0], (1,), None]),
    (dict[str, float], [{}, {"a": 1.0}, {"a": 1}], [{"a": "1"}, {1: 1.0}]),
    (set[str], [{"a"}, set()], [["a"], {1}]),
    (tuple[int, str], [(1, "a")], [(1,), [1, "a"], ("a", 1)]),
    (tuple[int, ...], [(), (1, 2)], [("a",)]),
    (int | None, [1, None], ["a"]),
    (Optional[str], ["a", None], [1]),  # noqa: UP045 - the older spelling is the case
    (int | str, [1, "a"], [1.0, None]),
    (list[Thing], [[Thing()]], [[1]]),
    (list[Any], [[1, "a", None]], [1]),
    (Literal["a", "b"], ["a"], ["c", 1]),
    (Box[int], [Box()], [1]),
    (list[Box[str]], [[Box()], []], [[1]]),
    (type[Thing], [Thing, SubThing], [int, Thing()]),
    (Callable[[int], str], [str, lambda x: x], [1]),
    (Sequence[int], [[1], (1,)], [["a"], 1]),
    (list[Named], [[{"name": "a"}]], [[{"name": 1}]]),
    (WithThing, [{"thing": Thing()}], [{"thing": 1}]),
    (Named, [{"name": "a"}], [{"name": 1}, {}, 3]),
    (Annotated[int, pydantic.Field(ge=1)], [1], [0, "1"]),
    (Annotated[list[Thing], "words"], [[Thing()]], [[1]]),
    (UserId, [1], ["a"]),
    (T, [1, "a"], []),
    (B, [1], ["a"]),
    (Even, [2], [3, "a"]),
    (list[Even], [[2, 4]], [[1], 2]),  # type: ignore[valid-type]
    (Sized, [1, Thing()], []),
]


@pytest.mark.parametrize(
    "case", ACCEPTED, ids=[f"{index}_{resolve_type(case[0]).name}" for index, case in enumerate(ACCEPTED)]
)
def test_sem_9_what_types_accept(case: tuple[Any, list[Any], list[Any]]) -> None:
    kind = resolve_type(case[0])
    assert [kind.check(value) for value in case[1]] == [True] * len(case[1])
    assert [kind.check(value) for value in case[2]] == [False] * len(case[2])


NAMES = [
    (int, "int"),
    (Any, "any"),
    (None, "nothing"),
    (list[int], "list[int]"),
    (dict[str, list[Thing]], "dict[str, list[Thing]]"),
    (int | None, "int | None"),
    (tuple[int, ...], "tuple[int, ...]"),
    (Literal["a"], "Literal['a']"),
]


@pytest.mark.parametrize(("annotation", "name"), NAMES, ids=[case[1] for case in NAMES])
def test_types_have_the_names_they_are_written_with(annotation: object, name: str) -> None:
    assert resolve_type(annotation).name == name


def test_equal_annotations_share_a_type() -> None:
    assert resolve_type(list[int]) is resolve_type(list[int])
    assert typed_in(resolve_type(int)) is typed_in(resolve_type(int))
    assert typed_out(resolve_type(int)) is typed_out(resolve_type(int))
    assert (resolve_type(Any), resolve_type(None)) == (AnyType, Nothing)
    assert resolve_type(Annotated[int, ["not hashable"]]).check(3) is True


def test_sem_9_custom_checks() -> None:
    described = JobcType(lambda _, value: TypeCheck(False, "too small", {"value": value}), name="big")
    answer = described.check(1)
    assert isinstance(answer, TypeCheck)
    assert (answer.success, answer.description, answer.metadata["value"].value) == (False, "too small", 1)
    with pytest.raises(
        InvariantViolationError, match="the check of type `odd` must return a bool or a TypeCheck, not 'yes'"
    ):
        JobcType(lambda _, value: "yes", name="odd").check(1)
    with pytest.raises(ZeroDivisionError):
        JobcType(lambda _, value: 1 / 0, name="raises").check(1)
    seen: list[object] = []

    def sees(context: object, value: object) -> bool:
        seen.append(context)
        return True

    JobcType(sees, name="sees").check(1, "the context")
    assert seen == ["the context"]


@pytest.mark.parametrize(
    "annotation", [3, "text of no type" and 3.5, [int], pytest.param(object(), id="an object")], ids=repr
)
def test_what_is_no_type(annotation: object) -> None:
    with pytest.raises(ParameterCheckError, match="is not a type"):
        resolve_type(annotation)


@pytest.mark.parametrize("annotation", [list[Nothing], dict[str, list[Nothing]]], ids=["list", "deep"])  # type: ignore[valid-type]
def test_sem_9_nothing_is_no_part_of_another_type(annotation: object) -> None:
    with pytest.raises(InvalidDefinitionError, match="`nothing` cannot be part of the type"):
        resolve_type(annotation)


def test_a_class_may_carry_its_type() -> None:
    @type_loader({"n": int})
    def load(config: Any) -> Any:
        return Point(config["n"])

    @usable_as_jobc_type(name="point", description="a point", loader=load)
    class Point:
        def __init__(self, n: int) -> None:
            self.n = n

    kind = resolve_type(Point)
    assert (kind.name, kind.description, kind.check(Point(1)), kind.check(1)) == (
        "point",
        "a point",
        True,
        False,
    )
    config_type = load_config_type(kind)
    assert config_type is not None
    assert process(config_type, {"n": 4}).value.n == 4  # type: ignore[attr-defined]
    assert process(config_type, {"n": "a"}).errors[0].place == "root:n"


@pytest.mark.parametrize(
    "annotation",
    [Thing, datetime, Path, set[int], int | str, Nothing, Even, list[Thing]],
    ids=str,
)
def test_sem_3_types_that_config_cannot_express(annotation: object) -> None:
    assert load_config_type(resolve_type(annotation)) is None


SPEC_VALUES: list[tuple[Any, Any, Any]] = [
    (Path, "a/b", Path("a/b")),
    (date, "2024-01-02", date(2024, 1, 2)),
    (datetime, "2024-01-02T03:04:05", datetime(2024, 1, 2, 3, 4, 5)),  # noqa: DTZ001
    (timedelta, "PT90S", timedelta(seconds=90)),
    (bytes, "aGk=", b"hi"),
    (set[int], [1, 2, 1], {1, 2}),
    (tuple[int, str], [1, "a"], (1, "a")),
    (tuple[date, ...], ["2024-01-02"], (date(2024, 1, 2),)),
    (int | str, "a", "a"),
    (int | str, 3, 3),
    (date | None, None, None),
    (list[Path], ["a"], [Path("a")]),
    (dict[str, date], {"a": "2024-01-02"}, {"a": date(2024, 1, 2)}),
    (Literal["a", "b"], "b", "b"),
    (Annotated[int, "words"], 3, 3),
    (list[int], [1], [1]),
    (Any, {"value": 3}, 3),
    (date, {"value": "2024-01-02"}, date(2024, 1, 2)),
]


@pytest.mark.parametrize(
    "case", SPEC_VALUES, ids=[f"{index}_{case[0]}" for index, case in enumerate(SPEC_VALUES)]
)
def test_specs_read_more_types_from_config(case: tuple[Any, Any, Any]) -> None:
    kind = spec_type(case[0])
    config_type = load_config_type(kind)
    assert config_type is not None
    found = process(config_type, case[1])
    assert (found.value, found.errors) == (case[2], ())
    assert kind.check(found.value) is True


@pytest.mark.parametrize("annotation", [Thing, set[Thing], tuple[int, Thing], int | Thing, Nothing], ids=str)
def test_specs_cannot_read_every_type(annotation: object) -> None:
    assert load_config_type(spec_type(annotation)) is None


def test_spec_types_are_shared() -> None:
    assert spec_type(list[date]) is spec_type(list[date])
    assert spec_type(Thing) is resolve_type(Thing)


def test_ports() -> None:
    port = In(int, "words", default_value=None, metadata={"a": 1}, asset_key="a/b")
    assert (port.has_default, port.default_value, port.metadata["a"].value) == (True, None, 1)
    assert port.asset_key is not None
    assert port.asset_key.path == ("a", "b")
    assert not In(int).has_default
    assert (Out().io_manager_key, Out().is_required, Out(asset_key="x").asset_key is not None) == (
        "io_manager",
        True,
        True,
    )
    assert pickle.loads(pickle.dumps(In())).default_value is In().default_value
