"""`import jobc`: every public name is there, and nothing is loaded before it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import jobc

FACADE = Path(jobc.__file__)
TREE = ast.parse(FACADE.read_text(encoding="utf-8"))
OWN = {"__version__", "validate"}


def table(name: str) -> list[str]:
    """Return the keys or items of a literal in the facade."""
    for node in TREE.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return list(ast.literal_eval(node.value))
    raise AssertionError(name)


def seen_by_type_checkers() -> set[str]:
    (block,) = (
        node for node in TREE.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    imported = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name
        for node in imported
        if (node.module or "").startswith("jobc.")
        for alias in node.names
    }


@pytest.mark.parametrize("name", jobc.__all__)
def test_every_public_name_can_be_used(name: str) -> None:
    assert getattr(jobc, name) is getattr(jobc, name)
    assert name in dir(jobc)


def test_editors_and_the_running_program_see_the_same_names() -> None:
    assert set(table("__all__")) - OWN == set(table("_HOMES")) == seen_by_type_checkers()


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module `jobc` has no attribute `valdate`"):
        jobc.valdate  # type: ignore[attr-defined]  # noqa: B018 - reading it is the test
    with pytest.raises(ImportError):
        exec("from jobc import valdate")  # noqa: S102


def test_importing_loads_nothing_else() -> None:
    program = "import sys; before = set(sys.modules); import jobc; print(*(set(sys.modules) - before))"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=FACADE.parents[1], check=True, text=True
    )
    assert result.stdout.split() == ["jobc"]


def test_the_spec_side(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(
        "jobc: 1\nops: {a: {python: 'm:a', inputs: {}}}\ngraphs: {g: {wiring: a()}}\njobs: {j: {graph: g}}\n"
    )
    assert jobc.validate([spec]) == []
    compiled = jobc.compile(spec)
    assert list(compiled.jobs) == ["j"]
    assert len(compiled.jobs["j"].digest) == 64
    spec.write_text(spec.read_text().replace("a()", "b()"))
    (mistake,) = jobc.validate([str(tmp_path)])
    assert mistake.code == "JC0311"
    with pytest.raises(jobc.CompileError) as caught:
        jobc.compile(spec)
    assert caught.value.diagnostics == (mistake,)


def test_one_path_may_be_given_alone(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text("jobc: 1\n")
    assert jobc.validate(spec) == jobc.validate(str(spec)) == jobc.validate([spec]) == []
