"""Records are dataclasses: what `dataclasses` makes of a class, they make of it, too."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace
from dataclasses import dataclass as plain_dataclass
from typing import Any

import pytest

from jobc.schemas.records import dataclass


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop."""

    name: str
    size: int = 3
    goods: list[str] = field(default_factory=list)
    secret: str = field(default="", repr=False, compare=False)

    @property
    def label(self) -> str:
        """What stands over the door."""
        return f"{self.name} {self.size}"


@dataclass(frozen=True, slots=True)
class Nothing:
    """No field at all."""


@dataclass(frozen=True, slots=True)
class One:
    """One field, and one that is made of it."""

    value: Any
    double: Any = field(init=False, repr=False, compare=False)
    seen: list[int] = field(default_factory=list, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "double", self.value * 2)


@dataclass(frozen=True, slots=True, init=False)
class Doubled:
    """Another `__init__` than that of its fields, and a field that no hash counts."""

    value: int
    rest: list[int] = field(hash=False)

    def __init__(self, half: int, *rest: int) -> None:
        object.__setattr__(self, "value", half * 2)
        object.__setattr__(self, "rest", list(rest))


@dataclass(frozen=True, slots=True)
class Market(Shop):
    """A shop with more to it."""

    stalls: int = 0


@dataclass(frozen=True, slots=True)
class Own:
    """Its own way to be shown and compared."""

    name: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Own) and other.name.lower() == self.name.lower()

    def __hash__(self) -> int:
        return hash(self.name.lower())

    def __repr__(self) -> str:
        return f"<{self.name}>"


def test_fields_are_given_by_place_and_by_name() -> None:
    shop = Shop("books", goods=["a"])
    assert (shop.name, shop.size, shop.goods, shop.secret, shop.label) == ("books", 3, ["a"], "", "books 3")
    assert Shop("a").goods is not Shop("b").goods
    assert One(4).double == 8
    assert (Doubled(2).value, repr(Doubled(1))) == (4, "Doubled(value=2, rest=[])")
    assert repr(Market("m", stalls=2)) == "Market(name='m', size=3, goods=[], stalls=2)"
    assert One(4).seen == []
    assert One(4).seen is not One(4).seen
    with pytest.raises(TypeError, match=r"Shop.__init__\(\) missing 1 required positional argument: 'name'"):
        Shop()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'nmae'"):
        Shop(nmae="books")  # type: ignore[call-arg]


def test_nothing_can_be_changed() -> None:
    shop = Shop("books")
    for name in ("name", "other"):
        with pytest.raises(FrozenInstanceError):
            setattr(shop, name, "x")
        with pytest.raises(FrozenInstanceError):
            delattr(shop, name)
    assert not hasattr(shop, "__dict__")


def test_equal_fields_are_equal_records() -> None:
    assert Shop("a", 1, ["x"], "s") == Shop("a", 1, ["x"], "t") != Shop("a", 2, ["x"])
    assert One(1) == One(True) != One(2)
    assert Nothing() == Nothing()
    others: list[object] = [One(1), One(2)]
    assert Nothing() not in others
    assert len({One(1), One(1.0), One(2), Nothing(), Nothing()}) == 3
    assert Own("A") == Own("a")
    assert {Own("A"), Own("a")} == {Own("a")}
    assert Doubled(1, 2) != Doubled(1, 3)
    assert hash(Doubled(1, 2)) == hash(Doubled(1, 3))
    assert Market("a") != Shop("a")
    nan = float("nan")
    assert One(nan) == One(nan)
    with pytest.raises(TypeError, match="unhashable"):
        hash(Shop("a"))


def test_they_are_shown_as_dataclasses_are() -> None:
    assert repr(Shop("a", goods=["x"], secret="s")) == "Shop(name='a', size=3, goods=['x'])"
    assert (repr(Nothing()), repr(Own("a"))) == ("Nothing()", "<a>")
    held: list[object] = []
    held.append(One(held))
    assert repr(held[0]) == "One(value=[...])"


def test_they_are_dataclasses() -> None:
    assert is_dataclass(Shop)
    assert [each.name for each in fields(Shop)] == ["name", "size", "goods", "secret"]
    assert replace(Shop("a", 1), name="b") == Shop("b", 1)
    assert replace(One(2), value=3).double == 6
    match Shop("a", 1):
        case Shop(name, size):
            assert (name, size) == ("a", 1)
    assert pickle.loads(pickle.dumps(Shop("a", 1, ["x"], "s"))).secret == "s"


def test_other_kinds_are_refused() -> None:
    with pytest.raises(AssertionError):
        dataclass(frozen=False, slots=True)
    with pytest.raises(AssertionError):
        dataclass(frozen=True, slots=False)
    with pytest.raises(TypeError):
        plain_dataclass(frozen=True)(type("Child", (Shop,), {}))
