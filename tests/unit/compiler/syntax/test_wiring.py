"""Wiring text: every form, and every refusal with its exact place."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from jobc.compiler.syntax.problems import SyntaxProblem
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
    Reference,
    Return,
    Statement,
    Wiring,
)
from jobc.compiler.syntax.wiring_plain import read_plain

DESIGN_EXAMPLE = """\
rows = read_orders(day)
good, bad = clean(rows) as tidy
parts = by_region(good)                 # its output is declared {dynamic: true}
sums = parts.map(summarise)
sum = merge(sums.collect()) as total    # the node is named after its op unless `as` says otherwise
archive([bad, rows])                    # fan-in
notify() after sum, tidy                # ordering without data
return total=sum, bad=bad
"""


def show(node: Expression | Argument) -> str:
    """Write an expression with every decision of the parser in sight."""
    match node:
        case Reference(name, output):
            return name.text if output is None else f"{name.text}->{output.text}"
        case Literal(value):
            return f"<{value!r}>"
        case ListOf(items):
            return f"[{' '.join(map(show, items))}]"
        case Call(callee, arguments):
            return f"{callee.text}({' '.join(map(show, arguments))})"
        case MapCall(source, callee, arguments):
            return f"map {show(source)} by {callee.text}({' '.join(map(show, arguments))})"
        case CollectCall(source):
            return f"collect {show(source)}"
        case Argument(keyword, value):
            return f"{keyword.text}:{show(value)}" if keyword else show(value)


def show_line(line: Statement | Return) -> str:
    """Write a whole statement."""
    if isinstance(line, Return):
        outputs = (f"{item.output.text if item.output else '_'}:{show(item.value)}" for item in line.items)
        return f"return {' '.join(outputs)}"
    targets = "".join(f"{target.text} " for target in line.targets)
    shown = f"{targets}= {show(line.value)}"
    if isinstance(line.value, CollectCall):
        return shown
    alias = f" as {line.value.alias.text}" if line.value.alias else ""
    after = "".join(f" after {name.text}" for name in line.value.after)
    return shown + alias + after


def good(text: str) -> Wiring:
    wiring, problems = parse_wiring(text)
    assert problems == ()
    return wiring


def unmark(marked: str) -> tuple[str, int, int]:
    """Take the marks out of a text; return it with the place they enclose."""
    before, rest = marked.split("«")
    inside, after = rest.split("»")
    return before + inside + after, len(before), len(before) + len(inside)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("op()", "= op()"),
        ("a = op()", "a = op()"),
        ("a,b=op( x , y.out,key = z )", "a b = op(x y->out key:z)"),
        ("common.clean(rows)", "= common.clean(rows)"),
        ("a = op(x) as n after m, k", "a = op(x) as n after m after k"),
        ("op() after after", "= op() after after"),
        ("after = op(after) as after", "after = op(after) as after"),
        ("op(map, collect, x.map)", "= op(map collect x->map)"),
        ("map(x)", "= map(x)"),
        ("op(f(x), k=g(h()))", "= op(f(x) k:g(h()))"),
        ("op(1, -2, 1_000, 0.5, -1e3, 2E-2)", "= op(<1> <-2> <1000> <0.5> <-1000.0> <0.02>)"),
        ("op(true, false, null)", "= op(<True> <False> <None>)"),
        ('op(\'a"b\', "c\'d", "\\n\\u00e9\\x41\\\\")', "= op(<'a\"b'> <\"c'd\"> <'\\né" + "A\\\\'>)"),
        ("op('\\ud83d\\ude00')", "= op(<'\N{GRINNING FACE}'>)"),
        ("op('in ${vars.root}; # all')", "= op(<'in ${vars.root}; # all'>)"),
        ("op(${vars.root}, k=${'}'})", "= op(<'${vars.root}'> k:<\"${'}'}\">)"),
        ("op([], [1, 'a', [true]], {})", "= op(<[]> <[1, 'a', [True]]> <{}>)"),
        ("op({'a': 1, \"b\": [2, {'c': null}],})", "= op(<{'a': 1, 'b': [2, {'c': None}]}>)"),
        ("op([x, y.out, 1, [z], f()],)", "= op([x y->out <1> [z] f()])"),
        ("x.map(f)", "= map x by f()"),
        (
            "a = x.out.map(common.f, other=y, n=1) as k after m",
            "a = map x->out by common.f(other:y n:<1>) as k after m",
        ),
        ("a = f(x).map(g).map(h).collect()", "a = collect map map f(x) by g() by h()"),
        ("merge(x.map(f).collect(), k=y.collect())", "= merge(collect map x by f() k:collect y)"),
        ("return x", "return _:x"),
        ("return a=x, b=y.out", "return a:x b:y->out"),
        ("return a=f(x), b=[x, y], c=1", "return a:f(x) b:[x y] c:<1>"),
        ("op(\n  x,  # not )\n\n  y,\n)", "= op(x y)"),
        ("op(x\r\n  .out)", "= op(x->out)"),
        ("größe = op(größe)", "größe = op(größe)"),
        ("\t op()  # end", "= op()"),
    ],
)
def test_forms(text: str, shown: str) -> None:
    (line,) = good(text).statements
    assert show_line(line) == shown


def test_the_example_of_the_reference() -> None:
    assert [show_line(line) for line in good(DESIGN_EXAMPLE).statements] == [
        "rows = read_orders(day)",
        "good bad = clean(rows) as tidy",
        "parts = by_region(good)",
        "sums = map parts by summarise()",
        "sum = merge(collect sums) as total",
        "= archive([bad rows])",
        "= notify() after sum after tidy",
        "return total:sum bad:bad",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "  # only a comment\r\n\t", "#"])
def test_a_text_without_statements(text: str) -> None:
    assert good(text) == Wiring((), (), 0, len(text))


def test_every_span_is_the_text_it_names() -> None:
    text = "\n  a, b = f(x.out, k=[y, 1]) as n after m  # c\n return r=x.map(g)"
    first, last = good(text).statements
    assert isinstance(first, Statement)
    assert isinstance(first.value, Call)
    assert isinstance(last, Return)
    keyword_list = first.value.arguments[1]
    nodes: list[Any] = [first, *first.targets, first.value, first.value.callee, *first.value.arguments]
    rest = [
        keyword_list.value,
        first.value.alias,
        *first.value.after,
        last,
        last.items[0],
        last.items[0].value,
    ]
    assert [text[node.start : node.end] for node in [*nodes, *rest] if node is not None] == [
        "a, b = f(x.out, k=[y, 1]) as n after m",
        "a",
        "b",
        "f(x.out, k=[y, 1])",
        "f",
        "x.out",
        "k=[y, 1]",
        "[y, 1]",
        "n",
        "m",
        "return r=x.map(g)",
        "r=x.map(g)",
        "x.map(g)",
    ]


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        # what Python has and wiring has not
        ("a «==» b", "wiring compares nothing"),
        ("op(a «<» b)", "wiring compares nothing"),
        ("a «:=» op()", "`:=` is not assignment here"),
        ("a «+=» op()", "`+=` is not assignment here"),
        ("«for» x in y: op(x)", "wiring has no loops"),
        ("«while» x:", "wiring has no loops"),
        ("op([x «for» x in y])", "wiring has no loops"),
        ("«if» x == 3: op()", "wiring has no conditions"),
        ("a = b «if» c else d", "wiring has no conditions"),
        ("op(«lambda» x: x)", "wiring defines no functions"),
        ("«def» f(x):", "wiring defines no functions"),
        ("«import» this", "wiring imports nothing"),
        ("«with» db: op()", "wiring opens nothing"),
        ("«try»:", "wiring handles no errors"),
        ("a = «await» op()", "wiring does not wait or yield"),
        ("op(«not» x)", "wiring computes nothing"),
        ("op('for', a «and» b)", "wiring computes nothing"),
        ("op(a «+» b)", "wiring computes nothing"),
        ("op(a «-»1)", "wiring computes nothing"),
        ("op(2 «**» 3)", "wiring computes nothing"),
        ("op(«*»x)", "inputs are not unpacked"),
        ("op(x, «**»k)", "inputs are not unpacked"),
        ("op(x«[»0])", "wiring has no indexing"),
        ("op(«f»'abc')", "a text has no prefix such as `f`"),
        ("op(«...»)", "`...` is no value"),
        ("op(x«:» 3)", "`:` means nothing here"),
        ("op() «->» x", "`->` means nothing in wiring"),
        ("op(x «\\»\n)", "a line does not go on after `\\`"),
        # lines
        ("a = op()«;» b = op()", "`;` separates nothing: statements go on lines of their own"),
        ("op(x«;» y)", "`;` separates nothing: statements go on lines of their own"),
        ("a = op()«,» op()", "a line holds one call"),
        ("a = op() «b»", "expected the end of the line before `b`"),
        ("«a, b»", "`a, b` is no statement: `=` and a call are expected"),
        ("«a»", "`a` is no statement: a call is expected"),
        ("«a.b»", "`a.b` is no statement: a call is expected"),
        ("«[1,\n 2]»", "`[1, 2]` is no statement: a call is expected"),
        ("a = «b»", "the right side of `=` must be a call"),
        ("a = «3»", "the right side of `=` must be a call"),
        ("a = «[x]»", "the right side of `=` must be a call"),
        ("a «=»", "a value is missing after `=`"),
        ("«=» op()", "only plain names can stand before `=`"),
        ("op() «=» a", "only plain names can stand before `=`"),
        ("a, «a» = op()", "`a` stands twice on the left of `=`"),
        ("«(»a, b) = op()", "round brackets hold the inputs of a call and nothing else"),
        ("«?»", "`?` means nothing in wiring"),
        ("op(«\xa0»x)", "`\xa0` means nothing in wiring"),
        ("op(«$»x)", "a lone `$` means nothing"),
        # names
        ("op(«class»=1)", "`class` is a Python keyword and cannot be a name"),
        ("op() as «pass»", "`pass` is a Python keyword and cannot be a name"),
        ("«return» = op()", "`return` has a meaning of its own and cannot be a name"),
        ("«true» = op()", "`true` has a meaning of its own and cannot be a name"),
        ("op() as «null»", "`null` is a constant and cannot be a name"),
        ("op(«True»)", "`True` is written `true` here"),
        ("op(«²»)", "`²` is not a name"),
        ("op(«x²»)", "`x²` is not a name"),
        ("op(«.»x)", "a name must stand before `.`"),
        ("op(x«.»)", "a name is missing after `.`"),
        ("op(x.«3»)", "a name is expected after `.`, not `3`"),
        # brackets and texts
        ("op«(»x", "`(` is never closed"),
        ("op([x«)»]", "`)` does not close the open `[`"),
        ("op(x)«)»", "`)` closes nothing"),
        ("op(«'»abc)", "the text that begins with `'` does not end on its line"),
        ("op(«${»abc)", "the expression that begins with `${` does not end on its line"),
        ("op('a«\\q»')", "`\\q` is no escape"),
        ("op('«\\U00110000»')", "`\\U00110000` is no escape"),
        ("op(«'\\ud800'»)", "the text holds half of a character: a lone surrogate"),
        ("op(«007»)", "`007` is not a number"),
        ("op(«1.2.3»)", "`1.2.3` is not a number"),
        ("op(«1e999»)", "the number is too large"),
        # calls
        ("op(«,»x)", "a value is missing before `,`"),
        ("op(x«,»,y)", "a value is missing after `,`"),
        ("op(x«=»)", "a value is missing after `=`"),
        ("op(x «y»)", "expected `,` or `)` before `y`"),
        ("op(k=x, «y»)", "an input without a name stands after a named one"),
        ("op(x.y«=»3)", "only plain names can stand before `=`"),
        ("op()«()»", "what a call returns cannot be called"),
        ("op(x).«foo()»", "`foo` is called on a value"),
        ("a = op(x).«out»", "an output is read from a variable, not from a call"),
        ("op(x.y.«z»)", "a variable has outputs, and those have no parts: one dot at most"),
        ("«a.b.c»(x)", "`a.b.c` has too many dots"),
        ("«a . b»(x)", "a dotted name is written without spaces"),
        ("op({«x»: 1})", "the key `x` needs quotes"),
        ("op({'x': «y»})", "a mapping holds constants only"),
        ("op({'x': 1, «'x'»: 2})", "the key `x` stands twice in one mapping"),
        ("op({'x'«}»)", "a mapping needs a value for each key"),
        ("op({«1»: 2})", "a mapping needs keys and values"),
        # `as` and `after`
        ("op() «as»", "a name is missing after `as`"),
        ("op() as «3»", "a name is expected after `as`, not `3`"),
        ("op() «after»", "a name is missing after `after`"),
        ("op() after «x.y»", "`after` takes names of variables and nodes"),
        ("op() after x «as» y", "`as` stands before `after`"),
        ("op(f() «as» n)", "`as` belongs to a whole line, not to a call inside brackets"),
        ("op(f() «after» n)", "`after` belongs to a whole line, not to a call inside brackets"),
        # map and collect
        ("x.«map()»", "`map` needs the op to call for each item"),
        ("x.«map(k=f)»", "`map` needs the op to call for each item"),
        ("x.map(«f()»)", "`map` takes the name of an op, not a call"),
        ("x.map(«f(y)»)", "`map` takes the name of an op or graph first"),
        ("x.map(f, «y»)", "further inputs of a mapped op are given by name"),
        ("«x.collect()»", "`collect()` alone does nothing"),
        ("a = x.collect(«3»)", "`collect()` takes no inputs"),
        ("a = x.collect() as «n»", "`collect()` gathers a value and makes no node to name or order"),
        ("a = x.collect() after «n»", "`collect()` gathers a value and makes no node to name or order"),
        # outputs of a graph
        ("«return»", "`return` does not say what to return"),
        ("return a«,»", "a value is missing after `,`"),
        ("return «a», b", "each of several outputs needs a name"),
        ("return a=x, «a»=y", "the output `a` is returned twice"),
        ("return a=x «as» b", "`return` has no `as`"),
    ],
)
def test_refusals(marked: str, message: str) -> None:
    text, start, end = unmark(marked)
    _, problems = parse_wiring(text)
    assert [(problem.message, problem.start, problem.end) for problem in problems] == [(message, start, end)]


@pytest.mark.parametrize(
    ("text", "help_text"),
    [
        ("for x in y: op(x)", "use `x.map(op)` to call an op once for each item of a dynamic output"),
        ("op(x[0])", "give the op several outputs and read one of them with `x.out`"),
        ("a = b", "write `b` where `a` is meant"),
        ("a", "write `a()` to call it"),
        ("a = op(x).out", "write `x = op(x)` first, then `x.out`"),
        ("a . b(x)", "write `a.b`"),
        ("x.map(f())", "write `f`"),
        ("op({k: 1})", 'write `"k": …`'),
        ("x.collect()", "pass it to an op: `merge(x.collect())`"),
        ("return a, b", "write `return name=value, other=value`"),
    ],
)
def test_refusals_say_what_to_write(text: str, help_text: str) -> None:
    _, (problem,) = parse_wiring(text)
    assert problem.help == help_text


def test_a_python_constant_is_answered_with_ours() -> None:
    _, (problem,) = parse_wiring("op(None)")
    assert problem == SyntaxProblem(3, 7, "`None` is written `null` here", suggestions=("null",))


@pytest.mark.parametrize(
    ("text", "kept", "places"),
    [
        ("a = f(x[0])\nb = g(y)\nc = h(z +)\nd = k()", ["b = g(y)", "d = k()"], ["[", "+"]),
        ("a = f(x\nb = g(y)\nc = h(z)", ["b = g(y)", "c = h(z)"], ["("]),
        ("a = f(x,\n   y\nb = g(\n  z,\n)", ["b = g(\n  z,\n)"], ["("]),
        ("a = f(x]\n   y\n)\nb = g(y)", ["b = g(y)"], ["]"]),
        ("a = f(x,\n   y]\nb = g(y)", ["b = g(y)"], ["]"]),
        ("a = f('x)\nb = g('y')", ["b = g('y')"], ["'"]),
        ("f(\n'abc\n)\ng()", ["g()"], ["'"]),
        ("f(x))\n  g()", ["g()"], [")"]),
        ("f(); g(); h(); ; \nk();", ["f()", "g()", "h()", "k()"], [";", ";"]),
    ],
)
def test_a_mistake_costs_its_own_line_only(text: str, kept: list[str], places: list[str]) -> None:
    wiring, problems = parse_wiring(text)
    assert [text[line.start : line.end] for line in wiring.statements] == kept
    assert [text[problem.start : problem.end] for problem in problems] == places


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a, b = f(x[0]) as n", ["a", "b", "n"]),
        ("a = f(x", ["a", "f"]),
        ("x.map(f, 3)\nb = g('as z', )(", ["b", "g"]),
        ("f('abc) as n", ["f"]),
        ("f(g() after h)", ["f", "g"]),
        ("f(g('d') as n)", ["f", "g", "n"]),
        ("f(g() as n) as m", ["g", "n", "m"]),
        ("return p=f(g()) as n", ["g", "n"]),
        ("a = f(x)", []),
    ],
)
def test_lost_names_are_those_of_broken_lines(text: str, names: list[str]) -> None:
    wiring, _ = parse_wiring(text)
    assert [name.text for name in wiring.lost] == names
    assert [text[name.start : name.end] for name in wiring.lost] == names


@pytest.mark.parametrize(
    "text",
    ["f(" + "[" * 3000 + "]" * 3000 + ")", "f()" + ".map(g)" * 3000, "f(" * 3000 + ")" * 3000],
)
def test_a_text_too_deep_is_refused(text: str) -> None:
    _, (problem,) = parse_wiring(text)
    assert problem.message == "more than 32 values stand inside each other"


@pytest.mark.parametrize(
    "text",
    [
        "a, b = op(x, y.out, key=z) as n after m, k",
        "common.op( )",
        "return a=b , c=d.e",
        "return x",
        "op() as after after after",
    ],
)
def test_plain_lines_are_read_alike_both_ways(text: str) -> None:
    plain = read_plain(text, 0, len(text))
    assert plain is not None
    assert plain == read_by_grammar(text, 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "x.map(f)",
        "op(1)",
        "op(k=x, y)",
        "a, a = op()",
        "op(class)",
        "op(true)",
        "return a, b",
        "return a=b, a=c",
        "as = op()",
    ],
)
def test_lines_that_are_not_plain_are_left_to_the_grammar(text: str) -> None:
    assert read_plain(text, 0, len(text)) is None


PLAIN = "a, b = op(x, y.out, key=z) as n after m  # c\nop()\nreturn a=b\n"


def test_plain_lines_load_no_grammar_and_no_explanations() -> None:
    code = (
        "import sys; from jobc.compiler.syntax.wiring import parse_wiring; "
        f"print(len(parse_wiring({PLAIN!r})[0].statements), "
        "[name for name in sys.modules if name == 'lark' or name.endswith(('grammar', 'problems'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "3 ['jobc.compiler.syntax.problems']\n"
