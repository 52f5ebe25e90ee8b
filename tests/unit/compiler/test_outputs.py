"""Outputs in their long form: IO managers, assets, metadata, and what plain functions give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import jobc
from jobc.cli import OK, main
from jobc.compiler.pipeline import analyse, load
from jobc.compiler.validation import validate

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """\
import jobc

STORED = {}


class Store:
    def __init__(self, name):
        self.name = name

    def handle_output(self, context, value):
        STORED[self.name, context.step_key, context.name] = dict(context.metadata)
        self.value = value

    def load_input(self, context):
        return [self.name, self.value]


def warehouse():
    return Store("warehouse")


def attic():
    return Store("attic")


def in_order():
    return 1, 2


def by_name():
    return {"second": 2, "first": 1}


def one_left_out():
    return 1, jobc.SKIP


def by_outputs():
    yield jobc.Output(2, "second")
    yield jobc.Output(1, "first")


def too_few():
    return (1,)


def orders():
    return ["order"]


def show(value):
    return value
"""
SPEC = """\
jobc: 1
ops:
  in_order: {python: stock:in_order, outputs: {first: int, second: int}}
  by_name: {python: stock:by_name, outputs: {first: int, second: int}}
  one_left_out: {python: stock:one_left_out, outputs: {first: int, second: {type: int, required: false}}}
  by_outputs: {python: stock:by_outputs, outputs: {first: int, second: int}}
  too_few: {python: stock:too_few, outputs: {first: int, second: int}}
  orders:
    python: stock:orders
    outputs:
      orders:
        type: list
        io_manager: store
        asset: daily/orders
        metadata: {owner: orders@shop.example, sizes: [1, 2]}
        description: What was ordered.
  show: {python: stock:show, outputs: {shown: {type: any, asset: [daily, shown]}}}
resources:
  warehouse: {python: stock:warehouse}
  attic: {python: stock:attic}
  store: {python: stock:attic}
jobs:
  it:
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stock.py").write_text(FUNCTIONS, "utf-8")
    return tmp_path


def write(folder: Path, job: str, *changes: tuple[str, str]) -> Path:
    text = SPEC + job
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "spec.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("op", ["in_order", "by_name", "by_outputs"])
def test_a_plain_function_gives_several_outputs(folder: Path, op: str) -> None:
    path = write(folder, f"    wiring: |\n      first, second = {op}()\n      show(second)\n")
    assert not analyse(path).has_errors
    result = load(path).execute_in_process()
    assert result.output_for_node(op, "first") == 1
    assert result.output_for_node("show", "shown") == 2


def test_an_output_that_is_left_out_skips_what_needs_it(folder: Path) -> None:
    path = write(folder, "    wiring: |\n      first, second = one_left_out()\n      show(second)\n")
    result = load(path).execute_in_process()
    assert result.success
    assert [event.step_key for event in result.get_step_skipped_events()] == ["show"]


def test_too_few_outputs_are_a_failure_that_counts(folder: Path) -> None:
    path = write(folder, "    wiring: too_few()\n")
    with pytest.raises(jobc.InvariantViolationError, match="2"):
        load(path).execute_in_process()


FLOW = "    wiring: |\n      rows = orders()\n      show(rows)\n"


def test_an_output_is_stored_by_the_resource_it_names(folder: Path) -> None:
    import sys

    path = write(folder, FLOW)
    assert not analyse(path).has_errors
    job = load(path)
    result = job.execute_in_process()
    assert result.output_for_node("show", "shown") == ["attic", ["order"]]
    (metadata,) = sys.modules["stock"].STORED.values()
    assert {key: value.value for key, value in metadata.items()} == {
        "owner": "orders@shop.example",
        "sizes": [1, 2],
    }


def test_a_job_may_serve_the_key_by_another_resource(folder: Path) -> None:
    path = write(folder, f"{FLOW}    resources: {{store: warehouse}}\n")
    assert not analyse(path).has_errors
    assert load(path).execute_in_process().output_for_node("show", "shown")[0] == "warehouse"


def test_a_missing_io_manager_is_found_by_the_checker(folder: Path) -> None:
    path = write(folder, FLOW, ("  store: {python: stock:attic}\n", ""))
    (diagnostic,) = validate([path]).diagnostics
    assert diagnostic.code == "JC0601"
    assert "`store`" in diagnostic.message
    line = path.read_text("utf-8").splitlines()[diagnostic.location.start.line - 1]
    assert line.strip() == "io_manager: store"


def test_the_io_manager_of_the_job_needs_no_entry(folder: Path) -> None:
    path = write(folder, FLOW, ("io_manager: store", "io_manager: io_manager"))
    assert not analyse(path).has_errors
    assert load(path).execute_in_process().output_for_node("show", "shown") == ["order"]


def test_assets_can_be_selected(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(folder, FLOW)
    job = load(path)
    result = job.execute_in_process(asset_selection=[jobc.AssetKey(["daily", "orders"])])
    assert [event.step_key for event in result.get_step_success_events()] == ["orders"]
    assert main(["select", f"{path}#it", "asset:daily/shown", "--format", "json"]) == OK
    assert '"show"' in capsys.readouterr().out


def test_a_select_by_asset_is_checked_without_the_code(folder: Path) -> None:
    path = write(folder, f"{FLOW}    select: asset:daily/orders\n")
    assert not analyse(path).has_errors
    assert list(load(path).graph.nodes) == ["orders"]
    path = write(folder, f"{FLOW}    select: asset:weekly/orders\n")
    assert [each.code for each in validate([path]).diagnostics] == ["JC0902"]


def test_the_definition_has_what_the_spec_says(folder: Path) -> None:
    out = load(write(folder, FLOW)).graph.inner_definitions["orders"].outs["orders"]
    assert isinstance(out, jobc.Out)
    assert out.description == "What was ordered."
    assert out.io_manager_key == "store"
    assert out.asset_key == jobc.AssetKey(["daily", "orders"])
