"""Annotations of Python: what each means as a type, and which mean nothing a spec can say."""

from __future__ import annotations

import pytest

from jobc.compiler.syntax.annotations import annotation_type
from jobc.compiler.syntax.types import parse_type


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("int", "int"),
        ("list[int]", "list[int]"),
        ("List[int]", "list[int]"),
        ("list", "list[any]"),
        ("set", "set[any]"),
        ("dict", "dict[any, any]"),
        ("list[dict]", "list[dict[any, any]]"),
        ("dict[str, float]", "dict[str, float]"),
        ("typing.Dict[str, t.Any]", "dict[str, any]"),
        ("tuple[int, str]", "tuple[int, str]"),
        ("Path", "path"),
        ("pathlib.Path", "path"),
        ("datetime.date", "date"),
        ("dt.timedelta", "timedelta"),
        ("datetime", "datetime"),
        ("object", "any"),
        ("None", "nothing"),
        ("'int'", "int"),
        ("list['int']", "list[int]"),
        ("int | None", "int | None"),
        ("Optional[int]", "int | None"),
        ("Union[int, str, None]", "int | str | None"),
        ("Optional[Union[str, 'int']]", "str | int | None"),
        ("Annotated[int, Gt(3)]", "int"),
        ("Literal['a', 2]", 'literal["a", 2]'),
        ("Optional[Literal['a']]", 'literal["a"] | None'),
    ],
)
def test_annotations(text: str, meaning: str) -> None:
    found = annotation_type(text)
    assert str(found) == meaning
    assert parse_type(meaning) == (found, ())


@pytest.mark.parametrize(
    "text",
    [
        "Order",
        "shop.Order",
        "shop.Path",
        "datetime.Path",
        "tuple",
        "tuple[int, ...]",
        "list[None]",
        "list[Order]",
        "dict[int]",
        "list[int, str]",
        "Sequence[int]",
        "Callable[[int], str]",
        "Literal[True]",
        "Literal[1.5]",
        "Optional",
        "int | Order",
        "Optional[Order]",
        "int + str",
        "lambda: 3",
        "f()",
        "3",
        "",
        "(",
        "int[",
        "'in' 't['",
        "'\\d'",
        "\0",
        "list[()]",
        "Annotated[()]",
        "|".join(["int"] * 100),
        "(" * 5000,
        "list[" * 90 + "]" * 90,
    ],
)
def test_annotations_that_cannot_be_said(text: str) -> None:
    assert annotation_type(text) is None


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ("list[" * 31 + "list" + "]" * 31, "list[" * 32 + "list" + "]" * 32),
        (f"Literal[{'9' * 100}]", f"Literal[{'9' * 101}]"),
        (f"Literal['{'a' * 9989}']", f"Literal['{'a' * 9990}']"),
        (f"Literal[0x{'f' * 83}]", f"Literal[0x{'f' * 5000}]"),
    ],
    ids=["deep", "large", "long", "hexadecimal"],
)
def test_a_type_is_said_only_where_its_text_parses_back(within: str, beyond: str) -> None:
    found = annotation_type(within)
    assert found is not None
    assert parse_type(str(found)) == (found, ())
    assert annotation_type(beyond) is None
