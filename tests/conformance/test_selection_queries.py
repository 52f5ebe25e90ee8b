"""What every form of a selection selects, and what each mistake is told (SEMANTICS 6, 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from jobc.runtime.definitions.configured import changed
from jobc.runtime.errors import InvalidSubsetError
from jobc.runtime.selection.subset import select_in_job
from tests.conformance.selection_jobs import JOBS

Query = str | list[str]
SELECTIONS: dict[str, str | list[str]] = {
    "ends": "roots(name:*) or sinks(name:*)",
    "first_two": ["a", "b"],
    "by_name": "@first_two and name:b",
    "all_of_it": "*",
    "loop": "a or @back",
    "back": "@loop",
    "self": "@self",
    "typo": "a or bb",
    "hollow": ["a", "tag:none"],
    "far.away": "c",
}


@dataclass(frozen=True)
class Error:
    """What the message must hold, and where the mistake is: the clause (from 0) and the offset in it."""

    pattern: str
    position: int | None = 0
    clause: int | None = 0


# fmt: off
SELECTED: list[tuple[str, str, Query, str]] = [
    # a clause of section 6
    ("6", "chain", ["a"], "a"),
    ("6", "chain", ["c"], "c"),
    ("6", "chain", ["*c"], "a b c"),
    ("6", "chain", ["c*"], "c d e"),
    ("6", "chain", ["*c*"], "a b c d e"),
    ("6", "chain", ["+c"], "b c"),
    ("6", "chain", ["++c"], "a b c"),
    ("6", "chain", ["+++c"], "a b c"),
    ("6", "chain", ["c+"], "c d"),
    ("6", "chain", ["b+++"], "b c d e"),
    ("6", "chain", ["+c+"], "b c d"),
    ("6", "chain", ["++d+"], "b c d e"),
    ("6", "chain", ["*c+"], "a b c d"),
    ("6", "chain", ["*b+++"], "a b c d e"),
    ("6", "chain", ["*+c"], "a b c"),
    ("6", "chain", ["*+++c"], "a b c"),
    ("6", "chain", ["c+*"], "c d e"),
    ("6", "chain", ["c+++*"], "c d e"),
    ("6", "chain", ["*+c+*"], "a b c d e"),
    ("6", "chain", ["+a"], "a"),
    ("6", "chain", ["e*"], "e"),
    ("6", "chain", ["*"], "a b c d e"),
    ("6", "chain", [" * "], "a b c d e"),
    ("6", "chain", ["  c+ "], "c d"),
    ("6", "chain", ["\tc\n"], "c"),
    ("6", "chain", ["a", "e"], "a e"),
    ("6", "chain", ["e", "a"], "a e"),
    ("6", "chain", ["a", "a", "a"], "a"),
    ("6", "chain", ["*b", "d*"], "a b d e"),
    ("6", "chain", ("a", "b"), "a b"),  # type: ignore[list-item]  # any sequence will do
    ("6", "diamond", ["*bottom"], "top left right bottom"),
    ("6", "diamond", ["+bottom"], "left right bottom"),
    ("6", "diamond", ["top+"], "top left right"),
    ("6", "diamond", ["*left"], "top left"),
    ("6", "diamond", ["left*"], "left bottom"),
    ("6", "diamond", ["*left*"], "top left bottom"),
    ("6", "diamond", ["left", "right"], "left right"),
    ("6", "nested", ["tidy"], "tidy.clean tidy.trim"),
    ("6", "nested", ["load+"], "load tidy.clean tidy.trim audit"),
    ("6", "nested", ["load++"], "load tidy.clean tidy.trim save audit"),
    ("6", "nested", ["*save"], "load tidy.clean tidy.trim save"),
    ("6", "nested", ["+save"], "tidy.clean tidy.trim save"),
    ("6", "nested", ["tidy+"], "tidy.clean tidy.trim save"),
    ("6", "nested", ["*tidy"], "load tidy.clean tidy.trim"),
    ("6", "nested", ["audit"], "audit"),
    ("6", "nested", ["tidy.clean"], "tidy.clean"),
    ("6", "nested", ["tidy.clean", "tidy.trim"], "tidy.clean tidy.trim"),
    ("6", "nested", ["tidy.trim", "save"], "tidy.trim save"),
    ("6", "deep", ["outer"], "outer.inner.one outer.inner.two outer.three"),
    ("6", "deep", ["outer.inner"], "outer.inner.one outer.inner.two"),
    ("6", "deep", ["outer.inner.two"], "outer.inner.two"),
    ("6", "deep", ["again.one"], "again.one"),
    ("6", "deep", ["start+"], "start outer.inner.one outer.inner.two outer.three again.one again.two"),
    ("6", "deep", ["+finish"], "outer.inner.one outer.inner.two outer.three finish"),
    ("6", "fan", ["+gather"], "s1 s2 s3 gather"),
    ("6", "fan", ["s2*"], "s2 gather out"),
    ("6", "fan", ["++out"], "s1 s2 s3 gather out"),
    ("6", "dynamic", ["emit+"], "emit body"),
    ("6", "dynamic", ["*all_of"], "emit body more all_of"),
    ("6", "dynamic", ["body"], "body"),
    ("6", "dynamic", ["+all_of"], "more all_of"),
    ("6", "islands", ["left_a*"], "left_a left_b"),
    ("6", "islands", ["*right_c"], "right_a right_b right_c"),
    ("6", "islands", ["*alone*"], "alone"),
    ("6", "numbers", ["2"], "2"),
    ("6", "numbers", ["2+"], "2 2b"),
    ("6", "numbers", ["1++"], "1 2 2b"),
    ("6", "numbers", ["+2"], "1 2"),
    ("6", "numbers", ["*2b"], "1 2 2b"),
    ("6", "numbers", ["10"], "10"),
    ("6", "ordered", ["both"], "both.x both.y"),
    ("6", "ordered", ["*both"], "first both.x both.y"),
    ("6", "ordered", ["*last"], "first last both.x both.y"),
    ("6", "ordered", ["first+"], "first both.x both.y"),
    ("6", "ordered", ["second*"], "second"),
    # section 7: each clause by its own form
    ("7", "nested", ["tidy.clean", "load*"], "load tidy.clean tidy.trim save audit"),
    ("7", "nested", ["tidy.trim", "audit+"], "tidy.trim audit"),
    ("7", "nested", ["tidy", "tidy.clean"], "tidy.clean tidy.trim"),
    ("7", "nested", ["tidy.clean", "tidy"], "tidy.clean tidy.trim"),
    # a dotted path walks the ops
    ("7", "nested", "tidy.clean+", "tidy.clean tidy.trim"),
    ("7", "nested", "+tidy.clean", "load tidy.clean"),
    ("7", "nested", "*tidy.trim", "load tidy.clean tidy.trim"),
    ("7", "nested", "tidy.trim*", "tidy.trim save"),
    ("7", "nested", "tidy.clean+2", "tidy.clean tidy.trim save"),
    ("7", "deep", "outer.inner+", "outer.inner.one outer.inner.two outer.three"),
    ("7", "deep", "+outer.inner", "start outer.inner.one outer.inner.two"),
    ("7", "deep", "2+outer.three", "outer.inner.one outer.inner.two outer.three"),
    # levels by number
    ("7", "chain", "2+d", "b c d"),
    ("7", "chain", "b+2", "b c d"),
    ("7", "chain", "1+c+1", "b c d"),
    ("7", "chain", "9+c+0", "a b c"),
    ("7", "chain", "0+c", "c"),
    ("7", "chain", "*c+2", "a b c d e"),
    ("7", "chain", "++c+1", "a b c d"),
    ("7", "numbers", "1+2", "1 2"),
    ("7", "numbers", "2+2b", "1 2 2b"),
    ("7", "numbers", "(1)+2", "1 2 2b"),
    ("7", "numbers", "2+ or 1", "1 2 2b"),
    # operators and their order
    ("7", "chain", "a or c", "a c"),
    ("7", "chain", "a or c or e", "a c e"),
    ("7", "chain", "*c and b*", "b c"),
    ("7", "chain", "*d except b", "a c d"),
    ("7", "chain", "*d and not b", "a c d"),
    ("7", "chain", "*d except b except c", "a d"),
    ("7", "chain", "*d except b and c*", "c d"),
    ("7", "chain", "not c", "a b d e"),
    ("7", "chain", "not not c", "c"),
    ("7", "chain", "not a and not b", "c d e"),
    ("7", "chain", "a or b and c", "a"),
    ("7", "chain", "(a or b) and b", "b"),
    ("7", "chain", "not (a or b)", "c d e"),
    ("7", "chain", "not a or a", "a b c d e"),
    ("7", "chain", "*d except (b or c)", "a d"),
    ("7", "chain", "(a)or(b)", "a b"),
    ("7", "chain", "  a   or\n\tb ", "a b"),
    ("7", "chain", "(a and b) or c", "c"),
    ("7", "chain", "a or tag:none", "a"),
    ("7", "chain", "((c))+", "c d"),
    ("7", "chain", "(a or d)+", "a b d e"),
    ("7", "chain", "+(b or e)", "a b d e"),
    ("7", "chain", "(c+)+", "c d e"),
    ("7", "chain", "*(c except c) or e", "e"),
    ("7", "nested", "(tidy)+", "tidy.clean tidy.trim save"),
    ("7", "nested", "(load or load)+", "load tidy.clean audit"),
    # functions
    ("7", "chain", "roots(*d)", "a"),
    ("7", "chain", "sinks(*d)", "d"),
    ("7", "chain", "roots(a or c or e)", "a"),
    ("7", "chain", "sinks(a or c or e)", "e"),
    ("7", "islands", "roots(name:*)", "left_a right_a alone"),
    ("7", "islands", "sinks(name:*)", "left_b right_c alone"),
    ("7", "islands", "roots(left_b or right_b or right_c)", "left_b right_b"),
    ("7", "diamond", "between(top, bottom)", "top left right bottom"),
    ("7", "diamond", "between(left, bottom)", "left bottom"),
    ("7", "diamond", "between(top, left or right)", "top left right"),
    ("7", "chain", "between(b, d)", "b c d"),
    ("7", "chain", "between(d, b) or a", "a"),
    ("7", "chain", "between(c, c)", "c"),
    ("7", "nested", "between(load, tidy)", "load tidy.clean tidy.trim"),
    ("7", "deep", "between(start, outer.inner.one)", "start outer.inner.one"),
    ("7", "diamond", "closest(top, bottom)", "top left bottom"),
    ("7", "chain", "closest(a, c or e)", "a b c"),
    ("7", "chain", "closest(a or b, d)", "b c d"),
    ("7", "islands", "closest(left_a, right_c) or alone", "alone"),
    ("7", "chain", "roots( c* , )+", "c d"),
    ("7", "ordered", "roots(both or last)", "both.x both.y"),
    ("7", "ordered", "closest(first, last)", "first last both.x"),
    # attributes
    ("7", "islands", "name:left_*", "left_a left_b"),
    ("7", "islands", "name:*_?", "left_a left_b right_a right_b right_c"),
    ("7", "islands", "name:right_?", "right_a right_b right_c"),
    ("7", "islands", "name:alone", "alone"),
    ("7", "islands", 'name:"alone"', "alone"),
    ("7", "islands", "name:*e*", "left_a left_b alone"),
    ("7", "islands", "name:left_a+", "left_a left_b"),
    ("7", "islands", "name:right_?+", "right_a right_b right_c"),
    ("7", "islands", "*name:right_b", "right_a right_b"),
    ("7", "nested", "name:clean", "tidy.clean"),
    ("7", "nested", "op:step", "tidy.clean tidy.trim save audit"),
    ("7", "nested", "op:s*", "load tidy.clean tidy.trim save audit"),
    ("7", "nested", "graph:tidy", "tidy.clean tidy.trim"),
    ("7", "nested", "graph:nested", "load tidy.clean tidy.trim save audit"),
    ("7", "deep", "graph:inner", "outer.inner.one outer.inner.two again.one again.two"),
    ("7", "deep", "graph:again", "again.one again.two"),
    ("7", "deep", "graph:outer except graph:inner", "outer.three"),
    ("7", "labelled", "kind:shell", "sent"),
    ("7", "labelled", "kind:python", "load_orders tidied load_text"),
    ("7", "labelled", "tag:team", "load_orders tidied load_text"),
    ("7", "labelled", "tag:team=orders", "load_orders tidied"),
    ("7", "labelled", "tag:team=o*", "load_orders tidied load_text"),
    ("7", "labelled", "tag:c*=l*", "tidied"),
    ("7", "labelled", "tag:cost", "load_orders tidied"),
    ("7", "labelled", 'tag:note="a b"', "load_text"),
    ("7", "labelled", "tag:team=orders and not tag:cost=high", "tidied"),
    ("7", "labelled", "tag:cost=high+", "load_orders tidied"),
    ("7", "labelled", "resource:warehouse", "load_orders"),
    ("7", "labelled", "resource:io_manager", "load_orders tidied sent load_text"),
    ("7", "labelled", 'type:"dict[str, int]"', "load_text"),
    ("7", "labelled", "type:\"dict[str,int]\"", "load_text"),
    ("7", "labelled", "type:dict*", "load_text"),
    ("7", "labelled", "type:int", "load_orders tidied sent"),
    ("7", "labelled", "asset:daily/orders", "load_orders"),
    ("7", "labelled", "asset:daily/*", "load_orders tidied"),
    # named selections
    ("7", "chain", "@ends", "a e"),
    ("7", "chain", "@first_two", "a b"),
    ("7", "chain", "@by_name", "b"),
    ("7", "chain", "@all_of_it except c", "a b d e"),
    ("7", "chain", "@first_two+", "a b c"),
    ("7", "chain", "@far.away", "c"),
    ("7", "chain", ["@first_two", "e"], "a b e"),
    ("7", "chain", "@first_two or not @first_two", "a b c d e"),
]

REFUSED: list[tuple[str, str, Query, Error]] = [
    ("6", "chain", ["*", "a"], Error("`\\*` stands alone")),
    ("6", "chain", ["a", "*"], Error("`\\*` stands alone", 0, 1)),
    ("6", "chain", ["**a"], Error("`\\*\\*` is no hop up; write `\\*`")),
    ("6", "chain", ["+*a"], Error("`\\+\\*` is no hop up; write `\\*` before")),
    ("6", "chain", ["a**"], Error("`\\*\\*` is no hop down", 1)),
    ("6", "chain", ["a*+"], Error("`\\*\\+` is no hop down; write `\\*` after", 1)),
    ("6", "chain", ["a b"], Error("`b` does not belong here", 2)),
    ("6", "chain", ["a,b"], Error("`,` does not belong here.*as a list of clauses", 1)),
    ("6", "chain", ["a*b"], Error("`b` does not belong here.*wildcard", 2)),
    ("6", "chain", ["a+b"], Error("`b` does not belong here", 2)),
    ("6", "chain", [""], Error("the clause is empty")),
    ("6", "chain", ["   "], Error("the clause is empty")),
    ("6", "chain", ["+"], Error("`\\+` needs a node beside it")),
    ("6", "chain", ["**"], Error("`\\*\\*` needs a node beside it")),
    ("6", "chain", ["zz"], Error("job `chain` has no node `zz`")),
    ("6", "chain", ["a", "zz"], Error("job `chain` has no node `zz` \\(clause 2, position 0\\)", 0, 1)),
    ("6", "chain", ["*zz+"], Error("job `chain` has no node `zz`", 1)),
    ("6", "chain", ["A"], Error("job `chain` has no node `A`; did you mean `a`\\?")),
    ("6", "chain", ["a?"], Error("`\\?` does not belong here.*name:", 1)),
    ("6", "diamond", ["lefd"], Error("did you mean `left`\\?")),
    ("6", "nested", ["clean"], Error("did you mean `tidy.clean`\\?")),
    ("6", "nested", ["tidy.cleam"], Error("of job `nested` has no node `cleam`; did you mean `clean", 5)),
    ("6", "nested", ["tody.clean"], Error("has no node `tody`; did you mean `tidy`")),
    ("6", "nested", ["load.x"], Error("`load` is not a graph", 5)),
    ("6", "nested", ["tidy.clean.x"], Error("`tidy.clean` is not a graph", 11)),
    ("6", "dynamic", ["body[one]"], Error("a step of one mapping key.*write `body`")),
    ("7", "chain", "* a", Error("a space inside a hop; close the gap", 1)),
    ("7", "chain", "a +", Error("a space inside a hop; close the gap", 1)),
    ("7", "chain", "2+ a", Error("close the gap", 3)),
    ("7", "chain", "*+", Error("needs a node beside it")),
    ("7", "chain", "**", Error("needs a node beside it")),
    ("7", "chain", "a or *", Error("stands alone", 5)),
    ("7", "chain", "not *", Error("stands alone", 4)),
    ("7", "chain", "roots(*)", Error("stands alone", 6)),
    ("7", "chain", "(*)+", Error("stands alone")),
    ("7", "chain", "a or", Error("ends too early: expected a node", 4)),
    ("7", "chain", "(a", Error("ends too early: expected .* or `\\)`", 2)),
    ("7", "chain", "a)", Error("no bracket is open", 1)),
    ("7", "chain", "()", Error("`\\)` does not belong here", 1)),
    ("7", "chain", "and a", Error("`and` is a word of the language")),
    ("7", "chain", "a and or b", Error("`or` is a word of the language", 6)),
    ("7", "chain", "a AND b", Error("keywords are lower-case: write `and`", 2)),
    ("7", "chain", "a & b", Error("write `and`", 2)),
    ("7", "chain", "a | b", Error("write `or`", 2)),
    ("7", "chain", "!a", Error("write `not`")),
    ("7", "chain", "a - b", Error("write `except`", 2)),
    ("7", "chain", "a.b.", Error("`\\.` does not belong here", 3)),
    ("7", "chain", "nmae:a", Error("there is no attribute `nmae`; did you mean `name`\\?")),
    ("7", "chain", "colour:red", Error("the attributes are `name`, `op`")),
    ("7", "chain", "name:", Error("expected a value", 5)),
    ("7", "chain", "a and name:b=c", Error("`name:` takes one value", 12)),
    ("7", "chain", 'name:"a', Error('the quote " is never closed', 5)),
    ("7", "chain", 'name:"\\q"', Error("`\\\\q` is no escape", 6)),
    ("7", "chain", "root(a)", Error("there is no function `root`; did you mean `roots`\\?")),
    ("7", "chain", "ancestors(a)", Error("the functions are `roots`, `sinks`")),
    ("7", "chain", "roots(a, b)", Error("`roots` takes one set, not 2; write `roots\\(a\\)`")),
    ("7", "chain", "between(a)", Error("`between` takes two sets, not 1")),
    ("7", "chain", "roots()", Error("`roots` takes one set, not 0")),
    ("7", "chain", "@nope", Error("there is no selection `@nope`")),
    ("7", "chain", "a or @endz", Error("did you mean `ends`\\?", 5)),
    ("7", "chain", "@ ends", Error("follows its `@` at once")),
    ("7", "chain", "@self", Error("`@self` -> `@self`")),
    ("7", "chain", "b or @loop", Error("`@loop` -> `@back` -> `@loop`", 5)),
    ("7", "chain", "@typo", Error("in the selection `@typo` \\(`a or bb`\\): job `chain` has no node `bb`")),
    ("7", "chain", "@hollow", Error("in the selection `@hollow` \\(`tag:none`\\): this clause")),
    ("7", "chain", "a and b", Error("the query selects nothing")),
    ("7", "chain", "between(d, b)", Error("the query selects nothing")),
    ("7", "chain", "closest(d, b)", Error("the query selects nothing")),
    ("7", "chain", "not name:*", Error("the query selects nothing")),
    ("7", "chain", ["a", "b and c"], Error("this clause selects nothing", 0, 1)),
    ("7", "labelled", "tag:taem", Error("`tag:taem` fits nothing; did you mean `team`\\?")),
    ("7", "labelled", "tag:team=order", Error("did you mean `orders`\\?")),
    ("7", "labelled", "resource:warehose", Error("did you mean `warehouse`\\?")),
    ("7", "labelled", ["load_text", "kind:shel"], Error("`kind:shel` fits nothing; did you mean `sh", 0, 1)),
    ("7", "chain", "state:failed", Error("`state:` means nothing in job `chain`")),
    ("7", "chain", "state:broken", Error("there is no state `broken`; the states are `failed`")),
    ("7", "chain", "a+12345678", Error("longer than any graph; write `\\*`", 1)),
    ("7", "chain", "(" * 60 + "a" + ")" * 60, Error("more than 50 brackets", 51)),
    ("7", "chain", "not " * 60 + "a", Error("more than 50 brackets", 204)),
    ("7", "chain", "a" * 10_001, Error("more than 10,000")),
    ("7", "chain", "a or " * 2_500 + "a", Error("more than 10,000")),
    ("7", "chain", [], Error("there is no clause", None, None)),
]
# fmt: on


def name_of(row: tuple[str, str, Query, object]) -> str:
    section, job_name, query, _ = row
    shown = query if isinstance(query, str) else ", ".join(query)
    return f"sem_{section} {job_name} {type(query).__name__} {shown[:30]!r}"


@pytest.mark.parametrize("row", SELECTED, ids=name_of)
def test_a_query_selects(row: tuple[str, str, Query, str]) -> None:
    _, job_name, query, expected = row
    found = select_in_job(changed(JOBS[job_name], selections=SELECTIONS), query)
    assert found.paths == tuple(expected.split())
    assert found.explain()[-1].paths == found.paths


@pytest.mark.parametrize("row", REFUSED, ids=name_of)
def test_a_query_is_refused(row: tuple[str, str, Query, Error]) -> None:
    _, job_name, query, expected = row
    with pytest.raises(InvalidSubsetError) as caught:
        select_in_job(changed(JOBS[job_name], selections=SELECTIONS), query)
    message = str(caught.value)
    assert re.search(expected.pattern, message)
    assert (caught.value.clause, caught.value.position) == (expected.clause, expected.position)
    assert message.startswith(f"No qualified ops to execute found for select={query!r}: ")
