"""Inputs of type `nothing`: an op waits for what feeds them, and its function takes no value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.compiler.pipeline import load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """\
RAN = []


def prepare() -> None:
    RAN.append("prepare")


def rows() -> list:
    return [1]


def store(rows):
    RAN.append("store")
    return rows


def store_any(**given):
    RAN.append("store")
    return given["rows"] if list(given) == ["rows"] else given


def store_with(rows, ready):
    RAN.append("store")
    return rows if ready is None else ready
"""


def spec(folder: Path, store: str, inputs: str = "{rows: list, ready: nothing}") -> str:
    module = folder.name.replace("-", "_")
    (folder / f"{module}.py").write_text(FUNCTIONS)
    path = folder / "spec.yaml"
    path.write_text(
        "jobc: 1\nops:\n"
        f"  prepare: {{python: '{module}:prepare'}}\n"
        f"  rows: {{python: '{module}:rows'}}\n"
        f"  store: {{python: '{module}:{store}', inputs: {inputs}}}\n"
        "graphs: {main: {wiring: 'store(rows(), ready=prepare())'}}\n"
        "jobs: {all: {graph: main}}\n"
    )
    return str(path)


@pytest.mark.parametrize("store", ["store", "store_any", "store_with"])
def test_an_op_waits_for_it_without_taking_it(tmp_path: Path, store: str) -> None:
    path = spec(tmp_path, store)
    assert validate([path]).diagnostics == ()
    job = load(path)
    assert job.execute_in_process().output_for_node("store") == [1]
    function = job.graph.nodes["store"].definition.function.function  # type: ignore[union-attr]
    assert function.__globals__["RAN"] == ["prepare", "store"]


def test_an_input_with_a_value_needs_a_parameter(tmp_path: Path) -> None:
    (diagnostic,) = validate([spec(tmp_path, "store", "{rows: list, ready: any}")]).diagnostics
    assert diagnostic.code == "JC0414"
    assert diagnostic.message == "`store` has no parameter for the input `ready`"
