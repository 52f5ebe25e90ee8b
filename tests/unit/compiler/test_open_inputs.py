"""Inputs that nothing can feed are found without the author's code, behind selections, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.compiler.pipeline import load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

    from jobc.schemas.diagnostics import Diagnostic

FUNCTIONS = """\
from __future__ import annotations
from typing import Any, Optional


class Parcel:
    pass


def scan() -> Any:
    return None


def pack(parcels: ANNOTATION) -> int:
    return 1
"""
UNWRITABLE = [
    "Parcel",
    "list[Parcel]",
    "list['Parcel']",
    "dict[str, Parcel]",
    "tuple[Parcel, int]",
    "list[Parcel | None]",
    "Optional[Parcel]",
    "Parcel | int",
    "dict[int, str]",
]


def spec(folder: Path, wiring: str, annotation: str, job: str = "", pack: str = "") -> str:
    module = folder.name.replace("-", "_")
    (folder / f"{module}.py").write_text(FUNCTIONS.replace("ANNOTATION", annotation))
    path = folder / "spec.yaml"
    path.write_text(
        "jobc: 1\nops:\n"
        f"  scan: {{python: '{module}:scan'}}\n"
        f"  pack: {{python: '{module}:pack'{pack}}}\n"
        f"graphs: {{main: {{wiring: {wiring}}}}}\n"
        f"jobs: {{all: {{graph: main{job}}}}}\n".replace("MODULE", module)
    )
    return str(path)


def found(path: str) -> tuple[Diagnostic, ...]:
    return validate([path]).diagnostics


@pytest.mark.parametrize("annotation", UNWRITABLE)
def test_an_input_that_config_cannot_hold_needs_a_source(tmp_path: Path, annotation: str) -> None:
    assert [each.code for each in found(spec(tmp_path, "pack()", annotation))] == ["JC0401"]
    assert found(spec(tmp_path, "pack(scan())", annotation)) == ()


@pytest.mark.parametrize("annotation", UNWRITABLE)
def test_a_selection_that_leaves_such_an_input_open_is_found(tmp_path: Path, annotation: str) -> None:
    (diagnostic,) = found(spec(tmp_path, "pack(scan())", annotation, ", select: pack"))
    assert diagnostic.code == "JC0902"
    assert (
        "the selection in job `all` leaves an input open: input `parcels` of op `pack`" in diagnostic.message
    )


def test_the_type_of_an_open_input_is_named_as_written(tmp_path: Path) -> None:
    path = spec(
        tmp_path, "pack(scan())", "list", ", select: pack", ", inputs: {parcels: 'list[MODULE:Parcel]'}"
    )
    (diagnostic,) = found(path)
    assert "a value of type `list[Parcel]` cannot be given in run config" in diagnostic.message


@pytest.mark.parametrize(
    "annotation", ["list[Parcel] = ()", "list[int]", "dict[str, Any]", "dict", "int | str"]
)
def test_a_default_or_config_may_feed_what_a_selection_cuts_off(tmp_path: Path, annotation: str) -> None:
    path = spec(tmp_path, "pack(scan())", annotation, ", select: pack")
    assert found(path) == ()
    assert list(load(path).graph.nodes) == ["pack"]
