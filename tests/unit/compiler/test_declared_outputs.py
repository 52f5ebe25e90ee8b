"""Outputs of `@op` targets: the spec uses them as the decorator declares them, and need not repeat them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.compiler.pipeline import load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "import jobc\nfrom jobc import DynamicOut, DynamicOutput, In, Out, Output, op\n\n\n"
USE = "def use(rows: list) -> list:\n    return rows\n"
BOTH = (
    "@op(out={'left': Out(list), 'right': Out(list, is_required=False)})\n"
    "def cut():\n    yield Output([1], 'left')\n    yield Output([2], 'right')\n\n\n"
)


def spec(folder: Path, functions: str, *lines: str, cut: str = "") -> str:
    module = folder.name.replace("-", "_")
    (folder / f"{module}.py").write_text(HEAD + functions + USE)
    wiring = "".join(f"      {line}\n" for line in lines)
    path = folder / "spec.yaml"
    path.write_text(
        f"jobc: 1\nops:\n  cut: {{python: '{module}:cut'{cut}}}\n  use: {{python: '{module}:use'}}\n"
        f"graphs:\n  main:\n    wiring: |\n{wiring}jobs: {{all: {{graph: main}}}}\n"
    )
    return str(path)


def messages(path: str) -> list[tuple[str, str]]:
    return [(each.code, each.message) for each in validate([path]).diagnostics]


@pytest.mark.parametrize(
    "lines",
    [
        ("p = cut()", "use(p.left) as first", "use(p.right) as second"),
        ("left, right = cut()", "use(left) as first", "use(right) as second"),
    ],
)
def test_outputs_are_those_of_the_decorator(tmp_path: Path, lines: tuple[str, ...]) -> None:
    path = spec(tmp_path, BOTH, *lines)
    assert messages(path) == []
    result = load(path).execute_in_process()
    assert [result.output_for_node(node) for node in ("first", "second")] == [[1], [2]]


def test_an_output_that_the_decorator_lacks_is_a_mistake(tmp_path: Path) -> None:
    path = spec(tmp_path, BOTH, "p = cut()", "use(p.lft)")
    assert messages(path) == [("JC0317", "`p` has no output `lft`")]


def test_a_declared_output_is_dynamic_where_the_decorator_says_so(tmp_path: Path) -> None:
    functions = (
        "@op(out={'parts': DynamicOut(list)})\n"
        "def cut():\n"
        "    yield DynamicOutput([1], 'a', 'parts')\n"
        "    yield DynamicOutput([2], 'b', 'parts')\n\n\n"
    )
    path = spec(tmp_path, functions, "p = cut()", "p.parts.map(use)")
    assert messages(path) == []
    assert load(path).execute_in_process().output_for_node("use") == {"a": [1], "b": [2]}
    assert [code for code, _ in messages(spec(tmp_path, functions, "p = cut()", "use([p.parts])"))] == [
        "JC0422"
    ]


@pytest.mark.parametrize(
    "decorator",
    [
        "@op(out=OUTS)",
        "@op(out={**OUTS})",
        "@op(out={'left': OUT})",
        "@op(**{'out': OUTS})",
        "@op(out={'left': Out(list, is_required=bool(OUTS))})",
    ],
)
def test_outputs_that_are_not_spelled_out_are_repeated_in_the_spec(tmp_path: Path, decorator: str) -> None:
    functions = f"OUT = Out(list)\nOUTS = {{'left': OUT}}\n\n\n{decorator}\ndef cut():\n    return [1]\n\n\n"
    path = spec(tmp_path, functions, "p = cut()", "use(p.left)", cut=", outputs: {left: list}")
    assert messages(path) == []
    assert load(path).execute_in_process().output_for_node("use") == [1]


def test_an_op_of_no_outputs_gives_nothing_to_pass_on(tmp_path: Path) -> None:
    path = spec(tmp_path, "@jobc.op(out={})\ndef cut():\n    pass\n\n\n", "use(cut())")
    assert [code for code, _ in messages(path)] == ["JC0409"]
