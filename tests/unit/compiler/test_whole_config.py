"""The parameter `config` takes the whole config, a dict: an annotation that says otherwise is a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from jobc.compiler.pipeline import load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """\
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional, TypedDict

import elsewhere


@dataclass
class Settings:
    low: int


class Given(TypedDict):
    low: int


class Own(dict): ...


def sift(config: ANNOTATION) -> object:
    return dict(config)
"""


def codes(folder: Path, annotation: str, section: str = "ops") -> list[str]:
    module = folder.name.replace("-", "_")
    (folder / f"{module}.py").write_text(FUNCTIONS.replace("ANNOTATION", annotation))
    path = folder / "spec.yaml"
    path.write_text(f"jobc: 1\n{section}: {{sift: {{python: '{module}:sift', config: {{low: int}}}}}}\n")
    return [each.code for each in validate([str(path)]).diagnostics]


@pytest.mark.parametrize("section", ["ops", "resources"])
@pytest.mark.parametrize("annotation", ["Settings", "'Settings'", "int", "list[int]", "dict[str, str] | str"])
def test_what_a_dict_can_never_be_is_a_mistake(tmp_path: Path, annotation: str, section: str) -> None:
    wanted = [] if annotation.startswith("dict") else ["JC0513"]
    assert codes(tmp_path, annotation, section) == wanted


@pytest.mark.parametrize(
    "annotation",
    [
        "dict",
        "dict[str, int]",
        "dict[str, Any]",
        "Mapping[str, object]",
        "Any",
        "object",
        "Given",
        "Own",
        "Optional[Settings]",
        "elsewhere.Settings",
        "Missing",
    ],
)
def test_what_a_dict_may_be_is_not(tmp_path: Path, annotation: str) -> None:
    assert codes(tmp_path, annotation) == []


def test_the_message_says_what_the_function_gets(tmp_path: Path) -> None:
    codes(tmp_path, "Settings")
    (diagnostic,) = validate([str(tmp_path / "spec.yaml")]).diagnostics
    assert diagnostic.message == "the whole config is a `dict`, `sift` takes `config` as `Settings`"


def test_the_function_gets_a_dict(tmp_path: Path) -> None:
    codes(tmp_path, "dict")
    path = tmp_path / "spec.yaml"
    path.write_text(path.read_text() + "graphs: {main: {wiring: sift()}}\njobs: {all: {graph: main}}\n")
    text = (tmp_path / f"{tmp_path.name.replace('-', '_')}.py").read_text()
    (tmp_path / f"{tmp_path.name.replace('-', '_')}.py").write_text(text.replace("import elsewhere\n", ""))
    result = load(path).execute_in_process({"ops": {"sift": {"config": {"low": 3}}}})
    assert result.output_for_node("sift") == {"low": 3}
