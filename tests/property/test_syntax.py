"""The small languages: no text raises, every place is right, what was written is what is read."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from jobc.compiler.syntax.annotations import annotation_type
from jobc.compiler.syntax.types import (
    Generic,
    LiteralType,
    Named,
    PythonType,
    TypeExpr,
    Union,
    parse_type,
)
from jobc.compiler.syntax.wiring import parse_wiring
from jobc.compiler.syntax.wiring_grammar import read_by_grammar
from jobc.compiler.syntax.wiring_nodes import (
    Argument,
    Call,
    CollectCall,
    Expression,
    ListOf,
    Literal,
    MapCall,
    Name,
    Reference,
    Return,
    ReturnItem,
    Statement,
)
from jobc.compiler.syntax.wiring_plain import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobc.compiler.syntax.problems import SyntaxProblem

# --- texts ------------------------------------------------------------------------------------------------


def soup(words: str, *tokens: str) -> st.SearchStrategy[str]:
    """Texts of the language's own tokens in any order: much closer to the language than random characters."""
    return st.lists(st.sampled_from([*words.split(), *tokens]), max_size=30).map("".join) | st.text(
        max_size=60
    )


WIRING_SOUP = soup(
    "a b1 é op ( ( ) ) [ ] { } , , = = . ; : # ' \" \\ $ ${ } == * - 1 007 1.5 1e9 x.y",
    *(
        "for",
        "if",
        "lambda",
        "true",
        "None",
        " as ",
        " after ",
        "return ",
        ".map(",
        ".collect()",
        "op(",
        "'s'",
        '"\\n"',
        "${v.x}",
        "\nb = op(x)\n",
    ),
    *(" ", "\n", "\r\n", "\t"),
)
TYPE_SOUP = soup(
    "int str any None list dict set tuple literal Optional Union m:N a.b [ ] [ ] ( ) | | ? , : 'a' \" 3",
    *("integr", "...", " ", "\n", "list[", "dict[str, "),
)


def assert_placed(text: str, problems: tuple[SyntaxProblem, ...]) -> None:
    for problem in problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.message
    assert list(problems) == sorted(problems, key=lambda problem: problem.start)


def field_names(value: object) -> tuple[str, ...]:
    """Return the names of a node's fields; none for what is no node."""
    if is_dataclass(value):
        return tuple(field.name for field in fields(value))
    return getattr(value, "_fields", ())


def nodes_of(value: object) -> Iterator[object]:
    """Yield every node below a value, itself included."""
    if names := field_names(value):
        yield value
        for name in names:
            yield from nodes_of(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from nodes_of(item)


def shape(value: object) -> object:
    """Return a node with the name of its class and without its places."""
    if isinstance(value, Literal):
        return ("Literal", repr(value.value))
    if names := field_names(value):
        kept = [shape(getattr(value, name)) for name in names if name not in {"start", "end"}]
        return (type(value).__name__, *kept)
    if isinstance(value, tuple):
        return tuple(shape(item) for item in value)
    return value


@given(WIRING_SOUP)
def test_any_text_is_wiring_or_gets_problems(text: str) -> None:
    wiring, problems = parse_wiring(text)
    assert_placed(text, problems)
    assert (
        wiring.statements
        or problems
        or not any(line.split("#")[0].strip() for line in re.split(r"[\n\r]", text))
    )


@given(WIRING_SOUP)
def test_every_place_in_wiring_is_the_text_it_names(text: str) -> None:
    wiring, _ = parse_wiring(text)
    for node in nodes_of(wiring):
        start, end = getattr(node, "start"), getattr(node, "end")  # noqa: B009 - every node has them
        assert 0 <= start <= end <= len(text)
        if isinstance(node, Name):
            assert text[start:end] == node.text
        if isinstance(node, Statement | Return):
            alone, problems = parse_wiring(text[start:end])
            assert problems == ()
            assert shape(alone.statements) == shape((node,))
        if isinstance(node, Reference | ListOf | Literal | Call | MapCall | CollectCall):
            (line,) = parse_wiring(f"return x={text[start:end]}")[0].statements
            assert isinstance(line, Return)
            assert shape(line.items[0].value) == shape(without_ending(node))


def without_ending(node: Expression) -> Expression:
    """Return a call as it is without the `as` and `after` of its line."""
    if isinstance(node, Call):
        return Call(node.callee, node.arguments, None, (), node.start, node.end)
    if isinstance(node, MapCall):
        return MapCall(node.source, node.callee, node.arguments, None, (), node.start, node.end)
    return node


WORDS = st.sampled_from(
    ["a", "b", "x1", "_", "op", "after", "map", "collect", "as", "return", "true", "class", "é"]
)
BLANKS = st.sampled_from(["", "", " ", "\t ", "  "])


@st.composite
def nearly_plain_lines(draw: st.DrawFn) -> str:
    """Lines of the plain form, spaced at random, at times with a reserved word or a stray token."""

    def listed(item: st.SearchStrategy[str]) -> str:
        return (draw(BLANKS) + "," + draw(BLANKS)).join(draw(st.lists(item, min_size=1, max_size=3)))

    dotted = st.tuples(WORDS, WORDS).map(".".join)
    value = WORDS | dotted
    item = value | st.tuples(WORDS, BLANKS, BLANKS, value).map(lambda p: f"{p[0]}{p[1]}={p[2]}{p[3]}")
    if draw(st.booleans()):
        targets = draw(st.booleans()) and f"{listed(WORDS)}{draw(BLANKS)}={draw(BLANKS)}"
        arguments = draw(st.booleans()) and listed(item)
        alias = draw(st.booleans()) and f" {draw(BLANKS)}as {draw(WORDS)}"
        after = draw(st.booleans()) and f" after {listed(WORDS)}"
        parts = [
            targets,
            draw(value),
            draw(BLANKS),
            "(",
            draw(BLANKS),
            arguments,
            draw(BLANKS),
            ")",
            alias,
            after,
        ]
    else:
        parts = ["return ", draw(BLANKS), listed(item)]
    tokens = [part for part in parts if part]
    if draw(st.integers(0, 5)) == 0:
        stray = draw(st.sampled_from(["=", ",", ".", "(", ")", " as ", " after ", "1", "#", "'s'"]))
        tokens.insert(draw(st.integers(0, len(tokens))), stray)
    return "".join(tokens).strip(" \t")


@given(nearly_plain_lines())
def test_what_is_taken_for_plain_the_grammar_reads_alike(line: str) -> None:
    plain = read_plain(line, 0, len(line))
    assert plain is None or plain == read_by_grammar(line, 0, len(line))


# --- programs ---------------------------------------------------------------------------------------------

NAME_TEXTS = ["a", "b", "rows", "x1", "_", "after", "größe", "map", "collect", "T"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(st.text(), held, max_size=3),
    max_leaves=5,
)


def name(text: str) -> Name:
    return Name(text, 0, 0)


names = st.sampled_from(NAME_TEXTS).map(name)
distinct_names = st.lists(st.sampled_from(NAME_TEXTS), max_size=3, unique=True).map(
    lambda texts: tuple(map(name, texts))
)
callees = names | st.sampled_from(["common.clean", "a.b", "map.x"]).map(name)
references = st.builds(Reference, names, st.none() | names, st.just(0), st.just(0))
literals = st.builds(Literal, VALUES, st.just(0), st.just(0))


@st.composite
def argument_lists(
    draw: st.DrawFn, values: st.SearchStrategy[Expression], least: int = 0
) -> tuple[Argument, ...]:
    """Arguments by position, then by distinct names; `least=-1` leaves out those by position."""
    by_place = draw(st.lists(values, max_size=2)) if least == 0 else []
    arguments = [Argument(None, value, 0, 0) for value in by_place]
    arguments += [Argument(keyword, draw(values), 0, 0) for keyword in draw(distinct_names)]
    return tuple(arguments)


def calls(values: st.SearchStrategy[Expression]) -> st.SearchStrategy[Call]:
    return st.builds(Call, callees, argument_lists(values), st.none(), st.just(()), st.just(0), st.just(0))


def map_calls(
    values: st.SearchStrategy[Expression], sources: st.SearchStrategy[Expression]
) -> st.SearchStrategy[MapCall]:
    extra = argument_lists(values, -1)
    return st.builds(MapCall, sources, callees, extra, st.none(), st.just(()), st.just(0), st.just(0))


def fan_in(items: list[Expression]) -> Expression:
    if any(not isinstance(item, Literal) for item in items):
        return ListOf(tuple(items), 0, 0)
    return Literal([item.value for item in items if isinstance(item, Literal)], 0, 0)


def larger(values: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    called = calls(values)
    mapped = map_calls(values, references | called)
    collected = st.builds(CollectCall, references | mapped, st.just(0), st.just(0))
    return st.lists(values, max_size=3).map(fan_in) | called | mapped | collected


expressions: st.SearchStrategy[Expression] = st.recursive(references | literals, larger, max_leaves=6)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    targets = draw(distinct_names)
    value = draw(calls(expressions) | map_calls(expressions, references | calls(expressions)))
    alias, after = draw(st.none() | names), draw(distinct_names)
    kind, rest = type(value), (value.arguments, alias, after, 0, 0)
    if isinstance(value, MapCall):
        return Statement(targets, MapCall(value.source, value.callee, *rest), 0, 0)
    assert kind is Call
    return Statement(targets, Call(value.callee, *rest), 0, 0)


@st.composite
def returns(draw: st.DrawFn) -> Return:
    outputs = draw(distinct_names)
    items = [ReturnItem(output, draw(expressions), 0, 0) for output in outputs]
    return Return(tuple(items) or (ReturnItem(None, draw(expressions), 0, 0),), 0, 0)


class Writer:
    """Write nodes as text, with the given blanks where the language allows them."""

    def __init__(self, blank: str, inner: str) -> None:
        self.blank = blank
        self.inner = inner

    def expression(self, node: Expression) -> str:
        match node:
            case Reference(read, output):
                return read.text if output is None else f"{read.text}.{output.text}"
            case Literal(value):
                return json.dumps(value, ensure_ascii=False)
            case ListOf(items):
                return f"[{self.within([self.expression(item) for item in items])}]"
            case Call(callee, arguments):
                return f"{callee.text}({self.within([self.argument(item) for item in arguments])})"
            case MapCall(source, callee, arguments):
                held = self.within([callee.text, *(self.argument(item) for item in arguments)])
                return f"{self.expression(source)}.map({held})"
            case CollectCall(source):
                return f"{self.expression(source)}.collect({self.inner})"

    def within(self, items: list[str]) -> str:
        return self.inner + f"{self.inner},{self.inner}".join(items) + self.inner

    def argument(self, node: Argument) -> str:
        prefix = f"{node.keyword.text}{self.inner}={self.inner}" if node.keyword else ""
        return prefix + self.expression(node.value)

    def listed(self, items: tuple[Name, ...]) -> str:
        return f"{self.blank},{self.blank}".join(item.text for item in items)

    def line(self, node: Statement | Return) -> str:
        if isinstance(node, Return):
            items = [
                (f"{item.output.text}{self.blank}={self.blank}" if item.output else "")
                + self.expression(item.value)
                for item in node.items
            ]
            return "return " + f"{self.blank},{self.blank}".join(items)
        assert not isinstance(node.value, CollectCall)
        prefix = f"{self.listed(node.targets)}{self.blank}={self.blank}" if node.targets else ""
        alias = f" as {node.value.alias.text}" if node.value.alias else ""
        after = f" after {self.listed(node.value.after)}" if node.value.after else ""
        return prefix + self.expression(node.value) + alias + after


@st.composite
def plain_lines(draw: st.DrawFn) -> Statement | Return:
    """Lines of plain names only, which the quick reading must not leave to the grammar."""
    if draw(st.booleans()):
        items = [ReturnItem(output, draw(references), 0, 0) for output in draw(distinct_names)]
        return Return(tuple(items) or (ReturnItem(None, draw(references), 0, 0),), 0, 0)
    call = draw(calls(references))
    ended = Call(call.callee, call.arguments, draw(st.none() | names), draw(distinct_names), 0, 0)
    return Statement(draw(distinct_names), ended, 0, 0)


@given(plain_lines(), st.sampled_from(["", " ", "\t "]))
def test_plain_lines_are_read_alike_both_ways(written: Statement | Return, blank: str) -> None:
    line = Writer(blank, blank).line(written).replace("größe", "groesse")
    plain = read_plain(line, 0, len(line))
    assert plain is not None
    assert plain == read_by_grammar(line, 0, len(line))


@given(
    st.lists(statements() | returns(), max_size=5),
    st.sampled_from(["", " ", "\t"]),
    st.sampled_from(["", " ", "\n    ", " # (, '\n"]),
    st.sampled_from(["\n", "\r\n", "  # end )\n\n"]),
)
def test_a_program_reads_back_as_what_was_written(
    program: list[Statement | Return], blank: str, inner: str, line_end: str
) -> None:
    text = line_end.join(Writer(blank, inner).line(line) for line in program)
    wiring, problems = parse_wiring(text)
    assert problems == ()
    assert shape(wiring.statements) == shape(tuple(program))


@given(st.lists(statements(), min_size=1, max_size=4), st.data())
def test_a_broken_line_costs_no_other(program: list[Statement], data: st.DataObject) -> None:
    lines = [Writer(" ", "").line(line) for line in program]
    broken = data.draw(
        st.sampled_from(
            ["x = = op()", "op(x[0])", "a + b", "x = op(a))", "for x in y:", "op('x)", "x = op(y"]
        )
    )
    at = data.draw(st.integers(0, len(lines)))
    wiring, problems = parse_wiring("\n".join([*lines[:at], broken, *lines[at:]]))
    assert len(problems) == 1
    assert shape(wiring.statements) == shape(tuple(program))


# --- types ------------------------------------------------------------------------------------------------


def union(members: list[TypeExpr]) -> TypeExpr:
    flat = dict.fromkeys(
        part for member in members for part in (member.members if isinstance(member, Union) else [member])
    )
    none = Named("none")
    ordered = [*(member for member in flat if member != none), *([none] if none in flat else [])]
    return ordered[0] if len(ordered) == 1 else Union(tuple(ordered))


def larger_types(held: st.SearchStrategy[TypeExpr]) -> st.SearchStrategy[TypeExpr]:
    return (
        st.builds(Generic, st.sampled_from(["list", "set"]), st.tuples(held))
        | st.builds(Generic, st.just("dict"), st.tuples(held, held))
        | st.builds(Generic, st.just("tuple"), st.lists(held, min_size=1, max_size=3).map(tuple))
        | st.lists(held, min_size=1, max_size=3).map(union)
        | held.map(lambda member: union([Named("none"), member]))
    )


TYPES = st.recursive(
    st.builds(
        Named,
        st.sampled_from(["int", "float", "bool", "str", "bytes", "path", "date", "any", "secret"]),
    )
    | st.builds(
        PythonType, st.sampled_from(["shop", "shop.types"]), st.sampled_from(["Order", "A.B", "größe"])
    )
    | st.lists(st.text() | st.integers(-(10**30), 10**30), min_size=1, max_size=3, unique=True)
    .map(tuple)
    .map(LiteralType),
    larger_types,
    max_leaves=6,
)


@given(TYPE_SOUP)
def test_any_text_is_a_type_or_gets_problems(text: str) -> None:
    found, problems = parse_type(text)
    assert_placed(text, problems)
    assert (found is None) == bool(problems)
    if found is not None:
        assert parse_type(str(found)) == (found, ())


@given(TYPES | st.just(Named("nothing")))
def test_a_type_reads_back_as_what_was_written(meaning: TypeExpr) -> None:
    assert parse_type(str(meaning)) == (meaning, ())
    spread = f" ( {meaning} ) "
    assert parse_type(spread) == (meaning, ())


@given(TYPE_SOUP)
def test_any_text_is_an_annotation_or_unknown(text: str) -> None:
    found = annotation_type(text)
    assert found is None or parse_type(str(found)) == (found, ())
