from __future__ import annotations

import pytest

from jobc.compiler.format.wiring_layout import is_same_wiring, lay_out_wiring

CASES = [
    ("a=f()", "a = f()"),
    ("a ,b=f ( x,y )as n   after c,d", "a, b = f(x, y) as n after c, d"),
    ("  a = f(k = 1,m=[ 1,-2 , ], n={ 'x' :1 })", "a = f(k=1, m=[1, -2,], n={'x': 1})"),
    ("return   total = a,b=c . d", "return total=a, b=c.d"),
    ("return a", "return a"),
    ("x = p . map( f,k=v ) as n\ny = x . collect ( )", "x = p.map(f, k=v) as n\ny = x.collect()"),
    ("f('a  b', \"c,d\", ${ vars.x },1e-3,true)", "f('a  b', \"c,d\", ${ vars.x }, 1e-3, true)"),
    ("f(a)\n\n\n\n  g(a)\n\n", "f(a)\n\ng(a)"),
    ("# a\nf()#b\n\n # c", "# a\nf()  #b\n\n# c"),
    ("a = f(\n x,\n# b\n g(\n y),\n   )", "a = f(\n  x,\n  # b\n  g(\n    y),\n)"),
    ("f([\n1,\n])", "f([\n  1,\n])"),
    ("after=f()\ng( after )  after   after", "after = f()\ng(after) after after"),
    ("", ""),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_layout(before: str, after: str) -> None:
    assert lay_out_wiring(before) == after
    assert lay_out_wiring(after) == after
    assert is_same_wiring(before, after)


@pytest.mark.parametrize("text", ["f(", "a = ", "a == f()", "f() g()", "f('a", "f();g()", "1.2.3"])
def test_a_text_with_a_mistake_has_no_layout(text: str) -> None:
    assert lay_out_wiring(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("f()\ng()", "f() g()"), ("f('a b')", "f('ab')"), ("f() # a", "f()"), ("a b", "ab"), ("f(#x\n)", "f()")],
)
def test_wiring_that_differs_in_more_than_layout(one: str, other: str) -> None:
    assert not is_same_wiring(one, other)
