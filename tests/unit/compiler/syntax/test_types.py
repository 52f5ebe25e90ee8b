"""Types: every form, its canonical text, and every refusal with its exact place."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobc.compiler.syntax import types
from jobc.compiler.syntax.types import (
    Generic,
    LiteralType,
    Named,
    PythonType,
    TypeExpr,
    Union,
    parse_type,
)

INT, STR, ANY, NONE = Named("int"), Named("str"), Named("any"), Named("none")
WORDS = ["int", "float", "bool", "str", "bytes", "path"]
WORDS += ["date", "datetime", "timedelta", "any", "nothing", "secret"]


def unmark(marked: str) -> tuple[str, int, int]:
    """Take the marks out of a text; return it with the place they enclose."""
    before, rest = marked.split("«")
    inside, after = rest.split("»")
    return before + inside + after, len(before), len(before) + len(inside)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_a_type(word: str) -> None:
    assert parse_type(word) == (Named(word), ())
    assert parse_type(f" {word} ") == (Named(word), ())


@pytest.mark.parametrize(
    ("text", "meaning", "canonical"),
    [
        ("list", Generic("list", (ANY,)), "list[any]"),
        ("dict", Generic("dict", (STR, ANY)), "dict[str, any]"),
        ("list[int]", Generic("list", (INT,)), "list[int]"),
        ("set[str]", Generic("set", (STR,)), "set[str]"),
        ("tuple[int]", Generic("tuple", (INT,)), "tuple[int]"),
        ("tuple[int,str , any,]", Generic("tuple", (INT, STR, ANY)), "tuple[int, str, any]"),
        ("dict[str,int]", Generic("dict", (STR, INT)), "dict[str, int]"),
        ("list[dict]", Generic("list", (Generic("dict", (STR, ANY)),)), "list[dict[str, any]]"),
        ("int?", Union((INT, NONE)), "int | None"),
        ("int|None", Union((INT, NONE)), "int | None"),
        ("None | int", Union((INT, NONE)), "int | None"),
        ("int??", Union((INT, NONE)), "int | None"),
        ("list[int?]?", Union((Generic("list", (Union((INT, NONE)),)), NONE)), "list[int | None] | None"),
        ("int | None | str?", Union((INT, STR, NONE)), "int | str | None"),
        ("(int | (str | None))", Union((INT, STR, NONE)), "int | str | None"),
        ("int | int", INT, "int"),
        ('literal["a", \'b"\', -3]', LiteralType(("a", 'b"', -3)), 'literal["a", "b\\"", -3]'),
        ('literal["é\\n"]', LiteralType(("é\n",)), 'literal["é\\n"]'),
        ("shop.types:Order", PythonType("shop.types", "Order"), "shop.types:Order"),
        (
            "list[shop:A.B]?",
            Union((Generic("list", (PythonType("shop", "A.B"),)), NONE)),
            "list[shop:A.B] | None",
        ),
        ("list[\n  int\n]", Generic("list", (INT,)), "list[int]"),
    ],
)
def test_forms(text: str, meaning: TypeExpr, canonical: str) -> None:
    assert parse_type(text) == (meaning, ())
    assert str(meaning) == canonical
    assert parse_type(canonical) == (meaning, ())


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("«integr»", "unknown type `integr`"),
        ("list[dict[str, «boolean»]]", "unknown type `boolean`"),
        ("«List»[int]", "unknown type `List`"),
        ("«typing.List»[int]", "unknown type `typing.List`"),
        ("«Optional[int]»", "unknown type `Optional`"),
        ("list[«Union[int, str]»]", "unknown type `Union`"),
        ("«Nope»?", "unknown type `Nope`"),
        ("«None»", "`None` stands beside other types only, as in `int | None`"),
        ("«None?»", "`None` stands beside other types only, as in `int | None`"),
        ("list[«None»]", "`None` stands beside other types only, as in `int | None`"),
        ("dict«[int]»", "`dict` takes 2 types, not 1"),
        ("list«[int, str]»", "`list` takes 1 type, not 2"),
        ("set«[int, str]»", "`set` takes 1 type, not 2"),
        ("«set»", "`set` needs the types of its items"),
        ("«tuple» | int", "`tuple` needs the types of its items"),
        ("«literal»", "`literal` needs the values"),
        ("literal[«a»]", "a literal lists texts in quotes or whole numbers"),
        ("literal[«list[int]»]", "a literal lists texts in quotes or whole numbers"),
        ("literal[«007»]", "a literal lists texts in quotes or whole numbers"),
        ('literal["a", «"a"»]', "`a` is listed twice"),
        (r'literal["«\q»"]', r"`\q` is no escape"),
        ("int«[str]»", "`int` takes no types in brackets"),
        ("None«[str]» | int", "`None` takes no types in brackets"),
        ("«'int'»", "a type is written without quotes"),
        ("list[«'foo'»]", "a text is no type"),
        ("«3»", "a number is no type"),
        ("«»", "a type is missing"),
        ("«  »", "a type is missing"),
        ("int «|»", "a type is missing after `|`"),
        ("list[int «|»", "a type is missing after `|`"),
        ("«|» int", "a type is missing before `|`"),
        ("«?»", "a type is missing before `?`"),
        ("list[«]»", "a type is missing before `]`"),
        ("dict[str,«,» int]", "a type is missing before `,`"),
        ("int«,» str", "`,` separates types inside square brackets only"),
        ("int «str»", "`str` follows a type that is complete"),
        ("list«[»", "`[` is never closed"),
        ("dict[str, list«[»int", "`[` is never closed"),
        ("«(»int", "`(` is never closed"),
        ("list[int]«]»", "`]` closes nothing"),
        ("list[int«)»", "`)` closes nothing"),
        ("list«(»int)", "round brackets only group types"),
        ("list«<»int>", "what a type is made of stands in square brackets"),
        ("«[»int]", "`[` follows no type that has items"),
        ("«{»str: int}", "`{` begins no type"),
        ("tuple[int, «...»]", "`...` is no type"),
        ("int «&» str", "types cannot be joined by `&`"),
        ("module«:» Name", "`:` stands between a module and a name, without spaces"),
        ("int «=» 3", "`=` means nothing in a type"),
        ("«'»abc", "the text that begins with `'` does not end"),
    ],
)
def test_refusals(marked: str, message: str) -> None:
    text, start, end = unmark(marked)
    found, problems = parse_type(text)
    assert found is None
    assert [(problem.message, problem.start, problem.end) for problem in problems] == [(message, start, end)]


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("integr", ("int", "literal")),
        ("string", ("str",)),
        ("integer", ("int",)),
        ("boolean", ("bool",)),
        ("object", ("any",)),
        ("Any", ("any",)),
        ("typing.Any", ("any",)),
        ("null", ("None",)),
        ("datetime.date", ("date",)),
        ("pathlib.Path", ("path",)),
        ("List[int]", ("list",)),
        ("Sequence[int]", ("list",)),
        ("Optional[int]", ("int | None",)),
        ("Optional[List[string]]", ("list[str] | None",)),
        ("typing.Union[int, None, str]", ("int | str | None",)),
        ("'int'", ("int",)),
        ("set", ("set[any]",)),
        ("None", ("nothing",)),
        ("Warehouse", ()),
    ],
)
def test_suggestions(text: str, suggestions: tuple[str, ...]) -> None:
    _, (problem,) = parse_type(text)
    assert problem.suggestions == suggestions


@pytest.mark.parametrize(
    ("text", "help_text"),
    [
        ("shop.types.Order", "a class of your own is written `shop.types:Order`"),
        ("dict[int]", "write `dict[K, V]`"),
        ("list(int)", "what a type is made of stands in square ones: `list[T]`"),
        ("tuple[int, ...]", "write `list[T]` for any number of items"),
        ("literal[a]", 'write `"a"`'),
        ("'foo'", "write `literal['foo']` for this one value"),
        ("Optional", "write `T | None`"),
    ],
)
def test_refusals_say_what_to_write(text: str, help_text: str) -> None:
    _, (problem,) = parse_type(text)
    assert problem.help == help_text


def test_all_mistakes_of_a_text_are_reported() -> None:
    _, problems = parse_type("dict[integr, list[strng, int]] | literal[a]")
    assert [(problem.start, problem.end) for problem in problems] == [(5, 11), (17, 29), (18, 23), (41, 42)]


@pytest.mark.parametrize("text", ["list[" * 40 + "int" + "]" * 40, "(" * 5000])
def test_a_text_too_deep_is_refused(text: str) -> None:
    _, (problem,) = parse_type(text)
    assert problem.message == "more than 32 types stand inside each other"


def test_a_text_too_long_is_refused() -> None:
    _, (problem,) = parse_type(" | ".join(["int"] * 2000))
    assert (problem.start, problem.end) == (0, 11997)
    assert problem.message == "a type has at most 10000 characters, this has 11997"


def test_common_forms_never_load_lark() -> None:
    texts = ["int", "int?", "list[dict]", "dict[str, int]", "int | None", "list[str]?"]
    code = (
        "import sys; from jobc.compiler.syntax.types import parse_type; "
        f"print([str(parse_type(text)[0]) for text in {texts!r}], 'lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    expected = [
        "int",
        "int | None",
        "list[dict[str, any]]",
        "dict[str, int]",
        "int | None",
        "list[str] | None",
    ]
    assert done.stdout == f"{expected} False\n"


PIECES = (
    "int",
    "str",
    "list",
    "dict",
    "tuple",
    "[",
    "]",
    ", ",
    ",",
    " | None",
    "?",
    "a.b:C",
    ":",
    "None",
    " ",
)


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_everyday_forms_are_read_as_the_grammar_reads_them(text: str) -> None:
    everyday = types._common_form(text)
    if everyday is not None:
        assert types._parse_by_grammar(text) == (everyday, ())
