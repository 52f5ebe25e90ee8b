"""Clauses become trees: plain ones without the grammar, which itself has no conflicts."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path as FilePath

import pytest
from lark import Lark
from lark.parsers.lalr_analysis import LALR_Analyzer

from jobc.runtime import selection
from jobc.runtime.errors import InvalidSubsetError
from jobc.runtime.grammars import load_grammar
from jobc.runtime.selection.clauses import parse
from jobc.runtime.selection.expressions import And, Attribute, Except, Hop, Named, Not, Or, Path, Value
from jobc.runtime.selection.printing import printed
from jobc.runtime.selection.reading import read_clause

RULES = FilePath(selection.__file__).with_name("selection.lark")

A, B, C = Path(("a",)), Path(("b",)), Path(("c",))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("*a.b+++", Hop(None, Path(("a", "b")), 3)),
        ("++a*", Hop(2, A, None)),
        ("a[key]", Path(("a",), "key")),
        ("g.a[?]+", Hop(0, Path(("g", "a"), "?"), 1)),
        ("a or b and not c", Or((A, And(B, (Not(C),))))),
        ("a except b and c", And(A, (Except(B), C))),
        ("2+@x+3", Hop(2, Named("x"), 3)),
        ("tag:team=o*", Attribute("tag", Value("team"), Value("o*", True))),
        ('name:"o*"', Attribute("name", Value("o*"))),
        ("(a)", A),
        ("0+a", A),
    ],
)
def test_a_clause_has_a_tree(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text", ["a", "*a", "a*", "+a+", "*++a.b+++*", "  a ", "*5+", "a[0]", "g.a[?]*", "+a_1.B", "a++*"]
)
def test_plain_clauses_and_the_grammar_agree(text: str) -> None:
    plain, grammar = parse(text), read_clause(text)
    assert plain == grammar
    assert (plain.start, plain.end) == (grammar.start, grammar.end)
    if isinstance(plain, Hop) and isinstance(grammar, Hop):
        assert (plain.operand.start, plain.operand.end) == (grammar.operand.start, grammar.operand.end)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  *a  ", "*a"),
        ("a+*", "a*"),
        ("4+a+1", "4+a+"),
        ("name:x+*", "name:x+*"),
        ('(name:"x")*', "name:x+*"),
        ("5+++++", "(5)+5"),
        ("((a or b))", "a or b"),
        ("(a or b) or c", "(a or b) or c"),
        ("a and (b and c)", "a and (b and c)"),
        ("not (a and b)", "not (a and b)"),
        ("not (not a)", "not not a"),
        ("(not a)+", "(not a)+"),
        ("between( a ,b, )", "between(a, b)"),
        ("a except(b or c)", "a except (b or c)"),
        (r"tag:'it\'s'=\"\"".replace('\\"', '"'), 'tag:"it\'s"=""'),
        ("(*)", "*"),
    ],
)
def test_a_tree_is_printed_in_its_shortest_form(text: str, shown: str) -> None:
    assert printed(parse(text)) == shown
    assert parse(shown) == parse(text)


def test_a_plain_clause_does_not_import_lark() -> None:
    code = (
        "import sys; from jobc.runtime.selection import parse; parse('*a.b+++'); "
        "assert 'lark' not in sys.modules; parse('a or b'); assert 'lark' in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_the_grammar_has_no_conflicts() -> None:
    parser = load_grammar(RULES)
    LALR_Analyzer(parser.parser.parser_conf, debug=False, strict=True).compute_lalr()  # type: ignore[no-untyped-call]


def test_no_text_fits_two_tokens() -> None:
    pytest.importorskip("interegular")
    Lark(RULES.read_text(encoding="utf-8"), parser="lalr", strict=True)


def test_an_error_survives_a_process() -> None:
    with pytest.raises(InvalidSubsetError) as caught:
        parse("a b")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.clause, copy.position) == (str(caught.value), 0, 2)
    # Some engines pickle what led to an error as well.
    context = caught.value.__context__
    while context is not None:
        assert type(context).__module__.startswith("jobc.")
        context = context.__context__


def test_a_long_clause_is_shown_around_the_mistake() -> None:
    with pytest.raises(InvalidSubsetError) as caught:
        parse("a or " * 40 + "b c" + " or a" * 40)
    assert str(caught.value).splitlines()[1:] == [
        "    …" + ("a or " * 40 + "b c" + " or a" * 40)[152:252] + "…",
        "     " + " " * 50 + "^",
    ]


def test_many_wildcards_take_no_longer_than_one() -> None:
    from jobc.runtime.selection.matching import fits

    value = Value("*a" * 40 + "b", True)
    assert not fits(value, "a" * 5_000)
    assert fits(value, "a" * 5_000 + "b")


@pytest.mark.parametrize(
    ("wildcards", "fitting", "other"),
    [
        ("a*", "abc", "ba"),
        ("*c", "abc", "cb"),
        ("a*c", "ac", "acb"),
        ("?b?", "abc", "abcd"),
        ("*a*a*", "xaya", "xay"),
        ("a.c*", "a.cd", "abcd"),
        ("**", "", None),
        ("[a]?", "[a]b", "ab"),
        ("*ab", "aab", "aba"),
    ],
)
def test_wildcards(wildcards: str, fitting: str, other: str | None) -> None:
    from jobc.runtime.selection.matching import fits

    assert fits(Value(wildcards, True), fitting)
    assert other is None or not fits(Value(wildcards, True), other)
