"""Types in one form: what means the same gives the same text, and no other."""

from __future__ import annotations

import pytest

from jobc.runtime.selection.type_texts import comparable_type


@pytest.mark.parametrize(
    "forms",
    [
        ("path", "Path", "pathlib.Path"),
        ("int?", "int | None", "None|int", "Optional[int]", "Union[int, None]", "int | int?"),
        ("list", "list[any]", "list[Any]", "list[ any ]"),
        ("dict", "dict[str, any]", "dict[str,Any]", "dict[any, any]"),
        ("list[dict]", "list[dict[str, Any]]"),
        ("list[int | str]?", "None | list[str | int]"),
        ('literal["a", "b"]', "Literal['a', 'b']"),
        ("literal[1, -2]", "Literal[1,-2]"),
        ("shop.orders:Order", "Order"),
        ("dict[str, shop:Order?]", "dict[str, Order | None]"),
    ],
)
def test_forms_of_a_type_are_one(forms: tuple[str, ...]) -> None:
    assert len({comparable_type(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("int", "int?"),
        ("list[int]", "list[str]"),
        ("list[int]?", "list[int?]"),
        ("list[int] | str", "list[int | str]"),
        ('literal["a | b"]', 'literal["a"]'),
        ('literal["a", "b"]', 'literal["b", "a"]'),
        ("tuple[int, ...]", "tuple[int]"),
    ],
)
def test_other_types_are_other_texts(one: str, other: str) -> None:
    assert comparable_type(one) != comparable_type(other)


@pytest.mark.parametrize(
    "text",
    ["", "list*", "list[", "list[int", "list]int[", "[int]", "int,", "a b", "|", "(x)", "'a", "[" * 5000],
)
def test_what_is_no_type_is_left_as_it_is(text: str) -> None:
    assert comparable_type(text) == text
