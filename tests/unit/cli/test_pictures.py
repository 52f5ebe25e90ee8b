from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc import DynamicOut, DynamicOutput, graph, job, op
from jobc.cli import MISTAKES, OK, USAGE, main
from jobc.cli.dot import dot_text
from jobc.cli.drawing import draw
from jobc.cli.mermaid import mermaid_text
from jobc.cli.pictures import picture
from jobc.runtime.definitions.graph import GraphDefinition
from jobc.runtime.definitions.job import JobDefinition
from jobc.runtime.definitions.node import Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEC = """\
jobc: 1
ops:
  read: {python: "shop:read", outputs: {out: int}}
  clean: {python: "shop:clean", inputs: {rows: int}, outputs: {good: int, bad: int}}
  merge: {python: "shop:merge", inputs: {parts: "list[int]"}, outputs: {out: int}}
  notify: {python: "shop:notify", outputs: {out: nothing}}
graphs:
  region:
    wiring: |
      rows = read()
      good, bad = clean(rows) as end
      return good=good, bad=bad
  world:
    wiring: |
      us_good, us_bad = region() as subgraph
      eu_good, eu_bad = region() as digraph
      merge([us_good, us_bad, eu_good, us_good]) as total
      notify() after digraph
      region() as late after notify
jobs:
  sales: {graph: world}
"""
SHOP = """\
def read(): ...
def clean(rows): ...
def merge(parts): ...
def notify(): ...
"""
MERMAID = """\
---
title: "sales"
---
flowchart LR
    subgraph g0["subgraph<br/>(region)"]
        n0["read"]
        n1["end<br/>(clean)"]
    end
    subgraph g1["digraph<br/>(region)"]
        n2["read"]
        n3["end<br/>(clean)"]
    end
    n4["total<br/>(merge)"]
    n5["notify"]
    subgraph g2["late<br/>(region)"]
        n6["read"]
        n7["end<br/>(clean)"]
    end
    n0 --> n1
    n2 --> n3
    n1 -->|"good"| n4
    n1 -->|"bad"| n4
    n3 -->|"good"| n4
    n6 --> n7
    g1 -.-> n5
    n5 -.-> g2
"""
DOT = """\
digraph "sales" {
    label="sales"
    labelloc=t
    rankdir=LR
    compound=true
    node [shape=box, style="rounded,filled", fillcolor=white]
    subgraph cluster_g0 {
        label="subgraph\\n(region)"
        n0 [label="read"]
        n1 [label="end\\n(clean)"]
    }
    subgraph cluster_g1 {
        label="digraph\\n(region)"
        n2 [label="read"]
        n3 [label="end\\n(clean)"]
    }
    n4 [label="total\\n(merge)"]
    n5 [label="notify"]
    subgraph cluster_g2 {
        label="late\\n(region)"
        n6 [label="read"]
        n7 [label="end\\n(clean)"]
    }
    n0 -> n1
    n2 -> n3
    n1 -> n4 [label="good"]
    n1 -> n4 [label="bad"]
    n3 -> n4 [label="good"]
    n6 -> n7
    n2 -> n5 [style=dashed, ltail=cluster_g1]
    n5 -> n6 [style=dashed, lhead=cluster_g2]
}
"""


@pytest.mark.parametrize(
    ("words", "expected"), [([], MERMAID), (["--format", "mermaid"], MERMAID), (["--format", "dot"], DOT)]
)
def test_a_job_is_drawn(
    words: list[str],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "shop.yaml").write_text(SPEC)
    assert main(["graph", "shop.yaml#sales", *words]) == OK
    assert capsys.readouterr() == (expected, "")


def test_a_job_that_cannot_be_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["graph", "shop.yaml"]) == MISTAKES
    assert main(["graph", "shop.yaml", "--format", "svg"]) == USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error[JC0101]: there is no file `shop.yaml`\n")


@op(out=DynamicOut(int))
def pages() -> Iterator[DynamicOutput[int]]:
    yield DynamicOutput(1, mapping_key="one")


@op
def double(page: int) -> int:
    return page * 2


@op
def add(numbers: list[int]) -> int:
    return sum(numbers)


@job
def book() -> None:
    add(pages().map(double).collect())


def test_dynamic_outputs_are_told_from_others() -> None:
    assert picture(book, (), "mermaid").splitlines()[4:] == [
        '    n0["pages"]',
        '    n1["double"]',
        '    n2["add"]',
        '    n0 -->|"each"| n1',
        '    n1 -->|"all"| n2',
    ]


@op
def alone() -> None: ...


@graph
def inner() -> None:
    alone()


@graph
def outer() -> None:
    inner()


@job
def deep() -> None:
    outer()


def test_graphs_stand_in_graphs_at_any_depth() -> None:
    assert picture(deep, {"outer.inner.alone"}, "dot").splitlines()[6:] == [
        "    subgraph cluster_g0 {",
        '        label="outer"',
        "        subgraph cluster_g1 {",
        '            label="inner"',
        '            n0 [label="alone", fillcolor="#ffe08a", color="#8a6d00", penwidth=3]',
        "        }",
        "    }",
        "}",
    ]


def test_a_graph_without_nodes_is_a_box() -> None:
    nothing = GraphDefinition.of("nothing", {}, {})
    around = GraphDefinition.of("around", {"gap": Node("gap", nothing)}, {})
    drawing = draw(JobDefinition(graph_def=around, name="j"))
    assert [(member.id, member.label) for member in drawing.members] == [("n0", "gap\n(nothing)")]
    assert draw(JobDefinition(graph_def=nothing, name="j")).members == ()


@pytest.mark.parametrize(
    ("text", "in_mermaid", "in_dot"),
    [
        ("end", '"end"', '"end"'),
        ('a "b"', '"a #34;b#34;"', '"a \\"b\\""'),
        ("a\\N", '"a#92;N"', '"a\\\\N"'),
        ("one\ntwo", '"one<br/>two"', '"one\\ntwo"'),
        ("#quot;<b>&", '"#35;quot#59;#60;b#62;#38;"', '"#quot;<b>&"'),
        ("`*x*`", '"#96;#42;x#42;#96;"', '"`*x*`"'),
        ("a|b]", '"a#124;b]"', '"a|b]"'),
        ("é漢", '"é漢"', '"é漢"'),
    ],
)
def test_labels_are_quoted(text: str, in_mermaid: str, in_dot: str) -> None:
    assert mermaid_text(text) == in_mermaid
    assert dot_text(text) == in_dot
