"""Types of edges: what is refused would fail in a run, and what a run may accept is left alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from jobc.compiler.pipeline import load
from jobc.compiler.validation import validate
from jobc.runtime.errors import TypeCheckDidNotPass

if TYPE_CHECKING:
    from pathlib import Path

MODULE = """\
VALUE = {value!r}


def give(_x=None):
    return VALUE


def items():
    return {{"k": VALUE}}


def take(x):
    return None
"""

UNUSED = ("JC0430", "JC0431", "JC0608")

# How the output `x` of a node reaches an input.
FORMS = {
    "edge": "take(give())",
    "fan-in": "take([give(), give()])",
    "graph": "take(outer())",
    "into a graph": "into(give())",
    "map": "items().map(take)",
    "collect": "take(items().collect())",
    "mapped": "items().map(give).map(take)",
    "mapped and collected": "take(items().map(give).collect())",
}


def spec(wiring: str, source: str, target: str) -> dict[str, Any]:
    give = {"python": "mod:give", "outputs": {"x": source}}
    items = {"python": "mod:items", "inputs": {}, "outputs": {"x": {"type": source, "dynamic": True}}}
    return {
        "jobc": 1,
        "ops": {
            "give": {**give, "inputs": {"_x": {"type": "any", "default": None}}},
            "items": items,
            "take": {"python": "mod:take", "inputs": {"x": target}, "outputs": {"done": "nothing"}},
        },
        "graphs": {
            "inner": {"wiring": "return give()"},
            "outer": {"wiring": "kept = inner()\nreturn kept"},
            "into": {"inputs": {"y": "any"}, "wiring": "take(y)"},
        },
        "jobs": {"main": {"wiring": wiring}},
    }


def write(folder: Path, document: dict[str, Any], value: object) -> Path:
    (folder / "mod.py").write_text(MODULE.format(value=value))
    path = folder / "spec.json.yaml"
    path.write_text(json.dumps(document))
    return path


def codes(path: Path) -> list[str]:
    return [each.code for each in validate([path]).diagnostics if each.code not in UNUSED]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("source", "value", "target"),
    [
        ("int", 1, "str"),
        ("str", "a", "int | None"),
        ("list[int]", [1], "list[str]"),
        ("dict[str, int]", {"a": 1}, "dict[str, bytes]"),
        ("str", "a", "path"),
        ("int | str", 1, "bytes"),
        ("literal['a']", "a", "literal['b', 'c']"),
    ],
)
def test_a_refused_edge_would_fail_in_a_run(
    form: str, source: str, value: object, target: str, tmp_path: Path
) -> None:
    is_list = form in ("fan-in", "collect", "mapped and collected")
    wanted = f"list[{target}]" if is_list else target
    refused = write(tmp_path, spec(FORMS[form], source, wanted), value)
    assert set(codes(refused)) == {"JC0510"}
    untyped = write(tmp_path, spec(FORMS[form], "any", wanted), value)
    assert codes(untyped) == []
    with pytest.raises(TypeCheckDidNotPass):
        load(f"{untyped}#main").execute_in_process()


@pytest.mark.parametrize(
    ("source", "value", "target"),
    [
        ("bool", True, "int"),
        ("int | None", 1, "int"),
        ("date", "2024-01-01", "datetime"),
        ("any", 1, "str"),
        ("list", [1], "list[str]"),
        ("str", "a", "literal['a', 'b']"),
        ("mod:Own", 1, "mod:Other"),
        ("mod:Own", 1, "int"),
        ("int", 1, "float"),
        ("list[int]", [1], "list[float]"),
        ("int", 1, "nothing"),
        ("nothing", None, "int | None"),
        ("tuple[int, str]", (1, "a"), "tuple[int | str, any]"),
    ],
)
def test_what_may_fit_is_left_alone(source: str, value: object, target: str, tmp_path: Path) -> None:
    path = write(tmp_path, spec("take(give())", source, target), value)
    with (tmp_path / "mod.py").open("a") as file:
        file.write("\n\ndef __getattr__(name):\n    return int\n")
    assert set(codes(path)) <= {"JC0414"}


def test_no_data_is_none_where_data_is_wanted(tmp_path: Path) -> None:
    path = write(tmp_path, spec("take(give())", "nothing", "int"), None)
    (refused,) = [each for each in validate([path]).diagnostics if each.code == "JC0510"]
    assert "no data" in refused.message
    assert refused.help == "`after` orders two nodes without data"


def test_types_of_functions_that_are_not_there_are_unknown(tmp_path: Path) -> None:
    document = spec("take(give())", "int", "str")
    for op in document["ops"].values():
        op.pop("outputs")
        op.pop("inputs", None)
    path = write(tmp_path, document, 1)
    (tmp_path / "mod.py").unlink()
    assert codes(path) == []


def test_an_io_manager_of_ones_own_may_make_something_else_of_a_value(tmp_path: Path) -> None:
    document = spec("take(give())", "int", "str")
    document["resources"] = {"io_manager": {"python": "mod:give"}, "plain": {"builtin": "fs_io_manager"}}
    assert codes(write(tmp_path, document, 1)) == []
    document["ops"]["give"]["outputs"] = {"x": {"type": "int", "io_manager": "plain"}}
    assert codes(write(tmp_path, document, 1)) == ["JC0510"]
    document["ops"]["give"]["outputs"] = {"x": {"type": "int", "io_manager": "own"}}
    document["resources"]["own"] = document["resources"].pop("io_manager")
    assert codes(write(tmp_path, document, 1)) == []


def test_an_input_of_a_graph_may_be_the_written_form(tmp_path: Path) -> None:
    for declared, wanted, found in (
        ("str", "path", []),
        ("str", "date", []),
        ("list[str]", "set[date]", []),
        ("int", "timedelta", []),
        ("int", "str", ["JC0510"]),
        ("list[int]", "set[str]", ["JC0510"]),
    ):
        document = spec("take(give())", "any", wanted)
        document["graphs"]["into"]["inputs"] = {"y": declared}
        assert codes(write(tmp_path, document, 1)) == found, (declared, wanted)


def test_values_of_a_run_reach_what_a_graph_input_is_used_for(tmp_path: Path) -> None:
    document = spec("take(give())", "any", "path")
    document["graphs"]["into"]["inputs"] = {"y": "str"}
    document["jobs"]["main"] = {"graph": "into", "inputs": {"y": "a/b"}}
    path = write(tmp_path, document, 1)
    assert codes(path) == []
    assert load(f"{path}#main").execute_in_process().success
